"""The watch list: what changed since when, what is urgent, and the desk's start page."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.utils import timezone

from legislation.models import NameMatch, SyncRun
from legislation.watch_list import desk_blocks, last_working_day, since_moment, watch_list
from tests.factories.legislation import (
    BillEventFactory,
    BillFactory,
    BillTrackingFactory,
    HearingDocumentFactory,
    HearingFactory,
    OrganizationPositionFactory,
    chicago,
)
from tests.factories.partners import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

# A Wednesday morning.
NOW = chicago(2026, 3, 4, 9)
SINCE = chicago(2026, 3, 3)


def watched(**options):
    return watch_list(**{"now": NOW, "since": SINCE} | options)


def hearing(bill, starts, **facts):
    of = HearingFactory(starts_at=starts, posted_at=starts - timedelta(days=7), **facts)
    HearingDocumentFactory(hearing=of, bill=bill)
    return of


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (chicago(2026, 3, 4, 9), date(2026, 3, 3)),
        (chicago(2026, 3, 2, 9), date(2026, 2, 27)),
        (chicago(2026, 3, 1, 9), date(2026, 2, 27)),
        (chicago(2026, 2, 28, 23, 30), date(2026, 2, 27)),
    ],
)
def test_the_last_working_day(day, expected):
    assert last_working_day(day) == expected


def test_since_a_chosen_day_within_reason():
    assert since_moment(NOW) == SINCE
    assert since_moment(NOW, date(2026, 2, 1)) == chicago(2026, 2, 1)
    assert since_moment(NOW, date(2030, 1, 1)) == chicago(2026, 3, 4)
    assert since_moment(NOW, date(1, 1, 1)) == chicago(2025, 12, 2)


def test_what_changed_since_and_only_news():
    tracking = BillTrackingFactory()
    BillEventFactory(bill=tracking.bill, observed_at=SINCE - timedelta(minutes=1), after="tabled")
    BillEventFactory(bill=tracking.bill, observed_at=SINCE, before="introduced", after="in_committee")
    BillEventFactory(bill=tracking.bill, observed_at=NOW, kind="action", after="Old line", is_news=False)
    for number in range(6):
        BillEventFactory(
            bill=tracking.bill, observed_at=NOW, kind="sponsor_added", after=f"Rep. Sample {number}"
        )
    BillEventFactory(observed_at=NOW)
    [row] = watched().rows
    assert row.changes == ["Now in committee (was introduced).", "6 sponsors joined."]
    assert watched().changed == 1
    assert watched(since=NOW + timedelta(hours=1)).rows[0].changes == []


def test_the_most_urgent_first():
    quiet = BillTrackingFactory(priority="monitor")
    lead = BillTrackingFactory(priority="lead")
    sponsors = BillTrackingFactory(priority="monitor")
    BillEventFactory(bill=sponsors.bill, observed_at=NOW, kind="sponsor_added", after="Rep. Sample")
    moved = BillTrackingFactory(priority="monitor")
    BillEventFactory(bill=moved.bill, observed_at=NOW)
    later = BillTrackingFactory(priority="monitor")
    hearing(later.bill, NOW + timedelta(days=5))
    replaced = BillTrackingFactory(priority="monitor")
    BillEventFactory(bill=replaced.bill, observed_at=NOW, kind="replaced", after="House Amendment 001")
    tomorrow = BillTrackingFactory(priority="monitor")
    hearing(tomorrow.bill, NOW + timedelta(days=1, hours=3))
    rows = watched().rows
    assert [row.tracking for row in rows] == [tomorrow, replaced, later, moved, sponsors, lead, quiet]
    assert [row.flag for row in rows] == [
        "Slips: act now",
        "Text replaced",
        "Slips open",
        "Moved",
        "Changed",
        "",
        "",
    ]
    assert rows[1].replaced


def test_the_next_hearing_is_the_soonest_that_stands():
    tracking = BillTrackingFactory()
    hearing(tracking.bill, NOW + timedelta(days=1), state="cancelled")
    hearing(tracking.bill, NOW - timedelta(days=1))
    off = hearing(tracking.bill, NOW + timedelta(days=2))
    off.documents.update(removed_at=NOW)
    right = hearing(tracking.bill, NOW + timedelta(days=3))
    hearing(tracking.bill, NOW + timedelta(days=4))
    [row] = watched().rows
    assert row.next_hearing.hearing == right
    assert row.next_hearing.window.is_open


def test_a_house_hearing_that_runs_this_morning_is_still_shown():
    tracking = BillTrackingFactory()
    running = hearing(tracking.bill, NOW - timedelta(minutes=30))
    assert watched().rows[0].next_hearing.hearing == running
    running.ended_at = NOW
    running.save()
    assert watched().rows[0].next_hearing is None


def test_mine_and_everybodys():
    me = StaffFactory()
    mine = BillTrackingFactory(owner=me)
    BillTrackingFactory()
    assert len(watched().rows) == 2
    assert [row.tracking for row in watched(owner=me).rows] == [mine]


def test_partners_on_record_are_counted_once_each():
    tracking = BillTrackingFactory()
    OrganizationPositionFactory.create_batch(2, bill=tracking.bill)
    OrganizationPositionFactory(bill=tracking.bill, state="proposed", decided_at=None)
    OrganizationPositionFactory(bill=tracking.bill, organization__status="left")
    assert watched().rows[0].partners == 2


@pytest.mark.parametrize("number", [1, 20])
def test_queries(number, django_assert_num_queries):
    for _time in range(number):
        tracking = BillTrackingFactory(owner=StaffFactory())
        BillEventFactory(bill=tracking.bill, observed_at=NOW)
        hearing(tracking.bill, NOW + timedelta(days=2))
    with django_assert_num_queries(3):
        for row in watched().rows:
            assert row.title
            assert row.bill.stage_label
            assert row.tracking.owner.get_full_name()


# --- The desk's start page --------------------------------------------------------------------------------------


def blocks(user, now=NOW):
    request = RequestFactory().get("/admin/")
    request.user = user
    return desk_blocks(request, now)


def test_what_the_start_page_tells():
    now = timezone.now()
    tracking = BillTrackingFactory()
    BillEventFactory(bill=tracking.bill, observed_at=now)
    both = BillTrackingFactory()
    soon = hearing(both.bill, now + timedelta(days=2))
    HearingDocumentFactory(hearing=soon, bill=tracking.bill)
    hearing(BillFactory(), now + timedelta(days=2))
    waiting = OrganizationPositionFactory(state="proposed", decided_at=None)
    OrganizationPositionFactory()
    for name, state in (("Davis", "ambiguous"), ("Xyz", "unknown"), ("Sample", "matched")):
        NameMatch.objects.create(session=104, chamber="lower", name=name, state=state)
    SyncRun.objects.create(source="ilga-hearings", session=104, state="failed")
    newest = SyncRun.objects.create(source="ilga-hearings", session=104, state="done")
    SyncRun.objects.create(source="openstates-api", session=104, state="done")
    failed = SyncRun.objects.create(source="openstates-api", session=104, state="partial")
    found = blocks(StaffFactory(), now)
    assert [row.tracking for row in found.changes] == [tracking]
    assert (found.changed, found.tracked) == (1, 2)
    assert [(slips.hearing, len(slips.bills)) for slips in found.open_slips] == [(soon, 2)]
    assert found.positions == [waiting]
    assert found.names == 2
    assert found.failed == [failed]
    assert newest not in found.failed


def test_everybody_sees_only_what_they_may_look_at():
    helper = UserFactory(is_staff=True)
    found = blocks(helper)
    assert (found.changes, found.open_slips, found.positions, found.names, found.failed) == (None,) * 5
    helper.user_permissions.add(Permission.objects.get(codename="view_billtracking"))
    found = blocks(type(helper).objects.get(pk=helper.pk))
    assert found.changes == []
    assert found.positions is None


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_start_page(number, django_assert_num_queries):
    user = StaffFactory()
    for _time in range(number):
        tracking = BillTrackingFactory()
        BillEventFactory(bill=tracking.bill, observed_at=NOW)
        hearing(tracking.bill, NOW + timedelta(days=2))
        OrganizationPositionFactory(state="proposed", decided_at=None)
    with django_assert_num_queries(7):
        found = blocks(user)
        assert all(position.organization.name and position.bill.label for position in found.positions)
