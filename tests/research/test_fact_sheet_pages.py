"""Fact sheets for everybody: the list, a sheet with its versions and PDFs, what stands beside what, and who gets in."""

import io
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from partners.caching import empty_page_cache
from partners.models import Organization
from research.models import FactSheet, FactSheetVersion
from research.services import fact_sheet_runs
from research.services.fact_sheet import new_version, withdraw_sheet
from research.services.finding import correct_finding, retract_finding
from tests.factories.legislation import BillFactory, LegislatorFactory
from tests.factories.partners import OrganizationFactory, StaffFactory, SubSectorFactory, member
from tests.factories.research_fact_sheet import FactSheetFactory, published_sheet
from tests.factories.research_finding import FindingFactory
from tests.research.fact_sheet_places import load_places, zip_of

LIST = "/research/fact-sheets/"


@pytest.fixture
def district_sheets(db, monkeypatch):
    """The sheets of House District 3, Senate District 2 and House District 11."""
    load_places()
    LegislatorFactory(chamber="lower", district=3, name="Ada Sample", slug="ada")
    partner = OrganizationFactory(
        name="Porch Menders", zip_code=zip_of(3), sub_sectors=[SubSectorFactory(name="Aging")]
    )
    monkeypatch.setattr(fact_sheet_runs, "all_places", lambda: [("lower", 3), ("lower", 11), ("upper", 2)])
    run = fact_sheet_runs.request_run(ask="Mend the porches.", make_all=False, by=None, now=timezone.now())
    fact_sheet_runs.work(run_id=run.pk)
    return partner


def body(response) -> str:
    return response.content.decode()


def pdf_words(response) -> str:
    reader = PdfReader(io.BytesIO(b"".join(response.streaming_content)))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def test_page_and_pdf_of_a_district_say_the_same(client, district_sheets):
    page = body(client.get(f"{LIST}house-district-3/"))
    paper = pdf_words(client.get(f"{LIST}house-district-3/fact-sheet.pdf"))
    for words in (
        "House District 3",
        "Porch Menders",
        "Ada Sample",
        "Vacant seat",
        "Aging",
        "Mend the porches.",
    ):
        assert words in page
        assert words in paper
    assert "It says what our data said on" in page
    assert reverse("legislation:district", args=["house", 3]) in page
    facts = json.loads(re.search(r'application/ld\+json">(.*?)</script>', page, re.S)[1])
    assert facts["spatialCoverage"] == "House District 3, Illinois"
    assert facts["encoding"]["contentUrl"].endswith(
        "/research/fact-sheets/house-district-3/versions/1/fact-sheet.pdf"
    )


def test_a_written_sheet_keeps_its_versions_and_each_stays_readable(
    client, db, django_capture_on_commit_callbacks
):
    sheet = published_sheet(body="<p>Ten porches.</p>", slug="porches", title="Porches")
    sheet.body = "<p>Eleven porches.</p>"
    sheet.save()
    assert "Ten porches" in body(client.get(f"{LIST}porches/"))  # Not before staff make a version of it.
    with django_capture_on_commit_callbacks(execute=True):
        new_version(sheet=sheet, what_changed="One porch more.", by=None, now=timezone.now())
    newest, old = body(client.get(f"{LIST}porches/")), body(client.get(f"{LIST}porches/versions/1/"))
    assert "Eleven porches." in newest
    assert "One porch more." in newest
    assert "noindex" not in newest
    assert "Ten porches." in old
    assert "There is a newer version." in old
    assert "noindex" in old
    assert 'rel="canonical" href="http://localhost:8000/research/fact-sheets/porches/"' in old
    assert "Eleven" in pdf_words(client.get(f"{LIST}porches/fact-sheet.pdf"))
    assert "Ten" in pdf_words(client.get(f"{LIST}porches/versions/1/fact-sheet.pdf"))
    assert client.get(f"{LIST}porches/versions/3/").status_code == 404


