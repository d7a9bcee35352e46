"""Tables, likelihoods, dates and files; and the two languages of a survey."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from mailing.models import Preference
from surveys.forms import SurveyForm
from surveys.models import Answer, Question
from surveys.services.answers import record_response
from surveys.tokens import invitation_token
from tests.factories.partners import CoalitionFactory, PersonFactory, StaffFactory
from tests.factories.surveys import QuestionFactory, SurveyFactory, SurveyInvitationFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 sample"


@pytest.fixture
def survey(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    return SurveyFactory(title="Feedback", title_es="Opiniones")


def table(survey, **values):
    return QuestionFactory(
        survey=survey,
        text="How was each part?",
        kind="matrix",
        choices="Good\nPoor",
        choices_es="Buena\nMala",
        lines="Room\nFood",
        lines_es="Sala\nComida",
        **values,
    )


def answer_address(survey):
    return f"/surveys/answer/{invitation_token(SurveyInvitationFactory(survey=survey))}/"


def content(response):
    return response.content.decode()


class TestTables:
    def test_each_line_is_answered_by_itself(self, survey):
        question = table(survey)
        form = SurveyForm({f"q{question.pk}_0": "Good"}, survey=survey)
        assert form.is_valid()
        assert form.answers() == {str(question.pk): {"Room": "Good"}}
        assert SurveyForm({}, survey=survey).is_valid()

    def test_a_required_one_names_the_line_that_is_missing(self, survey):
        question = table(survey, is_required=True)
        form = SurveyForm({f"q{question.pk}_0": "Good"}, survey=survey)
        assert form.errors == {f"q{question.pk}_1": ["Choose an answer to “How was each part? Food”."]}

    def test_it_is_kept_and_stands_in_the_form_again(self, survey):
        question = table(survey)
        answers = {str(question.pk): {"Room": "Poor", "Garden": "smuggled"}}
        record_response(
            survey=survey, person=PersonFactory(), organization=None, answers=answers, now=timezone.now()
        )
        assert Answer.objects.get().value == {"Room": "Poor"}

    def test_it_needs_lines(self, survey):
        with pytest.raises(ValidationError, match="at least one line"):
            Question(survey=survey, text="?", kind="matrix", choices="A\nB").clean()


class TestLikelihoodsAndDates:
    @pytest.mark.parametrize(("typed", "kept"), [("0", 0), ("10", 10)])
    def test_zero_is_an_answer(self, survey, typed, kept):
        question = QuestionFactory(survey=survey, kind="nps")
        form = SurveyForm({f"q{question.pk}": typed}, survey=survey)
        assert form.is_valid()
        assert form.answers() == {str(question.pk): kept}

    def test_eleven_is_none(self, survey):
        question = QuestionFactory(survey=survey, kind="nps", text="Likely?")
        form = SurveyForm({f"q{question.pk}": "11"}, survey=survey)
        assert form.errors[f"q{question.pk}"] == ["Choose an answer to “Likely?”."]

    @pytest.mark.parametrize("typed", ["2026-05-03", "5/3/2026"])
    def test_days_are_kept_one_way(self, survey, typed):
        question = QuestionFactory(survey=survey, kind="date")
        form = SurveyForm({f"q{question.pk}": typed}, survey=survey)
        assert form.is_valid()
        assert form.answers() == {str(question.pk): "2026-05-03"}

    @pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30", "<b>", "1" * 10_000])
    def test_what_is_no_day_is_refused(self, survey, typed):
        question = QuestionFactory(survey=survey, kind="date", text="When?")
        form = SurveyForm({f"q{question.pk}": typed}, survey=survey)
        assert form.errors[f"q{question.pk}"] == ["Enter a day for “When?”, such as 5/3/2026."]


class TestFiles:
    @pytest.fixture(autouse=True)
    def _folders(self, settings, tmp_path):
        settings.SURVEY_FILES = True
        settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"

    def send(self, survey, name, words):
        question = survey.questions.get()
        file = SimpleUploadedFile(name, words)
        return Client().post(answer_address(survey), {"page": 0, f"q{question.pk}": file})

    def test_a_file_lies_where_nobody_serves_it_and_staff_download_it(self, survey, tmp_path):
        QuestionFactory(survey=survey, kind="file")
        assert self.send(survey, "our plan.pdf", PDF).status_code == 302
        answer = Answer.objects.get()
        assert answer.value == "our plan.pdf"
        assert (tmp_path / "private" / answer.file.name).read_bytes() == PDF
        assert not (tmp_path / "media").exists()
        address = f"/admin/surveys/survey/{survey.pk}/results/files/{answer.pk}/"
        assert Client().get(address).status_code == 302
        staff = Client()
        staff.force_login(StaffFactory())
        response = staff.get(address)
        assert response["Content-Disposition"] == 'attachment; filename="our plan.pdf"'
        assert response["Content-Type"] == "application/octet-stream"

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("page.html", b"<script>alert(1)</script>"),
            ("plan.pdf", b"<script>alert(1)</script>"),
            ("plan", PDF),
            ("plan.svg", b"<svg/>"),
        ],
    )
    def test_only_known_kinds_that_are_what_they_say(self, survey, name, words):
        QuestionFactory(survey=survey, kind="file")
        assert "Choose a PDF, a Word, Excel or OpenDocument file" in content(self.send(survey, name, words))
        assert not Answer.objects.exists()

    def test_large_ones_are_refused(self, survey, settings):
        settings.SURVEY_FILE_MAX_BYTES = 1024**2
        QuestionFactory(survey=survey, kind="file")
        assert "at most 1 MB" in content(self.send(survey, "plan.pdf", PDF + b"x" * 1024**2))

    def test_the_kind_is_offered_only_where_it_is_switched_on(self, survey, settings, client):
        client.force_login(StaffFactory())
        page = f"/admin/surveys/survey/{survey.pk}/change/"
        assert '<option value="file">' in content(client.get(page))
        settings.SURVEY_FILES = False
        assert '<option value="file">' not in content(client.get(page))


class TestSpanish:
    def test_the_page_is_in_the_language_that_was_asked_for(self, client, survey):
        question = table(survey, text_es="¿Cómo fue cada parte?")
        address = answer_address(survey)
        page = content(client.get(f"{address}?lang=es"))
        assert '<html lang="es">' in page
        for words in ("Opiniones", "¿Cómo fue cada parte?", "Sala", "Buena"):
            assert words in page
        assert "Part of this survey" not in page
        client.post(address, {"page": 0, "lang": "es", f"q{question.pk}_0": "Good"})
        assert Answer.objects.get().value == {"Room": "Good"}

    def test_the_language_of_the_mail_decides_where_nothing_was_chosen(self, client, survey):
        table(survey, text_es="¿Cómo fue?")
        invitation = SurveyInvitationFactory(survey=survey)
        Preference.objects.create(email=invitation.person.email, address_hash="x", language="es")
        address = f"/surveys/answer/{invitation_token(invitation)}/"
        assert "Opiniones" in content(client.get(address))
        assert "Feedback" in content(client.get(f"{address}?lang=en"))

    def test_what_is_not_translated_says_so(self, client, survey):
        QuestionFactory(survey=survey, text="Only English?")
        page = content(client.get(f"{answer_address(survey)}?lang=es"))
        with translation.override("es"):
            words = translation.gettext(
                "Part of this survey has not been translated yet. Those questions are in English."
            )
        assert words in page
        assert '<div lang="en">' in page

    def test_lists_in_both_languages_have_the_same_length(self, survey):
        question = Question(survey=survey, text="?", kind="choice", choices="A\nB", choices_es="A")
        with pytest.raises(ValidationError, match="as many lines"):
            question.clean()
