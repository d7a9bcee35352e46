"""Indicator P1: who is counted, once, on which day, and what a share is a share of."""

import gzip
import json
from datetime import date

import pytest

from legislation.exports import cosponsor_rows
from legislation.indicators import cosponsors
from legislation.models import Bill, Term
from legislation.services.imports import import_records
from legislation.sources import SOURCES, ReadOptions
from partners.fiscal_year import FiscalYear
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    LegislatorFactory,
    SponsorshipFactory,
)
from tests.realdata import LEGISLATORS, MEASURES, realdata

pytestmark = pytest.mark.django_db

FY25, FY26 = FiscalYear(2025), FiscalYear(2026)
LATER = date(2026, 12, 31)


def legislator(chamber="lower", party="Democratic", start=date(2025, 1, 8), end=None, **facts):
    person = LegislatorFactory(chamber=chamber, party=party, **facts)
    Term.objects.create(legislator=person, chamber=chamber, district=person.district, start=start, end=end)
    return person


def sponsors(bill, person, **facts):
    facts = {"added_on": date(2025, 3, 1), "chamber": person.chamber} | facts
    return SponsorshipFactory(bill=bill, legislator=person, **facts)


@pytest.fixture
def bill():
    return BillTrackingFactory(position="support", priority="lead").bill


def test_each_member_once_with_chambers_parties_and_seats(bill):
    second = BillTrackingFactory(position="support", priority="support").bill
    house = legislator()
    senate = legislator("upper", "Republican")
    for of in (bill, second):
        sponsors(of, house)
    sponsors(second, senate)
    found = cosponsors(FY25, LATER)
    assert (found.as_of, str(found.assembly)) == (date(2025, 6, 30), "104th")
    assert (found.total.cosponsors, found.net_added) == (2, 3)
    assert [(tally.cosponsors, tally.seats) for tally in found.chambers] == [(1, 118), (1, 59)]
    assert found.chambers[1].share == pytest.approx(1 / 59)
    assert [(tally.label, tally.cosponsors) for tally in found.parties] == [
        ("Democratic", 1),
        ("Republican", 1),
    ]
    assert [(row.cosponsors, row.house, row.senate) for row in found.bills] == [(1, 1, 0), (2, 1, 1)]


def test_chief_sponsors_are_counted_apart(bill):
    sponsors(bill, legislator(name="Pat Porch"), role="chief")
    sponsors(bill, legislator(), role="chief_cosponsor")
    found = cosponsors(FY25, LATER)
    assert (found.total.cosponsors, found.total.chief_sponsors, found.net_added) == (1, 1, 1)
    assert found.bills[0].chief_sponsors == ["Pat Porch"]


def test_who_left_counts_until_then(bill):
    sponsors(bill, legislator(), added_on=date(2025, 3, 1), removed_on=date(2025, 9, 1))
    assert cosponsors(FY25, LATER).total.cosponsors == 1
    this_year = cosponsors(FY26, LATER)
    assert (this_year.total.cosponsors, this_year.net_added) == (0, -1)


def test_while_the_year_runs_it_is_counted_today(bill):
    sponsors(bill, legislator(), added_on=date(2025, 8, 1))
    sponsors(bill, legislator(), added_on=date(2026, 2, 1))
    now = cosponsors(FY26, date(2025, 12, 1))
    assert (now.as_of, now.total.cosponsors, now.net_added) == (date(2025, 12, 1), 1, 1)
    assert cosponsors(FY26, LATER).net_added == 2


def test_a_name_without_a_date_counts_from_the_filing(bill):
    bill.introduced_on = date(2025, 8, 15)
    bill.save()
    sponsors(bill, legislator(), added_on=None)
    assert cosponsors(FY25, LATER).bills == []
    assert cosponsors(FY26, LATER).net_added == 1


def test_only_bills_we_support_and_work_for():
    for facts in (
        {"position": "oppose", "priority": "lead"},
        {"position": "support", "priority": "monitor"},
        {"position": "neutral", "priority": "support"},
    ):
        sponsors(BillTrackingFactory(**facts).bill, legislator())
    earlier = BillTrackingFactory(bill=BillFactory(session=103)).bill
    sponsors(earlier, legislator(), added_on=date(2024, 9, 1))
    assert cosponsors(FY25, LATER).total.cosponsors == 0


def test_who_lost_the_seat_is_named_but_holds_no_share(bill):
    gone = legislator(is_current=False, end=date(2025, 5, 1))
    sponsors(bill, gone)
    successor = legislator()
    sponsors(bill, successor)
    found = cosponsors(FY25, LATER)
    assert (found.total.cosponsors, found.total.seated) == (2, 1)


def test_unmatched_names_are_counted_apart_and_once(bill):
    second = BillTrackingFactory(position="support", priority="lead").bill
    for of in (bill, second):
        SponsorshipFactory(bill=of, legislator=None, name="Davis", added_on=date(2025, 3, 1))
    found = cosponsors(FY25, LATER)
    assert (found.total.cosponsors, found.unmatched) == (0, 1)
    assert [row.unmatched for row in found.bills] == [1, 1]


@pytest.mark.parametrize("number", [1, 20])
def test_queries(number, django_assert_num_queries):
    for _time in range(number):
        sponsors(BillTrackingFactory().bill, legislator())
    with django_assert_num_queries(3):
        cosponsors(FY25, LATER)


def test_the_table_says_what_it_counts(bill):
    sponsors(bill, legislator("upper", "Republican"))
    rows = list(cosponsor_rows(cosponsors(FY25, LATER)))
    assert "net added in FY25" in rows[0]
    assert rows[1][2:7] == [1, 0, 1, 0.6, 1]
    assert rows[-2][0] == bill.label
    assert "each member counted once" in rows[-1][0]
    assert "2025-06-30" in rows[-1][0]


# --- The real file ----------------------------------------------------------------------------------------------


@realdata
def test_the_real_lists_of_sponsors_are_counted_to_the_name():
    """The 40 House bills with the most names: each bill's count is the file's, and the adds sum up to the whole."""
    for source, location in (("openstates-people", LEGISLATORS), ("openstates-files", MEASURES)):
        options = ReadOptions(location=str(location), session=104)
        import_records(SOURCES[source].read(options), source=source)
    with gzip.open(MEASURES, "rt", encoding="utf-8") as lines:
        measures = [json.loads(line) for line in lines]
    listed = {measure["identifier"].replace(" ", ""): measure["sponsorships"] for measure in measures}
    most = sorted((name for name in listed if name.startswith("HB")), key=lambda name: -len(listed[name]))[
        :40
    ]
    for of in Bill.objects.filter(identifier__in=most):
        BillTrackingFactory(bill=of)
    found = cosponsors(FY26, date(2026, 6, 30))
    assert len(found.bills) == 40
    for row in found.bills:
        names = len(listed[row.tracking.bill.identifier])
        assert row.cosponsors + row.unmatched + len(row.chief_sponsors) == names, row.tracking.bill
    earlier = cosponsors(FY25, date(2026, 6, 30))
    assert earlier.net_added + found.net_added == sum(row.cosponsors + row.unmatched for row in found.bills)
    assert 0 < found.total.seated <= found.total.cosponsors <= 177
