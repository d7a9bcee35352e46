"""Imports in the staff desk: last good times, fetching, uploading, watching, and what was refused."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from legislation.models import Rejection, SyncRun
from tests.factories.partners import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/legislation/syncrun/"
BILL = (
    b'{"legislative_session":"104th","identifier":"HB1","title":"PORCHES","classification":["bill"],'
    b'"from_organization":"~{\\"classification\\": \\"lower\\"}","abstracts":[],"actions":[],"sponsorships":[],'
    b'"versions":[],"documents":[],"sources":[],"scraped_at":"2026-01-03T08:29:36+00:00"}\n'
)


@pytest.fixture(autouse=True)
def _password_only(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def test_staff_see_the_last_good_time_of_each_source(desk):
    SyncRun.objects.create(
        source="ilga-hearings",
        session=104,
        state="done",
        finished_at=timezone.now().replace(year=2026, month=3, day=5, hour=20, minute=0),
    )
    SyncRun.objects.create(source="ilga-hearings", session=104, state="failed", message="It answered 503.")
    page = desk.get(LIST).content.decode()
    assert "Thursday, March 5, 2026" in page
    assert "It answered 503." in page


def test_a_source_is_fetched_only_from_the_address_in_the_settings(desk, settings):
    settings.LEGISLATURE_SOURCES = ["ilga-hearings"]
    fetch = reverse("admin:legislation_syncrun_fetch")
    desk.post(fetch, {"source": "openstates-files", "location": "/etc/passwd"})
    assert not SyncRun.objects.exists()
    answer = desk.post(fetch, {"source": "ilga-hearings", "location": "http://169.254.169.254/"})
    run = SyncRun.objects.get()
    assert (run.source, run.location) == ("ilga-hearings", "")
    assert answer["Location"] == f"{LIST}{run.pk}/change/"
    assert desk.get(fetch).status_code == 302
    assert SyncRun.objects.count() == 1


def test_an_upload_says_by_itself_what_it_is(desk):
    upload = reverse("admin:legislation_syncrun_upload")
    answer = desk.post(
        upload, {"file": SimpleUploadedFile("bills.ndjson", BILL), "session": "104", "source": ""}
    )
    run = SyncRun.objects.get()
    assert answer["Location"].endswith(f"/{run.pk}/change/")
    assert run.source == "openstates-files"
    assert run.upload.read() == BILL


def test_an_imports_page_says_in_words_what_was_read(desk):
    run = SyncRun.objects.create(
        source="ilga-billstatus", session=0, upload="legislature/bill.xml", state="done"
    )
    page = desk.get(f"{LIST}{run.pk}/change/").content.decode()
    for part in ("General Assembly bill status", "bill.xml", "whatever it holds"):
        assert part in page
    assert "legislature/bill.xml" not in page
    assert "(&#x27;done&#x27;" not in page


def test_an_upload_that_cannot_be_kept_says_why(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "no-folder"
    (tmp_path / "no-folder").write_text("A file stands where the folder should be.")
    upload = reverse("admin:legislation_syncrun_upload")
    page = desk.post(
        upload, {"file": SimpleUploadedFile("bills.ndjson", BILL), "session": "104", "source": ""}
    )
    assert "The portal could not keep the file" in page.content.decode()
    assert not SyncRun.objects.exists()


def test_an_upload_that_is_nothing_of_the_kind_is_refused_in_words(desk):
    upload = reverse("admin:legislation_syncrun_upload")
    page = desk.post(
        upload, {"file": SimpleUploadedFile("notes.txt", b"Buy milk."), "session": "104", "source": ""}
    )
    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert not SyncRun.objects.exists()


def test_a_run_under_way_renews_its_page_and_a_finished_one_does_not(desk):
    run = SyncRun.objects.create(source="openstates-files", session=104, state="running", done=40, total=160)
    page = desk.get(f"{LIST}{run.pk}/change/")
    assert page["Refresh"] == "2"
    assert 'max="160"' in page.content.decode()
    SyncRun.objects.filter(pk=run.pk).update(state="done")
    assert "Refresh" not in desk.get(f"{LIST}{run.pk}/change/")


def test_what_was_refused_is_listed_with_the_reason(desk):
    run = SyncRun.objects.create(source="openstates-files", session=104, state="done", rejected=1)
    Rejection.objects.create(
        run=run, kind="measure", identifier="XB12", reason="XB is no type of bill we know."
    )
    page = desk.get(f"{LIST}{run.pk}/change/").content.decode()
    assert "XB is no type of bill we know." in page


def test_staff_without_the_right_may_look_but_not_fetch(client, settings):
    settings.LEGISLATURE_SOURCES = ["ilga-hearings"]
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_syncrun"))
    client.force_login(clerk)
    assert "Fetch now" not in client.get(LIST).content.decode()
    client.post(reverse("admin:legislation_syncrun_fetch"), {"source": "ilga-hearings"})
    client.post(
        reverse("admin:legislation_syncrun_upload"),
        {"file": SimpleUploadedFile("bills.ndjson", BILL), "session": "104"},
    )
    assert not SyncRun.objects.exists()


@pytest.mark.parametrize("runs", [1, 20])
def test_the_list_of_imports_costs_the_same_for_any_number(desk, runs, django_assert_num_queries):
    for _number in range(runs):
        SyncRun.objects.create(source="openstates-files", session=104, state="done")
    desk.get(LIST)
    with django_assert_num_queries(11):
        desk.get(LIST)
