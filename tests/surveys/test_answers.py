"""Answers to a survey: each kind of question checked and kept, once per person, and safe from changed questions."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.errors import NotAllowed
from surveys.forms import SurveyForm
from surveys.models import Answer, Response
from surveys.questions import field_name, given_answers
from surveys.services.answers import record_response
from surveys.services.questions import hold_survey
from tests.factories.partners import OrganizationFactory, PersonFactory
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    return SurveyFactory()


def ask(survey, kind, **values):
    choices = "Red\nGreen\n\n Blue \nRed" if kind in {"choice", "several"} else ""
    return QuestionFactory(survey=survey, kind=kind, choices=choices, **values)


def fill(survey, **answers):
    """The survey's form, answered by the texts of its questions."""
    names = {question.text: field_name(question) for question in survey.questions.all()}
    return SurveyForm({names[text]: value for text, value in answers.items()}, survey=survey)


def kept(survey, form):
    assert form.is_valid(), form.errors
    return list(given_answers(survey.questions.all(), form.cleaned_data).values())


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("short", "  Home visiting ", "Home visiting"),
        ("short", "👩🏽‍⚕️ שלום <b>bold</b> 100%", "👩🏽‍⚕️ שלום <b>bold</b> 100%"),
        ("long", "One\r\nTwo", "One\r\nTwo"),
        ("choice", "Blue", "Blue"),
        ("several", ["Red", "Blue"], ["Red", "Blue"]),
        ("scale", "4", 4),
        ("number", "1,200.50", "1200.50"),
        ("number", "-3", "-3"),
    ],
)
def test_each_kind_of_answer_is_kept_as_it_was_meant(survey, kind, typed, stored):
    ask(survey, kind, text="Q")
    answers = kept(survey, fill(survey, Q=typed))
    assert answers == [stored]
    number = str(survey.questions.get().pk)
    record_response(
        survey=survey,
        person=PersonFactory(),
        organization=None,
        answers={number: answers[0]},
        now=timezone.now(),
    )
    assert Answer.objects.get().value == stored


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("short", "x" * 10_000, "Shorten your answer to “50% of what?” to 300 characters."),
        ("long", "x" * 10_000, "Shorten your answer to “50% of what?” to 4,000 characters."),
        ("choice", "Purple", "Choose an answer to “50% of what?”."),
        ("several", ["Red", "Purple"], "Choose an answer to “50% of what?”."),
        ("scale", "6", "Choose an answer to “50% of what?”."),
        ("number", "many", "Enter a number for “50% of what?”, such as 12."),
        ("number", "NaN", "Enter a number for “50% of what?”, such as 12."),
        ("number", "1" * 40, "Enter a number for “50% of what?”, such as 12."),
        ("short", "", "Answer “50% of what?”."),
        ("choice", "", "Choose an answer to “50% of what?”."),
        ("several", [], "Choose at least one answer to “50% of what?”."),
        ("scale", "", "Choose an answer to “50% of what?”."),
        ("number", "", "Answer “50% of what?”."),
        ("short", "a\x00b", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_words_that_name_the_question(survey, kind, typed, words):
    question = ask(survey, kind, text="50% of what?", is_required=True)
    form = fill(survey, **{"50% of what?": typed})
    assert form.errors[field_name(question)] == [words]


def test_what_was_passed_over_is_not_kept(survey):
    for kind in ("short", "long", "choice", "several", "scale", "number"):
        ask(survey, kind, text=kind)
    assert kept(survey, fill(survey)) == []


def test_a_hint_is_text_and_never_markup(survey):
    ask(survey, "short", text="Q", hint="<script>alert(1)</script>")
    assert "&lt;script&gt;" in SurveyForm(survey=survey).as_p()


class TestRecording:
    def test_a_second_answer_takes_the_place_of_the_first(self, survey):
        first, second = ask(survey, "short", text="A"), ask(survey, "scale", text="B")
        person, organization = PersonFactory(), OrganizationFactory()
        common = {"survey": survey, "person": person, "organization": organization}
        record_response(**common, answers={str(first.pk): "x", str(second.pk): 2}, now=timezone.now())
        later = timezone.now()
        record_response(**common, answers={str(first.pk): "y"}, now=later)
        response = Response.objects.get()
        assert (response.organization, response.responded_at) == (organization, later)
        assert list(response.answers.values_list("question", "value")) == [(first.pk, "y")]

    def test_answers_to_questions_that_changed_are_refused_and_nothing_is_written(self, survey):
        question = ask(survey, "choice", text="A")
        answers = {str(question.pk): "Red"}
        question.choices = "Black\nWhite"
        question.save()
        with pytest.raises(NotAllowed, match="questions have changed"):
            record_response(
                survey=survey, person=PersonFactory(), organization=None, answers=answers, now=timezone.now()
            )
        assert not Response.objects.exists()

    def test_answers_to_another_surveys_questions_are_left_out(self, survey):
        ask(survey, "short", text="A")
        foreign = ask(SurveyFactory(), "short", text="B")
        record_response(
            survey=survey,
            person=PersonFactory(),
            organization=None,
            answers={str(foreign.pk): "smuggled"},
            now=timezone.now(),
        )
        assert not Answer.objects.exists()

    def test_the_database_keeps_one_response_a_person_and_one_answer_a_question(self, survey):
        response = ResponseFactory(survey=survey)
        question = ask(survey, "short", text="A")
        with pytest.raises(IntegrityError, match="response_once_per_person"), transaction.atomic():
            ResponseFactory(survey=survey, person=response.person)
        Answer.objects.create(response=response, question=question, value="x")
        with pytest.raises(IntegrityError, match="answer_once"), transaction.atomic():
            Answer.objects.create(response=response, question=question, value="y")

    def test_a_held_survey_tells_how_many_answered(self, survey):
        assert hold_survey(survey=survey) == 0
        ResponseFactory(survey=survey)
        assert hold_survey(survey=survey) == 1
