"""What readers, partners and staff see of reports: pages, files, feed, sitemap, and who sees what when."""

import json
import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from partners.caching import empty_page_cache
from research.models import Chapter, ReportDownload, ReportTable
from research.services.finding import correct_finding
from research.services.report import release_report, withdraw_report
from tests.factories.legislation import BillTrackingFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, UserFactory, member
from tests.factories.research_finding import FindingFactory
from tests.factories.research_report import (
    ResearchTopicFactory,
    complete_report,
    embargoed_report,
    published_report,
)
from tests.meetings.reading import content

pytestmark = pytest.mark.django_db
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _coalition(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    CoalitionFactory()


def addresses(report) -> list[str]:
    """Every address that says something of a report."""
    slug = [report.slug]
    return [
        reverse("research:report", args=slug),
        reverse("research:report_pdf", args=slug),
        reverse("research:report_tables", args=slug),
        reverse("research:report_table", args=[*slug, 1]),
        reverse("research:report_citation", args=[*slug, "bib"]),
    ]


def listings() -> list[str]:
    return [
        reverse("research:hub"),
        reverse("research:report_list"),
        reverse("research:report_feed"),
        "/sitemap.xml",
    ]


def pdf_text(response) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)


def test_a_page_shows_findings_chapters_charts_tables_method_and_citations(client):
    report = published_report("Corrected the rent.", doi="10.5555/a_b")
    report.topics.add(ResearchTopicFactory(name="Rates", slug="rates"))
    page = content(client.get(report.get_absolute_url()))
    for words in (
        "Rates cover four fifths of the cost.",
        "What the hours are made of.",
        "We added up what a shift costs.",
        "dollars an hour",
        "$18.50",
        "no figure",
        "Rivera, A. M. (20",
        "https://doi.org/10.5555/a_b",
        "Corrected the rent.",
        "First release.",
    ):
        assert words in page
    assert '<svg class="bars__drawing"' in page
    assert "style=" not in page


def test_machines_are_told_of_the_report_and_each_data_set(client):
    report = published_report()
    page = client.get(report.get_absolute_url()).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(block)
    assert (data["@type"], data["version"], data["abstract"]) == ("Report", "1", report.summary)
    assert data["author"] == [
        {"@type": "Person", "name": "Ana María Rivera", "givenName": "Ana María", "familyName": "Rivera"}
    ]
    (dataset,) = data["hasPart"]
    assert dataset["@type"] == "Dataset"
    assert 50 <= len(dataset["description"]) <= 5000
    address = dataset["distribution"][0]["contentUrl"]
    assert client.get("/" + address.split("/", 3)[3]).status_code == 200
    assert '<meta property="og:type" content="article">' in page
    assert "article:published_time" in page


@pytest.mark.parametrize("state", ["draft", "embargoed"])
def test_before_its_release_a_report_does_not_exist_for_strangers(state, client):
    report = complete_report() if state == "draft" else embargoed_report()
    outsider = UserFactory()
    former = member(OrganizationFactory(status="lapsed"))
    for user in (None, outsider, former):
        client.logout()
        if user:
            client.force_login(user)
        for address in addresses(report):
            assert client.get(address).status_code == 404, address
        for address in listings():
            assert report.title not in content(client.get(address, {"as": str(user)}))
            assert report.slug not in content(client.get(address))


def test_partners_read_an_embargoed_report_early_and_are_told_not_to_share_it(client):
    report = embargoed_report()
    client.force_login(member(OrganizationFactory(), role="viewer"))
    assert report.title in content(client.get(reverse("research:report_list")))
    page, pdf, package, table, cited = (client.get(address) for address in addresses(report))
    assert "Please do not share this report before" in content(page)
    assert 'content="noindex"' in content(page)
    assert page["Cache-Control"] == "private, no-store"
    assert "EMBARGOED: do not share before" in pdf_text(pdf)
    assert {pdf.status_code, package.status_code, table.status_code, cited.status_code} == {200}
    # Nobody else gets it from the store of pages.
    client.logout()
    assert client.get(report.get_absolute_url()).status_code == 404


def test_a_draft_is_seen_by_staff_alone(client):
    report = complete_report()
    client.force_login(member(OrganizationFactory()))
    assert client.get(report.get_absolute_url()).status_code == 404
    client.force_login(StaffFactory(is_superuser=False))
    assert client.get(report.get_absolute_url()).status_code == 404
    client.force_login(StaffFactory())
    assert "This is a draft" in content(client.get(report.get_absolute_url()))


