"""The desk's survey pages: built, locked once answered, previewed, read and exported by those who may."""

import io

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.urls import reverse
from openpyxl import load_workbook

from surveys.admin import SurveyAdmin
from surveys.models import Answer, Question, Response, Survey
from tests.factories.partners import (
    CoalitionFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    member,
)
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyFactory

pytestmark = pytest.mark.django_db

FORMS = "questions-{place}-{name}"


@pytest.fixture(autouse=True)
def _desk(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def survey():
    return SurveyFactory(title="Payments")


def address(name, *args):
    return reverse(f"admin:surveys_survey_{name}", args=args)


def typed(survey, questions, **more):
    """The whole form as the browser sends it: `questions` are rows, those with an id are there already."""
    data = {
        "title": survey.title,
        "introduction": "",
        "purpose": "general",
        "most_reminders": 2,
        "questions-TOTAL_FORMS": len(questions),
        "questions-INITIAL_FORMS": sum("id" in question for question in questions),
        "questions-MIN_NUM_FORMS": 0,
        "questions-MAX_NUM_FORMS": 1000,
    }
    for place, question in enumerate(questions):
        for name, value in question.items():
            data[FORMS.format(place=place, name=name)] = value
    return data | more


def row(question, **changes):
    names = ("id", "order", "text", "hint", "kind", "choices")
    values = {name: getattr(question, name) for name in names} | {"survey": question.survey_id}
    return values | ({"is_required": "on"} if question.is_required else {}) | changes


def new(text="New?", kind="short", order="", **more):
    return {"text": text, "kind": kind, "order": order, "hint": "", "choices": "", **more}


def content(response):
    return response.content.decode()


class TestBuilding:
    def test_questions_without_a_number_come_last_in_the_order_they_were_added(self, desk):
        survey = Survey(title="New one")
        response = desk.post(address("add"), typed(survey, [new("One?"), new("Two?")]))
        assert response.status_code == 302
        kept = Survey.objects.get().questions.values_list("text", "order")
        assert list(kept) == [("One?", 1), ("Two?", 2)]

    def test_a_question_with_choices_needs_two(self, desk, survey):
        response = desk.post(address("change", survey.pk), typed(survey, [new(kind="choice", choices="One")]))
        assert "Write at least two answers to choose from" in content(response)
        assert not Question.objects.exists()

    def test_before_anybody_answered_everything_may_change(self, desk, survey):
        question = QuestionFactory(survey=survey, order=1)
        changed = row(question, text="Other?", kind="number", order=3)
        assert desk.post(address("change", survey.pk), typed(survey, [changed])).status_code == 302
        question.refresh_from_db()
        assert (question.text, question.kind, question.order) == ("Other?", "number", 3)


class TestLocked:
    @pytest.fixture
    def question(self, survey):
        question = QuestionFactory(survey=survey, kind="choice", choices="A\nB", order=1)
        ResponseFactory(survey=survey)
        return question

    @pytest.mark.parametrize(
        "change", [{"text": "Other?"}, {"kind": "short"}, {"choices": "A\nB\nC"}, {"order": 7}]
    )
    def test_what_answers_rest_on_stays_and_the_page_says_why(self, desk, survey, question, change):
        response = desk.post(address("change", survey.pk), typed(survey, [row(question, **change)]))
        assert response.status_code == 200
        assert "1 person has answered, so this stays as it was asked." in content(response)
        before = (question.text, question.kind, question.choices, question.order)
        question.refresh_from_db()
        assert (question.text, question.kind, question.choices, question.order) == before

    def test_hints_may_change_and_new_questions_come_at_the_end(self, desk, survey, question):
        rows = [row(question, hint="A hint", is_required="on"), new("Added?", order="0")]
        assert desk.post(address("change", survey.pk), typed(survey, rows)).status_code == 302
        kept = survey.questions.values_list("text", "hint", "order")
        assert list(kept) == [(question.text, "A hint", 1), ("Added?", "", 2)]

    def test_no_question_and_no_survey_can_be_removed(self, desk, survey, question):
        desk.post(address("change", survey.pk), typed(survey, [row(question, DELETE="on")]))
        assert desk.post(address("delete", survey.pk), {"post": "yes"}).status_code == 403
        assert survey.questions.count() == 1


def test_the_list_counts_and_costs_the_same_with_one_and_with_many(
    desk, survey, django_assert_max_num_queries
):
    QuestionFactory.create_batch(3, survey=survey)
    ResponseFactory.create_batch(2, survey=survey)
    SurveyFactory.create_batch(20)
    with django_assert_max_num_queries(30):
        page = content(desk.get(address("changelist")))
    assert "Payments" in page
    counted = SurveyAdmin(Survey, admin.site).get_queryset(RequestFactory().get("/")).get(pk=survey.pk)
    assert (counted.question_count, counted.response_count) == (3, 2)


class TestPages:
    @pytest.fixture
    def answered(self, survey):
        """A survey with one answer, which is a formula and markup at once."""
        question = QuestionFactory(survey=survey, text="=1+1?", kind="short")
        person = PersonFactory(first_name="=Ana", last_name="Sample")
        response = ResponseFactory(
            survey=survey, person=person, organization=OrganizationFactory(name="Birch House")
        )
        Answer.objects.create(response=response, question=question, value='=HYPERLINK("x") <b>bold</b>')
        return survey

    def test_the_preview_checks_answers_and_keeps_none(self, desk, survey):
        question = QuestionFactory(survey=survey, kind="number", is_required=True, text="How many?")
        page = address("preview", survey.pk)
        assert "How many?" in content(desk.get(page))
        assert "<title>Error: " in content(desk.post(page, {f"q{question.pk}": "many"}))
        assert "These answers would be taken" in content(desk.post(page, {f"q{question.pk}": "3"}))
        assert not Response.objects.exists()

    def test_results_texts_and_organizations(self, desk, answered):
        question = answered.questions.get()
        assert "answered by 1 of 1" in content(desk.get(address("results", answered.pk)))
        texts = content(desk.get(address("texts", answered.pk, question.pk)))
        assert "&lt;b&gt;bold&lt;/b&gt;" in texts
        assert "Birch House" in content(desk.get(address("organizations", answered.pk)))
        foreign = QuestionFactory()
        assert desk.get(address("texts", answered.pk, foreign.pk)).status_code == 404

    def test_texts_come_in_pages(self, desk, answered):
        question = answered.questions.get()
        for number in range(60):
            response = ResponseFactory(survey=answered)
            Answer.objects.create(response=response, question=question, value=f"Answer {number}")
        first = content(desk.get(address("texts", answered.pk, question.pk)))
        assert "page 1 of 2" in first
        assert first.count("desk-prose") == 50
        assert desk.get(address("texts", answered.pk, question.pk) + "?page=99").status_code == 200

    def test_exports_run_no_formula(self, desk, answered):
        file = b"".join(desk.get(address("file", answered.pk, "csv")).streaming_content).decode("utf-8-sig")
        assert "'=Ana" in file
        assert "'=HYPERLINK" in file
        assert "'=1+1?" in file
        book = load_workbook(io.BytesIO(desk.get(address("file", answered.pk, "xlsx")).content))
        cells = [cell for line in book.active.iter_rows() for cell in line]
        assert "'=Ana" in [cell.value for cell in cells]
        assert all(cell.data_type != "f" for cell in cells)
        assert desk.get(address("file", answered.pk, "exe")).status_code == 404

    def test_answers_are_for_those_who_may_see_them(self, client, answered):
        question = answered.questions.get()
        pages = [
            address("results", answered.pk),
            address("texts", answered.pk, question.pk),
            address("organizations", answered.pk),
            address("file", answered.pk, "csv"),
        ]
        clerk = StaffFactory(is_superuser=False)
        rights = Permission.objects.filter(codename__in=["view_survey", "change_survey"])
        clerk.user_permissions.set(rights)
        for somebody in (clerk, member(OrganizationFactory())):
            client.force_login(somebody)
            for page in pages:
                assert client.get(page).status_code in {302, 403}
        clerk.user_permissions.add(Permission.objects.get(codename="view_response"))
        client.force_login(clerk)
        assert [client.get(page).status_code for page in pages] == [200] * 4
