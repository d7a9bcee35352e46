"""Reminders: by themselves, to those who were asked and have not acted, and to nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.models import ActionAlert, AlertBlock
from campaigns.services.alerts import AlertRefused, approve_alert, cancel_alert, pause_alert
from campaigns.services.calls import close_call
from campaigns.services.reminders import (
    next_reminder_at,
    send_due_reminders,
    stop_reminders,
    take_back_who_acted,
)
from mailing.models import Delivery, Mailing, MailingContent
from mailing.services import unsubscribe
from tests.factories.alerts import ActionAlertFactory, SubscriberFactory
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.legislation import HearingFactory
from tests.factories.letters import LetterCallFactory, SignatureFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, PersonFactory, StaffFactory
from tests.mailing.helpers import hand_over

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def staff():
    return StaffFactory()


def sent(staff, *, days_ago: float = 3, people: int = 3, **alert) -> ActionAlert:
    """An alert that all got `days_ago`, with reminders after 3 and 6 days."""
    MembershipFactory.create_batch(people)
    call = alert.pop("call_to_action", None) or CallToActionFactory(
        opens_at=timezone.now() - 10 * DAY, closes_at=timezone.now() + 10 * DAY
    )
    alert = approve_alert(
        alert=ActionAlertFactory(call_to_action=call, reminder_days=[3, 6], **alert), by=staff
    )
    hand_over(alert.mailing)
    at = timezone.now() - timedelta(days=days_ago, minutes=1)
    Delivery.objects.filter(mailing=alert.mailing).update(accepted_at=at)
    Mailing.objects.filter(pk=alert.mailing_id).update(
        state="done", send_at=at, started_at=at, finished_at=at
    )
    ActionAlert.objects.filter(pk=alert.pk).update(state="sent", send_at=at)
    return ActionAlert.objects.get(pk=alert.pk)


def reminded(alert: ActionAlert, number: int = 1) -> set[str]:
    """Addresses that a reminder goes to."""
    reminder = alert.reminders.get(reminder_number=number)
    return set(reminder.mailing.deliveries.filter(state="pending").values_list("email", flat=True))


class TestWhoIsReminded:
    def test_those_who_were_asked_and_have_not_acted(self, staff):
        alert = sent(staff, people=5)
        rows = list(Delivery.objects.order_by("pk"))
        ActionTakenFactory(call_to_action=alert.call_to_action, person_id=rows[0].recipient, via=rows[0])
        # Somebody who acted on the site, over no link.
        ActionTakenFactory(call_to_action=alert.call_to_action, person_id=rows[1].recipient)
        # Acting on another call is no answer to this one.
        ActionTakenFactory(call_to_action=CallToActionFactory(), person_id=rows[2].recipient)
        Delivery.objects.filter(pk=rows[3].pk).update(state="bounced")
        MembershipFactory()  # Joined since: was never asked.
        assert send_due_reminders(now=timezone.now()) == 1
        assert reminded(alert) == {rows[2].email, rows[4].email}

    def test_a_subscriber_who_acted_under_their_address_is_left_alone(self, staff):
        acted, other = SubscriberFactory(), SubscriberFactory()
        alert = sent(staff, people=0, include_subscribers=True)
        ActionTakenFactory(call_to_action=alert.call_to_action, person=PersonFactory(email=acted.email))
        send_due_reminders(now=timezone.now())
        assert reminded(alert) == {other.email}

    def test_who_unsubscribed_meanwhile_gets_nothing(self, staff):
        alert = sent(staff, people=2)
        gone, stays = Delivery.objects.order_by("pk")
        unsubscribe(email=gone.email, topic=alert.mailing.topic)
        send_due_reminders(now=timezone.now())
        assert reminded(alert) == {stays.email}

    def test_who_got_the_alert_today_has_time_first(self, staff):
        alert = sent(staff, people=2)
        late, early = Delivery.objects.order_by("pk")
        Delivery.objects.filter(pk=late.pk).update(accepted_at=timezone.now() - timedelta(hours=5))
        send_due_reminders(now=timezone.now())
        assert reminded(alert) == {early.email}

    def test_who_acts_while_the_reminder_waits_is_taken_out(self, staff):
        alert = sent(staff, people=2)
        send_due_reminders(now=timezone.now())
        acted, stays = alert.reminders.get().mailing.deliveries.order_by("pk")
        ActionTakenFactory(call_to_action=alert.call_to_action, person_id=acted.recipient)
        assert take_back_who_acted(now=timezone.now()) == 1
        assert reminded(alert) == {stays.email}
        assert "Acted, or their organization" in Delivery.objects.get(pk=acted.pk).response


class TestLetters:
    """Organizations sign, not people: whoever's organization has signed has nothing to do any more."""

    @pytest.fixture
    def letter(self):
        return LetterCallFactory(
            opens_at=timezone.now() - 10 * DAY, closes_at=timezone.now() + 10 * DAY, audience="speakers"
        )

    @pytest.fixture
    def contacts(self):
        """Two contacts of a partner that will sign, one of another, and one who speaks for both."""
        signs, other = OrganizationFactory(), OrganizationFactory()
        first, second, third = (
            MembershipFactory(organization=one, role="primary_contact").person
            for one in (signs, signs, other)
        )
        both = MembershipFactory(organization=signs, role="primary_contact").person
        MembershipFactory(organization=other, person=both, role="primary_contact")
        return signs, first, second, third, both

    def test_only_whose_organization_has_not_signed(self, staff, letter, contacts):
        signs, first, _second, third, both = contacts
        alert = sent(staff, people=0, call_to_action=letter)
        action = ActionTakenFactory(call_to_action=letter, person=first, organization=signs)
        SignatureFactory(call_to_action=letter, organization=signs, action=action)
        # Another letter is no answer to this one.
        SignatureFactory(organization=third.memberships.get().organization)
        send_due_reminders(now=timezone.now())
        assert reminded(alert) == {third.email, both.email}

    @pytest.mark.parametrize("how", ["on paper", "taken back"])
    def test_a_signature_on_paper_counts_and_one_taken_back_was_an_answer(self, staff, letter, contacts, how):
        signs, _first, _second, third, both = contacts
        alert = sent(staff, people=0, call_to_action=letter)
        facts = {"note": "By mail."} if how == "on paper" else {"withdrawn_at": timezone.now()}
        action = None if how == "on paper" else ActionTakenFactory(call_to_action=letter)
        SignatureFactory(call_to_action=letter, organization=signs, action=action, **facts)
        send_due_reminders(now=timezone.now())
        assert reminded(alert) == {third.email, both.email}

    def test_signed_while_the_reminder_waits(self, staff, letter, contacts):
        signs, first, second, third, both = contacts
        alert = sent(staff, people=0, call_to_action=letter)
        send_due_reminders(now=timezone.now())
        assert reminded(alert) == {first.email, second.email, third.email, both.email}
        action = ActionTakenFactory(call_to_action=letter, person=first, organization=signs)
        SignatureFactory(call_to_action=letter, organization=signs, action=action)
        assert take_back_who_acted(now=timezone.now()) == 2
        assert reminded(alert) == {third.email, both.email}

    def test_who_left_the_organization_that_signed_is_no_part_of_it(self, staff, letter, contacts):
        signs, first, second, third, both = contacts
        alert = sent(staff, people=0, call_to_action=letter)
        second.memberships.update(ended_on=timezone.localdate())
        action = ActionTakenFactory(call_to_action=letter, person=first, organization=signs)
        SignatureFactory(call_to_action=letter, organization=signs, action=action)
        send_due_reminders(now=timezone.now())
        assert {third.email, both.email} <= reminded(alert)
        assert first.email not in reminded(alert)