def test_staff_see_what_a_new_version_would_say_and_readers_do_not(client):
    report = published_report()
    Chapter.objects.filter(report=report).update(body="<p>Next words.</p>")
    assert "Next words." not in content(client.get(f"{report.get_absolute_url()}?draft=1"))
    client.force_login(StaffFactory())
    assert "Next words." not in content(client.get(report.get_absolute_url()))
    page = content(client.get(f"{report.get_absolute_url()}?draft=1"))
    assert "Next words." in page
    assert f"{reverse('research:report_pdf', args=[report.slug])}?draft=1" in page


def test_older_versions_stay_readable_with_their_own_tables(client):
    report = complete_report()
    release_report(report=report, by=None, now=timezone.now())
    ReportTable.objects.update(rows=[["Wage", 20], ["Supervision", 2], ["Rent", 1]])
    from research.services.report import release_version

    release_version(report=report, what_changed="Wages of this year.", by=None, now=timezone.now())
    old = client.get(reverse("research:report_version", args=[report.slug, 1]))
    assert "An older version" in content(old)
    assert "$18.50" in content(old)
    assert 'content="noindex"' in content(old)
    first = client.get(reverse("research:report_version_table", args=[report.slug, 1, 1]))
    newest = client.get(reverse("research:report_table", args=[report.slug, 1]))
    rows = [
        b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")[1] for answer in (first, newest)
    ]
    assert rows == ["Wage,18.5", "Wage,20"]
    assert client.get(reverse("research:report_version", args=[report.slug, 3])).status_code == 404


def test_a_withdrawn_report_leaves_a_note_and_nothing_else(client):
    report = published_report("Corrected the rent.")
    for address in listings():
        assert report.slug in content(client.get(address))
    withdraw_report(report=report, because="The wages were of another year.", by=None, now=timezone.now())
    empty_page_cache()
    for address in addresses(report):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "The wages were of another year." in content(answer)
        assert "four fifths" not in content(answer)
    assert client.get(reverse("research:report_version", args=[report.slug, 1])).status_code == 410
    for address in listings():
        assert report.slug not in content(client.get(address))


