"""Alerts from draft to the end of their way: submitted, approved, stopped, followed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import IntegrityError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.admin.alert import ActionAlertAdmin
from campaigns.models import ActionAlert, AlertBlock, Segment
from campaigns.services.alerts import (
    AlertRefused,
    approve_alert,
    cancel_alert,
    copy_alert,
    pause_alert,
    resume_alert,
    send_back,
    settle_alerts,
    submit_alert,
)
from campaigns.services.calls import close_call
from mailing.models import Batch, Delivery, Mailing, TrackedLink
from tests.factories.alerts import ActionAlertFactory, SubscriberFactory
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import HearingFactory
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.mailing.helpers import hand_over, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def limit_one():
    """More than one person needs a second look."""
    return CoalitionFactory(approval_above=1)


def fresh(alert: ActionAlert) -> ActionAlert:
    return ActionAlert.objects.get(pk=alert.pk)


class TestSending:
    def test_compiles_writes_one_row_per_recipient_and_starts(self, staff):
        members = MembershipFactory.create_batch(3)
        MembershipFactory(person=members[0].person)
        reader = SubscriberFactory()
        alert = approve_alert(alert=ActionAlertFactory(include_subscribers=True), by=staff)
        assert (alert.state, alert.approved_by) == ("sending", staff)
        assert alert.mailing.state == Mailing.State.SENDING
        assert alert.mailing.expires_at == alert.call_to_action.closes_at
        rows = Delivery.objects.filter(mailing=alert.mailing)
        assert {row.email for row in rows} == {one.person.email for one in members} | {reader.email}
        assert {row.recipient for row in rows} == {one.person_id for one in members} | {None}
        link = TrackedLink.objects.get(mailing=alert.mailing, identifies_recipient=True)
        assert link.url.endswith(f"?source=alert-{alert.pk}")
        assert alert.history.latest().history_user == staff

    def test_a_second_approval_is_refused_and_sends_nothing(self, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        approve_alert(alert=alert, by=staff)
        with pytest.raises(AlertRefused, match="approved already"):
            approve_alert(alert=alert, by=staff)
        assert Mailing.objects.count() == 1
        assert Delivery.objects.count() == 1

    def test_scheduled_for_later(self, staff):
        MembershipFactory()
        at = timezone.now() + timedelta(hours=2)
        alert = approve_alert(alert=ActionAlertFactory(), by=staff, send_at=at)
        assert (alert.state, alert.send_at, alert.mailing.state) == ("scheduled", at, "ready")
        settle_alerts(now=timezone.now())
        assert fresh(alert).state == "scheduled"

    def test_goes_out_as_it_was_set(self, staff):
        MembershipFactory()
        alert = ActionAlertFactory(rate_per_minute=30, in_recipients_window=True)
        mailing = approve_alert(alert=alert, by=staff).mailing
        assert (mailing.rate_per_minute, mailing.in_recipients_window) == (30, True)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"call_to_action__status": "draft"}, "not published"),
            ({"call_to_action__status": "closed"}, "not published"),
            ({"call_to_action__opens_at": timezone.now() - timedelta(days=30)}, "clos"),
            ({"text": "<p>{{ nobody }}</p>"}, "not a merge field"),
            ({"rules": {"field": "role", "is": ["viewer"]}}, "audience is empty"),
            ({"rules": {"field": "nonsense", "is": ["x"]}}, "nonsense"),
        ],
    )
    def test_what_is_not_fit_to_send_is_refused_with_the_reason(self, staff, change, words):
        MembershipFactory()
        with pytest.raises(AlertRefused, match=words):
            approve_alert(alert=ActionAlertFactory(**change), by=staff)
        assert not Mailing.objects.exists()

    def test_not_in_the_past_and_not_after_the_deadline(self, staff):
        MembershipFactory()
        alert = ActionAlertFactory()
        with pytest.raises(AlertRefused, match="has passed"):
            approve_alert(alert=alert, by=staff, send_at=timezone.now() - timedelta(minutes=1))
        with pytest.raises(AlertRefused, match="clos"):
            approve_alert(alert=alert, by=staff, send_at=alert.call_to_action.closes_at)

    def test_the_database_refuses_an_alert_on_its_way_without_a_mailing(self):
        alert = ActionAlertFactory()
        with pytest.raises(IntegrityError, match="alert_on_its_way_has_mailing"), transaction.atomic():
            ActionAlert.objects.filter(pk=alert.pk).update(state="sending")
        with pytest.raises(IntegrityError, match="alert_waiting_was_submitted"), transaction.atomic():
            ActionAlert.objects.filter(pk=alert.pk).update(state="waiting")


@pytest.mark.usefixtures("limit_one")
class TestSecondPerson:
    def submitted(self, by, **alert) -> ActionAlert:
        MembershipFactory.create_batch(2)
        return submit_alert(alert=ActionAlertFactory(created_by=by, **alert), by=by)

    def test_one_person_may_send_to_few_but_not_to_many(self, staff):
        MembershipFactory()
        approve_alert(alert=ActionAlertFactory(), by=staff)
        MembershipFactory()
        with pytest.raises(AlertRefused, match="second person"):
            approve_alert(alert=ActionAlertFactory(), by=staff)
        assert Mailing.objects.count() == 1

    def test_submitted_by_one_approved_by_another(self, staff):
        alert = self.submitted(staff)
        assert (alert.state, alert.submitted_by, alert.mailing) == ("waiting", staff, None)
        other = StaffFactory()
        approved = approve_alert(alert=alert, by=other)
        assert (approved.state, approved.approved_by, approved.submitted_by) == ("sending", other, staff)
        assert Delivery.objects.count() == 2

    def test_neither_the_writer_nor_the_submitter_nor_anybody_without_the_right(self, staff):
        writer, plain = StaffFactory(), UserFactory(is_staff=True)
        alert = self.submitted(staff)
        ActionAlert.objects.filter(pk=alert.pk).update(created_by=writer)
        for somebody in (staff, writer, plain):
            with pytest.raises(AlertRefused, match="Another person"):
                approve_alert(alert=alert, by=somebody)
        plain.user_permissions.add(Permission.objects.get(codename="approve_actionalert"))
        approve_alert(alert=alert, by=type(plain).objects.get(pk=plain.pk))

    def test_approved_twice_sends_once(self, staff):
        alert, other = self.submitted(staff), StaffFactory()
        approve_alert(alert=alert, by=other)
        with pytest.raises(AlertRefused, match="approved already"):
            approve_alert(alert=alert, by=other)
        assert Mailing.objects.count() == 1

    def test_sent_back_it_is_a_draft_with_the_note_in_its_history(self, staff):
        alert, other = self.submitted(staff), StaffFactory()
        back = send_back(alert=alert, by=other, note="The second paragraph says nothing.")
        assert (back.state, back.submitted_at, back.submitted_by) == ("draft", None, None)
        assert back.history.latest().history_change_reason == "The second paragraph says nothing."
        with pytest.raises(AlertRefused, match="second person"):
            approve_alert(alert=back, by=other)

    def test_the_time_it_was_submitted_with_holds(self, staff):
        MembershipFactory.create_batch(2)
        at = timezone.now() + timedelta(hours=3)
        alert = submit_alert(alert=ActionAlertFactory(), by=staff, send_at=at)
        assert approve_alert(alert=alert, by=StaffFactory()).state == "scheduled"
        assert Mailing.objects.get().send_at == at

    def test_a_time_that_passed_while_it_waited_means_at_once(self, staff):
        alert = self.submitted(staff)
        ActionAlert.objects.filter(pk=alert.pk).update(send_at=timezone.now() - timedelta(hours=1))
        with pytest.raises(AlertRefused, match="changed since"):  # Nobody may bend the time either.
            approve_alert(alert=alert, by=StaffFactory())

    @pytest.mark.parametrize("what", ["subject", "block", "call", "audience", "segment", "option"])
    def test_what_is_approved_is_what_was_submitted(self, staff, what):
        segment = Segment.objects.create(name="Contacts", rules={"field": "role", "is": ["primary_contact"]})
        alert = self.submitted(staff, rules={"field": "segment", "is": [str(segment.pk)]})
        if what == "subject":
            ActionAlert.objects.filter(pk=alert.pk).update(subject="Other words")
        elif what == "block":
            AlertBlock.objects.filter(alert=alert, kind="text").update(text="<p>Other words</p>")
        elif what == "call":
            alert.call_to_action.statement = "Other words"
            alert.call_to_action.save()
        elif what == "audience":
            ActionAlert.objects.filter(pk=alert.pk).update(rules={})
        elif what == "segment":
            Segment.objects.update(rules={"field": "role", "is": ["primary_contact", "viewer"]})
        else:
            ActionAlert.objects.filter(pk=alert.pk).update(reminder_days=[2])
        with pytest.raises(AlertRefused, match="changed since"):
            approve_alert(alert=alert, by=StaffFactory())
        assert not Mailing.objects.exists()

    def test_only_drafts_are_submitted(self, staff):
        alert = self.submitted(staff)
        with pytest.raises(AlertRefused, match="Only a draft"):
            submit_alert(alert=alert, by=staff)
        assert cancel_alert(alert=alert, by=staff).state == "cancelled"
        with pytest.raises(AlertRefused):
            send_back(alert=alert, by=staff)

    def test_who_may_decide_sees_what_waits(self, staff):
        alert = self.submitted(staff)
        assert list(ActionAlert.objects.waiting_for(StaffFactory())) == [alert]
        assert not ActionAlert.objects.waiting_for(staff).exists()


class TestOnItsWay:
    def scheduled(self, staff, **call) -> ActionAlert:
        MembershipFactory()
        alert = ActionAlertFactory(call_to_action=CallToActionFactory(**call))
        return approve_alert(alert=alert, by=staff, send_at=timezone.now() + timedelta(hours=2))

    def test_pause_resume_cancel(self, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        assert pause_alert(alert=alert, by=staff).state == "paused"
        with pytest.raises(AlertRefused):
            pause_alert(alert=alert, by=staff)
        assert resume_alert(alert=alert, by=staff).state == "sending"
        assert cancel_alert(alert=alert, by=staff).state == "cancelled"
        with pytest.raises(AlertRefused):
            cancel_alert(alert=alert, by=staff)
        assert Delivery.objects.get().state == "cancelled"

    def test_a_resumed_schedule_is_a_schedule_again(self, staff):
        alert = self.scheduled(staff)
        pause_alert(alert=alert, by=staff)
        assert resume_alert(alert=alert, by=staff).state == "scheduled"

    def test_a_draft_can_be_put_away_but_not_paused(self, staff):
        alert = ActionAlertFactory()
        with pytest.raises(AlertRefused, match="never sent"):
            pause_alert(alert=alert, by=staff)
        assert cancel_alert(alert=alert, by=staff).state == "cancelled"

    def test_a_scheduled_alert_expires_when_its_call_is_closed(self, staff):
        alert = self.scheduled(staff)
        close_call(call_to_action=alert.call_to_action, outcome="The bill passed early.", by=staff)
        assert settle_alerts(now=timezone.now()) == 1
        alert.refresh_from_db()
        assert alert.state == "expired"
        assert alert.mailing.state == "cancelled"
        assert not Delivery.objects.filter(state="pending").exists()

    def test_nothing_goes_out_when_the_deadline_moves_before_the_send_time(self, staff):
        alert = self.scheduled(staff)
        call = alert.call_to_action
        call.closes_at = timezone.now() + timedelta(hours=1)
        call.save()
        settle_alerts(now=timezone.now())
        assert fresh(alert).state == "expired"

    def test_an_alert_follows_its_calls_deadline(self, staff):
        alert = self.scheduled(staff)
        call = alert.call_to_action
        call.closes_at += timedelta(days=1)
        call.save()
        assert settle_alerts(now=timezone.now()) == 0
        alert.mailing.refresh_from_db()
        assert alert.mailing.expires_at == call.closes_at

    def test_sent_is_settled_and_goes_on_when_staff_send_unknown_ones_again(self, staff):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=staff)
        hand_over(alert.mailing)
        Mailing.objects.update(state="done")
        settle_alerts(now=timezone.now())
        assert fresh(alert).state == "sent"
        Mailing.objects.update(state="sending")
        settle_alerts(now=timezone.now())
        assert fresh(alert).state == "sending"

    def test_a_copy_is_a_draft_with_the_same_words_audience_and_way(self, staff):
        MembershipFactory()
        rules = {"field": "role", "is": ["primary_contact"]}
        alert = ActionAlertFactory(rules=rules, reminder_days=[3], rate_per_minute=50, staff_minutes=30)
        approve_alert(alert=alert, by=staff)
        copy = copy_alert(alert=fresh(alert), by=staff)
        assert (copy.state, copy.mailing, copy.created_by, copy.approved_by) == ("draft", None, staff, None)
        assert (copy.subject, copy.rules, copy.reminder_days) == (alert.subject, rules, [3])
        assert (copy.rate_per_minute, copy.staff_minutes) == (50, 0)
        words = [(block.kind, block.text) for block in alert.blocks.all()]
        assert [(block.kind, block.text) for block in copy.blocks.all()] == words
        assert alert.blocks.count() == 2


class TestHearing:
    """A call about a hearing: nothing goes out after it began, and nothing while it is off."""

    def alert(self, staff, *, begins_in: float, send_in: float = 0, **hearing) -> ActionAlert:
        MembershipFactory()
        begins = timezone.now() + timedelta(hours=begins_in)
        call = CallToActionFactory(hearing=HearingFactory(starts_at=begins, **hearing))
        send_at = timezone.now() + timedelta(hours=send_in) if send_in else None
        return approve_alert(alert=ActionAlertFactory(call_to_action=call), by=staff, send_at=send_at)

    def test_the_alert_expires_when_the_hearing_begins(self, staff):
        alert = self.alert(staff, begins_in=5)
        assert alert.mailing.expires_at == alert.call_to_action.hearing.starts_at

    def test_an_alert_after_the_hearing_is_refused(self, staff):
        with pytest.raises(AlertRefused, match="hearing"):
            self.alert(staff, begins_in=5, send_in=6)
        with pytest.raises(AlertRefused, match="hearing"):
            self.alert(staff, begins_in=-1)
        assert not Mailing.objects.exists()

    def test_a_hearing_that_is_over_before_the_send_time_means_nothing_goes_out(self, staff):
        alert = self.alert(staff, begins_in=5, send_in=2)
        hearing = alert.call_to_action.hearing
        hearing.starts_at = timezone.now() + timedelta(hours=1)
        hearing.save()
        settle_alerts(now=timezone.now())
        assert fresh(alert).state == "expired"
        assert Delivery.objects.get().state == "cancelled"

    def test_a_moved_hearing_takes_the_alert_along(self, staff):
        alert = self.alert(staff, begins_in=5)
        hearing = alert.call_to_action.hearing
        hearing.moved_from, hearing.state = hearing.starts_at, "moved"
        hearing.starts_at += timedelta(days=1)
        hearing.save()
        settle_alerts(now=timezone.now())
        assert Mailing.objects.get().expires_at == hearing.starts_at
        assert fresh(alert).state == "sending"

    def test_a_cancelled_hearing_holds_the_alert_until_staff_decide(self, staff):
        alert = self.alert(staff, begins_in=5)
        hearing = alert.call_to_action.hearing
        hearing.state = "cancelled"
        hearing.save()
        settle_alerts(now=timezone.now())
        assert fresh(alert).state == "paused"
        with pytest.raises(AlertRefused, match="hearing"):
            resume_alert(alert=alert, by=staff)
        call = alert.call_to_action
        call.hearing = HearingFactory(starts_at=timezone.now() + timedelta(days=2))
        call.save()
        assert resume_alert(alert=alert, by=staff).state == "sending"
        settle_alerts(now=timezone.now())
        assert Mailing.objects.get().expires_at == call.hearing.starts_at

    def test_staff_choose_the_hearing_among_those_to_come(self, client, staff, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(staff)
        coming, past = HearingFactory(), HearingFactory(starts_at=timezone.now() - timedelta(days=9))
        chosen = HearingFactory(starts_at=timezone.now() - timedelta(days=1))
        call = CallToActionFactory(hearing=chosen)
        for url, offered in (
            (reverse("admin:campaigns_calltoaction_change", args=[call.pk]), {coming, chosen}),
            (f"{reverse('admin:campaigns_calltoaction_add')}?kind=slip", {coming}),
        ):
            form = client.get(url).context["adminform"].form
            assert set(form.fields["hearing"].queryset) == offered
            assert past not in form.fields["hearing"].queryset

    def test_staff_noted_that_it_ended(self, staff):
        alert = self.alert(staff, begins_in=5)
        alert.call_to_action.hearing.ended_at = timezone.now()
        alert.call_to_action.hearing.save()
        settle_alerts(now=timezone.now())
        assert fresh(alert).state == "expired"


@pytest.mark.django_db(transaction=True)
class TestForReal:
    """With workers' transactions of their own."""

    def test_sent_through_the_engine_and_settled(self):
        first, second = MembershipFactory.create_batch(2)
        alert = approve_alert(alert=ActionAlertFactory(), by=StaffFactory())
        sent = send(alert.mailing).sent
        assert sorted(sent) == sorted([first.person.email, second.person.email])
        assert Batch.objects.get().state == "done"

    @pytest.mark.parametrize("submitted", [False, True])
    def test_two_clicks_at_once_send_once(self, submitted):
        """Two staff members approve the same alert in the same moment."""
        staff = member(OrganizationFactory())
        alert, by = ActionAlertFactory(), StaffFactory()
        if submitted:
            submit_alert(alert=alert, by=staff)

        def approve(_number: int) -> bool:
            try:
                approve_alert(alert=fresh(alert), by=by)
            except AlertRefused:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(approve, range(2)))
        assert sorted(outcomes) == [False, True]
        assert Delivery.objects.count() == 1
        assert Mailing.objects.count() == 1

    def test_a_form_that_is_saved_holds_off_an_approval(self, client, settings, monkeypatch):
        """Or the saved draft would overwrite the approved alert, which could then be sent once more."""
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(StaffFactory())
        alert, held = ActionAlertFactory(), []

        def lock() -> None:
            try:
                with transaction.atomic():
                    ActionAlert.objects.select_for_update(nowait=True).get(pk=alert.pk)
            except OperationalError:
                held.append(True)
            finally:
                connection.close()

        def has_change_permission(*_ignored) -> bool:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(lock).result()
            return False

        monkeypatch.setattr(ActionAlertAdmin, "has_change_permission", has_change_permission)
        client.post(reverse("admin:campaigns_actionalert_change", args=[alert.pk]), {})
        assert held[-1:] == [True]

    def test_submitted_for_a_time_that_passes_it_goes_out_with_the_approval(self):
        MembershipFactory()
        alert = submit_alert(
            alert=ActionAlertFactory(), by=StaffFactory(), send_at=timezone.now() + timedelta(hours=1)
        )
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            assert approve_alert(alert=alert, by=StaffFactory()).state == "sending"
