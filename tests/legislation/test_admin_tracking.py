"""The staff desk of tracked bills, positions and the budget."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from legislation.chambers import GeneralAssembly
from legislation.models import (
    AppropriationAsk,
    BillRelation,
    BillTracking,
    BudgetYear,
    OrganizationPosition,
)
from legislation.services.search_index import fill_search
from tests.factories.legislation import (
    BillEventFactory,
    BillFactory,
    BillTrackingFactory,
    HearingDocumentFactory,
    OrganizationPositionFactory,
    SponsorshipFactory,
)
from tests.factories.partners import OrganizationFactory, StaffFactory, UserFactory, member

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%sample\n"
TRACKING = "admin:legislation_billtracking"


@pytest.fixture(autouse=True)
def _password_is_enough(settings, tmp_path):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def tracked(**facts):
    return {
        "position": "support",
        "priority": "lead",
        "owner": "",
        "is_public": "on",
        "plain_title": "Keep porches safe",
        "summary": "",
        "talking_points": "<p>Safe porches <script>alert(1)</script>matter.</p>",
        "credit_text": "",
        "fact_sheet_on": "",
    } | facts


def page(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200, address
    return response.content.decode()


# --- One bill ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["HB 1075", "hb-1075", "1075", "h.b. 1075", "PORCH"])
def test_typing_a_number_finds_the_bill(client, staff, typed):
    bill = BillFactory(prefix="HB", number=1075, title="SAMPLE-PORCH REPAIR")
    BillFactory(prefix="HB", number=10750, title="BOATS", synopsis="Boats.")
    fill_search()
    found = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "legislation", "model_name": "billtracking", "field_name": "bill", "term": typed},
    ).json()["results"]
    assert [row["id"] for row in found] == [str(bill.pk)]


def test_tracking_a_bill_with_words_credits_and_fact_sheet(client, staff):
    bill, partner = BillFactory(), OrganizationFactory()
    assert page(client, reverse(f"{TRACKING}_add"))
    sheet = SimpleUploadedFile("Our Sheet.pdf", PDF, "application/pdf")
    response = client.post(
        reverse(f"{TRACKING}_add"), tracked(bill=bill.pk, fact_sheet=sheet, credited=[partner.pk])
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    tracking = BillTracking.objects.get(bill=bill)
    assert tracking.talking_points == "<p>Safe porches matter.</p>"
    assert list(tracking.credited.all()) == [partner]
    assert tracking.fact_sheet_on == timezone.localdate()
    assert "Sheet" not in tracking.fact_sheet.name
    assert tracking.history.first().history_user == staff
    history = page(client, reverse(f"{TRACKING}_history", args=[tracking.pk]))
    assert staff.email in history


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"MZ\x90 not a pdf", "not a PDF"), (PDF + b"x" * 2000, "must be smaller than")],
)
def test_only_a_small_pdf_is_a_fact_sheet(client, staff, settings, content, words):
    settings.FACT_SHEET_MAX_BYTES = 1024
    sheet = SimpleUploadedFile("sheet.pdf", content, "application/pdf")
    response = client.post(reverse(f"{TRACKING}_add"), tracked(bill=BillFactory().pk, fact_sheet=sheet))
    assert response.status_code == 200
    assert words in str(response.context["adminform"].form.errors["fact_sheet"])
    assert not BillTracking.objects.exists()


def test_a_replaced_fact_sheet_is_gone(client, staff, django_capture_on_commit_callbacks, tmp_path):
    tracking = BillTrackingFactory()
    address = reverse(f"{TRACKING}_change", args=[tracking.pk])
    for _time in range(2):
        sheet = SimpleUploadedFile("sheet.pdf", PDF, "application/pdf")
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address, tracked(fact_sheet=sheet)).status_code == 302
    assert len(list((tmp_path / "fact-sheets").iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, tracked(**{"fact_sheet-clear": "on"}))
    assert not list((tmp_path / "fact-sheets").iterdir())
    tracking.refresh_from_db()
    assert (tracking.fact_sheet.name, tracking.fact_sheet_on) == ("", None)


def test_the_form_shows_where_the_bill_stands_and_warns(client, staff):
    tracking = BillTrackingFactory()
    BillEventFactory(bill=tracking.bill, kind="replaced", after="House Amendment 001")
    OrganizationPositionFactory(bill=tracking.bill)
    shown = page(client, reverse(f"{TRACKING}_change", args=[tracking.pk]))
    assert "An amendment replaces the whole text: House Amendment 001. Look again." in shown
    assert tracking.bill.get_absolute_url() in shown
    assert "Referred to Rules Committee" in shown


def test_suggested_relatives_are_linked_with_one_press(client, staff):
    synopsis = "Creates the Equitable Porch Pay Act. Raises the hourly wage of direct porch workers by $2."
    ours = BillFactory(title="EQUITABLE PORCH PAY", synopsis=synopsis)
    other = BillFactory(prefix="SB", chamber="upper", title="EQUITABLE PORCH PAY", synopsis=synopsis)
    fill_search()
    tracking = BillTrackingFactory(bill=ours)
    address = reverse(f"{TRACKING}_change", args=[tracking.pk])
    assert f"Link {other.label} as its companion" in page(client, address)
    relate = reverse(f"{TRACKING}_relate", args=[tracking.pk])
    client.get(relate, {"bill": other.pk, "kind": "companion"})
    for wrong in ({}, {"bill": other.pk, "kind": "king"}, {"bill": "0", "kind": "companion"}):
        client.post(relate, wrong)
    assert not BillRelation.objects.exists()
    client.post(relate, {"bill": other.pk, "kind": "companion"})
    assert BillRelation.objects.get().identifier == other.identifier
    assert "None was found in our records." in page(client, address)


# --- Several bills ----------------------------------------------------------------------------------------------


def test_pasting_numbers_reads_them_back_before_tracking(client, staff):
    new = BillFactory(prefix="HB", number=1075)
    BillTrackingFactory(bill__prefix="SB", bill__number=7, bill__chamber="upper")
    address = reverse(f"{TRACKING}_track_these")
    answers = {
        "numbers": "hb 1075\nSB7\nHB 4040",
        "session": 104,
        "position": "support",
        "priority": "support",
        "owner": staff.pk,
        "is_public": "no",
    }
    read = client.post(address, answers).content.decode()
    assert "HB 4040: No such bill is in our records." in read
    assert "Tracked already" in read
    assert BillTracking.objects.count() == 1
    client.post(address, answers | {"track": "yes"})
    tracking = BillTracking.objects.get(bill=new)
    assert (tracking.priority, tracking.owner, tracking.is_public) == ("support", staff, False)


def test_setting_many_asks_first(client, staff):
    rows = [BillTrackingFactory(priority="monitor") for _time in range(2)]
    other = BillTrackingFactory(priority="monitor")
    address = reverse(f"{TRACKING}_changelist")
    chosen = {"action": "set_for_selected", "_selected_action": [row.pk for row in rows]}
    asked = client.post(address, chosen).content.decode()
    assert "2 bills are selected" in asked
    assert rows[0].bill.label in asked
    empty = client.post(address, chosen | {"confirmed": "yes"})
    assert "Choose at least one thing to set." in empty.content.decode()
    done = client.post(
        address, chosen | {"confirmed": "yes", "priority": "lead", "owner": staff.pk}, follow=True
    )
    assert "2 bills are changed." in done.content.decode()
    assert sorted(BillTracking.objects.values_list("priority", flat=True)) == ["lead", "lead", "monitor"]
    other.refresh_from_db()
    assert other.owner is None
    client.post(address, chosen | {"confirmed": "yes", "owner": "nobody"})
    assert not BillTracking.objects.filter(owner=staff).exists()


# --- Watch list and P1 ------------------------------------------------------------------------------------------


def test_the_watch_list_in_every_form(client, staff):
    now = timezone.now()
    tracking = BillTrackingFactory(plain_title="=HYPERLINK(1)", owner=staff)
    BillEventFactory(bill=tracking.bill, observed_at=now, before="introduced", after="in_committee")
    HearingDocumentFactory(bill=tracking.bill, hearing__starts_at=now + timedelta(days=2))
    BillTrackingFactory(plain_title="Somebody else's")
    shown = page(client, reverse(f"{TRACKING}_watch"))
    assert "Now in committee (was introduced)." in shown
    assert "Slips" in shown
    mine = page(client, reverse(f"{TRACKING}_watch"), mine="1")
    assert "Somebody else" not in mine
    assert "=HYPERLINK(1)" in page(client, reverse(f"{TRACKING}_watch_print"))
    response = client.get(reverse(f"{TRACKING}_watch_file", args=["csv"]))
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [row[2] for row in rows if "HYPER" in row[2]] == ["'=HYPERLINK(1)"]
    book = load_workbook(io.BytesIO(client.get(reverse(f"{TRACKING}_watch_file", args=["xlsx"])).content))
    cells = {cell.value: cell.data_type for row in book.active.iter_rows() for cell in row if cell.value}
    assert cells["'=HYPERLINK(1)"] == "s"
    assert "f" not in cells.values()
    assert client.get(reverse(f"{TRACKING}_watch_file", args=["exe"])).status_code == 404


@pytest.mark.parametrize("since", ["", "2026-13-45", "yesterday", "0001-01-01"])
def test_the_watch_list_forgives_any_day(client, staff, since):
    page(client, reverse(f"{TRACKING}_watch"), since=since)


def test_cosponsors_in_every_form(client, staff):
    tracking = BillTrackingFactory(bill__introduced_on=timezone.localdate() - timedelta(days=30))
    tracking.bill.session = GeneralAssembly.current().number
    tracking.bill.save()
    SponsorshipFactory(bill=tracking.bill, role="chief", legislator__name="Pat Porch")
    SponsorshipFactory(bill=tracking.bill)
    shown = page(client, reverse(f"{TRACKING}_cosponsors"))
    assert "each member counted once" in shown
    assert "Pat Porch" in shown
    for year in ("1999", "9999", "x"):
        page(client, reverse(f"{TRACKING}_cosponsors"), year=year)
    file = client.get(reverse(f"{TRACKING}_cosponsor_file", args=["csv"])).getvalue().decode()
    assert tracking.bill.label in file
    assert client.get(reverse(f"{TRACKING}_cosponsor_file", args=["xlsx"])).status_code == 200


# --- Positions, budget ------------------------------------------------------------------------------------------


def test_staff_decide_for_a_partner_with_a_note(client, staff):
    position = OrganizationPositionFactory(state="proposed", decided_at=None, statement="<b>Ours</b>")
    name = "admin:legislation_organizationposition"
    shown = page(client, reverse(f"{name}_change", args=[position.pk]))
    assert "Approve for the partner" in shown
    assert "<b>Ours" not in shown
    approve = reverse(f"{name}_approve", args=[position.pk])
    assert "Note how the partner told you so." in client.post(approve, {}).content.decode()
    client.post(approve, {"staff_note": "Call with the director"})
    position.refresh_from_db()
    assert (position.state, position.decided_by, position.staff_note) == (
        "on_record",
        staff,
        "Call with the director",
    )
    assert "Approve for the partner" not in page(client, reverse(f"{name}_change", args=[position.pk]))
    client.post(reverse(f"{name}_withdraw", args=[position.pk]), {"staff_note": "E-mail of March 5"})
    position.refresh_from_db()
    assert (position.state, position.staff_note) == ("withdrawn", "E-mail of March 5")
    assert page(client, reverse(f"{name}_history", args=[position.pk]))
    assert client.get(reverse(f"{name}_add")).status_code == 403


def test_searching_positions_by_number(client, staff):
    right = OrganizationPositionFactory(bill__number=1075, organization__name="Hope House")
    OrganizationPositionFactory(bill__number=2, organization__name="Elsewhere")
    shown = page(client, reverse("admin:legislation_organizationposition_changelist"), q="hb 1075")
    assert right.organization.name in shown
    assert "Elsewhere" not in shown


def test_entering_the_budget(client, staff):
    facts = {
        "year": 2025,
        "general_revenue_fund": "50000000000",
        "human_services": "10000000000",
        "is_enacted": "on",
        "source": "Budget book, page 1",
        "source_url": "",
        "note": "",
    }
    response = client.post(reverse("admin:legislation_budgetyear_add"), facts)
    assert response.status_code == 302, response.context["adminform"].form.errors
    wrong = client.post(
        reverse("admin:legislation_budgetyear_add"), facts | {"year": 2026, "human_services": "60000000000"}
    )
    assert wrong.status_code == 200
    assert BudgetYear.objects.get().history.get().history_user == staff
    ask = AppropriationAsk.objects.create(name="Loans", slug="loans", purpose="Pays loans.")
    for name in ("budgetyear", "appropriationask"):
        for kind in ("changelist", "add"):
            page(client, reverse(f"admin:legislation_{name}_{kind}"))
    page(client, reverse("admin:legislation_appropriationask_change", args=[ask.pk]))


# --- Who gets in ------------------------------------------------------------------------------------------------


def addresses():
    tracking, position = BillTrackingFactory(), OrganizationPositionFactory(state="proposed", decided_at=None)
    name = "admin:legislation_organizationposition"
    return [
        *(reverse(f"{TRACKING}_{page}") for page in ("changelist", "add", "watch", "watch_print")),
        *(reverse(f"{TRACKING}_{page}") for page in ("track_these", "cosponsors")),
        *(reverse(f"{TRACKING}_{page}", args=["csv"]) for page in ("watch_file", "cosponsor_file")),
        *(reverse(f"{TRACKING}_{page}", args=[tracking.pk]) for page in ("change", "relate", "history")),
        *(reverse(f"{name}_{page}", args=[position.pk]) for page in ("approve", "decline", "withdraw")),
    ]


def test_strangers_and_partners_stay_out():
    partner = Client()
    partner.force_login(member(OrganizationFactory()))
    for address in addresses():
        for visitor in (Client(), partner):
            for response in (visitor.get(address), visitor.post(address, {"staff_note": "x", "reason": "x"})):
                assert response.status_code in {302, 403}, address
    assert OrganizationPosition.objects.get().state == "proposed"


def test_staff_without_rights_see_nothing_and_readers_change_nothing(client):
    helper = UserFactory(is_staff=True)
    client.force_login(helper)
    for address in addresses():
        assert client.get(address).status_code == 403, address
    helper.user_permissions.add(Permission.objects.get(codename="view_billtracking"))
    tracking = BillTracking.objects.get()
    for name in ("watch", "watch_print", "cosponsors", "changelist"):
        page(client, reverse(f"{TRACKING}_{name}"))
    assert client.get(reverse(f"{TRACKING}_track_these")).status_code == 403
    other = BillFactory()
    relate = reverse(f"{TRACKING}_relate", args=[tracking.pk])
    assert client.post(relate, {"bill": other.pk, "kind": "companion"}).status_code == 403
    shown = page(client, reverse(f"{TRACKING}_changelist"))
    assert "set_for_selected" not in shown


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_lists(client, staff, number):
    for _time in range(number):
        tracking = BillTrackingFactory(owner=StaffFactory())
        BillEventFactory(bill=tracking.bill, observed_at=timezone.now())
        HearingDocumentFactory(bill=tracking.bill)
        OrganizationPositionFactory(bill=tracking.bill)
    counts = {}
    for name in (
        f"{TRACKING}_watch",
        f"{TRACKING}_changelist",
        "admin:legislation_organizationposition_changelist",
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, reverse(name))
        counts[name.rpartition("legislation_")[2]] = len(queries)
    assert counts == QUERIES


QUERIES = {"billtracking_watch": 8, "billtracking_changelist": 10, "organizationposition_changelist": 9}
