"""What sources and strangers may send: scripts, addresses that run, characters no format holds, absurd questions."""

import json
import re
from datetime import date, timedelta
from xml.dom import minidom

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from legislation.models import BillEvent, Hearing, RollCall
from legislation.records import (
    CommitteeRecord,
    DocumentRecord,
    HearingRecord,
    LegislatorRecord,
    MeasureRecord,
    RollCallRecord,
    TermRecord,
    VoteRecord,
)
from legislation.search.spelling import forget_vocabulary, vocabulary
from legislation.services.imports import import_records
from legislation.services.imports.addresses import fitting_address, web_address
from legislation.services.search_index import fill_search
from tests.factories.legislation import (
    BillActionFactory,
    BillEventFactory,
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    HearingDocumentFactory,
    HearingFactory,
    LegislatorFactory,
    OrganizationPositionFactory,
    RollCallFactory,
    SponsorshipFactory,
    VoteFactory,
)
from tests.factories.partners import OrganizationFactory, StaffFactory, member

pytestmark = pytest.mark.django_db

RUNS = "javascript:alert(1)"
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
LINES = "Porch\r\nATTENDEE:mailto:x@example.org\nX-EVIL:1,2;3\\n\x07 =cmd"


# --- Addresses from sources --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        RUNS,
        "JavaScript:alert(1)",
        "data:text/html,<p>",
        "//evil.example/",
        "/bills/",
        "ftp://files.example/x",
        "http://[broken/",
        "https://name:secret@files.example/",
        "https://files.example\n.evil.example/",
        "",
    ],
)
def test_what_is_no_address_of_a_page_is_not_kept(text):
    assert web_address(text) == ""


@pytest.mark.parametrize(
    "text",
    ["https://www.ilga.example/a.asp?Doc=1&x=2#top", "HTTP://ilga.example", "http://ilga.example:80/a b.pdf"],
)
def test_addresses_of_pages_are_kept_as_they_are(text):
    assert web_address(f" {text} ") == fitting_address(text) == text
    assert fitting_address(f"https://files.example/{'x' * 500}") == ""


def test_an_import_never_makes_a_link_that_runs(client):
    soon = timezone.now() + timedelta(days=9)
    person = "ocd-person/00000000-0000-4000-8000-000000000001"
    summary = import_records(
        [
            LegislatorRecord(
                key=person,
                name="Pat Sample",
                family_name="Sample",
                website=RUNS,
                ilga_url="data:text/html,x",
                image_url=RUNS,
                terms=(TermRecord("lower", 1, date(2025, 1, 8)),),
            ),
            CommitteeRecord("ocd-organization/1", "lower", "Porches", members=(), source_url=RUNS),
            MeasureRecord(
                104,
                "HB1",
                title="PORCHES",
                documents=(
                    DocumentRecord("Introduced", RUNS, "text/html"),
                    DocumentRecord("Introduced", RUNS, "application/pdf"),
                ),
                source_url="http://[broken/",
            ),
            RollCallRecord(
                "1",
                104,
                "HB1",
                "lower",
                date(2025, 4, 9),
                "Third Reading",
                True,
                {"yes": 1},
                (VoteRecord("Sample", "yes"),),
                RUNS,
            ),
            HearingRecord("7", "lower", "Porches", soon, 104, source_url=RUNS),
        ],
        source="test",
    )
    assert not summary.rejected
    paths = ["/bills/104/hb1/", "/legislators/pat-sample/", "/api/v1/bills/104/HB1"]
    paths += [f"/bills/104/hb1/votes/{RollCall.objects.get().pk}/", f"/hearings/{Hearing.objects.get().pk}/"]
    paths += [Hearing.objects.get().committee.get_absolute_url()]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        assert not re.search(r"javascript:|data:text|\[broken", response.content.decode()), path


# --- Words from sources ------------------------------------------------------------------------------------------


