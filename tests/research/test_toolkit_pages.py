"""Toolkits for their readers: who sees which, what is filled in for whom, and what can be taken along."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from legislation.models import Office
from research.models import Toolkit, ToolkitDownload
from research.services.finding import retract_finding
from tests.factories.legislation import BillFactory, LegislatorFactory
from tests.factories.partners import (
    CoalitionFactory,
    CountyFactory,
    OrganizationFactory,
    StaffFactory,
    member,
)
from tests.factories.research_finding import FindingFactory, ResearchTopicFactory
from tests.factories.research_toolkit import ToolkitFactory, ToolkitItemFactory
from tests.legislation.plans import load_plan, zip_at
from tests.meetings.reading import content
from tests.research.redis_words import words_in_redis

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
NASTY = '<b>O\'Hara & "Sons"</b>'


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory(name="Sample Coalition")


@pytest.fixture
def seats():
    """House district 25 lies in Senate district 13."""
    alex = LegislatorFactory(name="Alex Lower", slug="alex", chamber="lower", district=25)
    robin = LegislatorFactory(name="Robin Upper", slug="robin", chamber="upper", district=13)
    Office.objects.create(legislator=alex, kind="district", phone="312-555-0125", position=0)
    Office.objects.create(legislator=alex, kind="capitol", phone="217-555-0125", position=1)
    return alex, robin


def zipped(response) -> dict[str, bytes]:
    """The files of an archive."""
    assert response.streaming
    with zipfile.ZipFile(BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_who_sees_which_toolkit(client):
    item = ToolkitItemFactory(toolkit=ToolkitFactory(title="For all", slug="all"))
    inner = ToolkitItemFactory(
        toolkit=ToolkitFactory(title="For partners", slug="inner", audience="partners")
    )
    draft = ToolkitFactory(title="Draft", slug="draft", status="draft", published_at=None)
    pages = {one: one.get_absolute_url() for one in (item.toolkit, inner.toolkit, draft)}
    files = f"{pages[inner.toolkit]}{inner.pk}/txt/", f"{pages[inner.toolkit]}zip/"

    def seen() -> list[int]:
        return [client.get(address).status_code for address in (*pages.values(), *files)]

    assert seen() == [200, 404, 404, 404, 404]
    assert "For partners" not in content(client.get("/research/toolkits/"))
    assert "inner" not in client.get("/sitemap.xml?section=toolkits").content.decode()
    partner = OrganizationFactory()
    client.force_login(member(partner))
    assert seen() == [200, 200, 404, 200, 200]
    assert "For partners" in content(client.get("/research/toolkits/"))
    partner.status = "left"
    partner.save()
    assert seen()[1] == 404
    client.force_login(StaffFactory())
    assert seen() == [200] * 5
    assert "Draft" not in content(client.get("/research/toolkits/"))


def test_a_partner_gets_everything_filled_in_and_escaped_where_it_stands(client, seats):
    organization = OrganizationFactory(name=NASTY, city="Waukegan", county=CountyFactory(name="Lake"))
    FindingFactory(
        claim="In Lake County many wait.",
        place="county",
        county=organization.county,
        source="Survey",
        year=2025,
    )
    item = ToolkitItemFactory(
        toolkit=ToolkitFactory(bill=BillFactory(identifier="HB1075")),
        text="{{ organization }}, {{ city }}, {{ county }}: {{ representative }} {{ representative_phone }}, {{ senator }} "
        "{{ senate_district }}. {{ local_finding }}. {{ bill }} {{ partners_in_district }}",
    )
    client.force_login(member(organization))
    address = f"{item.toolkit.get_absolute_url()}?district=house-25"
    page = client.get(address)
    filled = (
        f"{NASTY}, Waukegan, Lake: Alex Lower 217-555-0125, Robin Upper 13. "
        "1,500: In Lake County many wait (Survey, 2025). HB 1075 0"
    )
    assert page.context["items"][0].text == filled
    assert "no-store" in page["Cache-Control"]
    assert NASTY not in page.content.decode()
    assert filled in content(page)
    base = f"{item.toolkit.get_absolute_url()}{item.pk}"
    text = client.get(f"{base}/txt/?district=house-25")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text.content.decode() == f"{filled}\n"
    files = zipped(client.get(f"{item.toolkit.get_absolute_url()}zip/?district=house-25"))
    stem = f"1-{item.title.lower().replace(' ', '-')}"
    assert set(files) == {"0-read-me.txt", f"{stem}.txt", f"{stem}.docx", f"{stem}.pdf"}
    assert (
        f"Filled in for: {NASTY} · House District 25 and Senate District 13"
        in files["0-read-me.txt"].decode()
    )
    paper = "".join(one.extract_text() for one in PdfReader(BytesIO(files[f"{stem}.pdf"])).pages)
    assert "Alex Lower" in paper
    assert "O'Hara" in paper.replace("’", "'")


def test_a_visitors_words_are_filled_in_and_kept_nowhere(client, seats, settings):
    settings.PAGE_CACHE_SECONDS = 60
    item = ToolkitItemFactory(text="{{ organization }} in House District {{ house_district }}")
    address = item.toolkit.get_absolute_url()
    page = client.get(address, {"organization": "Zebrafish Helpers", "district": "house-25"})
    assert page.context["items"][0].text == "Zebrafish Helpers in House District 25"
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    client.get(f"{address}{item.pk}/pdf/", {"organization": "Zebrafish Helpers"})
    # A page that is the same for everybody is stored, and found where the visitor's words would be.
    client.get("/research/toolkits/")
    kept = words_in_redis()
    assert [value for value in kept if item.toolkit.title.encode() in value]
    assert not [value for value in kept if b"Zebrafish" in value]
    wrong = client.get(address, {"district": "house-119"})
    assert "Choose a House district from 1 to 118" in content(wrong)
    assert wrong.context["items"][0].text == "[your organization] in House District [House district]"
    client.get(address, {"zip": "98765"})
    client.get(address, {"district": "zebrafish"})
    kept = words_in_redis()
    assert not [value for value in kept if b"98765" in value or b"zebrafish" in value]


def test_a_zip_code_names_legislators_only_where_it_lies_in_one_district(client, seats):
    load_plan()
    for house in range(1, 119):
        zip_at(f"62{house:03d}", house)
    item = ToolkitItemFactory(text="{{ representative }}")
    address = item.toolkit.get_absolute_url()
    sure = client.get(address, {"zip": "62025"})
    assert sure.context["items"][0].text == "Alex Lower"
    # The ZIP code itself goes no further than this page.
    assert f"{address}zip/?district=house-25" in sure.content.decode()
    # A PO box without a point: the whole city comes into question.
    zip_at("62999", None)
    unsure = client.get(address, {"zip": "62999"})
    assert unsure.context["items"][0].text == "[your State Representative]"
    assert "?district=house-25" in unsure.content.decode()
    unknown = client.get(address, {"zip": "99999"})
    assert "We know no ZIP code 99999 in Illinois" in content(unknown)


def test_graphics_are_drawn_wide_and_square_and_go_with_their_finding(
    client, django_capture_on_commit_callbacks
):
    finding = FindingFactory(value="$5,250,000", claim="Set aside for loan repayment.")
    graphic = ToolkitItemFactory(kind="graphic", text="", finding=finding, title="Share it")
    base = f"{graphic.toolkit.get_absolute_url()}{graphic.pk}"
    for form, size in (("wide", (1200, 630)), ("square", (1200, 1200))):
        response = client.get(f"{base}/{form}/")
        assert response["Content-Type"] == "image/png"
        assert Image.open(BytesIO(response.content)).size == size
    page = content(client.get(graphic.toolkit.get_absolute_url()))
    assert 'alt="$5,250,000. Set aside for loan repayment. Illinois, 2024."' in page
    with django_capture_on_commit_callbacks(execute=True):
        retract_finding(finding=finding, by=None, now=timezone.now(), reason="It was wrong.")
    assert client.get(f"{base}/wide/").status_code == 404
    assert "Share it" not in content(client.get(graphic.toolkit.get_absolute_url()))
    assert list(zipped(client.get(f"{graphic.toolkit.get_absolute_url()}zip/"))) == ["0-read-me.txt"]


def test_a_file_that_is_missing_is_left_out_of_the_archive_which_says_so(client):
    toolkit = ToolkitFactory()
    file = SimpleUploadedFile("talk.pptx", b"PK sample")
    slides = ToolkitItemFactory(toolkit=toolkit, kind="slides", title="Talk", text="One\n---\nTwo", file=file)
    ToolkitItemFactory(toolkit=toolkit, title="Letter")
    slides.file.storage.delete(slides.file.name)
    files = zipped(client.get(f"{toolkit.get_absolute_url()}zip/"))
    assert {"0-read-me.txt", "1-talk.pdf", "1-talk.txt", "2-letter.docx"} <= set(files)
    assert "1-talk.pptx" not in files
    assert "Missing at the moment: 1-talk.pptx" in files["0-read-me.txt"].decode()


def test_without_redis_toolkits_and_their_files_are_there(client, settings):
    item = ToolkitItemFactory(text="{{ partners_in_district|Several }} partners")
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    address = item.toolkit.get_absolute_url()
    for path in ("", f"{item.pk}/pdf/", "zip/"):
        response = client.get(f"{address}{path}", {"district": "house-25"})
        assert response.status_code == 200
        assert b"".join(response)
    assert client.get("/search/", {"q": "letter"}).status_code == 200


def test_slides_have_a_page_each(client):
    item = ToolkitItemFactory(kind="slides", text="First head\nwords\n---\nSecond head\n- one\n- two")
    made = client.get(f"{item.toolkit.get_absolute_url()}{item.pk}/pdf/")
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.content)).pages]
    assert len(pages) == 2
    assert "Second head" in pages[1]
    assert "two" in pages[1]


def test_downloads_are_counted_by_day_and_kind_and_robots_are_not(client):
    item = ToolkitItemFactory()
    address = item.toolkit.get_absolute_url()
    for path in ("zip/", "zip/", f"{item.pk}/txt/"):
        b"".join(client.get(f"{address}{path}", **BROWSER))
    client.head(f"{address}zip/", **BROWSER)
    client.get(f"{address}zip/", HTTP_USER_AGENT="Googlebot/2.1")
    client.get(f"{address}zip/")
    Toolkit.objects.update(status="draft")
    client.force_login(StaffFactory())
    client.get(f"{address}zip/", **BROWSER)
    counted = {row.kind: (row.day, row.count) for row in ToolkitDownload.objects.all()}
    assert counted == {"zip": (timezone.localdate(), 2), "txt": (timezone.localdate(), 1)}


def test_the_library_by_topic_and_by_what_is_in_it(client):
    pay, other = ResearchTopicFactory.create_batch(2)
    ToolkitItemFactory(toolkit=ToolkitFactory(title="Pay letters", topics=[pay]))
    ToolkitItemFactory(toolkit=ToolkitFactory(title="Other posts", topics=[other]), kind="post")

    def listed(query: str) -> list[str]:
        return [str(one) for one in client.get(f"/research/toolkits/?{query}").context["page_obj"]]

    assert listed(f"topic={pay.slug}") == ["Pay letters"]
    assert listed("kind=post") == ["Other posts"]
    assert sorted(listed("topic=nonsense&kind=nonsense")) == ["Other posts", "Pay letters"]
    assert "No toolkit matches" in content(client.get(f"/research/toolkits/?topic={pay.slug}&kind=post"))


@pytest.mark.parametrize("count", [1, 20])
def test_lists_and_pages_take_as_many_queries_for_one_as_for_twenty(client, count):
    toolkits = [ToolkitItemFactory().toolkit for _ in range(count)]
    for _ in range(count):
        ToolkitItemFactory(toolkit=toolkits[0], kind="graphic", text="", finding=FindingFactory())
    client.get("/research/toolkits/")
    with CaptureQueriesContext(
        connection,
    ) as listing:
        client.get("/research/toolkits/?kind=")
    with CaptureQueriesContext(connection) as page:
        client.get(f"{toolkits[0].get_absolute_url()}?x=1")
    assert (len(listing), len(page)) == (6, 6)


def test_the_page_works_without_scripts_and_its_script_is_small(client, settings):
    item = ToolkitItemFactory()
    page = client.get(item.toolkit.get_absolute_url()).content.decode()
    assert 'type="button" data-copy' in page
    assert "hidden>" in page.split('type="button" data-copy')[1].split("</button>")[0]
    assert "readonly" in page
    assert (settings.BASE_DIR / "static" / "js" / "copy.js").stat().st_size <= 1024
