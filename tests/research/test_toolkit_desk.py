"""Toolkits for staff: what is refused, what is asked before publishing, and what the database holds to."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners.errors import NotAllowed
from research.forms.toolkit import ToolkitItemForm
from research.models import Toolkit, ToolkitDownload, ToolkitItem
from research.services.toolkit import archive_toolkit, problems_of, publish_toolkit, review_toolkit
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory
from tests.factories.research_finding import FindingFactory
from tests.factories.research_toolkit import ToolkitFactory, ToolkitItemFactory
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture(autouse=True)
def _coalition(settings, tmp_path):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    settings.PRIVATE_ROOT = tmp_path
    CoalitionFactory()


@pytest.mark.parametrize(
    ("fields", "upload", "wrong"),
    [
        ({"kind": "letter"}, None, "text"),
        ({"kind": "letter", "text": "Dear {{ nobody }}"}, None, "text"),
        ({"kind": "post", "text": "x" * 30, "length_limit": 25}, None, "text"),
        ({"kind": "letter", "text": "x", "length_limit": 280}, None, "length_limit"),
        ({"kind": "slides"}, None, "text"),
        ({"kind": "slides"}, ("talk.exe", b"MZ"), "file"),
        ({"kind": "slides"}, ("talk.pdf", b"<html>"), "file"),
        ({"kind": "graphic", "alt_text": "A chart"}, ("chart.svg", b"<svg onload='x'>"), "file"),
        ({"kind": "graphic"}, ("chart.png", PNG), "alt_text"),
        ({"kind": "graphic", "alt_text": "A chart"}, ("chart.png", PNG), None),
        ({"kind": "slides"}, ("talk.pdf", b"%PDF-1.7"), None),
        ({"kind": "post", "text": "{{ organization|We }} ask.", "length_limit": 280}, None, None),
    ],
)
def test_an_item_is_checked_where_it_is_written(fields, upload, wrong):
    files = {"file": SimpleUploadedFile(*upload)} if upload else {}
    form = ToolkitItemForm({"title": "One", "order": 1, "text": "", **fields}, files)
    form.instance.toolkit = ToolkitFactory.build()
    assert list(form.errors) == ([wrong] if wrong else [])


def test_a_file_too_large_is_refused():
    file = SimpleUploadedFile("talk.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024))
    form = ToolkitItemForm({"title": "One", "kind": "slides", "order": 1}, {"file": file})
    assert "file" in form.errors


def test_a_toolkit_is_published_complete_and_archived():
    now = timezone.now()
    toolkit = ToolkitFactory(status="draft", published_at=None, reviewed_on=None)
    assert len(problems_of(toolkit)) == 2
    with pytest.raises(NotAllowed, match="at least one item"):
        publish_toolkit(toolkit=toolkit, by=None, now=now)
    item = ToolkitItemFactory(
        toolkit=toolkit, kind="graphic", text="", finding=FindingFactory(state="draft", published_at=None)
    )
    review_toolkit(toolkit=toolkit, by=None, now=now)
    with pytest.raises(NotAllowed, match="not public"):
        publish_toolkit(toolkit=toolkit, by=None, now=now)
    item.delete()
    ToolkitItemFactory(toolkit=toolkit)
    done = publish_toolkit(toolkit=toolkit, by=None, now=now)
    assert (done.status, done.reviewed_on) == ("published", timezone.localdate(now))
    with pytest.raises(NotAllowed):
        publish_toolkit(toolkit=toolkit, by=None, now=now)
    assert archive_toolkit(toolkit=toolkit, by=None).status == "archived"
    with pytest.raises(NotAllowed):
        archive_toolkit(toolkit=toolkit, by=None)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "other", "text": ""}, "toolkititem_holds_something"),
        ({"kind": "letter", "text": "", "file": "toolkits/x.pdf"}, "toolkititem_written_has_text"),
        ({"kind": "letter", "length_limit": 280}, "toolkititem_limit_is_of_posts"),
        ({"kind": "graphic", "text": "", "file": "toolkits/x.png"}, "toolkititem_graphic_has_words"),
    ],
)
def test_what_an_item_must_hold(fields, name):
    toolkit = ToolkitFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ToolkitItemFactory(toolkit=toolkit, **fields)


def test_further_rules_of_the_database():
    with pytest.raises(IntegrityError, match="toolkititem_finding_is_drawn"), transaction.atomic():
        ToolkitItemFactory(kind="letter", finding=FindingFactory())
    with pytest.raises(IntegrityError, match="toolkit_published_is_reviewed"), transaction.atomic():
        ToolkitFactory(reviewed_on=None)
    toolkit = ToolkitFactory()
    ToolkitDownload.objects.create(toolkit=toolkit, day=timezone.localdate(), kind="zip", count=1)
    with pytest.raises(IntegrityError, match="toolkitdownload_day_once"), transaction.atomic():
        ToolkitDownload.objects.create(toolkit=toolkit, day=timezone.localdate(), kind="zip", count=1)


def test_staff_write_publish_and_archive_a_toolkit(client):
    client.force_login(StaffFactory())
    posted = {
        "title": "New kit", "slug": "new-kit", "summary": "For you.", "body": "<p>Use it.</p>", "audience": "public",
        "reviewed_on": "2026-11-01", "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0",
        "items-0-kind": "letter", "items-0-title": "Letter", "items-0-order": "1", "items-0-text": "Dear {{ senater }}",
    }  # fmt: skip
    refused = client.post("/admin/research/toolkit/add/", posted)
    assert "Nothing fills {{ senater }}" in content(refused)
    client.post("/admin/research/toolkit/add/", posted | {"items-0-text": "Dear {{ senator }}"})
    toolkit = Toolkit.objects.get()
    assert toolkit.status == "draft"
    desk = f"/admin/research/toolkit/{toolkit.pk}"
    client.post(reverse("admin:research_toolkit_publish", args=[toolkit.pk]))
    toolkit.refresh_from_db()
    assert toolkit.is_published
    assert client.get(f"{desk}/change/").status_code == 200
    assert "representative_phone" in content(client.get("/admin/research/toolkit/fields/"))
    client.post(reverse("admin:research_toolkit_archive", args=[toolkit.pk]))
    toolkit.refresh_from_db()
    assert toolkit.status == "archived"
    assert client.get("/admin/research/toolkit/?review=due").status_code == 200


def test_uploaded_files_are_for_staff_with_the_right_and_under_names_nobody_guesses(client):
    item = ToolkitItemFactory(kind="slides", text="", file=SimpleUploadedFile("../talk.pdf", b"%PDF-1.7 x"))
    assert item.file.name.startswith("toolkits/")
    assert "talk" not in item.file.name
    address = item.file.url
    public = client.get(f"{item.toolkit.get_absolute_url()}{item.pk}/file/")
    assert public.content == b"%PDF-1.7 x"
    assert public["Content-Disposition"].startswith("attachment")
    client.force_login(UserFactory(is_staff=True))
    assert client.get("/admin/research/toolkit/fields/").status_code == 403
    assert client.get(address).status_code == 403
    client.force_login(StaffFactory())
    assert b"".join(client.get(address)) == b"%PDF-1.7 x"
    assert client.get("/admin/research/toolkit/files/passwords.pdf").status_code == 404
    assert ToolkitItem.objects.count() == 1