class TestWhen:
    def test_each_on_its_day_and_once(self, staff):
        alert = sent(staff, days_ago=2)
        now = timezone.now()
        assert send_due_reminders(now=now) == 0
        assert send_due_reminders(now=now + DAY) == 1
        assert send_due_reminders(now=now + DAY) == 0
        first = alert.reminders.get()
        ActionAlert.objects.filter(pk=first.pk).update(state="sent")
        assert send_due_reminders(now=now + 3 * DAY) == 0
        assert send_due_reminders(now=now + 4 * DAY) == 1
        assert [one.reminder_number for one in alert.reminders.order_by("pk")] == [1, 2]

    def test_missed_days_bring_one_reminder_and_not_two(self, staff):
        alert = sent(staff, days_ago=7)
        assert send_due_reminders(now=timezone.now()) == 1
        assert send_due_reminders(now=timezone.now()) == 0
        assert alert.reminders.get().reminder_number == 2

    def test_the_next_waits_until_the_last_is_through(self, staff):
        alert = sent(staff, days_ago=3)
        send_due_reminders(now=timezone.now())
        assert send_due_reminders(now=timezone.now() + 4 * DAY) == 0
        assert alert.reminders.count() == 1

    @pytest.mark.parametrize(
        "what", ["closed", "deadline", "cancelled", "paused", "hearing over", "hearing off"]
    )
    def test_not_when_nobody_can_act_or_staff_said_stop(self, staff, what):
        hearing = HearingFactory(starts_at=timezone.now() + 9 * DAY)
        call = CallToActionFactory(
            opens_at=timezone.now() - 9 * DAY, closes_at=timezone.now() + 9 * DAY, hearing=hearing
        )
        alert = sent(staff, call_to_action=call)
        if what == "closed":
            close_call(call_to_action=call, outcome="Done.", by=staff)
        elif what == "deadline":
            type(call).objects.filter(pk=call.pk).update(closes_at=timezone.now())
        elif what in {"cancelled", "paused"}:
            ActionAlert.objects.filter(pk=alert.pk).update(state="sending")
            Mailing.objects.update(state="sending", finished_at=None)
            (cancel_alert if what == "cancelled" else pause_alert)(alert=alert, by=staff)
        elif what == "hearing over":
            type(hearing).objects.update(starts_at=timezone.now() - DAY)
        else:
            type(hearing).objects.update(state="cancelled")
        assert send_due_reminders(now=timezone.now()) == 0
        assert not alert.reminders.exists()

    def test_stopped_by_staff(self, staff):
        alert = sent(staff)
        assert next_reminder_at(alert, timezone.now()) is not None
        send_due_reminders(now=timezone.now())
        stop_reminders(alert=alert, by=staff)
        reminder = alert.reminders.get()
        assert (reminder.state, reminder.mailing.state) == ("cancelled", "cancelled")
        assert not Delivery.objects.filter(state="pending").exists()
        assert send_due_reminders(now=timezone.now() + 4 * DAY) == 0
        alert.refresh_from_db()
        assert next_reminder_at(alert, timezone.now()) is None
        with pytest.raises(AlertRefused, match="no reminders"):
            stop_reminders(alert=alert, by=staff)

    def test_cancelling_the_alert_ends_a_reminder_under_way(self, staff):
        alert = sent(staff)
        send_due_reminders(now=timezone.now())
        # Somebody had unknown messages sent again, so the alert goes on beside its reminder.
        Mailing.objects.filter(pk=alert.mailing_id).update(state="sending", finished_at=None)
        cancel_alert(alert=alert, by=staff)
        assert alert.reminders.get().state == "cancelled"


