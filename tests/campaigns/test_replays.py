"""Real status changes in time order: whatever becomes of a hearing, no alert goes out after it, and each hears once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import ActionAlert, CallToAction
from campaigns.services.ab_tests import judge_due_tests
from campaigns.services.alerts import approve_alert, settle_alerts
from campaigns.services.calls import publish_call
from campaigns.services.following import follow_legislature
from campaigns.services.hearing_news import tell_people
from campaigns.services.reminders import send_due_reminders, take_back_who_acted
from campaigns.services.slip_calls import draft_slip_call
from legislation.models import Bill, Hearing
from legislation.records import HearingDocumentRecord, HearingRecord
from legislation.services.imports import import_records
from legislation.slip_windows import end_of_day
from legislation.sources.base import ReadOptions
from legislation.sources.ilga_hearings import Hearings
from legislation.sources.openstates_files import OpenStatesFiles
from mailing.models import Delivery, OutboxMessage
from mailing.services.pumping import pump
from tests.campaigns.slip_scene import mailed, said
from tests.factories.alerts import ActionAlertFactory
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import BillFactory, BillTrackingFactory, chicago
from tests.factories.partners import CoalitionFactory, MembershipFactory, StaffFactory
from tests.mailing.helpers import send
from tests.realdata import HEARINGS, MEASURES, realdata

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def beat():
    """Everything the clock does about calls, alerts and mail, at this frozen moment."""
    now = timezone.now()
    follow_legislature(now=now)
    tell_people(now=now)
    settle_alerts(now=now)
    take_back_who_acted(now=now)
    judge_due_tests(now=now)
    send_due_reminders(now=now)
    pump(now=now)
    send()
    settle_alerts(now=now)


def accepted_of(call):
    return Delivery.objects.filter(mailing__alert__call_to_action=call, accepted_at__isnull=False)


def alert_on(call, **alert):
    send_at = alert.pop("send_at", None)
    return approve_alert(
        alert=ActionAlertFactory(call_to_action=call, **alert), by=StaffFactory(), send_at=send_at
    )


# --- The recorded schedule of March 2018, with what might have become of one hearing of it --------------------------

# Hearing 15597, as posted: Wednesday, March 7, 2018, 8:00 a.m.
WAS_AT = chicago(2018, 3, 7, 8)


def schedule(tmp_path, name, **changes):
    """The recorded file with hearing 15597 changed, as the General Assembly would print it."""
    data = json.loads((HEARINGS / "GetPostedHearingsByDateRange_house_2018-03.json").read_text())
    row = next(one for one in data["data"] if one["CommitteeHearing"]["HearingId"] == 15597)
    row["CommitteeHearing"] |= changes
    path = tmp_path / f"GetPostedHearingsByDateRange_house_{name}.json"
    path.write_text(json.dumps(data))
    return path


def printed(moment):
    return f"/Date({int(moment.timestamp() * 1000)})/"


def take_in(path):
    """As the hourly import does; twice, because the same file comes again."""
    for _time in range(2):
        import_records(Hearings().read(ReadOptions(location=str(path))), source="ilga-hearings")


@pytest.fixture
def posted(tmp_path, time_machine):
    """The schedule and the hearing's own page are in, and a call for slips on one bill of it is published."""
    time_machine.move_to(chicago(2018, 3, 1, 15), tick=False)
    CoalitionFactory()
    bill = BillFactory(session=100, identifier="HB4167", number=4167)
    BillTrackingFactory(bill=bill, plain_title="Teachers for every class")
    take_in(schedule(tmp_path, "2018-03"))
    take_in(HEARINGS)
    hearing = Hearing.objects.get(key="lower:15597")
    staff = StaffFactory()
    call, _is_new = draft_slip_call(hearing=hearing, bill=bill, by=staff, now=timezone.now())
    MembershipFactory.create_batch(4)
    return publish_call(call_to_action=call, by=staff)


CHANGED_AT = chicago(2018, 3, 5, 20)


def moments():
    """Twice a day, and every half hour around the hours at which the hearing may begin, in order."""
    found = {CHANGED_AT}
    for day in range(16):
        found |= {chicago(2018, 3, 1 + day, 9), chicago(2018, 3, 1 + day, 16)}
    for begins in (WAS_AT, WAS_AT - DAY + 2 * HOUR, WAS_AT + 7 * DAY):
        found |= {begins + minutes * HOUR / 2 for minutes in range(-4, 3)}
    return sorted(one for one in found if one > chicago(2018, 3, 1, 15))


CHANGES = {
    "held": {},
    "moved to the day before": {"ScheduledDateTime": printed(WAS_AT - DAY + 2 * HOUR)},
    "moved by a week": {"ScheduledDateTime": printed(WAS_AT + 7 * DAY)},
    "an hour earlier": {"ScheduledDateTime": printed(WAS_AT - HOUR)},
    "cancelled": {"IsCancelled": -1},
}


