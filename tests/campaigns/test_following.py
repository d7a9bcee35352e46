"""Calls follow the legislature: hearings that move, are cancelled, posted anew or over; bills that go on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.models import (
    ActionAlert,
    CallToAction,
    FollowedHearing,
    HearingNews,
    LegislatorContact,
    LegislatorTargets,
    MessageVariant,
)
from campaigns.services.alerts import approve_alert, resume_alert, settle_alerts
from campaigns.services.calls import problems_of
from campaigns.services.following import follow_legislature
from campaigns.services.hearing_news import tell_people
from campaigns.services.reminders import send_due_reminders
from campaigns.services.slip_reminders import remind_missing
from legislation.models import Hearing, ReportedSlip
from legislation.slip_windows import end_of_day
from mailing.models import OutboxMessage
from mailing.services.outbox_sending import send_due_messages
from tests.campaigns.slip_scene import listed, mailed, said, slip_call
from tests.factories.alerts import ActionAlertFactory
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.legislation import (
    BillFactory,
    HearingDocumentFactory,
    HearingFactory,
    LegislatorFactory,
)
from tests.factories.partners import CoalitionFactory, MembershipFactory, StaffFactory
from tests.mailing.helpers import FakeTransport

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def run(now=None):
    """What beat does every minute, twice, as two workers would; how many messages the second one wrote."""
    now = now or timezone.now()
    follow_legislature(now=now)
    tell_people(now=now)
    before = OutboxMessage.objects.count()
    follow_legislature(now=now)
    tell_people(now=now)
    assert OutboxMessage.objects.count() == before


def move(hearing, starts_at):
    """As the importer writes a notice with another time."""
    other_day = timezone.localdate(starts_at) != timezone.localdate(hearing.starts_at)
    if other_day or hearing.moved_from is None:
        hearing.moved_from = hearing.starts_at
    hearing.starts_at = starts_at
    hearing.save()


def fresh(call):
    return CallToAction.objects.select_related("hearing").get(pk=call.pk)


def before_hearing(kind, *, starts_in=3 * DAY, **facts):
    """A published call of any kind about a bill's hearing, closing two hours before it."""
    hearing = HearingFactory(starts_at=timezone.now() + starts_in)
    bill = BillFactory()
    HearingDocumentFactory(hearing=hearing, bill=bill)
    usual = {
        "hearing": hearing,
        "bill": bill,
        "audience": "speakers" if kind == "sign_on" else "everyone",
        "opens_at": min(timezone.now(), hearing.starts_at) - 5 * DAY,
        "closes_at": hearing.starts_at - timedelta(hours=2),
    }
    return CallToActionFactory(kind=kind, **(usual | facts))


def staff_read():
    """The words of the messages to staff, as they go over the wire."""
    found = OutboxMessage.objects.filter(to="staff@coalition.example").order_by("pk")
    texts = [message_from_bytes(bytes(row.message), policy=policy.default) for row in found]
    return " ".join(" ".join(text.get_body(("plain",)).get_content().split()) for text in texts)


