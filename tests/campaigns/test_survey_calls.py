"""Calls to answer a survey: as a stranger, as a partner's person, over an alert; and what the closed call shows."""

import pytest
from django.utils import timezone

from campaigns import kinds
from campaigns.models import ActionTaken, UnconfirmedAction
from campaigns.tokens import confirmation_token
from mailing.tokens import recipient_token
from surveys.models import Answer, Response
from tests.campaigns.answering import ANSWER, content, delivery_to
from tests.factories.partners import CoalitionFactory, OrganizationFactory, PersonFactory, member
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyCallFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def call():
    return SurveyCallFactory(survey__introduction="Three questions.")


@pytest.fixture
def wait(call):
    """A question with answers to choose from."""
    return QuestionFactory(
        survey=call.survey,
        text="How long did you wait?",
        kind="choice",
        choices="30 days\n90 days",
        is_required=True,
    )


@pytest.fixture
def words(call):
    return QuestionFactory(survey=call.survey, text="Tell us more", kind="long")


def typed(wait, words, *, answer="90 days", more=""):
    return {f"q{wait.pk}": answer, f"q{words.pk}": more}


class TestStrangers:
    def test_answers_wait_as_json_until_they_are_confirmed(self, client, call, wait, words):
        hostile = "مرحبا 🎉 <script>alert(1)</script>\r\nBcc: x@example.org"
        response = client.post(call.get_absolute_url(), ANSWER | typed(wait, words, more=hostile))
        assert response["Location"].endswith("check-your-mail/")
        waiting = UnconfirmedAction.objects.get()
        assert waiting.details == {"answers": {str(wait.pk): "90 days", str(words.pk): hostile}}
        assert not Response.objects.exists()

        confirmation = f"/take-action/confirm/{confirmation_token(waiting)}/"
        page = content(client.get(confirmation))
        assert "How long did you wait?" in page
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        for _twice in range(2):
            assert client.post(confirmation).status_code == 302
        response = Response.objects.get()
        assert (response.person.email, response.organization) == ("maria@example.org", None)
        assert response.answers.count() == 2

    def test_errors_keep_every_answer(self, client, call, wait, words):
        response = client.post(
            call.get_absolute_url(), ANSWER | typed(wait, words, answer="", more="x" * 10_000)
        )
        page = content(response)
        assert "<title>Error: " in page
        assert "Choose an answer to “How long did you wait?”." in page
        assert "x" * 10_000 in page
        assert "maria@example.org" in page
        assert f'href="#id_q{wait.pk}_0"' in page
        assert not UnconfirmedAction.objects.exists()

    def test_questions_that_changed_meanwhile_are_asked_again(self, client, call, wait, words):
        client.post(call.get_absolute_url(), ANSWER | typed(wait, words))
        wait.choices = "a month\na quarter"
        wait.save()
        waiting = UnconfirmedAction.objects.get()
        response = client.post(f"/take-action/confirm/{confirmation_token(waiting)}/")
        assert response.status_code == 409
        assert "The questions have changed since you answered." in content(response)
        assert not ActionTaken.objects.exists()


class TestKnownPeople:
    def test_a_second_answer_updates_and_the_form_shows_the_first(self, client, call, wait, words):
        organization = OrganizationFactory()
        client.force_login(member(organization))
        for answer in ("90 days", "30 days"):
            response = client.post(call.get_absolute_url(), typed(wait, words, answer=answer))
            assert response.status_code == 302
        assert response["Location"].endswith("?changed=1")
        assert Response.objects.get().organization == organization
        assert Answer.objects.get().value == "30 days"
        page = content(client.get(call.get_absolute_url()))
        assert "You have acted" in page
        assert "Change my answers" in page
        assert 'value="30 days" ' in page
        assert page.count("checked") == 1

    def test_a_mailed_link_never_shows_what_somebody_answered(self, client, call, wait, words):
        person = PersonFactory()
        address = f"{call.get_absolute_url()}?r={recipient_token(delivery_to(call, person))}"
        token = {"r": recipient_token(delivery_to(call, person))}
        client.post(call.get_absolute_url(), token | typed(wait, words, more="Between us"))
        assert Response.objects.get().person == person
        page = content(client.get(address))
        assert "Between us" not in page
        assert "Your earlier answers are not shown here" in page

    def test_the_thanks_say_until_when_answers_can_be_changed(self, client, call, wait, words):
        client.force_login(member(OrganizationFactory()))
        response = client.post(call.get_absolute_url(), typed(wait, words))
        assert "You can change your answers until" in content(client.get(response["Location"]))


class TestResults:
    @pytest.fixture
    def answered(self, call, wait, words):
        for answer in ["30 days"] * 30 + ["90 days"] * 12:
            response = ResponseFactory(survey=call.survey)
            Answer.objects.create(response=response, question=wait, value=answer)
            Answer.objects.create(response=response, question=words, value="Between us")
        return call

    def test_a_closed_call_shows_numbers_and_no_words(self, client, answered):
        assert "What people answered" not in content(client.get(answered.get_absolute_url()))
        answered.status = "closed"
        answered.outcome = "We know more now."
        answered.save()
        page = content(client.get(answered.get_absolute_url()))
        assert "42 people answered." in page
        assert "71.4%" in page
        assert "Between us" not in page

    def test_no_results_while_another_call_still_asks(self, client, answered):
        answered.closes_at = timezone.now()
        answered.save()
        SurveyCallFactory(survey=answered.survey)
        assert "What people answered" not in content(client.get(answered.get_absolute_url()))


def test_a_call_without_a_survey_or_without_questions_is_not_ready(call):
    assert kinds.of(call).problems(call) == [f"The survey “{call.survey}” has no questions yet."]
    QuestionFactory(survey=call.survey)
    assert kinds.of(call).problems(call) == []
    call.survey = None
    assert "Choose the survey" in kinds.of(call).problems(call)[0]


def test_the_page_costs_the_same_with_one_question_and_with_twenty(client, django_assert_max_num_queries):
    few, many = SurveyFactory(), SurveyFactory()
    QuestionFactory(survey=few)
    QuestionFactory.create_batch(20, survey=many)
    for survey in (few, many):
        call = SurveyCallFactory(survey=survey)
        client.get(call.get_absolute_url())
        with django_assert_max_num_queries(12):
            client.get(call.get_absolute_url())