def test_the_pdf_is_tagged_searchable_and_says_what_the_page_says(client):
    finding = FindingFactory(slug="wage", claim="An aide earns so much an hour", value="$17.00")
    report = complete_report(doi="10.5555/ab")
    Chapter.objects.update(
        body="<p>Pay is <strong>low</strong>: [finding:wage]</p><ul><li>One point</li></ul>"
    )
    release_report(report=report, by=None, now=timezone.now())
    address = reverse("research:report_pdf", args=[report.slug])
    response = client.get(address)
    reader = PdfReader(BytesIO(response.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == report.full_title
    assert [entry.title for entry in reader.outline] == ["The hours", "Method"]
    text = pdf_text(response)
    for words in (
        "four fifths",
        "$17.00",
        "One point",
        "$18.50",
        "Sample data",
        "doi.org/10.5555/ab",
        "Contents",
    ):
        assert words in text
    # It is kept, and made anew once it says something else.
    version = report.versions.get()
    kept = version.pdf.name
    assert client.get(address).content == response.content
    correct_finding(finding=finding, by=None, now=timezone.now(), reason="A typing error.", value="$18.25")
    assert "$18.25" in pdf_text(client.get(address))
    version.refresh_from_db()
    assert version.pdf.name != kept


def test_a_pdf_whose_file_is_gone_is_set_anew(client):
    report = published_report()
    address = reverse("research:report_pdf", args=[report.slug])
    first = pdf_text(client.get(address))
    version = report.versions.get()
    version.pdf.storage.delete(version.pdf.name)
    assert pdf_text(client.get(address)) == first
    version.refresh_from_db()
    assert version.pdf.storage.exists(version.pdf.name)


def test_the_package_holds_every_table_and_says_where_it_comes_from(client):
    report = published_report()
    response = client.get(reverse("research:report_tables", args=[report.slug]))
    with ZipFile(BytesIO(response.content)) as package:
        assert package.namelist() == ["table-1.csv", "datapackage.json", "how-to-cite.txt"]
        described = json.loads(package.read("datapackage.json"))
        assert package.read("table-1.csv").decode("utf-8-sig").splitlines()[0] == "Part of the cost,Amount"
    (resource,) = described["resources"]
    assert resource["sources"] == [{"title": "Sample data"}]
    assert [field["type"] for field in resource["schema"]["fields"]] == ["string", "number"]


def test_a_cell_is_never_a_formula_in_what_people_download(client):
    report = complete_report()
    ReportTable.objects.update(rows=[['=HYPERLINK("https://evil.example")', 1]])
    release_report(report=report, by=None, now=timezone.now())
    answer = client.get(reverse("research:report_table", args=[report.slug, 1]))
    assert "'=HYPERLINK" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize(
    ("method", "headers", "counted"),
    [
        ("get", READER, 1),
        ("head", READER, 0),
        ("get", {"User-Agent": "Mozilla/5.0 (compatible; Samplebot/2.1; +https://bot.example)"}, 0),
        ("get", {"User-Agent": ""}, 0),
        ("get", {**READER, "Sec-Purpose": "prefetch"}, 0),
        ("get", {**READER, "If-None-Match": '"x"'}, 0),
    ],
)
def test_downloads_of_people_are_counted_and_nothing_else(method, headers, counted, client):
    report = published_report()
    getattr(client, method)(reverse("research:report_pdf", args=[report.slug]), headers=headers)
    assert report.downloads.total() == counted


def test_downloads_add_up_by_day_and_kind_and_under_embargo_not_at_all(client):
    report, early = published_report(), embargoed_report()
    for address in [*addresses(report)[1:4], addresses(report)[3]]:
        client.get(address, headers=READER)
    assert dict(report.downloads.values_list("kind", "count")) == {"pdf": 1, "dataset": 1, "csv": 2}
    assert report.downloads.get(kind="csv").day == timezone.localdate()
    client.force_login(member(OrganizationFactory()))
    client.get(addresses(early)[1], headers=READER)
    assert not ReportDownload.objects.filter(report=early).exists()


def test_the_feed_is_sound_atom_with_the_newest_first(client):
    first, last = published_report(title="Line\x0bbreak & more"), published_report("Corrected.")
    response = client.get(reverse("research:report_feed"))
    assert response["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(response.content).findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}link").get("href").rsplit("/", 2)[1] for entry in entries] == [
        last.slug,
        first.slug,
    ]
    updated = entries[0].findtext(f"{ATOM}updated")
    assert updated > entries[0].findtext(f"{ATOM}published")


def test_a_bill_and_the_reports_about_it_lead_to_each_other(client):
    tracked = BillTrackingFactory(is_public=True)
    report, early = published_report(), embargoed_report()
    for one in (report, early):
        one.bills.add(tracked.bill)
    assert tracked.bill.get_absolute_url() in content(client.get(report.get_absolute_url()))
    page = content(client.get(tracked.bill.get_absolute_url()))
    assert report.get_absolute_url() in page
    assert early.slug not in page


def test_a_topic_narrows_the_list(client):
    rates = ResearchTopicFactory(name="Rates", slug="rates")
    inside, outside = published_report(), published_report()
    inside.topics.add(rates)
    page = content(client.get(reverse("research:report_list"), {"topic": "rates"}))
    assert inside.title in page
    assert outside.title not in page
    assert "1 report" in page


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(("name", "queries"), [("report_list", 6), ("hub", 6), ("report_feed", 3)])
def test_lists_ask_as_often_for_one_report_as_for_many(
    number, name, queries, client, django_assert_num_queries
):
    topic = ResearchTopicFactory()
    for _report in range(number):
        published_report().topics.add(topic)
    with django_assert_num_queries(queries):
        client.get(reverse(f"research:{name}"))


def test_a_page_asks_as_often_for_one_chapter_as_for_many(client):
    FindingFactory(slug="wage")
    asked = {}
    for number in (1, 20):
        report = complete_report()
        for place in range(number):
            chapter = report.chapters.create(
                title=f"More {place}", slug=f"more-{place}", body="<p>[finding:wage]</p>"
            )
            ReportTable.objects.create(
                chapter=chapter, title="T", heads=["A", "B"], rows=[["x", 1]], source="Sample data"
            )
        release_report(report=report, by=None, now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            client.get(report.get_absolute_url())
        asked[number] = len(queries)
    # What higher floors show beside a report may add a few, whatever its size.
    assert asked[1] == asked[20] <= 24