class TestMoved:
    def test_to_another_day_the_deadline_follows_and_each_is_told_once(self):
        call = slip_call()
        pledged, filed = said(call), said(call, filed=True)
        run()
        assert not OutboxMessage.objects.exists()
        move(call.hearing, call.hearing.starts_at + 7 * DAY)
        run()
        assert fresh(call).closes_at == call.hearing.starts_at
        assert fresh(call).is_open()
        assert mailed("File again") == sorted([pledged.person.email, filed.person.email])
        assert mailed("Hearing moved") == ["staff@coalition.example"]
        assert all(slip.told_again_at for slip in ReportedSlip.objects.all())
        body = bytes(OutboxMessage.objects.filter(to=filed.person.email).get().message).decode()
        assert call.get_absolute_url() in body

    def test_who_filed_again_hears_no_more_and_a_second_move_is_told_again(self):
        call = slip_call()
        membership = MembershipFactory()
        said(call, filed=True, membership=membership)
        run()
        move(call.hearing, call.hearing.starts_at + DAY)
        said(call, filed=True, membership=membership)
        run()
        assert mailed("File again") == []
        move(call.hearing, call.hearing.starts_at + DAY)
        run()
        assert mailed("File again") == [membership.person.email]

    def test_within_the_day_slips_stay_valid(self):
        noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
        call = slip_call(starts_in=noon + 3 * DAY - timezone.now())
        said(call, filed=True)
        run()
        move(call.hearing, call.hearing.starts_at + timedelta(hours=2))
        run()
        assert fresh(call).closes_at == call.hearing.starts_at
        assert mailed("File again") == []
        assert mailed("Hearing moved") == ["staff@coalition.example"]
        assert ReportedSlip.objects.get().told_again_at is None

    def test_a_deadline_that_staff_set_earlier_keeps_its_distance(self):
        call = slip_call(closes_at=timezone.now() + 2 * DAY)
        ahead = call.hearing.starts_at - call.closes_at
        run()
        move(call.hearing, call.hearing.starts_at + 7 * DAY)
        run()
        assert fresh(call).closes_at == call.hearing.starts_at - ahead

    def test_moved_so_near_that_the_distance_is_gone_it_closes_with_the_window(self):
        call = slip_call(starts_in=5 * DAY, closes_at=timezone.now() + 2 * DAY)
        run()
        move(call.hearing, timezone.now() + DAY)
        run()
        assert fresh(call).closes_at == call.hearing.starts_at

    def test_into_the_past_or_before_it_opens(self):
        call = slip_call(starts_in=9 * DAY, opens_at=timezone.now() + 5 * DAY)
        run()
        move(call.hearing, timezone.now() + DAY)
        run()
        assert fresh(call).is_open()
        assert fresh(call).closes_at == call.hearing.starts_at
        move(call.hearing, timezone.now() - 3 * DAY)
        run()
        assert not fresh(call).is_open()

    def test_the_senates_deadline_is_the_end_of_the_new_day(self):
        call = slip_call(chamber="upper")
        CallToAction.objects.filter(pk=call.pk).update(closes_at=end_of_day(call.hearing.starts_at))
        run()
        move(call.hearing, call.hearing.starts_at + 2 * DAY)
        run()
        assert fresh(call).closes_at == end_of_day(call.hearing.starts_at)

    def test_a_draft_follows_silently(self):
        call = slip_call(status="draft")
        run()
        move(call.hearing, call.hearing.starts_at + DAY)
        run()
        assert fresh(call).closes_at == call.hearing.starts_at
        assert not OutboxMessage.objects.exists()

    def test_another_hearing_chosen_by_staff_is_no_move(self):
        call = slip_call()
        run()
        other = HearingFactory(starts_at=timezone.now() + 20 * DAY)
        CallToAction.objects.filter(pk=call.pk).update(hearing=other)
        run()
        assert fresh(call).closes_at == call.closes_at
        assert FollowedHearing.objects.get().hearing == other

    def test_a_call_that_goes_on_after_its_hearing_keeps_its_deadline(self):
        hearing = HearingFactory()
        call = CallToActionFactory(kind="email", hearing=hearing, closes_at=timezone.now() + 30 * DAY)
        run()
        move(hearing, hearing.starts_at + DAY)
        run()
        assert fresh(call).closes_at == call.closes_at

    def test_a_month_of_downtime_and_two_moves_are_made_good_by_one_run(self):
        call = slip_call()
        slip = said(call, filed=True)
        run()
        move(call.hearing, call.hearing.starts_at + DAY)
        move(call.hearing, call.hearing.starts_at + DAY)
        run()
        assert fresh(call).closes_at == call.hearing.starts_at
        assert mailed("File again") == [slip.person.email]


