"""Indicator P4: who is counted, what may be published, and its pages and files."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from meetings.equity import Panel, Side
from meetings.indicators import Cell, CouncilAttendance, council_attendance, p4_rows, publishable
from partners.fiscal_year import FiscalYear
from partners.models import Area
from tests.factories.meetings import AttendanceFactory, CouncilFactory, EventFactory, council_meeting
from tests.factories.partners import AreaFactory, StaffFactory, UserFactory, member
from tests.meetings.scenes import NOW, came, partner

pytestmark = pytest.mark.django_db

FY27 = FiscalYear(2027)
AUTUMN = datetime(2026, 10, 13, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def attendance():
    return council_attendance(FY27.period, NOW, parts=FY27.quarters)


def test_people_organizations_and_visits_by_council_and_quarter(django_assert_num_queries):
    council, other = CouncilFactory(), CouncilFactory()
    small, large = partner(council.area, small=True), partner(council.area)
    event = council_meeting(council, state="held", starts_at=AUTUMN)
    (row, _second) = came(event, small, large)
    again = council_meeting(council, state="held", starts_at=datetime(2026, 8, 11, 15, tzinfo=UTC))
    AttendanceFactory(event=again, person=row.person, organization=small, status="attended")
    came(event, partner(council.area), status="registered")
    with django_assert_num_queries(3):
        found = attendance()
    assert [row[0].area for row in found.rows] == [council.area, other.area]
    assert [cell.numbers for cell in found.rows[0]] == [(1, 1, 1), (2, 2, 2), (2, 2, 3)]
    assert found.whole.numbers == (2, 2, 3)
    assert found.whole.panel.attending.share == 50.0
    assert found.whole.panel.partners.share == 33.3
    assert found.whole.panel.gap == 16.7
    assert "attended" in str(found.definition)


def test_internal_events_are_counted_apart():
    organization = partner(AreaFactory(), small=True)
    retreat = EventFactory(kind="internal", audience="staff", state="held", starts_at=AUTUMN)
    came(retreat, organization, organization)
    found = attendance()
    assert found.internal == (2, 2)
    assert found.whole.numbers == (0, 0, 0)


def test_a_year_frozen_today_is_the_same_tomorrow():
    council = CouncilFactory()
    organization = partner(council.area, small=True)
    came(council_meeting(council, state="held", starts_at=AUTUMN), organization)
    before = attendance()
    came(
        council_meeting(council, state="held", starts_at=datetime(2026, 12, 8, 16, tzinfo=UTC)), organization
    )
    assert attendance().whole.numbers == before.whole.numbers == (1, 1, 1)


# --- For publication --------------------------------------------------------------------------------------------


def made_up(*lines: list[int]) -> CouncilAttendance:
    """P4 with these people for each council, two quarters and their total; organizations and visits are the same."""
    periods = [*FY27.quarters[:2], FY27.period]
    panel = Panel(attending=Side(40, 20, 20), partners=Side(80, 40, 40))

    def line(area, numbers):
        return [
            Cell(area, period, panel, number, number, number)
            for period, number in zip(periods, numbers, strict=True)
        ]

    total = [sum(column) for column in zip(*lines, strict=True)]
    areas = [Area(pk=place, name=f"Area {place}") for place in range(1, len(lines) + 1)]
    rows = [line(area, numbers) for area, numbers in zip(areas, lines, strict=True)]
    return CouncilAttendance(FY27.period, periods[:2], rows, line(None, total))


def test_small_numbers_and_those_that_give_them_away_are_withheld():
    shown = publishable(made_up([4, 20, 24], [15, 30, 45], [60, 70, 130]))
    people = [[cell.people for cell in line] for line in shown.rows]
    # 4 is small. Its quarter hides 15 too, and its year 20; those two hide 30 in turn.
    assert people == [[None, None, 24], [None, None, 45], [60, 70, 130]]
    assert [cell.people for cell in shown.total] == [79, 120, 199]
    assert shown.for_publication


def test_totals_under_ten_are_withheld_too():
    shown = publishable(made_up([2, 3, 5], [0, 0, 0]))
    assert [cell.people for cell in shown.total] == [None, None, None]
    assert [cell.people for cell in shown.rows[1]] == [0, 0, 0]


def test_shares_with_small_parts_take_another_council_with_them():
    found = made_up([20, 20, 40], [30, 30, 60], [50, 50, 100])
    narrow = Panel(attending=Side(24, 4, 20), partners=Side(80, 40, 40))
    wide = Panel(attending=Side(90, 45, 45), partners=Side(80, 40, 40))
    rows = [
        [replace(found.rows[0][0], panel=narrow), *found.rows[0][1:]],
        found.rows[1],
        [replace(found.rows[2][0], panel=wide), *found.rows[2][1:]],
    ]
    shown = publishable(replace(found, rows=rows))
    # The first has 4; the second is the smaller of the others.
    assert [line[0].has_shares for line in shown.rows] == [False, False, True]
    assert [line[1].has_shares for line in shown.rows] == [True, True, True]
    assert shown.total[0].has_shares


def test_one_council_that_is_missing_alone_takes_the_total():
    found = made_up([20, 20, 40])
    narrow = Panel(attending=Side(24, 4, 20), partners=Side(80, 40, 40))
    shown = publishable(replace(found, rows=[[replace(cell, panel=narrow) for cell in found.rows[0]]]))
    assert not shown.total[0].has_shares


def test_a_few_at_internal_events_are_withheld():
    assert publishable(replace(made_up([20, 20, 40]), internal=(8, 30))).internal == (None, None)
    assert publishable(replace(made_up([20, 20, 40]), internal=(12, 30))).internal == (12, 30)


def test_a_published_table_says_so_and_shows_no_small_number():
    words = [[str(cell) for cell in row] for row in p4_rows(publishable(made_up([4, 20, 24], [15, 30, 45])))]
    assert words[0][2] == "people"
    assert not [row for row in words[1:] if row[2:3] == ["4"]]
    assert any("withheld" in row for row in words)


# --- Pages ------------------------------------------------------------------------------------------------------


def page(name, *args):
    return reverse(f"admin:meetings_eventinvitation_{name}", args=args)


def test_pages_and_files(client, staff):
    council = CouncilFactory(area__name="=cmd|' /C calc'!A0")
    came(council_meeting(council, state="held"), partner(council.area, small=True))
    for address in (page("p4"), page("p4") + "?for=publication", page("p4_print"), page("equity")):
        response = client.get(address)
        assert response.status_code == 200
    assert "People who attended a meeting" in client.get(page("p4")).content.decode()
    for address in (
        page("p4") + "?year=1999",
        page("p4") + "?year=٢٠٢٦",
        page("equity") + "?year=9999&years=5",
    ):
        assert client.get(address).status_code == 200
    rows = list(csv.reader(StringIO(b"".join(client.get(page("p4_file", "csv"))).decode("utf-8-sig"))))
    assert rows[0][:3] == ["council", "period", "people"]
    assert any(row[0].startswith("'=cmd") for row in rows)
    book = load_workbook(BytesIO(client.get(page("p4_file", "xlsx")).content))
    assert book.active["A1"].value == "council"
    assert client.get(page("p4_file", "pdf")).status_code == 404
    assert client.get(page("council", council.area.pk)).status_code == 200
    assert client.get(page("council", 999999)).status_code == 404


@pytest.mark.parametrize("name", ["p4", "p4_print", "equity"])
def test_pages_are_for_staff_with_the_right(client, name):
    council = CouncilFactory()
    client.force_login(member(partner(council.area)))
    assert client.get(page(name)).status_code in {302, 403}
    assert client.get(page("council", council.area.pk)).status_code in {302, 403}
    client.force_login(UserFactory(is_staff=True))
    assert client.get(page(name)).status_code == 403
    assert client.get(page("council", council.area.pk)).status_code == 403
    assert client.get(page("p4_file", "csv")).status_code == 403


def test_the_same_queries_for_one_and_twenty_meetings(client, staff, django_assert_max_num_queries):
    council = CouncilFactory()

    def count(address):
        with django_assert_max_num_queries(60) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    came(council_meeting(council, state="held"), partner(council.area))
    addresses = [page("p4"), page("equity"), page("equity") + "?years=5"]
    few = [count(address) for address in addresses]
    for _number in range(20):
        came(council_meeting(council, state="held"), partner(council.area))
    assert [count(address) for address in addresses] == few


def test_the_words_of_reasons_need_the_right_to_read_answers(client, staff):
    council = CouncilFactory()
    came(council_meeting(council, state="held"), partner(council.area, race=["black"]))
    assert "leader" in re.sub("<p.*?</p>", "", client.get(page("council", council.area.pk)).content.decode())