@realdata
@pytest.mark.parametrize("what", list(CHANGES))
def test_no_alert_is_accepted_after_its_hearing_began(posted, what, tmp_path, time_machine):
    call = posted
    slips = [said(call), said(call, filed=True)]
    alert_on(call, reminder_days=[1, 2, 3, 4, 5, 6, 7, 8, 9])
    alert_on(call, test="subject", test_subject="Another subject", test_hours=48, test_percent=34)
    alert_on(call, send_at=WAS_AT - HOUR / 2)
    changed = schedule(tmp_path, "changed-2018-03", **CHANGES[what])
    for moment in moments():
        time_machine.move_to(moment, tick=False)
        if moment == CHANGED_AT:
            take_in(changed)
        beat()
        if moment == CHANGED_AT:
            told = OutboxMessage.objects.count()
            take_in(changed)
            beat()
            assert OutboxMessage.objects.count() == told
    call = CallToAction.objects.select_related("hearing").get(pk=call.pk)
    begins = CHANGED_AT if what == "cancelled" else call.hearing.starts_at
    assert accepted_of(call).exists()
    assert not accepted_of(call).filter(accepted_at__gte=begins).exists()
    assert not ActionAlert.objects.in_flight().exists()
    assert call.status == "closed"
    people = sorted(slip.person.email for slip in slips)
    again = what in {"moved to the day before", "moved by a week"}
    assert mailed("File again") == (people if again else [])
    assert mailed("Cancelled") == (people if what == "cancelled" else [])
    assert mailed("Did you file") == ([slips[0].person.email] if what in {"held", "an hour earlier"} else [])
    if what == "moved by a week":
        # It went on: reminders reached people between the old day and the new one.
        assert accepted_of(call).filter(accepted_at__gt=WAS_AT).exists()


# --- A real bill's history, day by day ------------------------------------------------------------------------------


@realdata
def test_a_bill_that_passes_ends_what_was_about_its_committee(time_machine):
    """HB 57 of the 104th General Assembly, from its committee to the Senate, as the House printed it."""
    time_machine.move_to(chicago(2025, 2, 5, 9), tick=False)
    CoalitionFactory()
    whole = next(
        record
        for record in OpenStatesFiles().read(ReadOptions(location=str(MEASURES), session=104))
        if getattr(record, "identifier", "") == "HB57" and hasattr(record, "actions")
    )

    def as_of(day):
        known = tuple(line for line in whole.actions if str(line.date)[:10] <= day.isoformat())
        facts = {name: getattr(whole, name) for name in whole.__struct_fields__}
        record = type(whole)(**(facts | {"actions": known, "as_of": None}))
        for _time in range(2):
            import_records([record], source="openstates-files")

    as_of(timezone.localdate())
    bill = Bill.objects.get(identifier="HB57")
    assert bill.stage == "in_committee"
    BillTrackingFactory(bill=bill)
    staff = StaffFactory()
    letter = publish_call(
        call_to_action=CallToActionFactory(
            status="draft", bill=bill, ends_with_stage=True, closes_at=timezone.now() + 200 * DAY
        ),
        by=staff,
    )
    MembershipFactory.create_batch(3)
    alert_on(letter, reminder_days=[7, 14, 21, 28, 35, 42])
    hearing = HearingRecord(
        key="20911",
        chamber="lower",
        committee="Mental Health & Addiction Committee",
        starts_at=chicago(2025, 3, 6, 14),
        session=104,
        posted_at=chicago(2025, 2, 27, 9),
        documents=(HearingDocumentRecord("HB57"),),
    )
    slips = None
    printed_on = {str(line.date)[:10] for line in whole.actions}
    for number in range(65):
        time_machine.move_to(chicago(2025, 2, 6, 9) + number * DAY, tick=False)
        today = timezone.localdate().isoformat()
        if today == "2025-02-27":
            import_records([hearing], source="ilga-hearings")
            row = Hearing.objects.get(key="lower:20911")
            slips = draft_slip_call(hearing=row, bill=bill, by=staff, now=timezone.now())[0]
            publish_call(call_to_action=slips, by=staff)
            alert_on(slips, reminder_days=[2, 5, 6, 7, 9])
        beat()
        if today in printed_on:
            time_machine.move_to(timezone.now() + 11 * HOUR, tick=False)
            as_of(timezone.localdate())
            beat()
    letter.refresh_from_db()
    slips.refresh_from_db()
    # Do Pass on March 6: the letter to the committee ended with it, and so did its reminders.
    assert letter.status == "closed"
    assert "HB 57 has moved on" in letter.outcome
    assert "March 6, 2025" in letter.outcome
    assert slips.status == "closed"
    assert len(mailed("Bill moved on")) == 1
    last = accepted_of(letter).order_by("-accepted_at").first()
    assert last.accepted_at < end_of_day(chicago(2025, 3, 6))
    assert not accepted_of(slips).filter(accepted_at__gte=chicago(2025, 3, 6, 14)).exists()
    assert not ActionAlert.objects.in_flight().exists()