class TestCancelled:
    def test_a_slip_call_closes_with_an_honest_line_and_everybody_is_told_once(self):
        call = slip_call()
        ActionTakenFactory.create_batch(3, call_to_action=call)
        slip = said(call)
        Hearing.objects.update(state="cancelled")
        run()
        closed = fresh(call)
        assert closed.status == "closed"
        assert "was cancelled" in closed.outcome
        assert "People who acted: 3." in closed.outcome
        assert mailed("Cancelled") == [slip.person.email]
        assert len(mailed("Hearing off")) == 1
        assert closed.history.first().history_change_reason == "Closed by itself."

    @pytest.mark.parametrize("kind", ["petition", "pledge", "story", "survey", "rsvp", "sign_on"])
    def test_what_people_give_keeps_its_worth_alerts_wait_and_staff_hear_once(self, kind):
        CoalitionFactory()
        call = before_hearing(kind)
        Hearing.objects.update(state="cancelled")
        run()
        run(timezone.now() + timedelta(hours=1))
        assert fresh(call).is_open()
        assert len(mailed("Hearing off")) == 1
        assert ("call it off" in staff_read()) == (kind == "rsvp")

    @pytest.mark.parametrize("kind", ["email", "phone"])
    def test_nobody_is_asked_to_reach_legislators_for_nothing(self, kind):
        CoalitionFactory()
        call = before_hearing(kind)
        action = ActionTakenFactory(call_to_action=call)
        if kind == "email":
            LegislatorContact.objects.create(
                action=action,
                legislator=LegislatorFactory(),
                way="through_us",
                state="waiting",
                contacted_at=timezone.now(),
            )
        Hearing.objects.update(state="cancelled")
        run()
        closed = fresh(call)
        assert closed.status == "closed"
        assert "was cancelled. People who acted: 1." in closed.outcome
        assert "slips" not in closed.outcome
        assert len(mailed("Hearing off")) == 1
        assert ("still go out: 1" in staff_read()) == (kind == "email")

    @pytest.mark.parametrize("kind", ["email", "phone"])
    def test_one_about_more_than_its_hearing_stays_open(self, kind):
        CoalitionFactory()
        call = before_hearing(kind, closes_at=timezone.now() + 30 * DAY)
        Hearing.objects.update(state="cancelled")
        run()
        assert fresh(call).is_open()
        assert len(mailed("Hearing off")) == 1

    def test_nobody_is_told_after_the_day(self):
        call = slip_call()
        said(call)
        Hearing.objects.update(state="cancelled")
        tell_people(now=timezone.now() + 5 * DAY)
        assert not OutboxMessage.objects.exists()

    def test_one_that_comes_back_on_another_day_is_told_as_a_move(self):
        call = slip_call()
        slip = said(call)
        run()
        Hearing.objects.update(state="cancelled")
        run()
        call.hearing.refresh_from_db()
        call.hearing.state = "scheduled"
        move(call.hearing, call.hearing.starts_at + 2 * DAY)
        run()
        assert mailed("File again") == [slip.person.email]


class TestPostedAnew:
    def posting(self, call, **hearing):
        old = call.hearing
        facts = {"committee": old.committee, "starts_at": old.starts_at + 7 * DAY, "chamber": old.chamber}
        new = HearingFactory(**(facts | hearing))
        HearingDocumentFactory(hearing=new, bill=call.bill)
        return new

    @pytest.mark.parametrize("state", ["cancelled", "moved"])
    def test_staff_get_a_draft_the_old_call_closes_and_people_file_again(self, state):
        call = slip_call()
        slip = said(call, filed=True)
        new = self.posting(call)
        Hearing.objects.filter(pk=call.hearing_id).update(state=state)
        run()
        old = fresh(call)
        draft = old.successor
        assert old.status == "closed"
        assert "posted anew" in old.outcome
        assert (draft.status, draft.hearing, draft.closes_at) == ("draft", new, new.starts_at)
        assert (draft.title, draft.slug) == (call.title, f"{call.slug}-again")
        ask = draft.slip_asks.get()
        assert (ask.document.hearing, ask.position) == (new, "proponent")
        assert mailed("File again") == [slip.person.email]
        assert mailed("Cancelled") == []
        assert ReportedSlip.objects.get().told_again_at
        assert mailed("Posted anew") == ["staff@coalition.example"]

    def test_days_after_the_cancelling(self):
        call = slip_call()
        slip = said(call)
        Hearing.objects.filter(pk=call.hearing_id).update(state="cancelled")
        run()
        new = self.posting(call)
        run(timezone.now() + DAY)
        assert fresh(call).successor.hearing == new
        assert mailed("Cancelled") == mailed("File again") == [slip.person.email]

    def test_a_draft_that_staff_wrote_already_is_the_one(self):
        call = slip_call()
        new = self.posting(call)
        theirs = CallToActionFactory(kind="slip", hearing=new, bill=call.bill, status="draft")
        Hearing.objects.filter(pk=call.hearing_id).update(state="cancelled")
        run()
        assert fresh(call).successor == theirs
        assert CallToAction.objects.count() == 2

    @pytest.mark.parametrize("what", ["other committee", "other bill", "both stand", "past"])
    def test_not_every_hearing_is_a_new_posting(self, what):
        call = slip_call()
        if what == "other committee":
            self.posting(call, committee=HearingFactory().committee)
        elif what == "other bill":
            HearingDocumentFactory(
                hearing=HearingFactory(committee=call.hearing.committee), bill=BillFactory()
            )
        else:
            self.posting(call, **({"starts_at": timezone.now() - DAY} if what == "past" else {}))
        if what != "both stand":
            Hearing.objects.filter(pk=call.hearing_id).update(state="cancelled")
        run()
        assert fresh(call).successor is None


