"""Questions that depend on earlier answers: page by page, all on one page, and in what is kept."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from surveys.branching import pages_of
from surveys.forms import SurveyForm
from surveys.models import Answer, Question
from surveys.services.answers import record_response
from surveys.tokens import invitation_token
from tests.factories.partners import CoalitionFactory, PersonFactory
from tests.factories.surveys import QuestionFactory, SurveyFactory, SurveyInvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    CoalitionFactory()
    return SurveyFactory()


@pytest.fixture
def first(survey):
    return QuestionFactory(
        survey=survey, text="How was it?", kind="choice", choices="Good\nBad", is_required=True, order=1
    )


@pytest.fixture
def why(survey, first):
    return QuestionFactory(
        survey=survey, text="Why?", is_required=True, shown_if=first, shown_values="Bad", order=2
    )


@pytest.fixture
def last(survey, why):
    return QuestionFactory(survey=survey, text="Anything else?", kind="long", order=3)


@pytest.fixture
def address(survey, last):
    return f"/surveys/answer/{invitation_token(SurveyInvitationFactory(survey=survey))}/"


def content(response):
    return response.content.decode()


class TestPageByPage:
    def test_a_page_begins_where_a_question_depends_on_the_page(self, survey, first, why, last):
        then = QuestionFactory(survey=survey, shown_if=first, shown_values="Good", order=4)
        pages = pages_of(survey.questions.all())
        assert [[question.pk for question in page] for page in pages] == [
            [first.pk],
            [why.pk, last.pk, then.pk],
        ]

    def test_the_answer_decides_what_comes(self, client, address, first, why, last):
        assert "Why?" not in content(client.get(address))
        page = content(client.post(address, {"page": 0, f"q{first.pk}": "Bad"}))
        assert "Why?" in page
        assert f'name="q{first.pk}" value="Bad"' in page
        page = content(client.post(address, {"page": 0, f"q{first.pk}": "Good"}))
        assert "Why?" not in page
        assert "Anything else?" in page
        assert not Answer.objects.exists()

    def test_all_is_kept_at_the_end_and_what_was_not_asked_is_dropped(
        self, client, address, first, why, last
    ):
        typed = {"page": 1, f"q{first.pk}": "Good", f"q{why.pk}": "smuggled", f"q{last.pk}": "No"}
        response = client.post(address, typed)
        assert response.status_code == 302
        assert set(Answer.objects.values_list("question", flat=True)) == {first.pk, last.pk}
        assert "Thank you. Your answers are on record." in content(client.get(response["Location"]))

    def test_a_tampered_earlier_page_is_asked_again(self, client, address, first, why):
        page = content(client.post(address, {"page": 1, f"q{first.pk}": "Purple", f"q{why.pk}": "x"}))
        assert "Choose an answer to “How was it?”." in page
        assert not Answer.objects.exists()

    @pytest.mark.parametrize("number", ["", "-1", "99999999999999999999", "٣", "one", "7"])
    def test_a_page_that_does_not_exist_does_no_harm(self, client, address, first, number):
        response = client.post(address, {"page": number, f"q{first.pk}": "Good"})
        assert response.status_code in {200, 302}

    def test_going_back_keeps_what_was_typed_and_checks_nothing_yet(self, client, address, first, why):
        typed = {"page": 1, f"q{first.pk}": "Bad", f"q{why.pk}": "x" * 10_000, "back": "1"}
        page = content(client.post(address, typed))
        assert "There is a problem" not in page
        assert 'value="Bad" ' in page
        assert page.count(" checked") == 1
        assert "x" * 10_000 in page

    def test_hostile_answers_travel_as_text(self, client, address, first, why, last):
        survey_page = {
            "page": 0,
            f"q{first.pk}": "Good",
            f"q{last.pk}": '"><script>alert(1)</script> שלום 🎉',
        }
        page = content(client.post(address, survey_page))
        assert "<script>alert" not in page
        assert "שלום 🎉" in page

    def test_the_page_costs_the_same_with_few_and_with_many_questions(
        self, client, address, survey, django_assert_num_queries
    ):
        client.get(address)
        with django_assert_num_queries(6):
            client.get(address)
        QuestionFactory.create_batch(20, survey=survey, order=9)
        with django_assert_num_queries(6):
            client.get(address)


class TestAllOnOnePage:
    def test_required_only_where_it_was_asked(self, survey, first, why, last):
        assert SurveyForm({f"q{first.pk}": "Good"}, survey=survey).is_valid()
        form = SurveyForm({f"q{first.pk}": "Bad"}, survey=survey)
        assert form.errors == {f"q{why.pk}": ["Answer “Why?”."]}
        assert form.asked[1].condition == "Only if you answered “How was it?” with: Bad."

    def test_a_mistake_in_a_question_that_was_not_asked_is_none(self, survey, first, why, last):
        form = SurveyForm({f"q{first.pk}": "Good", f"q{why.pk}": "x" * 10_000}, survey=survey)
        assert form.is_valid()
        assert form.answers() == {str(first.pk): "Good"}

    def test_what_is_kept_follows_the_same_rule(self, survey, first, why, last):
        answers = {str(first.pk): "Good", str(why.pk): "smuggled"}
        record_response(
            survey=survey, person=PersonFactory(), organization=None, answers=answers, now=timezone.now()
        )
        assert [answer.question for answer in Answer.objects.all()] == [first]

    def test_a_scale_decides_by_a_range(self, survey):
        rating = QuestionFactory(survey=survey, kind="scale", order=1)
        low = QuestionFactory(survey=survey, shown_if=rating, shown_values="1-2", order=2)
        form = SurveyForm({f"q{rating.pk}": "2", f"q{low.pk}": "Because"}, survey=survey)
        assert form.is_valid()
        assert form.answers() == {str(rating.pk): 2, str(low.pk): "Because"}
        form = SurveyForm({f"q{rating.pk}": "3", f"q{low.pk}": "Because"}, survey=survey)
        assert form.is_valid()
        assert form.answers() == {str(rating.pk): 3}


class TestConditions:
    def test_they_name_answers_of_an_earlier_question_of_the_same_survey(self, survey, first):
        fine = Question(survey=survey, text="Why?", shown_if=first, shown_values="Bad")
        fine.clean()
        for broken in (
            Question(survey=survey, text="Why?", shown_if=first, shown_values="Terrible"),
            Question(survey=survey, text="Why?", shown_if=first),
            Question(survey=survey, text="Why?", shown_values="Bad"),
            Question(survey=SurveyFactory(), text="Why?", shown_if=first, shown_values="Bad"),
            Question(survey=survey, text="Why?", shown_if=QuestionFactory(survey=survey), shown_values="x"),
        ):
            with pytest.raises(ValidationError):
                broken.clean()

    def test_the_database_holds_that_they_are_whole(self, survey, first):
        for values in ({"shown_if": first}, {"shown_values": "Bad"}):
            with pytest.raises(IntegrityError, match="question_condition_whole"), transaction.atomic():
                QuestionFactory(survey=survey, **values)
        with pytest.raises(IntegrityError, match="question_not_after_itself"), transaction.atomic():
            Question.objects.filter(pk=first.pk).update(shown_if=first, shown_values="Bad")
