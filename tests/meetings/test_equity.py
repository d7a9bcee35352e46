"""The equity panel: shares, coverage and gaps by numbers worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from meetings.equity import Look, Panel, Side, event_panel, panels
from meetings.models import Event
from partners.fiscal_year import FiscalYear
from partners.underrepresented import Reason
from tests.factories.meetings import AttendanceFactory, CouncilFactory, EventFactory, council_meeting
from tests.factories.partners import AreaFactory
from tests.meetings.scenes import NOW, answer, came, partner

pytestmark = pytest.mark.django_db

FY27 = FiscalYear(2027)
Q1, Q2, _Q3, _Q4 = FY27.quarters


@pytest.fixture
def council():
    return CouncilFactory()


def held(council, at=datetime(2026, 10, 13, 15, tzinfo=UTC), **facts):
    return council_meeting(council, starts_at=at, state="held", **facts)


def test_shares_coverage_and_gap_by_hand(council):
    area = council.area
    small = [partner(area, small=True) for _ in range(4)]
    large = [partner(area) for _ in range(4)]
    silent = partner(area, said=False)
    declined = partner(area, race=None)
    event = held(council)
    # There: 1 small, 3 large, one of which nothing is known, one that prefers not to say.
    came(event, small[0], *large[:3], silent, declined)
    found = panels([Look(Q2)], NOW)[0, area.pk]
    assert (found.people, found.visits, found.attending.organizations) == (6, 6, 6)
    assert (found.attending.yes, found.attending.no, found.attending.declined) == (1, 3, 1)
    assert found.attending.share == 25.0
    assert found.attending.coverage == 83.3  # 5 of 6.
    assert found.partners.organizations == 10
    assert found.partners.share == 50.0  # 4 of 8.
    assert found.partners.coverage == 90.0
    assert found.gap == -25.0
    # (1 + k) / (4 + k) = 1/2 at k = 2.
    assert found.to_close == 2
    assert found.reason_gaps()[Reason.BUDGET] == -25.0
    assert found.attending.reasons[Reason.BUDGET] == 1


@pytest.mark.parametrize(
    ("attending", "partners", "closes"),
    [
        (Side(4, 1, 3), Side(10, 5, 5), 2),
        (Side(3, 0, 3), Side(3, 1, 2), 2),  # k / (3 + k) = 1/3 at k = 1.5.
        (Side(4, 3, 1), Side(10, 5, 5), 0),
        (Side(10, 1, 9), Side(10, 3, 7), 3),  # (1 + k) / (10 + k) = 3/10 at k = 20/7.
        (Side(), Side(4, 2, 2), 1),
        (Side(), Side(4, 0, 4), 0),
        (Side(2, 1, 1), Side(4, 4, 0), None),
        (Side(2, 2, 0), Side(4, 4, 0), 0),
        (Side(2, 1, 1), Side(), None),
    ],
)
def test_how_many_more_close_the_gap(attending, partners, closes):
    panel = Panel(attending=attending, partners=partners)
    assert panel.to_close == closes
    if closes and attending.known:
        more = Side(attending.organizations + closes, attending.yes + closes, attending.no)
        assert (more.share or 0) >= (partners.share or 0) - 0.05
        fewer = Side(attending.organizations, attending.yes + closes - 1, attending.no)
        assert fewer.yes / fewer.known < partners.yes / partners.known


def test_nothing_known_is_no_number(council):
    event = held(council)
    came(event, partner(council.area, said=False))
    found = event_panel(event, NOW)
    assert found.attending.share is None
    assert found.gap is None
    assert found.attending.coverage == 0.0
    assert Side().coverage is None


def test_only_those_who_were_there_each_counted_once_in_its_cell(council):
    area, organization = council.area, partner(council.area, small=True)
    first, second = held(council), held(council, datetime(2026, 11, 3, 16, tzinfo=UTC))
    (row,) = came(first, organization)
    AttendanceFactory(event=second, person=row.person, organization=organization, status="attended")
    for status in ("registered", "absent", "excused", "cancelled", "waitlisted"):
        came(second, partner(area), status=status)
    AttendanceFactory(event=second, organization=None, status="attended")
    found = panels([Look(Q2), Look(FY27.period)], NOW)
    for place in (0, 1):
        cell = found[place, area.pk]
        assert (cell.people, cell.visits, cell.attending.organizations) == (2, 3, 1)
        assert found[place, None] == cell


def test_quarters_and_councils_keep_apart(council):
    other = CouncilFactory()
    here, there = partner(council.area, small=True), partner(other.area)
    came(held(council, datetime(2026, 7, 1, 5, 0, tzinfo=UTC)), here)  # Midnight in Chicago: Q1 begins.
    came(held(council, datetime(2026, 7, 1, 4, 59, tzinfo=UTC)), here)  # FY26.
    came(held(other, datetime(2026, 10, 1, 5, 0, tzinfo=UTC)), there, here)
    found = panels([Look(Q1), Look(Q2), Look(FY27.period)], NOW)
    assert found[0, council.area.pk].visits == 1
    assert (0, other.area.pk) not in found or not found[0, other.area.pk].visits
    assert found[1, other.area.pk].attending.organizations == 2
    assert found[1, other.area.pk].partners.organizations == 1
    everywhere = found[2, None]
    assert (everywhere.attending.organizations, everywhere.people, everywhere.visits) == (2, 3, 3)
    assert everywhere.partners.organizations == 2


def test_each_quarter_by_what_was_known_on_its_last_day(council):
    organization = partner(council.area, race=["black"], at=datetime(2026, 9, 1, tzinfo=UTC))
    answer(organization, "leader_race", ["white"], datetime(2026, 10, 5, tzinfo=UTC))
    joined_later = partner(council.area, small=True, joined_on=date(2026, 10, 2))
    for at in (datetime(2026, 9, 8, 15, tzinfo=UTC), datetime(2026, 10, 13, 15, tzinfo=UTC)):
        came(held(council, at), organization)
    found = panels([Look(Q1), Look(Q2)], NOW)
    assert (found[0, None].attending.yes, found[1, None].attending.yes) == (1, 0)
    assert (found[0, None].partners.organizations, found[1, None].partners.organizations) == (1, 2)
    assert joined_later.joined_on > Q1.last


def test_internal_events_are_never_in_it(council):
    organization = partner(council.area, small=True)
    retreat = EventFactory(
        kind="internal", audience="staff", state="held", starts_at=datetime(2026, 10, 20, 15, tzinfo=UTC)
    )
    came(retreat, organization)
    assert not panels([Look(Q2)], NOW)[0, None].visits


def test_kinds_apart(council):
    organization = partner(council.area, small=True)
    day = EventFactory(kind="advocacy_day", state="held", starts_at=datetime(2026, 10, 20, 15, tzinfo=UTC))
    came(day, organization)
    kinds = (Event.Kind.ADVOCACY_DAY, Event.Kind.COALITION)
    found = panels([Look(Q2, (kind,)) for kind in kinds], NOW)
    assert [found[place, None].visits for place in (0, 1)] == [1, 0]


def test_a_coming_event_counts_seats_and_a_past_one_who_came(council):
    area = council.area
    partner(AreaFactory(), small=True)
    event = council_meeting(council, starts_at=NOW + timedelta(days=5))
    came(event, partner(area, small=True), status="registered")
    came(event, partner(area), status="waitlisted")
    before = event_panel(event, NOW)
    assert (before.attending.organizations, before.partners.organizations) == (1, 2)
    after = event_panel(event, NOW + timedelta(days=6))
    assert after.attending.organizations == 0
    assert after.gap is None


def test_a_statewide_event_stands_beside_all_partners():
    forum = EventFactory(starts_at=NOW + timedelta(days=5))
    came(forum, partner(AreaFactory(), small=True), status="registered")
    partner(AreaFactory())
    found = event_panel(forum, NOW)
    assert (found.partners.organizations, found.partners.share, found.attending.share) == (2, 50.0, 100.0)


def test_one_query_however_many_looks(council, django_assert_num_queries):
    for _number in range(3):
        came(held(council), *[partner(council.area) for _ in range(3)])
    with django_assert_num_queries(1):
        panels([Look(quarter) for quarter in FY27.quarters], NOW)