@pytest.fixture
def hostile():
    """One of everything, with markup and control characters in every word; the addresses of what shows it."""
    legislator = LegislatorFactory(
        name=MARKUP, family_name="</script><i>", slug="pat", party="<u>D", district=1
    )
    committee = CommitteeFactory(name=LINES + MARKUP, slug="porches")
    CommitteeMembershipFactory(committee=committee, legislator=legislator, role=MARKUP[:50])
    bill = BillFactory(
        identifier="HB1",
        number=1,
        title=LINES + MARKUP,
        synopsis=MARKUP + LINES,
        last_action=MARKUP,
        committee=committee,
        committee_name=MARKUP,
    )
    BillActionFactory(bill=bill, description=MARKUP + LINES)
    SponsorshipFactory(bill=bill, legislator=legislator)
    SponsorshipFactory(bill=bill, legislator=None, name=f"1 {MARKUP}")
    roll_call = RollCallFactory(bill=bill, motion=MARKUP, committee=committee)
    VoteFactory(roll_call=roll_call, legislator=None, name=MARKUP)
    hearing = HearingFactory(committee=committee, location=LINES + MARKUP, subject=LINES + MARKUP)
    HearingDocumentFactory(hearing=hearing, bill=bill, amendment=MARKUP[:60])
    BillTrackingFactory(bill=bill, plain_title=MARKUP, summary=MARKUP + LINES)
    OrganizationPositionFactory(bill=bill, organization=OrganizationFactory(name=f"Org {MARKUP}"))
    for kind in set(BillEvent.Kind.values) - {"stage"}:
        BillEventFactory(bill=bill, kind=kind, is_news=True, before=MARKUP + LINES, after=MARKUP + LINES)
    fill_search()
    month = timezone.localtime(hearing.starts_at)
    return {
        "pages": [
            "/bills/",
            "/bills/104/hb1/",
            f"/bills/104/hb1/votes/{roll_call.pk}/",
            "/legislators/",
            "/legislators/pat/",
            "/committees/",
            "/committees/porches/",
            "/hearings/",
            f"/hearings/{hearing.pk}/",
            f"/hearings/{month.year}/{month.month}/",
            "/districts/house/1/",
        ],
        "atom": [
            "/bills/feed/",
            "/bills/104/hb1/feed/",
            "/legislators/pat/feed/",
            "/committees/porches/feed/",
        ],
        "json": ["/bills/feed.json", "/api/v1/bills/104/HB1", "/api/v1/hearings", "/api/v1/events"],
        "calendars": [
            "/hearings/all.ics",
            f"/hearings/{hearing.pk}.ics",
            "/committees/porches/hearings.ics",
            "/bills/104/hb1/hearings.ics",
        ],
    }


def test_markup_from_sources_is_shown_and_never_run(hostile, client):
    for path in hostile["pages"]:
        response = client.get(path)
        assert response.status_code == 200, path
        body = response.content.decode()
        assert not re.search(r"<script>alert|<img src=x|<u>D|</script><i>", body), path
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL):
            assert json.loads(block)["@context"] == "https://schema.org"


def test_feeds_and_calendars_stay_readable_whatever_sources_say(hostile, client):
    for path in hostile["atom"]:
        minidom.parseString(client.get(path).content)
    for path in hostile["json"]:
        assert json.loads(client.get(path).content)
    for path in hostile["calendars"]:
        content = client.get(path).content
        assert b"\x07" not in content
        assert not re.search(rb"(?m)^(ATTENDEE|X-EVIL)", content)
        assert not re.search(rb"(?<!\r)\n", content)
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        assert "\n" not in event["SUMMARY"]


# --- Absurd questions --------------------------------------------------------------------------------------------

WORDS = [
    "%00",
    "%ED%A0%80",
    "'%22;--",
    "*%26%7C%21%28%3A",
    "x" * 10_000,
    "-%20-",
    "%22",
    "or",
    "1" * 5000,
    "-1",
    "1e9",
    "%D9%A1",
]


@pytest.mark.parametrize(
    "path",
    [
        "/bills/",
        "/bills/feed/",
        "/hearings/",
        "/legislators/",
        "/api/v1/bills",
        "/api/v1/events",
        "/api/v1/hearings",
    ],
)
def test_no_question_breaks_a_list(path, client):
    for name in ("q", "page", "session", "subject", "committee", "changed", "chamber", "since", "bill_id"):
        for word in WORDS:
            assert client.get(f"{path}?{name}={word}").status_code in {200, 302, 422, 429}, (name, word)


