"""Invitations: each person once for an occasion, reminded until they answer, answered once; and who may open what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mailing.addresses import hash_address
from mailing.models import OutboxMessage, Preference, Suppression
from mailing.services import queue_messages
from partners.errors import NotAllowed
from partners.models import Person
from surveys import tasks
from surveys.models import Answer, Response, Survey, SurveyInvitation
from surveys.services import invitations
from surveys.services.answers import answer_invitation, record_response
from surveys.services.invitations import invite, remind, write_invitations
from surveys.tokens import invitation_token
from tests.factories.partners import CoalitionFactory, OrganizationFactory, PersonFactory, UserFactory, member
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyFactory, SurveyInvitationFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def survey():
    CoalitionFactory()
    survey = SurveyFactory(title="How was it?", title_es="¿Cómo fue?")
    QuestionFactory(survey=survey, text="Well?", is_required=True)
    return survey


def link(invitation):
    return f"/surveys/answer/{invitation_token(invitation)}/"


def typed(survey, words="Fine"):
    return {"page": 0, f"q{survey.questions.get().pk}": words}


def content(response):
    return response.content.decode()


class TestInviting:
    def test_everybody_once_for_an_occasion_and_mailed_as_a_notice(self, survey):
        people = [(PersonFactory(), OrganizationFactory()) for _each in range(3)]
        common = {"survey": survey, "people": people, "subject": "Reframing 101, May 3", "now": NOW}
        assert invite(**common, occasion="training:12:end") == 3
        assert invite(**common, occasion="training:12:end") == 0
        assert invite(**common, occasion="training:12:90d") == 3
        assert not OutboxMessage.objects.exists()
        for _twice in range(2):
            assert write_invitations(now=NOW) is False
        message = OutboxMessage.objects.first()
        assert message.precedence == OutboxMessage.Precedence.NOTICE
        assert message.subject == "Your answers, please: Reframing 101, May 3"
        assert OutboxMessage.objects.count() == 6
        kept = SurveyInvitation.objects.filter(occasion="training:12:end").first()
        assert kept.due_on == timezone.localdate(NOW) + timedelta(days=21)
        assert kept.organization in [organization for _person, organization in people]

    def test_hostile_words_make_no_header(self, survey):
        person = PersonFactory(first_name="<b>Ana</b>")
        invite(survey=survey, people=[(person, None)], subject="May 3\r\nBcc: x@example.org", now=NOW)
        write_invitations(now=NOW)
        wire = bytes(OutboxMessage.objects.get().message).decode()
        assert "\nBcc:" not in wire
        assert "<b>Ana" not in wire.partition("text/html")[2]

    def test_the_mail_is_in_the_language_somebody_chose(self, survey):
        person = PersonFactory()
        Preference.objects.create(email=person.email, address_hash="x", language="es")
        invite(survey=survey, people=[(person, None)], now=NOW)
        write_invitations(now=NOW)
        assert "¿Cómo fue?" in OutboxMessage.objects.get().subject

    def test_who_wants_no_mail_or_has_answered_is_left_out(self, survey):
        silent, done = PersonFactory(), PersonFactory()
        Suppression.objects.create(address_hash=hash_address(silent.email), reason="complaint")
        ResponseFactory(survey=survey, person=done, occasion="x")
        assert invite(survey=survey, people=[(silent, None), (done, None)], occasion="x", now=NOW) == 0

    def test_nothing_goes_out_for_a_survey_without_questions_or_a_day_that_has_passed(self, survey):
        people = [(PersonFactory(), None)]
        with pytest.raises(NotAllowed, match="no questions"):
            invite(survey=SurveyFactory(), people=people, now=NOW)
        with pytest.raises(NotAllowed, match="has passed"):
            invite(survey=survey, people=people, now=NOW, due_on=timezone.localdate(NOW) - timedelta(days=1))
        assert not OutboxMessage.objects.exists()

    def test_the_database_keeps_them_once_and_whole(self, survey):
        invitation = SurveyInvitationFactory(survey=survey)
        with pytest.raises(IntegrityError, match="survey_invitation_once"), transaction.atomic():
            SurveyInvitationFactory(survey=survey, person=invitation.person)
        with pytest.raises(IntegrityError, match="survey_invitation_sent_has_an_end"), transaction.atomic():
            SurveyInvitationFactory(survey=survey, due_on=None)
        with pytest.raises(IntegrityError, match="reminders_have_a_time"), transaction.atomic():
            SurveyInvitationFactory(survey=survey, reminders_sent=1)
        with pytest.raises(IntegrityError, match="at_most_five_reminders"), transaction.atomic():
            SurveyFactory(most_reminders=6)


class TestWriting:
    """What the worker does with invitations that wait."""

    @pytest.fixture
    def invited(self, survey):
        """One more than are written at a time, and a bit."""
        people = PersonFactory.create_batch(7)
        return invite(survey=survey, people=[(each, None) for each in people], subject="May", now=NOW)

    @pytest.fixture(autouse=True)
    def _three_at_a_time(self, monkeypatch):
        monkeypatch.setattr(invitations, "WINDOW", 3)

    def test_a_worker_that_dies_leaves_each_to_the_next_one_once(self, survey, invited, monkeypatch):
        written = []

        def dies(*, drafts):
            queue_messages(drafts=drafts)
            written.append(drafts)
            if len(written) == 2:
                raise MemoryError

        with monkeypatch.context() as broken:
            broken.setattr(invitations, "queue_messages", dies)
            with pytest.raises(MemoryError):
                write_invitations(now=NOW)
        # The first three are whole; of the next three neither message nor mark is left.
        assert OutboxMessage.objects.count() == 3
        assert survey.invitations.all().progress() == [("May", 3, 7)]
        write_invitations(now=NOW)
        to = list(OutboxMessage.objects.values_list("to", flat=True))
        assert sorted(to) == sorted(Person.objects.values_list("email", flat=True))
        assert survey.invitations.all().progress() == []

    def test_a_turn_ends_in_time_and_says_that_more_is_left(self, invited):
        assert write_invitations(now=NOW, seconds=0) is True
        assert OutboxMessage.objects.count() == 3
        assert write_invitations(now=NOW) is False
        assert OutboxMessage.objects.count() == 7

    def test_who_answered_or_stopped_our_mail_meanwhile_or_came_too_late_gets_none(self, survey, invited):
        first, second, *others = SurveyInvitation.objects.order_by("pk")
        answers = {str(survey.questions.get().pk): "Fine"}
        answer_invitation(invitation=first, answers=answers, now=NOW)
        hash_ = hash_address(second.person.email)
        Suppression.objects.create(address_hash=hash_, reason="complaint")
        write_invitations(now=NOW)
        assert {row.to for row in OutboxMessage.objects.all()} == {each.person.email for each in others}
        late = invite(survey=survey, people=[(PersonFactory(), None)], now=NOW)
        write_invitations(now=NOW + timedelta(days=30))
        assert (late, OutboxMessage.objects.count()) == (1, len(others))
        assert not SurveyInvitation.objects.filter(waits=True).exists()

    def test_beat_takes_up_what_no_message_to_the_worker_brought(self, settings, invited):
        swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
        assert {"surveys.tasks.write_invitations", *TELLING} <= swept
        tasks.write_invitations()
        assert OutboxMessage.objects.count() == 7


TELLING = {"meetings.tasks.tell_of_changes", "trainings.tasks.tell_of_changes"}


class TestReminding:
    def test_until_the_answer_a_few_times_and_not_after_the_end(self, survey):
        invitation = SurveyInvitationFactory(survey=survey, sent_at=NOW)
        days = [0, 4, 5, 6, 10, 15, 30]
        reminded = [remind(now=NOW + timedelta(days=day)) for day in days]
        assert reminded == [0, 0, 1, 0, 1, 0, 0]
        invitation.refresh_from_db()
        assert invitation.reminders_sent == 2
        assert OutboxMessage.objects.count() == 2

    def test_no_reminder_for_who_answered_or_whose_time_is_over(self, survey):
        long_ago = NOW - timedelta(days=30)
        SurveyInvitationFactory(survey=survey, sent_at=long_ago, answered=True)
        SurveyInvitationFactory(
            survey=survey, sent_at=long_ago, due_on=timezone.localdate(NOW) - timedelta(days=1)
        )
        SurveyInvitationFactory(survey=survey, sent_at=None, due_on=None)
        assert remind(now=NOW) == 0

    def test_an_answer_over_a_call_to_action_ends_them_too(self, survey):
        invitation = SurveyInvitationFactory(survey=survey)
        answers = {str(survey.questions.get().pk): "Fine"}
        record_response(survey=survey, person=invitation.person, organization=None, answers=answers, now=NOW)
        invitation.refresh_from_db()
        assert invitation.answered


class TestAnswering:
    def test_over_the_link_once_without_signing_in(self, client, survey):
        organization = OrganizationFactory()
        invitation = SurveyInvitationFactory(survey=survey, organization=organization, occasion="may")
        assert "Well?" in content(client.get(link(invitation)))
        for _twice in range(2):
            client.post(link(invitation), typed(survey))
        response = Response.objects.get()
        assert (response.person, response.organization) == (invitation.person, organization)
        assert response.occasion == "may"
        page = content(client.get(link(invitation)))
        assert "You have answered this survey" in page
        assert "Fine" not in page

    def test_a_get_changes_nothing(self, client, survey):
        invitation = SurveyInvitationFactory(survey=survey)
        client.get(link(invitation), typed(survey))
        assert not Response.objects.exists()

    def test_the_same_survey_is_answered_on_each_occasion(self, survey):
        person = PersonFactory()
        answers = {str(survey.questions.get().pk): "Fine"}
        for occasion in ("one", "two"):
            invitation = SurveyInvitationFactory(survey=survey, person=person, occasion=occasion)
            answer_invitation(invitation=invitation, answers=answers, now=NOW)
        assert Response.objects.filter(person=person).count() == 2
        with (
            pytest.raises(IntegrityError, match="response_once_per_person_and_occasion"),
            transaction.atomic(),
        ):
            ResponseFactory(survey=survey, person=person, occasion="one")

    def test_not_after_the_last_day(self, client, survey):
        invitation = SurveyInvitationFactory(survey=survey, due_on=timezone.localdate() - timedelta(days=1))
        response = client.post(link(invitation), typed(survey))
        assert response.status_code == 409
        assert "This survey is closed." in content(response)
        assert not Response.objects.exists()

    @pytest.mark.parametrize("token", ["1", "1.x", "zz.AAAA", "é", "1" * 5000, "<b>"])
    def test_a_forged_link_opens_nothing(self, client, survey, token):
        SurveyInvitationFactory(survey=survey)
        response = client.get(f"/surveys/answer/{token}/")
        assert response.status_code == 404
        assert "Well?" not in content(response)

    def test_errors_keep_what_was_typed(self, client, survey):
        QuestionFactory(survey=survey, kind="number", text="How many?", order=10**4)
        page = content(
            client.post(
                link(SurveyInvitationFactory(survey=survey)),
                {"page": 0, f"q{survey.questions.last().pk}": "many"},
            )
        )
        assert "<title>Error: " in page
        assert "Answer “Well?”." in page
        assert 'value="many"' in page

    def test_questions_that_changed_meanwhile_are_asked_again(self, survey):
        question = survey.questions.get()
        question.kind, question.choices = "choice", "A\nB"
        question.save()
        with pytest.raises(NotAllowed, match="questions have changed"):
            answer_invitation(
                invitation=SurveyInvitationFactory(survey=survey),
                answers={str(question.pk): "Fine"},
                now=NOW,
            )
        assert not Answer.objects.exists()


class TestOpenSurveys:
    @pytest.fixture
    def opened(self, survey):
        survey.is_open = True
        survey.save()
        return survey

    def test_partners_who_sign_in_answer_once(self, client, opened):
        organization = OrganizationFactory()
        client.force_login(member(organization))
        assert opened.title in content(client.get("/my/surveys/"))
        for _twice in range(2):
            client.post(f"/my/surveys/{opened.slug}/", typed(opened))
        assert Response.objects.get().organization == organization
        assert "You have answered this survey" in content(client.get(f"/my/surveys/{opened.slug}/"))
        assert opened.title not in content(client.get("/my/surveys/"))

    def test_others_and_closed_surveys_are_not_found(self, client, survey, opened):
        client.force_login(UserFactory())
        assert client.get(f"/my/surveys/{opened.slug}/").status_code == 404
        client.force_login(member(OrganizationFactory(status="left")))
        assert client.post(f"/my/surveys/{opened.slug}/", typed(opened)).status_code == 404
        Survey.objects.update(is_open=False)
        client.force_login(member(OrganizationFactory()))
        assert client.get(f"/my/surveys/{opened.slug}/").status_code == 404
        assert not Response.objects.exists()

    def test_invitations_that_wait_stand_in_the_list_and_others_do_not(self, client, survey):
        user = member(OrganizationFactory())
        SurveyInvitationFactory(survey=survey, person=user.person, subject="May 3")
        SurveyInvitationFactory(survey=survey, subject="Somebody else's")
        client.force_login(user)
        page = content(client.get("/my/surveys/"))
        assert "May 3" in page
        assert "Somebody else" not in page

    def test_the_list_costs_the_same_with_one_and_with_twenty(
        self, client, survey, django_assert_num_queries
    ):
        user = member(OrganizationFactory())
        client.force_login(user)
        for count in (1, 19):
            for _each in range(count):
                SurveyInvitationFactory(survey=survey, person=user.person, occasion=str(_each + count))
            client.get("/my/surveys/")
            with django_assert_num_queries(7):
                client.get("/my/surveys/")
