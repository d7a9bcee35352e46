"""What fact sheets say: rich text as blocks, the ask, the nearest findings, and when a sheet is out of date."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from legislation.models import AppropriationAsk, AppropriationFigure
from partners.errors import NotAllowed
from partners.models import County
from research.fact_sheets.blocks import blocks_of
from research.fact_sheets.content import content_digest, source_digest, what_changed, written_content
from research.fact_sheets.gathering import default_ask, findings_for, gather
from research.models import FactSheet, Finding
from research.services.fact_sheet import new_version, publish_sheet, withdraw_sheet
from research.services.fact_sheet_stale import mark_stale
from tests.factories.legislation import BillFactory, SponsorshipFactory
from tests.factories.partners import CountyFactory
from tests.factories.research_fact_sheet import FactSheetFactory, published_sheet
from tests.research.fact_sheet_places import load_places

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>One <strong>bold</strong> word</p>", [("paragraph", 0, "One bold word")]),
        ("<h2>Why</h2><h3>How</h3>", [("heading", 0, "Why"), ("heading", 0, "How")]),
        ("<ul><li><p>One</p></li><li>Two</li></ul>", [("bullet", 0, "One"), ("bullet", 0, "Two")]),
        ("<ol><li>One</li><li>Two</li></ol>", [("number", 1, "One"), ("number", 2, "Two")]),
        ("<ol><li>One<ul><li>Inner</li></ul></li><li>Two</li></ol>", [("number", 1, "One"), ("bullet", 0, "Inner"), ("number", 2, "Two")]),
        ("<blockquote><p>Said</p></blockquote>", [("quote", 0, "Said")]),
        ("<p>Line<br>line</p><p>  </p>", [("paragraph", 0, "Line line")]),
        ("plain &amp; <script>bad()</script>words", [("paragraph", 0, "plain & words")]),
        ('#panic("no") $x$ \\ *star* `code`', [("paragraph", 0, '#panic("no") $x$ \\ *star* `code`')]),
        ("", []),
    ],
)  # fmt: skip
def test_rich_text_as_blocks(html, said):
    blocks = blocks_of(html)
    found = [(one["kind"], one["place"], "".join(run["text"] for run in one["runs"])) for one in blocks]
    assert found == said


def test_looks_and_links_are_kept():
    runs = blocks_of(
        '<p>See <a href="https://example.org/"><em>this</em></a><a href="javascript:x()">!</a></p>'
    )[0]["runs"]
    assert runs == [
        {"text": "See "},
        {"text": "this", "italic": True, "url": "https://example.org/"},
        {"text": "!"},
    ]


def test_signs_of_the_typesetters_language_are_only_words(db):
    sheet = published_sheet(
        title='Rates: #panic("x") *and* $y$', body='<p>#read("secret") _no_ @cite &#96;code&#96;</p>'
    )
    with sheet.versions.get().pdf.open("rb") as file:
        (page,) = PdfReader(file).pages
        said = " ".join(page.extract_text().replace("“", '"').replace("”", '"').split())
    assert 'Rates: #panic("x") *and* $y$' in said
    assert '#read("secret") _no_ @cite `code`' in said


# --- Digests ---------------------------------------------------------------------------------------------------------


def test_the_day_alone_makes_no_sheet_out_of_date(db):
    sheet = FactSheetFactory()
    today, tomorrow = written_content(sheet, DAY), written_content(sheet, date(2026, 3, 6))
    assert source_digest(today) == source_digest(tomorrow)
    assert content_digest(today) != content_digest(tomorrow)
    sheet.ask = "Keep every porch."
    later = written_content(sheet, DAY)
    assert source_digest(later) != source_digest(today)
    assert what_changed(today, later) == "Changed: the ask."
    assert what_changed(None, today) == "First version."


def test_a_sheet_on_a_bill_is_out_of_date_when_the_bill_moves_until_it_is_made_anew(db):
    bill = BillFactory()
    SponsorshipFactory(bill=bill, role="chief")
    sheet = published_sheet(kind="bill", bill=bill)
    other = published_sheet()
    assert mark_stale(now=timezone.now()) == 0
    bill.stage = "in_committee"
    bill.save()
    now = timezone.now()
    assert mark_stale(now=now) == 1
    assert mark_stale(now=timezone.now()) == 1
    sheet.refresh_from_db()
    other.refresh_from_db()
    assert (sheet.stale_since, other.stale_since) == (now, None)  # Since when it was first seen.
    version = new_version(sheet=sheet, what_changed="", by=None, now=timezone.now())
    assert version.what_changed == "Changed: facts about the bill."
    assert mark_stale(now=timezone.now()) == 0
    sheet.refresh_from_db()
    assert sheet.stale_since is None


# --- Steps -----------------------------------------------------------------------------------------------------------


def test_what_does_not_fit_on_a_page_is_refused_and_stays_a_draft(db):
    sheet = FactSheetFactory(body="<p>" + "Far too many words for one page. " * 500 + "</p>")
    with pytest.raises(NotAllowed, match="too long for one page"):
        publish_sheet(sheet=sheet, by=None, now=timezone.now())
    sheet.refresh_from_db()
    assert sheet.state == "draft"
    assert not sheet.versions.exists()


def test_steps_that_are_not_allowed(db):
    now = timezone.now()
    sheet = published_sheet()
    with pytest.raises(NotAllowed, match="public already"):
        publish_sheet(sheet=sheet, by=None, now=now)
    with pytest.raises(NotAllowed, match="says the same"):
        new_version(sheet=sheet, what_changed="", by=None, now=now)
    withdraw_sheet(sheet=sheet, now=now)
    with pytest.raises(NotAllowed, match="Only a public"):
        withdraw_sheet(sheet=sheet, now=now)
    again = publish_sheet(sheet=sheet, by=None, now=now)
    assert (again.state, again.withdrawn_at, again.versions.count()) == ("published", None, 1)
    district = FactSheet.objects.create(
        kind="district",
        chamber="lower",
        district=3,
        title="House District 3",
        slug="house-district-3",
        summary="-",
    )
    with pytest.raises(NotAllowed, match="never made"):
        publish_sheet(sheet=district, by=None, now=now)
    with pytest.raises(NotAllowed, match="made together"):
        new_version(sheet=district, what_changed="", by=None, now=now)


# --- What districts are told -----------------------------------------------------------------------------------------


def asked(name: str, year: int, step: str, dollars: int, order: int = 0) -> None:
    ask, _new = AppropriationAsk.objects.get_or_create(
        name=name, slug=name.lower(), defaults={"purpose": "It mends porches.", "order": order}
    )
    AppropriationFigure.objects.create(ask=ask, year=year, step=step, amount=dollars, source="Sample data")


def test_the_ask_is_the_newest_one_on_which_nothing_is_enacted(db):
    assert default_ask() == ""
    asked("Porches", 2026, "asked", 15_000_000)
    asked("Stoops", 2027, "asked", 2_500_000)
    assert default_ask() == "Include $2.5 million for the Stoops in the budget of FY27. It mends porches."
    asked("Stoops", 2027, "enacted", 1_000_000)
    assert default_ask() == "Include $15 million for the Porches in the budget of FY26. It mends porches."


def finding(claim: str, **fields) -> Finding:
    return Finding.objects.create(
        **{
            "slug": claim.lower().replace(" ", "-"),
            "claim": claim,
            "value": "7",
            "kind": "count",
            "year": 2024,
            "method": "Counted.",
            "source": "Sample data",
            "state": "published",
            "published_at": timezone.now(),
        }
        | fields
    )


def test_the_nearest_findings_come_first(db):
    load_places()
    sangamon = County.objects.filter(name="Sangamon").first() or CountyFactory(name="Sangamon")
    finding("Statewide", year=2026)
    finding("Of the county", place="county", county=sangamon)
    finding("Of another county", place="county", county=CountyFactory(name="Cook Sample"))
    finding("Of the senate district", place="district", chamber="upper", district=2)
    finding("Of the neighbor", place="district", chamber="lower", district=4)
    finding("Of the house district", place="district", chamber="lower", district=3)
    finding("Of the nation", place="nation")
    finding("Not published", state="draft", published_at=None, place="district", chamber="lower", district=3)
    gathered = gather()
    house = [one.claim for one in findings_for(gathered, ("lower", 3), 9)]
    assert house == ["Of the house district", "Of the senate district", "Of the county", "Statewide"]
    senate = [one.claim for one in findings_for(gathered, ("upper", 2), 9)]
    assert senate[0] == "Of the senate district"
    assert set(senate[1:3]) == {"Of the house district", "Of the neighbor"}


# --- What must hold --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("factsheet_district_is_named", {"kind": "district"}),
        ("factsheet_district_is_named", {"kind": "general", "chamber": "lower", "district": 4}),
        ("factsheet_bill_is_named", {"kind": "bill"}),
        ("factsheet_published_has_time", {"state": "published"}),
        ("factsheet_district_slugs_are_kept", {"slug": "house-district-7"}),
        (
            "factsheet_one_per_district",
            {"kind": "district", "chamber": "lower", "district": 3, "slug": "house-district-3b"},
        ),
    ],
)
def test_what_must_hold_of_a_sheet(db, name, fields):
    FactSheetFactory(kind="district", chamber="lower", district=3, slug="house-district-3")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FactSheetFactory(**fields)


@pytest.mark.parametrize(
    ("name", "number"), [("factsheetversion_numbered_once", 1), ("factsheetversion_counts_from_one", 0)]
)
def test_what_must_hold_of_a_version(db, name, number):
    version = published_sheet().versions.get()
    version.pk, version.number = None, number
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        version.save(force_insert=True)