def test_the_list_by_kind_with_both_chambers_and_the_finder(client, district_sheets):
    published_sheet(kind="priority", reference="Porches for all", title="Why porches")
    published_sheet(kind="bill", bill=BillFactory(identifier="HB9099", number=9099), title="The porch bill")
    published_sheet(title="Porches in general")
    FactSheetFactory(title="Not yet for the public")
    page = body(client.get(LIST))
    order = ["Why porches", "The porch bill", "Porches in general", "House districts", "Senate districts"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "HB 9099" in page
    assert "Porches for all" in page
    assert "Not yet for the public" not in page
    assert (
        page.index("house-district-3/") < page.index("house-district-11/") < page.index("senate-district-2/")
    )
    assert reverse("legislation:represents_me") in page


def test_an_empty_list_says_so(client, db):
    assert "No fact sheet is published yet" in body(client.get(LIST))


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_list_and_sheet(client, db, django_assert_num_queries, number):
    for index in range(number):
        published_sheet(slug=f"sheet-{index}", kind="bill", bill=BillFactory())
    sheet = FactSheet.objects.get(slug="sheet-0")
    for index in range(number - 1):
        sheet.body = f"<p>{index}</p>"
        sheet.save()
        new_version(sheet=sheet, what_changed="", by=None, now=timezone.now())
    client.get(LIST + "?warm")
    with django_assert_num_queries(3):
        client.get(LIST)
    with django_assert_num_queries(7):
        client.get(f"{LIST}sheet-0/")


def test_what_only_the_draft_says_is_neither_listed_nor_found(client, db):
    sheet = published_sheet(title="Porches", summary="Ten of them.", body="<p>Verandas.</p>", ask="Keep it.")
    bill_sheet = published_sheet(kind="bill", bill=BillFactory(), title="The porch bill")
    FactSheet.objects.filter(pk=sheet.pk).update(
        title="Zanzibar", summary="Zeppelins.", body="<p>Xylophones.</p>", ask="Zithers."
    )
    FactSheet.objects.filter(pk=bill_sheet.pk).update(title="The zebra bill")
    for words in ("Zanzibar", "Zeppelins", "Xylophones", "Zithers", "zebra"):
        assert f">{words}" not in body(client.get(LIST))
        assert not FactSheet.objects.filter(search=words.lower()).exists()
        assert sheet.get_absolute_url() not in body(client.get("/search/", {"q": words}))
    assert "The porch bill" in body(client.get(bill_sheet.bill.get_absolute_url()))
    listed, found = body(client.get(LIST)), body(client.get("/search/", {"q": "verandas"}))
    for page in (listed, found):
        assert sheet.get_absolute_url() in page
        assert "Porches" in page
        assert "Ten of them." in page
        assert "Zanzibar" not in page
    sheet.refresh_from_db()
    new_version(sheet=sheet, what_changed="", by=None, now=timezone.now())
    assert FactSheet.objects.filter(search="xylophones").exists()
    assert not FactSheet.objects.filter(search="verandas").exists()


# --- Findings that changed since --------------------------------------------------------------------------------------


def fresh(client, address):
    """A page as it is once the transaction of the test would be over."""
    empty_page_cache()
    return body(client.get(address))


def correct(finding, **said):
    correct_finding(finding=finding, by=None, now=timezone.now(), reason="Counted again.", **said)


def test_a_sheet_says_so_when_a_finding_it_quotes_was_corrected_or_retracted(client, db):
    finding = FindingFactory(slug="porches", claim="Porches were lost.", value="1,500", number=1500)
    other = FindingFactory(slug="steps", claim="Steps were lost.")
    quoting = "<p>[finding:porches]</p><p>As [finding:steps] shows.</p>"
    sheet = published_sheet(slug="quoting", body=quoting)
    untouched = published_sheet(slug="silent")
    address, noted = f"{LIST}quoting/", "The PDF prints a finding as it was before its correction."
    correct(finding, caveat="Not in winter.")
    sheet.refresh_from_db()
    assert sheet.stale_since is None
    assert noted not in fresh(client, address), "the sheet prints no caveats"
    correct(finding, value="1,350", number=1350)
    sheet.refresh_from_db()
    assert sheet.stale_since is not None
    page = fresh(client, address)
    assert noted in page
    assert "Corrected; it says now: 1,350: Porches were lost" in page
    assert "retracted" not in page
    assert "A finding on it was corrected or retracted since" in fresh(client, LIST)
    new_version(sheet=sheet, what_changed="", by=None, now=timezone.now())
    sheet.refresh_from_db()
    assert sheet.stale_since is None, "the mark goes with the new version"
    assert noted not in fresh(client, address)
    assert noted in fresh(client, f"{address}versions/1/")
    assert "A finding on it" not in fresh(client, LIST)
    retract_finding(finding=other, by=None, now=timezone.now(), reason="It was made up.")
    page = fresh(client, address)
    assert "A finding on this sheet was retracted" in page
    assert "The PDF still prints a finding that was retracted." in page
    assert "It was made up." in page
    sheet.refresh_from_db()
    untouched.refresh_from_db()
    assert sheet.stale_since is not None
    assert untouched.stale_since is None


def test_a_districts_sheet_says_so_too(client, db, monkeypatch):
    load_places()
    finding = FindingFactory(claim="Porches were lost.")
    monkeypatch.setattr(fact_sheet_runs, "all_places", lambda: [("lower", 3)])
    run = fact_sheet_runs.request_run(ask="", make_all=False, by=None, now=timezone.now())
    fact_sheet_runs.work(run_id=run.pk)
    assert "Porches were lost." in fresh(client, f"{LIST}house-district-3/")
    retract_finding(finding=finding, by=None, now=timezone.now(), reason="It was made up.")
    assert "It was made up." in fresh(client, f"{LIST}house-district-3/")
    assert FactSheet.objects.get(district=3).stale_since is not None


# --- Who gets in -----------------------------------------------------------------------------------------------------


ADDRESSES = ["", "fact-sheet.pdf", "versions/1/", "versions/1/fact-sheet.pdf"]


@pytest.mark.parametrize("ending", ADDRESSES)
def test_what_is_withdrawn_is_gone_with_every_version_except_for_staff(
    client, db, django_capture_on_commit_callbacks, ending
):
    sheet = published_sheet(slug="porches")
    assert client.get(f"{LIST}porches/{ending}").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_sheet(sheet=sheet, now=timezone.now())
    assert client.get(f"{LIST}porches/{ending}").status_code == 404
    client.force_login(member(OrganizationFactory()))
    assert client.get(f"{LIST}porches/{ending}").status_code == 404
    client.force_login(StaffFactory(is_superuser=True))
    assert client.get(f"{LIST}porches/{ending}").status_code == 200


def test_a_draft_without_a_version_is_no_page_for_anybody(client, db):
    FactSheetFactory(slug="porches")
    client.force_login(StaffFactory(is_superuser=True))
    assert client.get(f"{LIST}porches/").status_code == 404
    assert client.get(f"{LIST}porches/fact-sheet.pdf").status_code == 404


def test_a_file_that_is_gone_is_set_again_from_what_the_version_says(client, db):
    sheet = published_sheet(slug="porches", body="<p>Ten porches.</p>")
    version = sheet.versions.get()
    version.pdf.storage.delete(version.pdf.name)
    sheet.body = "<p>Eleven porches.</p>"
    sheet.save()
    assert "Ten porches." in pdf_words(client.get(f"{LIST}porches/fact-sheet.pdf"))
    again = FactSheetVersion.objects.get(pk=version.pk)
    assert again.pdf.storage.exists(again.pdf.name)


# --- Beside others ---------------------------------------------------------------------------------------------------


def test_sheets_stand_beside_districts_bills_and_on_a_partners_own_page(client, district_sheets):
    bill = BillFactory()
    published_sheet(kind="bill", bill=bill, title="The porch bill")
    assert "house-district-3/" in body(client.get(reverse("legislation:district", args=["house", 3])))
    assert "senate-district-2/" in body(client.get(reverse("legislation:district", args=["senate", 2])))
    assert "house-district-3/" not in body(client.get(reverse("legislation:district", args=["house", 11])))
    assert "The porch bill" in body(client.get(bill.get_absolute_url()))
    contact = member(organization=district_sheets)
    client.force_login(contact.person.user)
    own = body(client.get(reverse("my:organization", args=[district_sheets.slug])))
    assert f"{LIST}house-district-3/" in own
    assert f"{LIST}senate-district-2/" in own
    assert f"{LIST}house-district-11/" not in own
    Organization.objects.filter(pk=district_sheets.pk).update(zip_code="")
    assert "house-district" not in body(client.get(reverse("my:organization", args=[district_sheets.slug])))


def test_public_sheets_stand_in_the_sitemap(client, db):
    published_sheet(slug="porches")
    FactSheetFactory(slug="hidden")
    page = body(client.get("/sitemap.xml"))
    assert "/research/fact-sheets/porches/" in page
    assert "/hidden/" not in page