class TestOtherKindsPostedAnew:
    def anew(self, call):
        """The hearing is off, and the committee meets on the bill a week later."""
        old = call.hearing
        Hearing.objects.filter(pk=old.pk).update(state="cancelled")
        new = HearingFactory(
            committee=old.committee,
            chamber=old.chamber,
            starts_at=old.starts_at + 7 * DAY,
            session=old.session,
        )
        HearingDocumentFactory(hearing=new, bill=call.bill)
        return new

    @pytest.mark.parametrize("kind", ["petition", "pledge", "story", "survey", "sign_on"])
    def test_the_call_goes_on_for_the_new_posting(self, kind):
        CoalitionFactory()
        call = before_hearing(kind)
        ahead = call.hearing.starts_at - call.closes_at
        run()
        new = self.anew(call)
        run()
        moved = fresh(call)
        assert (moved.status, moved.hearing) == ("published", new)
        assert moved.closes_at == new.starts_at - ahead
        assert mailed("Posted anew") == ["staff@coalition.example"]
        assert mailed("Hearing off") == []
        # From here on it follows the new one.
        move(new, new.starts_at + DAY)
        run()
        assert fresh(call).closes_at == new.starts_at - ahead

    def test_its_alerts_wait_and_go_on_before_the_new_hearing_only(self):
        CoalitionFactory()
        call = before_hearing("petition")
        run()
        MembershipFactory.create_batch(3)
        staff = StaffFactory()
        alert = approve_alert(alert=ActionAlertFactory(call_to_action=call), by=staff)
        Hearing.objects.update(state="cancelled")
        follow_legislature(now=timezone.now())
        settle_alerts(now=timezone.now())
        alert = ActionAlert.objects.select_related("mailing").get(pk=alert.pk)
        assert (alert.state, alert.mailing.state) == ("paused", "paused")
        new = self.anew(call)
        follow_legislature(now=timezone.now())
        settle_alerts(now=timezone.now())
        resume_alert(alert=alert, by=staff)
        alert.mailing.refresh_from_db()
        assert alert.mailing.expires_at == fresh(call).mail_until <= new.starts_at

    def test_one_whose_time_is_over_stays_as_it_is(self):
        CoalitionFactory()
        call = before_hearing("petition", closes_at=timezone.now() + timedelta(hours=1))
        self.anew(call)
        run(timezone.now() + 2 * DAY)
        assert fresh(call).hearing == call.hearing

    @pytest.mark.parametrize("at_once", [True, False])
    def test_staff_get_a_draft_to_reach_the_same_legislators_with_the_same_words(self, at_once):
        CoalitionFactory()
        chosen = LegislatorFactory()
        call = before_hearing("email")
        targets = LegislatorTargets.objects.create(call_to_action=call, rule="chosen", most=3, script="Hello")
        targets.legislators.add(chosen)
        MessageVariant.objects.create(call_to_action=call, subject="Vote yes", text="Please.")
        if not at_once:
            Hearing.objects.update(state="cancelled")
            run()
        new = self.anew(call)
        run()
        old = fresh(call)
        draft = old.successor
        assert (old.status, draft.status, draft.hearing) == ("closed", "draft", new)
        assert draft.closes_at == new.starts_at
        assert list(draft.targets.legislators.all()) == [chosen]
        assert (draft.targets.rule, draft.targets.most) == ("chosen", 3)
        assert draft.message_variants.get().subject == "Vote yes"
        assert call.targets.pk != draft.targets.pk
        assert call.message_variants.count() == 1
        assert mailed("Posted anew") == ["staff@coalition.example"]
        assert "slip" not in old.outcome

    def test_an_event_is_staffs_to_move(self):
        CoalitionFactory()
        call = before_hearing("rsvp")
        self.anew(call)
        run()
        assert fresh(call).hearing == call.hearing
        assert len(mailed("Hearing off")) == 1

    def test_a_draft_whose_hearing_is_off_is_not_published(self):
        call = before_hearing("petition", status="draft")
        Hearing.objects.update(state="cancelled")
        assert "Its hearing was cancelled or replaced. Choose another one, or none." in problems_of(
            fresh(call)
        )


