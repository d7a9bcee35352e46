"""Fact sheets at the staff desk: written, published, renewed, withdrawn; the job for all districts; one file with all."""

import io
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from research.models import FactSheet, FactSheetRun
from research.services import fact_sheet_runs
from tests.factories.legislation import BillFactory
from tests.factories.partners import StaffFactory
from tests.factories.research_fact_sheet import FactSheetFactory, published_sheet
from tests.research.fact_sheet_places import load_places

SHEETS = reverse("admin:research_factsheet_changelist")
MAKE = reverse("admin:research_factsheetrun_make")


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def desk(client, db):
    client.force_login(StaffFactory(is_superuser=True))
    return client


def button(sheet, name: str) -> str:
    return reverse(f"admin:research_{type(sheet)._meta.model_name}_{name}", args=[sheet.pk])


def body(response) -> str:
    return response.content.decode()


def test_a_sheet_is_written_published_renewed_and_withdrawn(desk):
    bill = BillFactory()
    fields = {
        "kind": "bill",
        "bill": bill.pk,
        "reference": "",
        "title": "Why porches",
        "slug": "why-porches",
        "summary": "What porches do.",
        "body": "<p>They bring people together.</p>",
        "ask": "Keep them.",
        "versions-TOTAL_FORMS": 0,
        "versions-INITIAL_FORMS": 0,
    }
    page = body(desk.post(reverse("admin:research_factsheet_add"), fields | {"bill": ""}))
    assert "Choose the bill that this sheet is about." in page
    desk.post(reverse("admin:research_factsheet_add"), fields)
    sheet = FactSheet.objects.get()
    desk.post(button(sheet, "publish"))
    sheet.refresh_from_db()
    assert (sheet.state, sheet.versions.count()) == ("published", 1)
    page = body(desk.post(button(sheet, "renew"), {"what_changed": ""}, follow=True))
    assert "The newest version says the same. Change the text first." in page
    sheet.ask = "Keep them all."
    sheet.save()
    desk.post(button(sheet, "renew"), {"what_changed": "A wider ask."})
    assert sheet.versions.first().what_changed == "A wider ask."
    desk.post(button(sheet, "withdraw"))
    sheet.refresh_from_db()
    assert sheet.state == "withdrawn"


def test_the_job_is_asked_for_watched_stopped_and_continued_without_scripts(desk, monkeypatch):
    load_places()
    monkeypatch.setattr(fact_sheet_runs, "all_places", lambda: [("lower", 3), ("upper", 2)])
    assert "0 of 177 districts have a public sheet" in body(desk.get(SHEETS))
    response = desk.post(MAKE, {"ask": "Mend porches.", "make_all": "on"})
    run = FactSheetRun.objects.get()
    assert (run.ask, run.make_all, run.state, run.total) == ("Mend porches.", True, "waiting", 2)
    watched = desk.get(response["Location"])
    assert watched["Refresh"] == "2"
    assert "Waiting for a worker" in body(watched)
    assert MAKE not in body(desk.get(SHEETS))
    assert "made already" in body(desk.post(MAKE, {"ask": ""}, follow=True))
    desk.post(button(run, "stop"))
    stopped = desk.get(response["Location"])
    assert "Refresh" not in stopped
    assert "Stopped" in body(stopped)
    desk.post(button(run, "go_on"))
    fact_sheet_runs.work(run_id=run.pk)
    assert "2 made anew, 0 unchanged, 0 failed" in body(desk.get(response["Location"]))
    packed = desk.get(reverse("admin:research_factsheet_zip"))
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as archive:
        assert sorted(archive.namelist()) == ["house-district-3.pdf", "senate-district-2.pdf"]
        reader = PdfReader(io.BytesIO(archive.read("senate-district-2.pdf")))
        assert "Senate District 2" in reader.pages[0].extract_text()


def test_failures_stand_on_the_runs_page(desk):
    run = FactSheetRun.objects.create(
        state="partial",
        total=2,
        done=2,
        made=1,
        failed=1,
        asked_at=timezone.now(),
        failures=[["House District 4", "It is too long for one page."]],
    )
    page = body(desk.get(reverse("admin:research_factsheetrun_change", args=[run.pk])))
    assert "House District 4" in page
    assert "It is too long for one page." in page


def test_what_is_out_of_date_is_marked_and_can_be_listed(desk):
    old, new = published_sheet(title="Old porches"), published_sheet(title="New porches")
    FactSheet.objects.filter(pk=old.pk).update(stale_since=timezone.now())
    assert "out of date since" in body(desk.get(SHEETS))
    page = body(desk.get(f"{SHEETS}?data=stale"))
    assert old.title in page
    assert new.title not in page


def test_nobody_makes_a_districts_sheet_by_hand_or_removes_what_was_public(desk):
    assert "Legislative district" not in body(desk.get(reverse("admin:research_factsheet_add")))
    sheet = published_sheet()
    assert (
        desk.post(reverse("admin:research_factsheet_delete", args=[sheet.pk]), {"post": "yes"}).status_code
        == 403
    )


@pytest.mark.parametrize("rights", [[], ["view_factsheet"], ["view_factsheet", "view_factsheetrun"]])
def test_rights_are_respected(client, db, rights):
    sheet = FactSheetFactory()
    staff = StaffFactory(is_superuser=False)
    staff.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(staff)
    assert client.post(MAKE, {"ask": ""}).status_code == 403
    assert not FactSheetRun.objects.exists()
    client.post(button(sheet, "publish"))
    sheet.refresh_from_db()
    assert sheet.state == "draft"
    assert client.get(reverse("admin:research_factsheet_zip")).status_code == (200 if rights else 403)
    listed = client.get(SHEETS)
    assert listed.status_code == (200 if rights else 403)
    assert MAKE not in body(listed)


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_list(desk, django_assert_num_queries, number):
    for _index in range(number):
        published_sheet()
    desk.get(SHEETS)
    with django_assert_num_queries(11):
        desk.get(SHEETS)