@pytest.mark.parametrize(
    "path",
    [
        "/bills/{}/",
        "/bills/104/{}/",
        "/bills/104/{}/feed/",
        "/bills/104/{}/hearings.ics",
        "/bills/104/{}/fact-sheet.pdf",
        "/bills/{}/hb1/",
        "/bills/104/hb1/votes/{}/",
        "/legislators/{}/",
        "/committees/{}/hearings.ics",
        "/districts/house/{}/",
        "/districts/{}/1/",
        "/hearings/{}/",
        "/hearings/{}/1/",
        "/hearings/2026/{}/",
        "/hearings/followed/{}.ics",
        "/updates/following/{}/",
        "/api/v1/bills/104/{}",
        "/api/v1/legislators/ocd-person/{}",
    ],
)
def test_addresses_of_nothing_are_not_found(path, client):
    for word in ("0", "119", "9" * 20, "x" * 3000, "hb%D9%A1", "%F0%9F%92%A9", "%20", "hb0"):
        assert client.get(path.format(word)).status_code in {301, 404}, word


@pytest.mark.parametrize("question", ["events?since={}", "hearings?since={}", "bills?updated_since={}"])
def test_a_moment_without_an_offset_is_chicagos_and_an_impossible_one_is_said_to_be_wrong(question, client):
    assert client.get("/api/v1/" + question.format("2025-01-01")).status_code == 200
    for moment in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "2025-02-30"):
        assert client.get("/api/v1/" + question.format(moment)).status_code == 422


def test_staff_may_ask_for_years_that_never_were(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory(is_superuser=True))
    for year in ("0000", "0001", "9999", "x", "-1"):
        assert client.get("/admin/legislation/billtracking/p1/", {"year": year}).status_code == 200
        assert client.get("/admin/legislation/billtracking/p1.csv", {"year": year}).status_code == 200


# --- What is not public ------------------------------------------------------------------------------------------


def test_a_bill_tracked_in_private_tells_nothing_anywhere():
    bill = BillFactory(identifier="HB1", number=1, committee=CommitteeFactory(slug="porches"))
    SponsorshipFactory(bill=bill, legislator=LegislatorFactory(slug="pat"), role="chief")
    tracking = BillTrackingFactory(
        bill=bill,
        is_public=False,
        position="oppose",
        plain_title="Zzsecret plan",
        summary="Zzsecret",
        talking_points="<p>Zzsecret</p>",
        credit_text="Zzsecret",
    )
    unlisted = OrganizationFactory(name="Zzsecret Shelter", is_listed=False)
    tracking.credited.add(unlisted)
    OrganizationPositionFactory(bill=bill, organization=unlisted, statement="Zzsecret")
    hearing = HearingFactory(committee=bill.committee)
    HearingDocumentFactory(hearing=hearing, bill=bill)
    BillEventFactory(bill=bill, is_news=True)
    fill_search()
    everywhere = [
        "/bills/",
        "/bills/104/hb1/",
        "/bills/104/hb1/feed/",
        "/bills/feed.json",
        "/legislators/pat/",
    ]
    everywhere += ["/committees/porches/", "/hearings/", f"/hearings/{hearing.pk}/", "/hearings/all.ics"]
    everywhere += ["/api/v1/bills", "/api/v1/bills/104/HB1", "/api/v1/events", "/api/v1/hearings"]
    filtered = ["/bills/?position=any", "/bills/?position=oppose", "/bills/?priority=lead", "/bills/?q=plan"]
    filtered += ["/bills/feed/?position=any", "/hearings/?bills=tracked", "/api/v1/bills?priority=any"]
    partner = Client()
    partner.force_login(member(OrganizationFactory()))
    for client in (Client(), partner):
        for path in [*everywhere, *filtered]:
            body = client.get(path).content.decode()
            assert "Zzsecret" not in body, path
            if path in filtered:
                assert not re.search(r"HB ?1\b|/hb1/", body), path
    assert client.get("/bills/104/hb1/fact-sheet.pdf").status_code == 404


def test_private_plain_titles_are_not_suggested_as_words():
    BillTrackingFactory(is_public=False, plain_title="Zzsecret plan")
    BillTrackingFactory(is_public=True, plain_title="Yyopen plan")
    forget_vocabulary()
    assert "zzsecret" not in vocabulary()
    assert "yyopen" in vocabulary()
    forget_vocabulary()
