"""Findings at the staff desk: locked once published, corrected and retracted by buttons, imported from a table."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Story
from research.finding_files import csv_rows, with_everything
from research.finding_import import read_findings
from research.models import Finding, ServiceConnection
from tests.factories.campaigns import StoryFactory
from tests.factories.partners import (
    CoalitionFactory,
    CountyFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
)
from tests.factories.research_finding import (
    FindingFactory,
    ResearchTopicFactory,
    ServiceConnectionFactory,
    SourceCheckFactory,
)
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db
LIST = "/admin/research/finding/"
NONE = {"corrections-TOTAL_FORMS": "0", "corrections-INITIAL_FORMS": "0"}


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def written(**values) -> dict:
    return {
        "claim": "Shelters turn people away.", "slug": "shelters", "value": "12%", "number": "12", "kind": "share",
        "unit": "percent", "year": "2025", "place": "state", "method": "Asked all shelters.",
        "source": "Survey of shelters", "source_url": "", "caveat": "", **NONE, **values,
    }  # fmt: skip


def test_a_draft_is_written_and_published(desk):
    response = desk.post(f"{LIST}add/", written())
    draft = Finding.objects.get()
    assert (response.status_code, draft.state) == (302, "draft")
    question = content(desk.get(f"{LIST}{draft.pk}/publish/"))
    assert "Publish this finding?" in question
    desk.post(f"{LIST}{draft.pk}/publish/")
    draft.refresh_from_db()
    assert draft.state == "published"
    page = content(desk.get(f"{LIST}{draft.pk}/change/"))
    assert "[finding:shelters]" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"place": "county"}, "Say which one it is."),
        ({"place": "district", "chamber": "upper", "district": "60"}, "from 1 to 59"),
        ({"place": "district", "district": "3"}, "Say which one it is."),
        ({"year": "20255"}, "less than or equal to 2100"),
        ({"slug": "compare"}, "an address of the portal itself"),
    ],
)
def test_what_is_wrong_stands_at_its_field(desk, values, words):
    assert words in content(desk.post(f"{LIST}add/", written(**values)))
    assert not Finding.objects.exists()


def test_what_belongs_to_another_place_goes(desk):
    county = CountyFactory()
    desk.post(f"{LIST}add/", written(place="district", chamber="lower", district="25", county=str(county.pk)))
    finding = Finding.objects.get()
    assert (finding.county, finding.chamber, finding.district) == (None, "lower", 25)


def test_what_is_published_changes_by_a_correction_alone(desk):
    finding = FindingFactory(value="1,500", number=1500, slug="quoted")
    desk.post(f"{LIST}{finding.pk}/change/", written(slug="other", source_url="https://new.example/"))
    finding.refresh_from_db()
    assert (finding.value, finding.slug) == ("1,500", "quoted")
    assert finding.source_url == "https://new.example/", "a dead link is simply mended"
    values = {name: getattr(finding, name) for name in ("claim", "kind", "unit", "year", "source", "caveat")}
    values["seen"] = finding.updated_at.isoformat()
    response = desk.post(
        f"{LIST}{finding.pk}/correct/", {**values, "value": "1,350", "number": "1350", "reason": ""}
    )
    assert "This field is required" in content(response)
    desk.post(
        f"{LIST}{finding.pk}/correct/",
        {**values, "value": "1,350", "number": "1350", "reason": "Counted again."},
    )
    finding.refresh_from_db()
    correction = finding.corrections.get()
    assert (finding.value, correction.changes["value"]) == ("1,350", ["1,500", "1,350"])
    assert correction.corrected_by.is_staff
    assert "Counted again." in content(desk.get(f"{LIST}{finding.pk}/change/"))


def test_a_correction_does_not_undo_one_made_while_its_page_was_open(desk):
    finding = FindingFactory(value="1,500", number=1500, caveat="")
    address = f"{LIST}{finding.pk}/correct/"

    def opened() -> dict:
        form = desk.get(address).context["form"]
        return {field.name: field.value() for field in form if field.value() is not None}

    first, second = opened(), opened()
    assert first["seen"]
    desk.post(address, {**first, "value": "1,350", "number": "1350", "reason": "Counted again."})
    who = finding.corrections.get().corrected_by.get_full_name()
    refused = desk.post(address, {**second, "caveat": "Of two years.", "reason": "It was missing."})
    page = content(refused)
    assert f"This finding was changed by {who} since you opened this page. Nothing was written." in page
    assert "Now: value as shown</dt><dd>1,350</dd>" in page
    form = refused.context["form"]
    assert (form["caveat"].value(), form["reason"].value()) == ("Of two years.", "It was missing.")
    finding.refresh_from_db()
    assert (finding.value, finding.caveat) == ("1,350", "")
    desk.post(address, {**opened(), "caveat": "Of two years.", "reason": "It was missing."})
    finding.refresh_from_db()
    assert (finding.value, finding.caveat) == ("1,350", "Of two years.")
    assert set(finding.corrections.latest("pk").changes) == {"caveat"}


def test_a_finding_is_retracted_with_a_reason_and_never_deleted(desk):
    finding = FindingFactory()
    assert desk.post(f"{LIST}{finding.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post(LIST, {"action": "delete_selected", "_selected_action": [finding.pk], "post": "yes"})
    desk.post(f"{LIST}{finding.pk}/retract/", {"reason": "It was wrong."})
    finding.refresh_from_db()
    assert (finding.state, finding.retraction) == ("retracted", "It was wrong.")


def test_pages_ask_for_rights(client):
    finding = FindingFactory()
    looker = UserFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_finding"))
    client.force_login(looker)
    assert client.get(f"{LIST}sources/").status_code == 200
    for address in ("import/", f"{finding.pk}/correct/", f"{finding.pk}/retract/", f"{finding.pk}/publish/"):
        assert client.post(f"{LIST}{address}").status_code == 403, address
    assert client.post(reverse("admin:research_finding_check_sources")).status_code == 403
    client.force_login(UserFactory(is_staff=True))
    assert client.get(f"{LIST}sources/").status_code == 403


def test_sources_to_mend_and_a_round_on_request(desk, settings, monkeypatch):
    now = timezone.now()
    SourceCheckFactory(
        finding__claim="Gone one.", outcome="gone", status_code=404, failed_days=2, first_failed_at=now
    )
    SourceCheckFactory(finding__claim="Failing one.", outcome="slow", failed_days=1, first_failed_at=now)
    SourceCheckFactory(finding__claim="Moved one.", outcome="moved", moved_to="https://new.example/page")
    SourceCheckFactory(finding__claim="Living one.")
    page = content(desk.get(f"{LIST}sources/"))
    places = [
        page.index(words)
        for words in (
            "Gone: find",
            "Gone one.",
            "Failed lately",
            "Failing one.",
            "Moved for good",
            "Moved one.",
        )
    ]
    assert places == sorted(places)
    assert "Living one." not in page
    assert "Gone one." in content(desk.get(f"{LIST}?answers=gone"))
    asked = []
    monkeypatch.setattr("research.admin.finding_pages.queue", lambda task: asked.append(task.name) or True)
    desk.get(reverse("admin:research_finding_check_sources"))
    assert not asked
    response = desk.post(reverse("admin:research_finding_check_sources"))
    assert asked == ["research.tasks.check_sources"]
    assert "results appear here" in said(response)[0]


def test_staff_are_told_of_marks_readers_do_not_see(desk):
    story = StoryFactory(body="<p>Before.</p>")
    FindingFactory(slug="seen")
    values = {field.name: getattr(story, field.name) for field in Story._meta.fields if field.editable}
    form = {
        name: value for name, value in values.items() if value not in (None, "") and not hasattr(value, "pk")
    }
    form |= {
        "body": "<p>[finding:seen] and [finding:typo]</p>",
        "facts-TOTAL_FORMS": "0",
        "facts-INITIAL_FORMS": "0",
    }
    response = desk.post(reverse("admin:campaigns_story_change", args=[story.pk]), form)
    assert response.status_code == 302, content(response)
    assert [words for words in said(response) if "typo" in words]
    assert not [words for words in said(response) if "“seen”" in words]


def test_the_map_is_edited_at_the_desk(desk):
    one, other = SubSectorFactory(), SubSectorFactory()
    desk.post(
        "/admin/research/serviceconnection/add/",
        {"source": one.pk, "target": other.pk, "how": "It helps.", "order": "1"},
    )
    assert ServiceConnection.objects.get().how == "It helps."
    again = desk.post(
        "/admin/research/serviceconnection/add/",
        {"source": one.pk, "target": one.pk, "how": "No.", "order": "1"},
    )
    assert again.status_code == 200
    assert ServiceConnection.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_of_the_desk_ask_as_many_queries_for_one_row_as_for_twenty(desk, rows):
    for _number in range(rows):
        check = SourceCheckFactory(
            finding__sub_sector=SubSectorFactory(),
            outcome="gone",
            failed_days=2,
            first_failed_at=timezone.now(),
        )
        ServiceConnectionFactory(finding=check.finding)
    asked = {}
    for address in (LIST, "/admin/research/serviceconnection/", f"{LIST}sources/"):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        asked[address.split("/")[-2]] = len(queries)
    assert asked == {"finding": 11, "serviceconnection": 10, "sources": 11}


# --- Tables ---------------------------------------------------------------------------------------------------------


def table(*rows: dict, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    heads = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, heads, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


GOOD = {
    "claim": "Shelters turn people away.",
    "value": "12%",
    "kind": "share",
    "year": "2025",
    "method": "Asked all.",
    "source": "Survey",
}


def upload(desk, data: bytes, **more):
    return desk.post(f"{LIST}import/", {"file": SimpleUploadedFile("findings.csv", data), **more})


def test_a_table_is_read_back_and_then_written_as_drafts(desk):
    CountyFactory(name="Lake", fips="17097")
    SubSectorFactory(name="Housing", slug="housing")
    ResearchTopicFactory(name="Rates", slug="rates")
    data = table(
        {
            **GOOD,
            "number": "12",
            "place": "Waukegan, Lake County",
            "sub_sector": "Housing",
            "topics": "Rates",
        },
        {
            **GOOD,
            "claim": "Ünïted we wait.",
            "kind": "Money",
            "value": "$1,500",
            "number": "$1,500",
            "place": "House district 25",
        },
        delimiter=";",
    )
    response = upload(desk, data)
    assert not Finding.objects.exists()
    assert "Write these 2 drafts" in content(response)
    text = response.context["form"].initial["text"]
    desk.post(f"{LIST}import/", {"text": text.replace("\n", "\r\n"), "write": "yes"})
    first, second = Finding.objects.order_by("pk")
    assert (first.place_words, first.number, first.sub_sector.name, first.state) == (
        "Waukegan, Lake County",
        12,
        "Housing",
        "draft",
    )
    assert [topic.name for topic in first.topics.all()] == ["Rates"]
    assert (second.claim, second.number, second.kind, second.place_words) == (
        "Ünïted we wait.",
        1500,
        "money",
        "House district 25",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"year": "25"}, "year"),
        ({"kind": "size"}, "no kind of value"),
        ({"number": "twelve"}, "not a number"),
        ({"number": "NaN"}, "not a number"),
        ({"place": "Mars"}, "no place we know"),
        ({"place": "House district 200"}, "no district"),
        ({"sub_sector": "Magic"}, "no sub-sector"),
        ({"topics": "Magic"}, "no topic"),
        ({"claim": ""}, "claim"),
        ({"claim": "x" * 301}, "claim"),
        ({"source_url": "javascript:alert(1)"}, "address of the source"),
        ({"slug": "csv"}, "an address of the portal itself"),
        ({"slug": "taken"}, "already"),
    ],
)
def test_one_wrong_line_keeps_the_whole_table_out(desk, change, words):
    FindingFactory(slug="taken")
    data = table(GOOD, {**GOOD, "claim": "Another.", **change})
    response = upload(desk, data, write="yes")
    good, wrong = response.context["reading"].lines
    assert not good.errors
    assert [error for error in wrong.errors if words in error], wrong.errors
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\xff", b"claim,value\nx,y\n", b"claim,value,kind,year,method,source\n"]
)
def test_what_is_no_table_is_said_to_be_none(data):
    reading = read_findings(data.decode("latin-1"))
    assert reading.errors
    assert not reading.can_be_imported


def test_the_same_line_twice_is_an_error():
    reading = read_findings(table(GOOD, GOOD).decode())
    assert [bool(line.errors) for line in reading.lines] == [False, True]


def test_the_librarys_own_table_can_be_read_again():
    finding = FindingFactory(
        claim="=SUM(A1) of it.", place="county", county=CountyFactory(name="Lake", fips="17097"), place_note="Waukegan",
        sub_sector=SubSectorFactory(), topics=ResearchTopicFactory.create_batch(2), caveat="Line one.\nLine two.",
    )  # fmt: skip
    rows = list(csv_rows(with_everything(Finding.objects.all())))
    from partners.spreadsheets import neutral_cell

    text = io.StringIO()
    csv.writer(text).writerows([[neutral_cell(cell) for cell in row] for row in rows])
    Finding.objects.all().delete()
    (line,) = read_findings(text.getvalue()).lines
    assert not line.errors
    for name in (
        "claim",
        "value",
        "number",
        "unit",
        "kind",
        "year",
        "method",
        "source",
        "source_url",
        "place_words",
    ):
        assert getattr(line.finding, name) == getattr(finding, name), name
    assert len(line.topics) == 2
