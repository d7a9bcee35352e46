"""Results of tables and likelihoods; published as a copy, withdrawn; quotes only with consent."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.caching import empty_page_cache
from partners.errors import NotAllowed
from surveys.models import Answer, PublishedResults
from surveys.results import coverage, survey_results
from surveys.services.publishing import choose_quote, publish_results, withdraw_results
from surveys.shown_results import public_summary
from tests.factories.partners import CoalitionFactory, OrganizationFactory, PersonFactory, StaffFactory
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyFactory, SurveyInvitationFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def survey(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    return SurveyFactory(title="What we think", title_es="Lo que pensamos", asks_to_quote=True)


@pytest.fixture
def staff():
    return StaffFactory()


def give(survey, question, values, **more):
    for value in values:
        Answer.objects.create(response=ResponseFactory(survey=survey, **more), question=question, value=value)


def read(client, address):
    """A public page as somebody finds it who comes first after the change."""
    empty_page_cache()
    return client.get(address).content.decode()


def content(response):
    return response.content.decode()


class TestCounting:
    def test_each_line_of_a_table_is_counted_by_itself(self, survey):
        question = QuestionFactory(survey=survey, kind="matrix", choices="Good\nPoor", lines="Room\nFood")
        give(survey, question, [{"Room": "Good", "Food": "Poor"}] * 12 + [{"Room": "Good"}] * 3)
        (result,) = survey_results(survey)
        assert [(line.label, line.answered) for line in result.lines] == [("Room", 15), ("Food", 12)]
        assert [(cell.count, cell.share) for cell in result.lines[0].cells] == [(15, 100.0), (0, 0.0)]

    def test_small_numbers_of_a_table_are_withheld_line_by_line(self, survey):
        question = QuestionFactory(
            survey=survey, kind="matrix", choices="Good\nPoor", lines="Room\nFood\nSeat"
        )
        row = {"Room": "Good", "Food": "Good"}
        give(survey, question, [row] * 12 + [{"Room": "Poor", "Food": "Good"}] * 4 + [{"Seat": "Good"}] * 2)
        room, food, seat = public_summary(survey)[0].lines
        assert [cell.is_withheld for cell in room.cells] == [True, True]
        assert [cell.is_withheld for cell in food.cells] == [False, False]
        assert (seat.answered, seat.cells) == (0, [])

    def test_the_score_is_promoters_less_detractors(self, survey):
        question = QuestionFactory(survey=survey, kind="nps")
        give(survey, question, [10] * 20 + [8] * 10 + [0] * 10)
        (result,) = survey_results(survey)
        assert [cell.count for cell in result.cells] == [20, 10, 10]
        assert result.score == Decimal(25)
        give(survey, question, [7] * 0 + [3] * 1)
        assert public_summary(survey)[0].score is not None
        Answer.objects.filter(value=8).first().delete()
        hidden = public_summary(survey)[0]
        assert hidden.is_thinned
        assert hidden.score is None

    def test_only_those_who_were_asked_count_as_asked(self, survey):
        first = QuestionFactory(survey=survey, kind="choice", choices="Yes\nNo", order=1)
        QuestionFactory(survey=survey, shown_if=first, shown_values="No", order=2)
        give(survey, first, ["Yes"] * 5 + ["No"] * 3)
        assert [result.asked for result in survey_results(survey)] == [8, 3]

    def test_one_occasion_by_itself_and_its_coverage(self, survey):
        question = QuestionFactory(survey=survey, kind="choice", choices="A\nB")
        give(survey, question, ["A"] * 2, occasion="may")
        give(survey, question, ["B"] * 5, occasion="june")
        SurveyInvitationFactory.create_batch(3, survey=survey, occasion="may", answered=True)
        SurveyInvitationFactory.create_batch(1, survey=survey, occasion="may")
        SurveyInvitationFactory(survey=survey, occasion="may", sent_at=None, due_on=None, answered=True)
        (result,) = survey_results(survey, "may")
        assert [cell.count for cell in result.cells] == [2, 0]
        assert (coverage(survey, "may").answered, coverage(survey, "may").percent) == (3, 75.0)


class TestPublishing:
    @pytest.fixture
    def question(self, survey):
        question = QuestionFactory(
            survey=survey,
            text="Well?",
            text_es="¿Bien?",
            kind="choice",
            choices="Yes\nNo",
            choices_es="Sí\nNo",
        )
        give(survey, question, ["Yes"] * 25 + ["No"] * 15)
        return question

    def test_it_is_a_copy_that_later_answers_do_not_change(self, client, survey, question, staff):
        assert client.get(survey.results_url).status_code == 404
        publish_results(survey=survey, by=staff, now=NOW)
        page = read(client, survey.results_url)
        assert "40 people had answered" in page
        assert "62.5%" in page
        give(survey, question, ["No"] * 20)
        assert "62.5%" in read(client, survey.results_url)
        publish_results(survey=survey, by=staff, now=NOW)
        assert "60 people had answered" in read(client, survey.results_url)
        withdraw_results(survey=survey, by=staff, now=NOW)
        empty_page_cache()
        assert client.get(survey.results_url).status_code == 404
        with pytest.raises(NotAllowed, match="not public"):
            withdraw_results(survey=survey, by=staff, now=NOW)

    def test_it_can_be_read_in_spanish(self, client, survey, question, staff):
        publish_results(survey=survey, by=staff, now=NOW)
        page = content(client.get(f"{survey.results_url}?lang=es"))
        assert "¿Bien?" in page
        assert "Sí" in page

    def test_visitors_find_it_and_no_longer_once_it_is_withdrawn(self, client, survey, question, staff):
        survey.introduction = "How wages and waiting lists are."
        survey.save()
        listed, research, changed, found, sitemap = (
            "/surveys/",
            "/research/",
            "/trainings/you-said-we-did/",
            "/search/?q=waiting",
            "/sitemap.xml",
        )
        assert "will stand here" in read(client, listed)
        for page in (research, changed):
            assert f'href="{listed}"' not in read(client, page)
        publish_results(survey=survey, by=staff, now=NOW)
        assert survey.title in read(client, listed)
        assert "40 people answered" in read(client, listed)
        spanish = read(client, f"{listed}?lang=es")
        assert survey.title_es in spanish
        assert "Respondieron 40 personas" in spanish
        for page in (research, changed):
            assert f'href="{listed}"' in read(client, page)
        assert f'href="{survey.results_url}"' in read(client, found)
        assert f"{survey.results_url}</loc>" in read(client, sitemap)
        assert f"{listed}</loc>" in read(client, sitemap)
        withdraw_results(survey=survey, by=staff, now=NOW)
        assert survey.title not in read(client, listed)
        for page in (research, changed):
            assert f'href="{listed}"' not in read(client, page)
        assert survey.results_url not in read(client, found) + read(client, sitemap)

    def test_a_question_of_it_is_found_but_not_one_whose_answers_are_not_shown(
        self, client, survey, question, staff
    ):
        QuestionFactory(survey=survey, kind="choice", choices="A\nB", text="Which overtime do you work?")
        QuestionFactory(survey=survey, kind="long", text="Anything about burnout?")
        publish_results(survey=survey, by=staff, now=NOW)
        assert survey.results_url in read(client, "/search/?q=overtime")
        assert survey.results_url not in read(client, "/search/?q=burnout")

    def test_the_list_costs_the_same_with_one_and_with_twenty(self, client, staff, django_assert_num_queries):
        CoalitionFactory()
        for count in (1, 19):
            for _each in range(count):
                PublishedResults.objects.create(
                    survey=SurveyFactory(), responses=10, results=[], published_at=NOW, published_by=staff
                )
            read(client, "/surveys/")
            empty_page_cache()
            with django_assert_num_queries(3):
                client.get("/surveys/")

    def test_nothing_is_published_below_ten(self, survey, staff):
        give(survey, QuestionFactory(survey=survey), ["x"] * 9)
        with pytest.raises(NotAllowed, match="Fewer than ten"):
            publish_results(survey=survey, by=staff, now=NOW)
        with pytest.raises(IntegrityError, match="results_of_ten_or_more"), transaction.atomic():
            PublishedResults.objects.create(
                survey=survey, responses=9, results=[], published_at=NOW, published_by=staff
            )

    def test_one_at_a_time(self, survey, question, staff):
        publish_results(survey=survey, by=staff, now=NOW)
        with pytest.raises(IntegrityError, match="results_published_once"), transaction.atomic():
            PublishedResults.objects.create(
                survey=survey, responses=10, results=[], published_at=NOW, published_by=staff
            )

    def test_over_the_desk_with_a_question_first(self, client, survey, question, staff):
        client.force_login(staff)
        page = f"/admin/surveys/survey/{survey.pk}/publish/"
        assert "Publish the results?" in content(client.get(page))
        assert not PublishedResults.objects.exists()
        client.post(page)
        assert PublishedResults.objects.get().published_by == staff
        client.post(f"/admin/surveys/survey/{survey.pk}/withdraw/")
        assert PublishedResults.objects.get().withdrawn_by == staff

    def test_it_takes_the_right_to_read_answers(self, client, survey, question):
        clerk = StaffFactory(is_superuser=False)
        clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_survey", "change_survey"]))
        client.force_login(clerk)
        client.post(f"/admin/surveys/survey/{survey.pk}/publish/")
        assert client.get(f"/admin/surveys/survey/{survey.pk}/results/quotes/").status_code in {302, 403}
        assert not PublishedResults.objects.exists()


class TestQuotes:
    @pytest.fixture
    def said(self, survey):
        """What three people wrote: one with their name, one without it, one who said no."""
        question = QuestionFactory(survey=survey, kind="long", text="Why?")
        organization = OrganizationFactory(name="Birch House")
        answers = {}
        for consent in ("named", "nameless", "no", ""):
            response = ResponseFactory(
                survey=survey,
                quoting=consent,
                person=PersonFactory(first_name="Rosa", last_name=f"Sample {consent}"),
                organization=organization,
            )
            answers[consent] = Answer.objects.create(
                response=response, question=question, value=f"=Words of {consent or 'silence'} <b>"
            )
        counted = QuestionFactory(survey=survey, kind="choice", choices="A\nB")
        give(survey, counted, ["A"] * 20)
        return answers

    def test_only_with_consent(self, client, survey, said, staff):
        for consent in ("no", ""):
            with pytest.raises(NotAllowed, match="Nobody said"):
                choose_quote(answer=said[consent], is_quoted=True)
        for consent in ("named", "nameless"):
            choose_quote(answer=said[consent], is_quoted=True)
        publish_results(survey=survey, by=staff, now=NOW)
        page = read(client, survey.results_url)
        assert "Words of named &lt;b&gt;" in page
        assert "Rosa Sample named" in page
        assert "Words of nameless" in page
        assert "Rosa Sample nameless" not in page
        assert "Words of no " not in page

    def test_an_unchosen_or_withdrawn_quote_is_not_public(self, client, survey, said, staff):
        choose_quote(answer=said["named"], is_quoted=True)
        publish_results(survey=survey, by=staff, now=NOW)
        said["named"].response.quoting = "no"
        said["named"].response.save()
        assert "Words of" not in read(client, survey.results_url)

    def test_the_file_holds_quotes_only_and_no_formula(self, client, survey, said, staff):
        client.force_login(staff)
        page = f"/admin/surveys/survey/{survey.pk}/results/quotes.csv"
        file = b"".join(client.get(page).streaming_content).decode("utf-8-sig")
        assert "'=Words of named" in file
        assert "'=Words of nameless <b>,,," in file
        assert "Words of no" not in file.replace("Words of nameless", "")
        assert "silence" not in file

    def test_staff_choose_on_the_page(self, client, survey, said, staff):
        client.force_login(staff)
        page = f"/admin/surveys/survey/{survey.pk}/results/quotes/"
        assert "Words of silence" not in content(client.get(page))
        client.post(page, {"answer": said["named"].pk, "quoted": "1"})
        said["named"].refresh_from_db()
        assert said["named"].is_quoted
        assert client.post(page, {"answer": said["no"].pk, "quoted": "1"}).status_code == 404
        assert client.post(page, {"answer": "nonsense", "quoted": "1"}).status_code == 404
        client.post(page, {"answer": said["named"].pk, "quoted": "0"})
        said["named"].refresh_from_db()
        assert not said["named"].is_quoted
