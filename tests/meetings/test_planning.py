"""The quarterly rhythm: the rule's dates, a year planned in one step and never twice, what is missing."""

import threading
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from meetings.models import Event
from meetings.quarters import Rule, areas_without_meeting, board, quarter_of
from meetings.services.planning import Planned, plan_meetings
from partners.errors import NotAllowed
from partners.fiscal_year import FiscalYear
from tests.factories.meetings import CouncilFactory, EventFactory
from tests.factories.partners import AreaFactory, StaffFactory

pytestmark = pytest.mark.django_db

CHICAGO = ZoneInfo("America/Chicago")
FY27 = FiscalYear(2027)


def planned(area, rule: Rule | None = None) -> list[Planned]:
    return [Planned(area, (rule or Rule()).moment(quarter)) for quarter in FY27.quarters]


class TestRule:
    def test_the_second_tuesday_of_the_second_month_at_ten(self):
        days = [Rule().moment(quarter) for quarter in FY27.quarters]
        assert [day.strftime("%Y-%m-%d %H:%M %Z") for day in days] == [
            "2026-08-11 10:00 CDT",
            "2026-11-10 10:00 CST",
            "2027-02-09 10:00 CST",
            "2027-05-11 10:00 CDT",
        ]

    def test_the_last_friday_of_the_third_month(self):
        rule = Rule(month=3, week=-1, weekday=4, at=time(14, 30))
        assert rule.moment(FY27.quarters[1]) == datetime(2026, 12, 25, 14, 30, tzinfo=CHICAGO)

    def test_the_day_on_which_summer_time_begins(self):
        # March 2027: clocks change on Sunday 14; a Saturday before and a Monday after are both at ten.
        before = Rule(month=3, week=2, weekday=5).moment(FY27.quarters[2])
        after = Rule(month=3, week=3, weekday=0).moment(FY27.quarters[2])
        assert [day.strftime("%d %H:%M %Z") for day in (before, after)] == ["13 10:00 CST", "15 10:00 CDT"]


class TestPlanning:
    def test_four_drafts(self):
        area, staff = AreaFactory(name="Fox Valley", slug="fox-valley"), StaffFactory()
        made = plan_meetings(meetings=planned(area), by=staff)
        assert [event.slug for event in made] == [f"fox-valley-fy27-q{number}" for number in (1, 2, 3, 4)]
        assert {event.state for event in made} == {"draft"}
        assert [event.ends_at - event.starts_at for event in made] == [
            made[0].ends_at - made[0].starts_at
        ] * 4
        assert made[0].history.first().history_user == staff

    def test_never_twice_for_a_quarter(self):
        area, staff = AreaFactory(), StaffFactory()
        EventFactory(kind="council", area=area, starts_at=datetime(2026, 9, 30, 23, tzinfo=CHICAGO))
        assert len(plan_meetings(meetings=planned(area), by=staff)) == 3
        assert plan_meetings(meetings=planned(area), by=staff) == []

    def test_a_cancelled_meeting_does_not_count(self):
        area, staff = AreaFactory(slug="north"), StaffFactory()
        moment = Rule().moment(FY27.quarters[0])
        EventFactory(
            kind="council",
            area=area,
            slug="north-fy27-q1",
            starts_at=moment,
            state="cancelled",
            cancelled_at=moment,
        )
        made = plan_meetings(meetings=planned(area), by=staff)
        assert made[0].slug == "north-fy27-q1-2"

    def test_nothing_to_plan_says_so(self):
        with pytest.raises(NotAllowed):
            plan_meetings(meetings=[], by=StaffFactory())

    @pytest.mark.django_db(transaction=True)
    def test_two_who_plan_at_once_make_each_meeting_once(self):
        areas, staff = AreaFactory.create_batch(3), StaffFactory()
        meetings = [meeting for area in areas for meeting in planned(area)]
        start = threading.Barrier(2)

        def run():
            start.wait()
            try:
                plan_meetings(meetings=meetings, by=staff)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Event.objects.count() == 12


class TestBoard:
    now = datetime(2026, 11, 15, 12, tzinfo=CHICAGO)

    def test_held_planned_and_missing(self):
        council = CouncilFactory()
        EventFactory(
            kind="council",
            area=council.area,
            state="draft",
            starts_at=datetime(2027, 2, 9, 10, tzinfo=CHICAGO),
        )
        ((area, cells),) = board(FY27, self.now)
        assert area == council.area
        assert [(cell.is_over, cell.is_now, cell.is_missing) for cell in cells] == [
            (True, False, False),
            (False, True, True),
            (False, False, False),
            (False, False, True),
        ]

    def test_who_has_no_meeting_this_quarter(self):
        missing, meets = AreaFactory(), AreaFactory()
        EventFactory(kind="council", area=meets, starts_at=datetime(2026, 12, 31, 23, 30, tzinfo=CHICAGO))
        EventFactory(kind="forum", area=missing, starts_at=datetime(2026, 12, 1, 10, tzinfo=CHICAGO))
        quarter, areas = areas_without_meeting(self.now)
        assert (quarter.label, areas) == ("FY27 Q2", [missing])

    def test_quarters_end_at_midnight_in_chicago(self):
        assert quarter_of(datetime(2026, 12, 31, 23, 59, tzinfo=CHICAGO)).label == "FY27 Q2"
        assert quarter_of(datetime(2027, 1, 1, tzinfo=CHICAGO)).label == "FY27 Q3"

    def test_more_councils_cost_no_more_queries(self, django_assert_num_queries):
        for area in AreaFactory.create_batch(12):
            EventFactory(kind="council", area=area, starts_at=datetime(2026, 12, 1, 10, tzinfo=CHICAGO))
        with django_assert_num_queries(2):
            board(FY27, self.now)
