"""Inviting from the desk: whom, how many, and nobody we do not know; the builder's rules between questions."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mailing.models import OutboxMessage
from surveys.models import Survey, SurveyInvitation
from surveys.services.invitations import write_invitations
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
)
from tests.factories.surveys import QuestionFactory, SurveyFactory, SurveyInvitationFactory
from tests.surveys.test_admin import new, row, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    survey = SurveyFactory()
    QuestionFactory(survey=survey, order=1)
    return survey


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def content(response):
    return response.content.decode()


class TestInviting:
    @pytest.fixture
    def page(self, survey):
        return f"/admin/surveys/survey/{survey.pk}/invite/"

    def test_the_primary_contacts_of_active_partners(self, desk, page):
        contact = MembershipFactory()
        MembershipFactory(role="viewer")
        MembershipFactory(organization=OrganizationFactory(status="left"))
        answer = {"who": "contacts", "subject": "", "occasion": "2026", "due_on": ""}
        assert "1 person would be invited" in content(desk.post(page, answer))
        assert not SurveyInvitation.objects.exists()
        for _twice in range(2):
            desk.post(page, answer | {"confirmed": "1"})
        invitation = SurveyInvitation.objects.get()
        assert (invitation.person, invitation.organization) == (contact.person, contact.organization)
        survey = f"/admin/surveys/survey/{invitation.survey_id}/change/"
        assert "0 of 1 invitations are written." in content(desk.get(survey))
        write_invitations(now=timezone.now())
        assert OutboxMessage.objects.count() == 1
        assert "invitations are written" not in content(desk.get(survey))

    def test_a_list_in_any_form_and_only_people_we_know(self, desk, page):
        first, second = (
            PersonFactory(email="ana@example.org"),
            MembershipFactory(person__email="bo@example.org"),
        )
        file = SimpleUploadedFile("list.csv", "\ufeffName;Mail\r\nBo;<BO@Example.org>\r\n".encode())
        text = 'ana@example.org, "Nobody" <nobody@example.org>. שלום <script>'
        answer = {"who": "listed", "addresses": text, "file": file, "occasion": ""}
        shown = content(desk.post(page, answer))
        assert "2 people would be invited" in shown
        assert "nobody@example.org" in shown
        desk.post(page, {"who": "listed", "addresses": "ana@example.org\nbo@example.org", "confirmed": "1"})
        invited = SurveyInvitation.objects.values_list("person", "organization")
        assert set(invited) == {(first.pk, None), (second.person_id, second.organization_id)}

    @pytest.mark.parametrize(
        "answer",
        [
            {"who": "listed", "addresses": "no address here"},
            {"who": "everybody"},
            {"who": "contacts", "occasion": "a b"},
            {"who": "contacts", "due_on": "yesterday"},
            {"who": "contacts", "subject": "x" * 10_000},
        ],
    )
    def test_what_cannot_be_asks_again(self, desk, page, answer):
        assert "would be invited" not in content(desk.post(page, answer | {"confirmed": "1"}))
        assert not SurveyInvitation.objects.exists()

    def test_it_takes_the_right_to_change_surveys(self, client, page):
        clerk = StaffFactory(is_superuser=False)
        clerk.user_permissions.set(Permission.objects.filter(codename="view_survey"))
        client.force_login(clerk)
        MembershipFactory()
        client.post(page, {"who": "contacts", "confirmed": "1"})
        assert not SurveyInvitation.objects.exists()

    def test_the_list_costs_the_same_with_one_and_with_twenty(
        self, desk, survey, django_assert_max_num_queries
    ):
        for count in (1, 19):
            for _each in range(count):
                SurveyInvitationFactory(survey=survey, organization=OrganizationFactory())
            with django_assert_max_num_queries(20):
                desk.get("/admin/surveys/surveyinvitation/")


class TestBuilder:
    def change(self, desk, survey, questions, **more):
        page = f"/admin/surveys/survey/{survey.pk}/change/"
        return desk.post(page, typed(survey, questions, **more))

    def test_a_question_can_only_depend_on_an_earlier_one(self, desk, survey):
        first = survey.questions.get()
        second = QuestionFactory(survey=survey, kind="choice", choices="A\nB", order=2)
        rows = [row(first, shown_if=second.pk, shown_values="A"), row(second)]
        assert "Choose a question that comes before this one." in content(self.change(desk, survey, rows))
        rows = [row(first, order=3, shown_if=second.pk, shown_values="A"), row(second)]
        assert self.change(desk, survey, rows).status_code == 302
        assert survey.questions.get(pk=first.pk).shown_if == second

    def test_another_surveys_question_is_not_offered(self, desk, survey):
        foreign = QuestionFactory(kind="choice", choices="A\nB")
        rows = [row(survey.questions.get(), shown_if=foreign.pk, shown_values="A")]
        assert self.change(desk, survey, rows).status_code == 200

    def test_a_measure_says_which_answers_count(self, desk, survey):
        rows = [row(survey.questions.get(), kind="choice", choices="A\nB", measures="value")]
        assert "Say which answers count, one a line." in content(self.change(desk, survey, rows))

    def test_files_come_last_and_never_anonymous(self, desk, survey, settings):
        settings.SURVEY_FILES = True
        rows = [row(survey.questions.get(), kind="file"), new(order="2")]
        assert "must be the last one" in content(self.change(desk, survey, rows))
        page = self.change(desk, survey, [row(survey.questions.get(), kind="file")], is_anonymous="on")
        assert "cannot ask for a file" in content(page)

    def test_the_promise_is_read_only_once_somebody_was_invited(self, desk, survey):
        SurveyInvitationFactory(survey=survey)
        self.change(desk, survey, [row(survey.questions.get())], is_anonymous="on")
        assert not Survey.objects.get(pk=survey.pk).is_anonymous
        assert desk.post(f"/admin/surveys/survey/{survey.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_titles_make_addresses_that_differ(self, survey):
        slugs = [SurveyFactory(title=title).slug for title in ("A survey", "A survey", "調査", "調査")]
        assert slugs == ["a-survey", "a-survey-2", "survey", "survey-2"]