class TestOtherKindsMovedOrOver:
    def test_a_move_takes_the_deadline_along_and_says_nothing_of_slips(self):
        CoalitionFactory()
        call = before_hearing("email")
        run()
        move(call.hearing, call.hearing.starts_at + 7 * DAY)
        run()
        assert fresh(call).closes_at == call.closes_at + 7 * DAY
        assert mailed("Hearing moved") == ["staff@coalition.example"]
        assert "lips" not in staff_read()

    @pytest.mark.parametrize(
        ("kind", "status"), [("email", "closed"), ("phone", "closed"), ("petition", "published")]
    )
    def test_after_the_hearing(self, kind, status):
        call = before_hearing(kind, starts_in=-DAY)
        run(end_of_day(call.hearing.starts_at) + timedelta(hours=9))
        after = fresh(call)
        assert after.status == status
        assert not after.is_open()
        assert "own words" not in after.outcome

    @pytest.mark.parametrize("kind", ["email", "petition", "sign_on", "rsvp"])
    @pytest.mark.parametrize("what", ["cancelled", "sooner", "begun"])
    def test_no_alert_of_any_kind_goes_out_after_the_hearing(self, kind, what):
        CoalitionFactory()
        call = before_hearing(kind, closes_at=timezone.now() + 30 * DAY)
        run()
        MembershipFactory.create_batch(2)
        alert = approve_alert(alert=ActionAlertFactory(call_to_action=call), by=StaffFactory())
        now = timezone.now()
        if what == "cancelled":
            Hearing.objects.update(state="cancelled")
        elif what == "sooner":
            move(call.hearing, now + timedelta(hours=1))
            now += timedelta(hours=2)
        else:
            now = call.hearing.starts_at + timedelta(minutes=1)
        follow_legislature(now=now)
        settle_alerts(now=now)
        alert = ActionAlert.objects.select_related("mailing").get(pk=alert.pk)
        assert alert.mailing.state in {"paused", "cancelled"}


class TestMailThatWouldMislead:
    """Behind a dead mail server no news of a hearing outlives it."""

    def until(self):
        return OutboxMessage.objects.exclude(to="staff@coalition.example").get().expires_at

    def test_file_again_until_slips_close(self):
        call = slip_call()
        said(call)
        run()
        move(call.hearing, call.hearing.starts_at + 2 * DAY)
        run()
        assert self.until() == call.hearing.starts_at

    def test_cancelled_until_the_end_of_its_day(self):
        call = slip_call()
        said(call)
        Hearing.objects.update(state="cancelled")
        run()
        assert self.until() == end_of_day(call.hearing.starts_at)

    def test_did_you_file_for_some_days(self):
        call = slip_call(starts_in=-DAY)
        said(call)
        run(end_of_day(call.hearing.starts_at) + timedelta(hours=9))
        assert self.until() == call.hearing.starts_at + 4 * DAY

    def test_the_reminder_of_the_missing_until_slips_close(self):
        call = slip_call()
        said(call)
        remind_missing(hearing=call.hearing, now=timezone.now())
        assert self.until() == call.hearing.starts_at
        assert send_due_messages(transport=FakeTransport(), limit=1) == 1


class TestOver:
    def over(self, **hours):
        """A call whose House hearing was yesterday, and a moment on the morning after."""
        call = slip_call(starts_in=-DAY)
        morning = end_of_day(call.hearing.starts_at) + timedelta(hours=9)
        return call, morning

    def test_the_call_closes_with_its_numbers(self):
        call, morning = self.over()
        ActionTakenFactory(call_to_action=call)
        run(morning)
        assert fresh(call).status == "closed"
        assert "is over. People who acted: 1." in fresh(call).outcome

    def test_not_before_the_house_adjourns_nor_before_a_later_deadline(self):
        call = slip_call(starts_in=-timedelta(minutes=5))
        run(call.hearing.starts_at + timedelta(minutes=10))
        assert fresh(call).status == "published"
        Hearing.objects.update(ended_at=timezone.now())
        CallToAction.objects.update(closes_at=timezone.now() + 2 * DAY)
        run(timezone.now() + timedelta(hours=1))
        assert fresh(call).status == "published"

    def test_who_pledged_and_said_no_more_is_asked_once_in_the_morning(self):
        call, morning = self.over()
        silent, _filed = said(call), said(call, filed=True)
        recorded = said(call)
        listed(call.slip_asks.get().document, recorded.organization)
        run(morning - timedelta(hours=4))
        assert mailed("Did you file") == []
        run(morning)
        run(morning + DAY)
        assert mailed("Did you file") == [silent.person.email]

    def test_a_week_later_nobody_is_asked(self):
        call, morning = self.over()
        said(call)
        run(morning + 5 * DAY)
        assert mailed("Did you file") == []


