"""Indicators T1, T2 and T3: who is counted, and when; what is withheld; their page and files."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from legislation.places.of_partners import ZipPlace
from partners.fiscal_year import CHICAGO, FiscalYear
from partners.models import ProfileAnswer
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    CountyFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
    member,
)
from tests.factories.trainings import (
    CourseFactory,
    EnrollmentFactory,
    SessionFactory,
    SessionPartFactory,
    TopicFactory,
)
from tests.meetings.reading import content
from trainings import breakdowns
from trainings.assistance_indicators import assistance_after_training
from trainings.indicators import training_participants, training_sessions
from trainings.models import AssistanceRequest

pytestmark = pytest.mark.django_db

FY26 = FiscalYear(2026)
NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)
AUGUST, NOVEMBER = datetime(2025, 8, 12, 15, tzinfo=UTC), datetime(2025, 11, 4, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _coalition(settings, time_machine):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    time_machine.move_to(NOW)
    CoalitionFactory()


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def held(at=AUGUST, **facts):
    return SessionFactory(state="held", starts_at=at, **facts)


def there(session=None, organization=None, *, completed=None, **facts):
    """Somebody who was at a session."""
    row = EnrollmentFactory(session=session or held(), organization=organization, status="attended", **facts)
    if completed:
        row.completed_at = completed
        row.save()
    return row


def asked(person, at):
    number = AssistanceRequest.objects.count()
    return AssistanceRequest.objects.create(
        reference=f"A{number:07}", person=person, subject="How do we go on?", opened_at=at
    )


def t1(now=NOW, year=FY26):
    return training_participants(year.period, now, parts=year.quarters)


def t2(now=NOW):
    return training_sessions(FY26.period, now, parts=FY26.quarters)


def lines(found, label):
    """A breakdown: people by group."""
    rows = {str(name): rows for name, rows in found.breakdowns}[label]
    return {str(row.label): row for row in rows}


# --- T1 -----------------------------------------------------------------------------------------------------------


def test_t1_by_hand():
    first, second = held(), held(NOVEMBER)
    partner, other = OrganizationFactory(), OrganizationFactory()
    ana = there(first, partner, completed=AUGUST + timedelta(hours=3)).person
    there(second, other, person=ana)
    there(second, None)
    EnrollmentFactory(session=second, organization=other, status="absent")
    EnrollmentFactory(session=second, organization=other, status="excused")
    EnrollmentFactory(session=second, organization=other, status="registered")
    for status in ("waitlisted", "offered", "cancelled"):
        EnrollmentFactory(session=second, organization=OrganizationFactory(), status=status)
    total = t1().total
    # Ana came twice, for another organization each time.
    assert (total.people, total.organizations, total.attendances) == (2, 2, 3)
    assert (total.enrolled, total.completions, total.completion_percent) == (6, 1, 16.7)
    assert (total.placed, total.coverage_percent) == (1, 50.0)
    quarters = [(part.people, part.attendances, part.enrolled) for part in t1().parts]
    # The fourth quarter is still to come.
    assert quarters == [(1, 1, 1), (2, 2, 5), (0, 0, 0)]
    assert lines(t1(), "County")[partner.county.name].people == 1
    assert lines(t1(), "County")[other.county.name].enrolled == 4
    assert lines(t1(), "County")["no organization"].people == 1


def test_t1_of_a_year_without_trainings():
    found = t1()
    assert found.total.completion_percent is found.total.coverage_percent is None
    assert all(rows == [] for _label, rows in found.breakdowns)
    assert [identity.coverage_percent for identity in found.leaders] == [None, None]


def test_t1_counts_the_fiscal_year_by_chicagos_calendar():
    last = datetime(2026, 6, 30, 23, 59, tzinfo=CHICAGO)
    there(held(last))
    there(held(datetime(2026, 7, 1, tzinfo=CHICAGO)))
    there(held(datetime(2025, 6, 30, 23, 59, tzinfo=CHICAGO)))
    there(held(datetime(2025, 7, 1, tzinfo=CHICAGO)))
    later = datetime(2026, 9, 1, tzinfo=UTC)
    assert t1(later).total.attendances == 2
    assert [part.attendances for part in t1(later).parts] == [1, 0, 0, 1]


def test_t1_looks_at_no_session_to_come_or_called_off():
    EnrollmentFactory(session=SessionFactory(starts_at=NOW + timedelta(days=9)))
    there(SessionFactory(state="cancelled", starts_at=AUGUST))
    there(SessionFactory(state="published", starts_at=AUGUST), completed=NOW + timedelta(days=1))
    total = t1().total
    assert (total.attendances, total.enrolled, total.completions) == (1, 1, 0)
    assert t1(NOW + timedelta(days=1)).total.completions == 1


def test_t1_by_place_field_and_budget(monkeypatch):
    peoria, chicago = ZipPlace((92, 91), (46,)), ZipPlace((5,), (3,))
    monkeypatch.setattr(
        breakdowns, "zip_places", lambda codes: {"61602": peoria, "60601": chicago} if set(codes) else {}
    )
    area = AreaFactory(name="North", order=0)
    one = OrganizationFactory(county=CountyFactory(area=area), budget_band="under_500k")
    one.sub_sectors.set([SubSectorFactory(name="Housing"), SubSectorFactory(name="Youth")])
    two = OrganizationFactory(zip_code="60601-1234", county=CountyFactory(area=area))
    far = OrganizationFactory(zip_code="99999")
    session = held()
    for organization in (one, two, far):
        there(session, organization)
    there(session, one)
    found = t1()
    assert lines(found, "Local Area Council")["North"].people == 3
    house = lines(found, "House district, estimated")
    assert [(label, row.people) for label, row in house.items()] == [
        ("House 5", 1),
        ("House 92", 2),
        ("no district known", 1),
    ]
    assert lines(found, "Senate district, estimated")["Senate 46"].organizations == 1
    fields = lines(found, "Sub-sector")
    assert (fields["Housing"].people, fields["Youth"].people, fields["not said"].people) == (2, 2, 2)
    budgets = lines(found, "Annual budget")
    assert list(budgets) == ["Under $500,000", "not said"]


# --- Leader identity ----------------------------------------------------------------------------------------------


def told(organization, values, at=AUGUST, marker="leader_race"):
    return ProfileAnswer.objects.create(
        organization=organization, marker=marker, values=values, declined=not values, answered_at=at
    )


def led(number, values, at=AUGUST):
    """That many organizations, each with one person at the session, whose leader said so."""
    session = held()
    for _number in range(number):
        organization = OrganizationFactory()
        there(session, organization)
        told(organization, values, at)


def races(found):
    race, _ability = found.leaders
    return race, {str(group.label): (group.people, group.organizations) for group in race.groups}


def test_leaders_of_enough_organizations_are_told():
    led(12, ["white"])
    led(11, ["black", "asian"])
    led(10, [])
    there(held(), OrganizationFactory())
    race, groups = races(t1())
    assert groups["White"] == (12, 12)
    assert groups["Black or African American"] == groups["Asian"] == (11, 11)
    assert groups["Middle Eastern or North African"] == (0, 0)
    assert (race.answered, race.organizations, race.coverage_percent) == (33, 34, 97.1)
    assert t1().leaders[1].groups == []


def test_few_leaders_are_withheld_with_what_would_give_them_away():
    led(20, ["white"])
    led(12, ["black"])
    led(3, ["asian"])
    _race, groups = races(t1())
    assert groups["Asian"] == groups["Black or African American"] == (None, None)
    assert groups["White"] == (20, 20)


def test_who_preferred_not_to_say_cannot_be_worked_out_either():
    led(20, ["white"])
    led(12, ["black"])
    led(2, [])
    _race, groups = races(t1())
    assert groups["Black or African American"] == (None, None)


def test_many_people_of_few_organizations_are_withheld():
    led(15, ["white"])
    organization = OrganizationFactory()
    told(organization, ["asian"])
    session = held()
    for _number in range(30):
        there(session, organization)
    _race, groups = races(t1())
    assert groups["Asian"] == groups["White"] == (None, None)


def test_of_fewer_than_ten_organizations_nothing_is_told():
    led(9, ["white"])
    race, groups = races(t1())
    assert (groups, race.answered) == ({}, 9)


def test_answers_of_leaders_count_for_a_year_and_only_the_newest():
    led(10, ["white"], at=NOW - timedelta(days=365))
    led(10, ["black"], at=NOW - timedelta(days=366))
    for answer in ProfileAnswer.objects.filter(values=["white"])[:1]:
        told(answer.organization, ["asian"], at=NOW + timedelta(days=1))
    race, groups = races(t1())
    assert race.answered == 10
    assert groups["White"] == (10, 10)


# --- T2 -----------------------------------------------------------------------------------------------------------


def test_t2_by_hand():
    equity, framing = TopicFactory(name="Equity", order=1), TopicFactory(name="Framing", order=2)
    both, plain = CourseFactory(topics=[equity, framing]), CourseFactory()
    area = AreaFactory(name="North", order=0)
    days = held(AUGUST, course=both, mode="in_person", area=area, ends_at=AUGUST + timedelta(days=7, hours=3))
    for day in (AUGUST, AUGUST + timedelta(days=7)):
        SessionPartFactory(session=days, starts_at=day, ends_at=day + timedelta(hours=3))
    held(NOVEMBER, course=plain, ends_at=NOVEMBER + timedelta(minutes=90))
    held(NOVEMBER, course=both, mode="hybrid", ends_at=NOVEMBER + timedelta(hours=1))
    SessionFactory(state="published", starts_at=NOVEMBER)
    SessionFactory(state="cancelled", starts_at=NOVEMBER)
    SessionFactory(state="draft", starts_at=NOVEMBER)
    held(datetime(2025, 6, 30, 23, 59, tzinfo=CHICAGO))
    SessionFactory(starts_at=NOW + timedelta(days=1))
    found = t2()
    assert (found.total.sessions, found.total.hours, found.unclosed) == (3, 8.5, 1)
    assert [(part.sessions, part.hours) for part in found.parts] == [(1, 6.0), (2, 2.5), (0, 0)]
    by = {
        str(label): [(row.label, row.sessions, row.hours) for row in rows] for label, rows in found.breakdowns
    }
    assert by["Topic"] == [("Equity", 2, 7.0), ("Framing", 2, 7.0), ("no topic", 1, 1.5)]
    assert {label: number for label, number, _hours in by["How people take part"]} == {
        "in person": 1,
        "online": 1,
        "in person and online": 1,
    }
    assert by["Region"] == [("North", 1, 6.0), ("no region noted", 1, 1.0), ("online", 1, 1.5)]


# --- T3 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "counts"),
    [
        (datetime(2025, 1, 14, 8, 59, tzinfo=CHICAGO), 0),
        (datetime(2025, 1, 14, 9, tzinfo=CHICAGO), 1),
        (datetime(2026, 1, 14, 23, 59, tzinfo=CHICAGO), 1),
        (datetime(2026, 1, 15, tzinfo=CHICAGO), 0),
    ],
)
def test_t3_twelve_months_to_the_day(opened, counts):
    person = there(held(datetime(2025, 1, 14, 9, tzinfo=CHICAGO))).person
    asked(person, opened)
    assert assistance_after_training(FiscalYear(2025), NOW).total.asked == counts


def test_t3_after_a_leap_day():
    person = there(held(datetime(2024, 2, 29, 9, tzinfo=CHICAGO))).person
    asked(person, datetime(2025, 3, 1, tzinfo=CHICAGO))
    assert assistance_after_training(FiscalYear(2024), NOW).total.asked == 0
    asked(person, datetime(2025, 2, 28, 23, 59, tzinfo=CHICAGO))
    assert assistance_after_training(FiscalYear(2024), NOW).total.asked == 1


def test_t3_by_hand():
    ana, bo, cy, di = (PersonFactory() for _number in range(4))
    before = datetime(2024, 9, 3, 15, tzinfo=UTC)
    for person in (ana, bo, cy, di):
        there(held(before), person=person)
    asked(ana, before + timedelta(days=30))
    # In FY26 it counts from Ana's first session of that year, and her second changes nothing.
    there(held(NOVEMBER), person=ana)
    there(held(AUGUST), person=ana)
    there(held(NOVEMBER), person=bo)
    asked(ana, AUGUST + timedelta(days=1))
    asked(ana, AUGUST + timedelta(days=2))
    asked(cy, NOVEMBER)
    EnrollmentFactory(session=held(AUGUST), person=di, status="absent")
    found = assistance_after_training(FY26, NOW)
    assert (found.total.participants, found.total.asked, found.total.percent) == (2, 1, 50.0)
    # Bo's 12 months still run.
    assert found.total.running == 1
    assert (found.previous.participants, found.previous.asked, found.previous.running) == (4, 1, 0)
    assert found.change == 25.0
    assert [(part.participants, part.asked) for part in found.parts] == [(1, 1), (1, 0), (0, 0)]
    earlier = assistance_after_training(FY26, AUGUST + timedelta(hours=1))
    assert (earlier.total.participants, earlier.total.asked) == (1, 0)


def test_t3_without_a_year_before_there_is_no_change():
    asked(there().person, AUGUST + timedelta(days=1))
    found = assistance_after_training(FY26, NOW)
    assert (found.total.percent, found.previous.percent, found.change) == (100.0, None, None)
    nobody = assistance_after_training(FY26.previous(), NOW)
    assert (nobody.total.percent, nobody.change) == (None, None)


# --- Reads --------------------------------------------------------------------------------------------------------


def test_reads_are_as_many_for_one_as_for_twenty(django_assert_num_queries):
    for number in (1, 19):
        for _number in range(number):
            organization = OrganizationFactory(sub_sectors=[SubSectorFactory()])
            course = CourseFactory(topics=[TopicFactory()])
            session = held(course=course, area=AreaFactory())
            SessionPartFactory(session=session)
            told(organization, ["white"])
            asked(there(session, organization).person, NOVEMBER)
        # Four, and one that finds no plan of districts.
        with django_assert_num_queries(5):
            t1()
        # With the days and the topics.
        with django_assert_num_queries(3):
            t2()
        with django_assert_num_queries(2):
            assistance_after_training(FY26, NOW)


# --- The desk -----------------------------------------------------------------------------------------------------


def url(name="numbers", *arguments):
    return reverse(f"admin:trainings_session_{name}", args=arguments)


def a_training(name="Equity"):
    yesterday = timezone.now() - timedelta(days=1)
    topic = TopicFactory(name=name)
    session = held(yesterday, course=CourseFactory(topics=[topic]))
    organization = OrganizationFactory(county=CountyFactory(name=name[:40]))
    row = there(session, organization, completed=yesterday)
    asked(row.person, timezone.now() - timedelta(hours=1))
    return row


def test_the_page_tells_each_indicator_with_its_definition(desk):
    SessionFactory(state="published", starts_at=timezone.now() - timedelta(days=2))
    row = a_training("<b>مرحبا 🎓</b>")
    for address in (url(), url("numbers_print")):
        response = desk.get(address)
        page = content(response)
        for words in ("(T1)", "(T2)", "(T3)", "(T4)", row.organization.area.name, "100%", "withheld"):
            assert words in page
        for words in ("at least one session that started", "percentage points", "who answered the survey"):
            assert words in page
        assert "1 session is over and does not count yet" in page
        assert "<b>مرحبا" not in response.content.decode()
    assert url() in content(desk.get(reverse("admin:trainings_session_changelist")))


def test_years_to_choose_from(desk):
    this_year = content(desk.get(url()))
    assert 'href="?year=2022"' in this_year
    assert "FY26. The year still runs." in this_year
    before = content(desk.get(f"{url()}?year=2025"))
    assert "The year still runs" not in before
    assert "FY25 Q4" in before
    assert "Fewer than 10 organizations or people: withheld." in before
    for odd in ("2999", "-1", "²⁰²⁵", "x" * 10_000, "%00", "2025%0D%0AX: y"):
        assert desk.get(f"{url()}?year={odd}").context["year"] == FY26


def test_files_hold_no_formulas(desk):
    a_training('=HYPERLINK("https://bad.example")')
    table = b"".join(desk.get(url("numbers_file", "csv"))).decode()
    rows = list(csv.reader(StringIO(table.removeprefix("\ufeff"))))
    year = "FY26"
    assert ["T1", year, "fiscal year", year, "people", "1"] in rows
    assert ["T3", year, "fiscal year", year, "asked within 12 months", "1"] in rows
    assert any(row[3].startswith("'=HYPERLINK") and row[0] == "T2" for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert {row[0] for row in rows[1:]} == {"T1", "T2", "T3", "T4"}
    assert any("at least one session that started" in row[5] for row in rows)
    book = load_workbook(BytesIO(desk.get(url("numbers_file", "xlsx")).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert desk.get(url("numbers_file", "exe")).status_code == 404


def test_only_staff_with_every_right_look(client):
    pages = [url(), url("numbers_print"), url("numbers_file", "csv"), url("numbers_file", "xlsx")]
    reader = UserFactory(is_staff=True)
    client.force_login(reader)
    for right in ("view_session", "view_enrollment", "view_assistancerequest"):
        assert {client.get(page).status_code for page in pages} == {403}
        reader.user_permissions.add(
            Permission.objects.get(codename=right, content_type__app_label="trainings")
        )
    assert {client.get(page).status_code for page in pages} == {200}
    client.force_login(member(OrganizationFactory()))
    assert {client.get(page, follow=True).status_code for page in pages} == {403}
