"""Indicator P3 against numbers counted by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse

from legislation.slip_indicators import slips_in_support
from partners.fiscal_year import FiscalYear
from tests.factories.legislation import HearingDocumentFactory, HearingFactory, chicago
from tests.factories.partners import OrganizationFactory, PersonFactory, StaffFactory, UserFactory
from tests.factories.slips import RecordedSlipFactory, ReportedSlipFactory, SlipMatchFactory

pytestmark = pytest.mark.django_db

YEAR = FiscalYear(2026)


@pytest.fixture
def spring():
    """One hearing of March 2026, with two documents."""
    hearing = HearingFactory(starts_at=chicago(2026, 3, 5, 14))
    return HearingDocumentFactory(hearing=hearing), HearingDocumentFactory(hearing=hearing)


@pytest.fixture
def counted(spring):
    """Ana files twice (for herself and for A), Ben for A, Cy against, Dee only pledges; Eve filed for a day that moved.

    Reported: Ana 2 on the first document and 1 on the second, Ben 1, Eve 1: 5 proponents; Cy: 1 opponent.
    People: Ana, Ben, Cy, Eve: 4. Organizations named: A: 1.
    Recorded: 4 proponents, of whom 1 names A and B at once, 1 is doubtful, 1 was rejected; 2 opponents, 1 of them C.
    """
    first, second = spring
    a, b, c = OrganizationFactory.create_batch(3)
    ana, ben, cy, dee, eve = PersonFactory.create_batch(5)
    ReportedSlipFactory(person=ana, document=first)
    ReportedSlipFactory(person=ana, document=first, organization=a)
    ReportedSlipFactory(person=ana, document=second)
    ReportedSlipFactory(person=ben, document=first, organization=a)
    ReportedSlipFactory(person=cy, document=second, position="opponent")
    ReportedSlipFactory(person=dee, document=first, filed_at=None, pledged_at=chicago(2026, 3, 1))
    ReportedSlipFactory(person=eve, document=first, posting_on=chicago(2026, 2, 26).date())
    listed = [RecordedSlipFactory(bill=first.bill, hearing=first.hearing) for _number in range(4)]
    against = [
        RecordedSlipFactory(bill=first.bill, hearing=first.hearing, position="opponent") for _n in range(2)
    ]
    SlipMatchFactory(slip=listed[0], organization=a)
    SlipMatchFactory(slip=listed[0], organization=b, state="confirmed", decided_at=chicago(2026, 3, 6))
    SlipMatchFactory(slip=listed[1], organization=b, state="doubtful")
    SlipMatchFactory(slip=listed[2], organization=c, state="rejected", decided_at=chicago(2026, 3, 6))
    SlipMatchFactory(slip=against[0], organization=c)
    return first


def test_the_two_numbers_stand_side_by_side(counted):
    found = slips_in_support(YEAR)
    reported, recorded = found.total.reported, found.total.recorded
    assert (reported.proponents, reported.opponents, reported.no_position) == (5, 1, 0)
    assert (reported.slips, reported.people, reported.organizations) == (6, 4, 1)
    assert (recorded.proponents, recorded.opponents, recorded.no_position) == (4, 2, 0)
    assert (recorded.by_partners, recorded.proponents_by_partners, recorded.partners) == (2, 1, 3)
    assert "never added" in str(found.definition)


def test_by_quarter_and_by_hearing(counted):
    found = slips_in_support(YEAR)
    assert [part.reported.slips for part in found.quarters] == [0, 0, 6, 0]
    assert [part.recorded.slips for part in found.quarters] == [0, 0, 6, 0]
    rows = {row.day.isoformat(): row for row in found.hearings}
    assert list(rows) == ["2026-03-05", "2026-02-26"]
    assert rows["2026-03-05"].hearing == counted.hearing
    assert (rows["2026-03-05"].reported.slips, rows["2026-03-05"].recorded.slips) == (5, 6)
    assert (rows["2026-02-26"].reported.slips, rows["2026-02-26"].recorded.slips) == (1, 0)
    # For the day that moved there is no list; one match waits.
    assert (found.coverage.postings, found.coverage.listed, found.coverage.percent) == (2, 1, 50)
    assert found.coverage.doubtful == 1


def test_days_are_chicagos_and_years_end_on_june_30():
    late = HearingFactory(starts_at=chicago(2026, 6, 30, 23, 30))
    early = HearingFactory(starts_at=chicago(2026, 7, 1, 0, 30))
    for hearing in (late, early):
        ReportedSlipFactory(document=HearingDocumentFactory(hearing=hearing))
        RecordedSlipFactory(hearing=hearing)
    for year in (2026, 2027):
        total = slips_in_support(FiscalYear(year)).total
        assert (total.reported.slips, total.recorded.slips) == (1, 1)


def test_a_list_of_a_hearing_that_we_do_not_know_keeps_its_committees_name():
    moment = chicago(2026, 3, 5, 14)
    for committee in ("Porches", "Porches", "Roofs"):
        RecordedSlipFactory(hearing=None, committee_name=committee, scheduled_at=moment)
    rows = slips_in_support(YEAR).hearings
    assert [(row.committee, row.recorded.proponents) for row in rows] == [("Porches", 2), ("Roofs", 1)]


def test_nothing_filed_is_no_error():
    found = slips_in_support(YEAR)
    assert found.total.reported.slips == found.total.recorded.slips == 0
    assert found.coverage.percent is None
    assert not found.hearings


def test_as_many_queries_for_one_hearing_as_for_twenty(counted, django_assert_num_queries):
    for number in range(20):
        hearing = HearingFactory(starts_at=counted.hearing.starts_at + timedelta(days=number))
        ReportedSlipFactory(document=HearingDocumentFactory(hearing=hearing))
        RecordedSlipFactory(hearing=hearing)
    with django_assert_num_queries(20):
        assert len(slips_in_support(YEAR).hearings) == 22


# --- The desk ---------------------------------------------------------------------------------------------------

PAGE = "admin:legislation_reportedslip_slips_in_support"


@pytest.fixture
def desk(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    return client


def test_staff_read_it_with_its_definition(desk, counted):
    page = desk.get(reverse(PAGE), {"year": "2026"})
    words = page.content.decode()
    assert page.status_code == 200
    assert "Two numbers that are never added" in words
    assert "Official list imported for 1 of 2 hearings" in words
    assert str(counted.hearing.committee_title) in words


def test_and_take_it_along_as_a_table(desk, counted):
    address = reverse("admin:legislation_reportedslip_p3_file", args=["csv"])
    table = b"".join(desk.get(address, {"year": "2026"})).decode()
    assert "FY26,,5,1,0,4,1,4,2,0,2,1,3" in table
    excel = reverse("admin:legislation_reportedslip_p3_file", args=["xlsx"])
    assert desk.get(excel).status_code == 200
    assert desk.get(reverse("admin:legislation_reportedslip_p3_file", args=["exe"])).status_code == 404


def test_the_list_of_reports_can_be_read_and_not_changed(desk, counted):
    listed = desk.get(reverse("admin:legislation_reportedslip_changelist"), {"how-far": "pledged"})
    assert listed.context["cl"].result_count == 1
    one = listed.context["cl"].result_list[0]
    change = reverse("admin:legislation_reportedslip_change", args=[one.pk])
    assert desk.get(change).status_code == 200
    assert desk.post(change, {"position": "opponent"}).status_code == 403
    assert desk.get(reverse("admin:legislation_reportedslip_add")).status_code == 403


def test_staff_without_the_right_do_not_read_it(client, settings, counted):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(UserFactory(is_staff=True))
    for address in (
        reverse(PAGE),
        reverse("admin:legislation_reportedslip_p3_file", args=["csv"]),
        reverse("admin:legislation_reportedslip_changelist"),
    ):
        assert client.get(address).status_code in {302, 403, 404}