class TestStage:
    def test_a_call_ends_when_its_bill_leaves_the_stage(self):
        call = CallToActionFactory(
            bill=BillFactory(stage="in_committee"), ends_with_stage=True, bill_stage="in_committee"
        )
        run()
        assert fresh(call).status == "published"
        bill = call.bill
        bill.stage, bill.stage_on = "passed_committee", timezone.localdate()
        bill.save()
        run()
        closed = fresh(call)
        assert closed.status == "closed"
        assert "Passed committee" in closed.outcome

    def test_others_stay_open_and_one_without_a_stage_is_followed_from_now_on(self):
        plain = CallToActionFactory(bill=BillFactory(stage="signed"), bill_stage="in_committee")
        early = CallToActionFactory(bill=BillFactory(stage="introduced"), ends_with_stage=True)
        run()
        assert fresh(plain).status == "published"
        assert fresh(early).bill_stage == "introduced"
        early.bill.stage = "in_committee"
        early.bill.save()
        run()
        assert fresh(early).status == "closed"


class TestAlerts:
    """Whatever became of the hearing, an alert, its reminders and the rest of a test send nothing after it."""

    def sending(self, call, **alert):
        MembershipFactory.create_batch(4)
        return approve_alert(alert=ActionAlertFactory(call_to_action=call, **alert), by=StaffFactory())

    @pytest.mark.parametrize("what", ["cancelled", "posted anew", "over", "stage"])
    def test_it_ends(self, what):
        call = slip_call(ends_with_stage=True, bill_stage="introduced")
        alert = self.sending(call)
        now = timezone.now()
        if what == "stage":
            call.bill.stage = "tabled"
            call.bill.save()
        elif what == "over":
            now = end_of_day(call.hearing.starts_at) + timedelta(hours=1)
        else:
            Hearing.objects.update(state="cancelled" if what == "cancelled" else "moved")
        follow_legislature(now=now)
        settle_alerts(now=now)
        alert = ActionAlert.objects.select_related("mailing").get(pk=alert.pk)
        assert (alert.state, alert.mailing.state) == ("expired", "cancelled")

    def test_it_follows_a_move_in_both_directions(self):
        call = slip_call()
        run()
        alert = self.sending(call)
        for starts_at in (timezone.now() + 9 * DAY, timezone.now() + DAY):
            move(call.hearing, starts_at)
            follow_legislature(now=timezone.now())
            settle_alerts(now=timezone.now())
            alert.mailing.refresh_from_db()
            assert alert.mailing.expires_at == starts_at

    def test_no_reminder_after_a_cancelled_hearing(self):
        call = slip_call()
        alert = self.sending(call, reminder_days=[1])
        mailing = alert.mailing
        mailing.started_at = timezone.now() - 2 * DAY
        mailing.save()
        Hearing.objects.update(state="cancelled")
        follow_legislature(now=timezone.now())
        assert send_due_reminders(now=timezone.now()) == 0


class TestTwoWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_at_once_tell_everybody_once(self):
        call = slip_call()
        people = [said(call).person.email for _one in range(6)]
        run()
        move(call.hearing, call.hearing.starts_at + 2 * DAY)

        def work(_number):
            try:
                follow_legislature(now=timezone.now())
                tell_people(now=timezone.now())
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        tell_people(now=timezone.now())
        assert mailed("File again") == sorted(people)
        assert len(mailed("Hearing moved")) == 1

    def test_the_database_holds_it(self):
        hearing = HearingFactory()
        facts = {"hearing": hearing, "news": "off 2026-03-05", "told_at": timezone.now()}
        for person in (None, MembershipFactory().person):
            HearingNews.objects.create(person=person, **facts)
            with pytest.raises(IntegrityError), transaction.atomic():
                HearingNews.objects.create(person=person, **facts)

    def test_one_broken_call_keeps_no_other_from_its_turn(self, monkeypatch):
        broken, sound = slip_call(), slip_call()
        Hearing.objects.update(state="cancelled")
        from campaigns.services import following

        close = following.close

        def fail(call, *args, **kwargs):
            if call.pk == broken.pk:
                raise RuntimeError
            return close(call, *args, **kwargs)

        monkeypatch.setattr(following, "close", fail)
        follow_legislature(now=timezone.now())
        assert (fresh(broken).status, fresh(sound).status) == ("published", "closed")


def test_an_idle_run_is_a_handful_of_queries(django_assert_max_num_queries):
    for _one in range(5):
        said(slip_call())
    run()
    with django_assert_max_num_queries(8):
        follow_legislature(now=timezone.now())
