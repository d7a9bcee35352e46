"""Equity and tables: who comes beside who could, whom to invite next, followed to the door; and who sits where."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from partners.fiscal_year import CHICAGO
from portal.embedded.demo_logins import PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

TITLE = "Forum: who speaks for small agencies"
WORDS = "We miss your voice 🌻 when we talk about contracts."


@pytest.fixture(scope="module")
def staff(chromium: Browser, portal: Portal):
    somebody = Staff(chromium, portal, name="equity-staff")
    somebody.sign_in(STAFF.email, PASSWORD)
    yield somebody
    somebody.context.close()


def soon() -> datetime:
    """In half an hour, and not tomorrow: the door opens on the day of an event."""
    now = timezone.localtime(timezone.now(), CHICAGO)
    return min(now + timedelta(minutes=30), now.replace(hour=23, minute=58, second=0))


@pytest.mark.chapter
def test_staff_see_who_comes_beside_who_could(staff: Staff, newcomer) -> None:
    staff.open("/admin/")
    page = staff.press(re.compile("Equity panel$"))
    expect(page.get_by_role("heading", name="Local Area Councils")).to_be_visible()
    expect(
        page.get_by_text(re.compile(r"points (below|above) partners|the same as partners")).first
    ).to_be_visible()
    staff.press("Five years")
    table = page.get_by_role("region", name="Councils by quarter")
    expect(table.get_by_role("columnheader")).to_have_count(21)
    staff.press("Cook County", within=table)
    expect(page.get_by_role("heading", name="Meetings", exact=True)).to_be_visible()
    staff.open("/admin/meetings/eventinvitation/p4/")
    expect(page.get_by_text("those who only registered do not count")).to_be_visible()
    staff.press("For publication")
    expect(page.get_by_text("withheld").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel file").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    staff.press("To print")
    phone = Staff(staff.context.browser, staff.portal, width=390, name="equity-phone")
    phone.sign_in(STAFF.email, PASSWORD)
    phone.open("/admin/meetings/eventinvitation/equity/")
    phone.open("/admin/meetings/eventinvitation/p4/")
    phone.context.close()


@pytest.mark.chapter
def test_staff_publish_an_event(staff: Staff) -> None:
    page = staff.open("/admin/meetings/event/add/")
    starts = soon()
    ends = starts + timedelta(hours=2)
    staff.type_in(
        {
            "title": TITLE,
            "summary": "An hour on what small agencies need.",
            "starts_at_0": f"{starts:%Y-%m-%d}",
            "starts_at_1": f"{starts:%H:%M}:00",
            "ends_at_0": f"{ends:%Y-%m-%d}",
            "ends_at_1": f"{ends:%H:%M}:00",
            "venue": "Sample House",
            "street": "1 Sample Street",
            "city": "Peoria, IL 61602",
        }
    )
    page.locator("select[name=kind]").select_option("forum")
    page.locator("select[name=mode]").select_option("in_person")
    staff.save()
    staff.do("Publish")
    staff.confirm("Publish the event", "The event is published.")


@pytest.mark.chapter
def test_invited_mailed_registered_and_there(staff: Staff, newcomer) -> None:
    page = staff.open("/admin/meetings/event/?q=small+agencies")
    staff.press(TITLE)
    staff.press("Equity and whom to invite next")
    expect(page.get_by_text("Nobody was invited from this page yet.")).to_be_visible()
    for box in page.get_by_role("checkbox", name=re.compile("^Invite ")).all():
        box.uncheck()
    row = page.get_by_role("row").filter(has=page.get_by_role("checkbox", name=re.compile("^Invite "))).first
    row.get_by_role("checkbox").check()
    organization = row.get_by_role("checkbox").get_attribute("aria-label").removeprefix("Invite ")
    page.locator("[name=message]").fill(WORDS)
    staff.press("Look at the invitation")
    expect(page.frame_locator("iframe").get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text(organization).first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Send 1 invitation")).click()
    staff.arrive()
    expect(page.get_by_text("1 invitation goes out.").first).to_be_visible()

    page = staff.open("/mailbox/")
    address = page.get_by_role("row", name=re.compile("You are invited: Forum"))
    for _try in range(60):
        if address.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    to = re.search(r"[\w.+-]+@[\w.-]+", address.first.inner_text())[0]

    guest: Visitor = newcomer(width=390, name="invited")
    mail = guest.read_mail(to, "You are invited: Forum")
    expect(mail.get_by_text(WORDS)).to_be_visible()
    guest.follow(mail.get_by_role("link", name="See the event and register"))
    guest.press("Register")
    guest.fill({"First name": "Rosa", "Last name": "Delgado", "E-mail address": "rosa.colleague@example.org"})
    guest.press("Register for this event")
    expect(guest.page.get_by_role("heading", level=1)).to_be_visible()

    def tile(label: str):
        """The number of people in a tile of the invitations' way."""
        tiles = page.locator("dl.desk-tiles > div").filter(has=page.get_by_text(label, exact=True))
        return tiles.locator("dd").first

    page = staff.open("/admin/meetings/event/?q=small+agencies")
    staff.press(TITLE)
    event = page.url
    staff.press("Equity and whom to invite next")
    expect(tile("invited")).to_have_text(re.compile(r"^\s*1\D"))
    expect(tile("registered")).to_have_text(re.compile(r"^\s*1\D"))
    expect(tile("attended")).to_have_text(re.compile(r"^\s*0\D"))
    expect(page.get_by_role("checkbox", name=f"Invite {organization}")).to_have_count(0)

    staff.open(event)
    staff.press("Door")
    page.get_by_role("button", name=re.compile("Check in")).first.click()
    expect(page.locator(".door__count [data-here]")).to_have_text("1")
    staff.open(event)
    staff.press("Equity and whom to invite next")
    expect(tile("attended")).to_have_text(re.compile(r"^\s*1\D"))


def test_who_sits_where_for_the_sector(newcomer) -> None:
    reader = newcomer(width=390, scripts=False, name="tables-phone")
    reader.open("/tables/")
    desk = newcomer(name="tables")
    page = desk.open("/about/allies/")
    desk.press("Tables we sit at")
    expect(page.get_by_text("Alternate: Naomi Feldman")).to_be_visible()
    expect(page.get_by_text("Notes on the chair's succession")).to_have_count(0)
    desk.press("Contracts and payments: what the state agencies answered")
    expect(page.get_by_role("heading", name="Who sits there")).to_be_visible()


def test_staff_read_the_gap_matrix_and_write_a_report(staff: Staff) -> None:
    page = staff.open("/admin/")
    expect(page.get_by_role("heading", name="Terms that end in the next 90 days")).to_be_visible()
    staff.press(re.compile("Tables we sit at$"))
    staff.press("The Health and Human Service Coalition of Illinois")
    staff.do("Gap matrix")
    expect(page.get_by_role("columnheader", name="Partners that could fill it")).to_be_visible()
    staff.open("/admin/meetings/seatreport/add/")
    page.locator("select[name=seat]").select_option(index=1)
    staff.type_in({"title": "What we heard", "body": "Good news from the table."})
    page.locator("[name=is_public]").check()
    staff.save()
    staff.open("/tables/")
    expect(page.get_by_text("What we heard")).to_be_visible()
    staff.open("/admin/partners/underrepresentedsubsector/")