class TestWhatItSays:
    def test_the_alerts_words_after_a_line_and_with_another_subject(self, staff):
        alert = sent(staff, text="<p>Fund it.</p>")
        send_due_reminders(now=timezone.now())
        reminder = alert.reminders.get()
        content = MailingContent.objects.get(mailing=reminder.mailing)
        assert content.subject.startswith("Reminder: {{first_name|Friend}}")
        text = " ".join(content.text.split())
        assert text.index("A short reminder") < text.index("Fund it.")
        link = reminder.mailing.links.get(identifies_recipient=True)
        assert link.url.endswith(f"?source=alert-{reminder.pk}")
        assert (reminder.approved_by, reminder.state) == (staff, "sending")

    def test_in_spanish_where_the_alert_is(self, staff):
        alert = sent(staff, subject_es="Faltan tres días")
        for block in AlertBlock.objects.filter(alert=alert, kind="text"):
            block.text_es = "<p>Actúe.</p>"
            block.save()
        send_due_reminders(now=timezone.now())
        languages = MailingContent.objects.filter(mailing=alert.reminders.get().mailing)
        assert {content.language for content in languages} == {"en", "es"}
        spanish = languages.get(language="es")
        assert spanish.subject == "Recordatorio: Faltan tres días"
        assert "Un breve recordatorio" in " ".join(spanish.text.split())

    def test_the_variant_that_won(self, staff):
        alert = sent(staff, test="subject", test_subject="The other subject")
        ActionAlert.objects.update(test_winner="B", test_judged_at=timezone.now())
        send_due_reminders(now=timezone.now())
        assert alert.reminders.get().subject == "Reminder: The other subject"

    def test_a_long_subject_is_cut_at_a_word_and_no_merge_field_is_cut(self, staff):
        long = "word " * 25 + "{{ first_name|Friend }}"
        alert = sent(staff, subject=long)
        assert len(alert.subject) > 140
        send_due_reminders(now=timezone.now())
        subject = alert.reminders.get().subject
        assert len(subject) <= 150
        assert subject.startswith("Reminder: word")
        assert subject.count("{{") == subject.count("}}")
        assert subject.endswith("…")


def test_the_database_keeps_one_reminder_of_each_number(staff):
    alert = sent(staff)
    ActionAlertFactory(reminder_of=alert, reminder_number=1)
    with pytest.raises(IntegrityError, match="alert_reminder_once"), transaction.atomic():
        ActionAlertFactory(reminder_of=alert, reminder_number=1)
    with pytest.raises(IntegrityError, match="alert_reminder_has_number"), transaction.atomic():
        ActionAlertFactory(reminder_of=alert)


def test_a_run_that_was_cut_off_leaves_nothing_and_the_next_begins_anew(staff, monkeypatch):
    alert = sent(staff)

    class Killed(BaseException):
        """As a kill -9 ends a worker: in the middle, with its transaction."""

    def killed(**_ignored):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("campaigns.services.reminders.mailing_services.start_mailing", killed)
        with pytest.raises(Killed):
            send_due_reminders(now=timezone.now())
    assert not alert.reminders.exists()
    assert Mailing.objects.count() == 1
    assert send_due_reminders(now=timezone.now()) == 1
    assert len(reminded(alert)) == 3


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_make_one_reminder():
    alert = sent(StaffFactory())
    now = timezone.now()

    def run(_number: int) -> int:
        try:
            return send_due_reminders(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 1
    assert alert.reminders.count() == 1
    assert Delivery.objects.filter(mailing=alert.reminders.get().mailing).count() == 3
