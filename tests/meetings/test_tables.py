"""The tables we sit at: seats, members, the gap matrix, notices of terms that end, and the public pages."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mailing.models import OutboxMessage
from meetings.gap_matrix import gap_matrix
from meetings.models import Seat, SeatReport, Table, TableMember, TermNotice
from meetings.services.seats_at_tables import add_tables_of_allies, warn_of_ending_terms
from partners.errors import NotAllowed
from partners.models import Ally, TeamMember
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
)
from tests.meetings.scenes import NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 10)


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def table():
    return Table.objects.create(kind="policy", name="Payments work group", slug="payments")


def seat(table, ends_on=None, starts_on=date(2025, 1, 1), **facts):
    holder = TeamMember.objects.create(kind="staff", name="Naomi Feldman", role="Policy director")
    facts = {"team_member": holder, "role": "Member"} | facts
    return Seat.objects.create(table=table, starts_on=starts_on, ends_on=ends_on, **facts)


# --- What the database guards -----------------------------------------------------------------------------------


def test_what_a_table_cannot_be(table):
    ally = Ally.objects.create(name="Budget Coalition", summary="Speaks up.")
    ours = Table.objects.create(kind="coalition", ally=ally, slug="budget")
    assert (ours.title, ours.words) == ("Budget Coalition", "Speaks up.")
    for facts in (
        {"slug": "none"},
        {"slug": "both", "ally": Ally.objects.create(name="Other"), "name": "Its own"},
        {"slug": "words", "ally": Ally.objects.create(name="Another"), "summary": "Its own"},
        {"slug": "again", "ally": ally},
        {"slug": "payments", "name": "Same address"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Table.objects.create(kind="coalition", **facts)


def test_what_a_seat_cannot_be(table):
    somebody = PersonFactory()
    member = TeamMember.objects.create(kind="board", name="Ruth", role="Treasurer")
    for facts in (
        {"person": somebody},
        {"alternate_member": member, "alternate_person": somebody},
        {"ends_on": date(2024, 12, 31)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            seat(table, **facts)
    assert seat(table, team_member=None).holder == ""
    assert seat(table, ends_on=date(2025, 1, 1)).is_current(date(2025, 1, 1))


def test_what_a_member_cannot_be(table):
    organization = OrganizationFactory()
    TableMember.objects.create(table=table, organization=organization)
    TableMember.objects.create(table=table, name="Legal Aid")
    for facts in (
        {},
        {"organization": OrganizationFactory(), "name": "Both"},
        {"organization": organization},
        {"name": "Legal Aid"},
        {"name": "Late", "since": TODAY, "until": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            TableMember.objects.create(table=table, **facts)
    TableMember.objects.create(table=table, organization=organization, until=TODAY)


def test_a_notice_is_written_once(table):
    place = seat(table, date(2027, 1, 1))
    facts = {"seat": place, "ends_on": date(2027, 1, 1), "days": 90, "written_at": NOW}
    TermNotice.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        TermNotice.objects.create(**facts)


# --- Taken over from the allies ---------------------------------------------------------------------------------


def test_coalitions_among_the_allies_become_tables_once():
    Ally.objects.create(name="Budget Coalition")
    Ally.objects.create(name="Budget  Coalition!")
    Ally.objects.create(name="Friends", kind=Ally.Kind.ALLY)
    Ally.objects.create(name="🌻")
    staff = StaffFactory()
    added = add_tables_of_allies(by=staff)
    assert sorted(table.slug for table in added) == ["budget-coalition", "budget-coalition-2", "table"]
    assert add_tables_of_allies(by=staff) == []
    assert Table.history.first().history_user == staff
    with pytest.raises(NotAllowed):
        add_tables_of_allies(by=UserFactory(is_staff=True))


# --- Terms that end ---------------------------------------------------------------------------------------------


@pytest.fixture
def reader():
    CoalitionFactory()
    user = UserFactory(is_staff=True, email="seats@coalition.example")
    user.user_permissions.add(Permission.objects.get(codename="change_seat"))
    UserFactory(is_staff=True)
    return user


def told():
    return list(OutboxMessage.objects.order_by("pk").values_list("to", "subject"))


def test_staff_hear_90_and_30_days_before_and_once_each(table, reader):
    place = seat(table, TODAY + timedelta(days=91))
    assert warn_of_ending_terms(now=NOW) == 0
    day = timedelta(days=1)
    assert [warn_of_ending_terms(now=NOW + day * after) for after in (1, 1, 2, 60, 61, 62, 91)] == [
        1, 0, 0, 0, 1, 0, 0,
    ]  # fmt: skip
    assert told() == [("seats@coalition.example", "A term ends soon: Payments work group")] * 2
    # Prolonged: told of the new end.
    place.ends_on = TODAY + timedelta(days=200)
    place.save()
    assert warn_of_ending_terms(now=NOW + day * 110) == 1


def test_found_late_it_is_told_of_once(table, reader):
    seat(table, TODAY + timedelta(days=20))
    assert warn_of_ending_terms(now=NOW) == 1
    assert warn_of_ending_terms(now=NOW + timedelta(days=1)) == 0
    assert len(told()) == 1


def test_several_terms_are_one_message(table, reader):
    seat(table, TODAY + timedelta(days=20), role="Chair <b>")
    seat(table, TODAY + timedelta(days=80))
    assert warn_of_ending_terms(now=NOW) == 2
    assert [subject for _to, subject in told()] == ["2 terms end soon"]


def test_nothing_is_told_of_what_is_seen_to_or_over(table, reader):
    seat(table)
    seat(table, TODAY - timedelta(days=1))
    seat(table, TODAY + timedelta(days=100), starts_on=TODAY + timedelta(days=10))
    seat(table, TODAY + timedelta(days=20), role="Chair")
    seat(table, starts_on=TODAY + timedelta(days=21), role="Chair")
    assert warn_of_ending_terms(now=NOW) == 0


def test_without_staff_for_it_the_coalition_hears(table):
    CoalitionFactory(email="office@coalition.example")
    seat(table, TODAY + timedelta(days=20))
    assert warn_of_ending_terms(now=NOW) == 1
    assert [to for to, _subject in told()] == ["office@coalition.example"]


def test_the_start_page_shows_terms_to_those_who_may_see_them(client, table):
    CoalitionFactory()
    seat(table, timezone.localdate() + timedelta(days=20))
    client.force_login(StaffFactory())
    assert "Terms that end in the next 90 days" in client.get(reverse("admin:index")).content.decode()
    client.force_login(UserFactory(is_staff=True))
    assert "Terms that end" not in client.get(reverse("admin:index")).content.decode()


# --- Gap matrix -------------------------------------------------------------------------------------------------


def test_the_gap_matrix_by_hand(table, django_assert_num_queries):
    area = AreaFactory()
    aging, housing, food = (SubSectorFactory(name=name) for name in ("Aging", "Housing", "Food"))

    def works(*fields, **facts):
        return OrganizationFactory(area=area, sub_sectors=list(fields), **facts)

    there = [works(aging), works(aging, housing)]
    far, near = works(food, name="Apple House"), works(food, name="Bread House")
    works(aging, status="left")
    for organization in there:
        TableMember.objects.create(table=table, organization=organization)
    other = TableMember.objects.create(table=table, name="Legal Aid")
    other.sub_sectors.set([housing])
    TableMember.objects.create(table=table, name="Unknown field")
    TableMember.objects.create(table=table, organization=far, until=TODAY - timedelta(days=1))
    AttendanceFactory(
        event=EventFactory(starts_at=NOW - timedelta(days=30), state="held"),
        organization=near,
        status="attended",
    )
    with django_assert_num_queries(6):
        found = gap_matrix(table, NOW)
    assert (found.members, found.known, found.coverage, found.partners, found.missing) == (4, 3, 75.0, 4, 1)
    rows = {row.sub_sector.name: row for row in found.rows}
    # Members 3 known: aging 2, housing 2, food 0. Partners 4: aging 2, housing 1, food 2.
    assert [(row.sub_sector.name, row.gap) for row in found.rows] == [
        ("Food", -50.0),
        ("Aging", 16.7),
        ("Housing", 41.7),
    ]
    assert (rows["Aging"].member_share, rows["Aging"].partner_share) == (66.7, 50.0)
    # The one that came to an event first.
    assert rows["Food"].could_fill == [near, far]
    assert rows["Aging"].could_fill == []


def test_an_empty_table_says_so(table):
    SubSectorFactory()
    found = gap_matrix(table, NOW)
    assert (found.members, found.coverage, found.rows[0].gap) == (0, None, None)


def test_the_matrix_at_the_desk_and_as_a_file(client, table):
    client.force_login(StaffFactory())
    field = SubSectorFactory(name="=Food")
    OrganizationFactory(sub_sectors=[field], name="+Bread House")
    page = client.get(reverse("admin:meetings_table_gaps", args=[table.pk]))
    assert "+Bread House" in page.content.decode()
    sheet = client.get(reverse("admin:meetings_table_gap_file", args=[table.pk, "csv"]))
    rows = list(csv.reader(StringIO(b"".join(sheet).decode("utf-8-sig"))))
    assert rows[1][0] == "'=Food"
    assert rows[1][-1] == "'+Bread House"
    assert client.get(reverse("admin:meetings_table_gap_file", args=[table.pk, "xlsx"])).status_code == 200
    assert client.get(reverse("admin:meetings_table_gap_file", args=[table.pk, "doc"])).status_code == 404
    assert client.get(reverse("admin:meetings_table_gap_file", args=[99999, "csv"])).status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("admin:meetings_table_gap_file", args=[table.pk, "csv"])).status_code == 403


# --- Desk -------------------------------------------------------------------------------------------------------


def desk(name, *args):
    return reverse(f"admin:meetings_{name}", args=args)


def test_a_table_is_entered_with_a_seat_and_a_member(client):
    client.force_login(StaffFactory())
    person, organization = PersonFactory(), OrganizationFactory()
    answers = {
        "kind": "policy",
        "name": "Payments work group",
        "slug": "",
        "order": "0",
        "is_public": "on",
        "seats-TOTAL_FORMS": "1",
        "seats-INITIAL_FORMS": "0",
        "seats-0-role": "Member",
        "seats-0-starts_on": "2026-01-01",
        "seats-0-person": person.pk,
    }
    response = client.post(desk("table_add"), answers)
    assert response.status_code == 302, response.context["errors"]
    table = Table.objects.get()
    assert table.slug == "payments-work-group"
    assert table.seats.get().holder == person.name
    member = {"table": table.pk, "organization": organization.pk, "name": ""}
    assert client.post(desk("tablemember_add"), member).status_code == 302
    assert str(table.members.get()) == organization.name
    refused = client.post(desk("table_add"), answers | {"name": "", "slug": "x"})
    assert "Choose an ally" in refused.content.decode()
    both = TeamMember.objects.create(kind="board", name="Ruth", role="Treasurer")
    refused = client.post(desk("table_add"), answers | {"name": "Other", "seats-0-team_member": both.pk})
    assert "not both" in refused.content.decode()
    refused = client.post(desk("table_add"), answers | {"name": "Other", "seats-0-ends_on": "2025-01-01"})
    assert "ends after it starts" in refused.content.decode()
    for wrong, words in (
        ({"name": "Legal Aid"}, "write the name of another"),
        ({"organization": ""}, "write the name of another"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "leaves after it joined"),
        ({}, "on the list already"),
    ):
        assert words in client.post(desk("tablemember_add"), member | wrong).content.decode()
    assert table.members.count() == 1
    assert Table.objects.count() == 1


def test_a_report_keeps_only_safe_html_and_its_writer(client, table):
    staff = StaffFactory()
    client.force_login(staff)
    place = seat(table)
    client.post(
        desk("seatreport_add"),
        {
            "seat": place.pk,
            "day": "2026-11-01",
            "title": "News 🌻",
            "body": '<p onclick="x()">Good <script>alert(1)</script>news</p>',
            "is_public": "on",
        },
    )
    report = SeatReport.objects.get()
    assert report.written_by == staff
    assert report.body == "<p>Good news</p>"


def test_taking_over_asks_first(client):
    client.force_login(StaffFactory())
    Ally.objects.create(name="Budget Coalition")
    assert "Budget Coalition" in client.get(desk("table_from_allies")).content.decode()
    assert not Table.objects.exists()
    assert client.post(desk("table_from_allies")).status_code == 302
    assert Table.objects.get().title == "Budget Coalition"
    client.force_login(UserFactory(is_staff=True))
    assert client.post(desk("table_from_allies")).status_code == 403


def test_lists_read_flat(client, django_assert_max_num_queries):
    client.force_login(StaffFactory())

    def fill(number):
        table = Table.objects.create(kind="policy", name=f"Table {number}", slug=f"table-{number}")
        place = seat(table, person=PersonFactory(), team_member=None)
        SeatReport.objects.create(
            seat=place, day=TODAY, title=f"Report {number}", body="<p>x</p>", is_public=True
        )
        TableMember.objects.create(table=table, organization=OrganizationFactory())

    def count(address):
        with django_assert_max_num_queries(60) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    addresses = [desk(f"{name}_changelist") for name in ("table", "seatreport", "tablemember")]
    addresses.append(reverse("meetings:table_list"))
    fill(0)
    few = [count(address) for address in addresses]
    for number in range(1, 21):
        fill(number)
    assert [count(address) for address in addresses] == few


# --- Public pages -----------------------------------------------------------------------------------------------


def test_the_public_sees_who_sits_where_and_public_reports(client, table):
    place = seat(
        table, role="Co-chair", alternate_person=PersonFactory(first_name="Ana", last_name="Ωmega <i>")
    )
    seat(table, role="Former member", ends_on=date(2025, 2, 1))
    for title, is_public in (("Payments come faster", True), ("Who might chair", False)):
        SeatReport.objects.create(seat=place, day=TODAY, title=title, body="<p>Text</p>", is_public=is_public)
    for address in (reverse("meetings:table_list"), table.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "Naomi Feldman" in page
        assert "Ωmega &lt;i&gt;" in page
        assert "Payments come faster" in page
        assert "Who might chair" not in page
        assert "Former member" not in page


def test_a_hidden_table_is_nowhere(client, table):
    place = seat(table)
    SeatReport.objects.create(seat=place, day=TODAY, title="Quiet", body="<p>x</p>", is_public=True)
    Table.objects.update(is_public=False)
    page = client.get(reverse("meetings:table_list")).content.decode()
    assert "Payments work group" not in page
    assert "Quiet" not in page
    assert "being drawn up" in page
    assert client.get(table.get_absolute_url()).status_code == 404
    assert client.get("/tables/no-such-table/").status_code == 404
