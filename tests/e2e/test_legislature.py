"""Bills, hearings and lawmakers in a browser: a visitor looks, a partner follows and goes on record, staff keep watch."""

import re

import pytest
from playwright.sync_api import expect

from portal.embedded.demo_logins import ADVOCATE, CONTACT, PASSWORD, STAFF
from tests.e2e.visitor import Visitor

OURS = "Equal pay for human service workers"


def bill_page(visitor: Visitor, number: str) -> str:
    """The address of a measure of the sample legislature, found as a visitor would."""
    page = visitor.open("/bills/")
    page.get_by_label("Number, words or a name").fill(number)
    visitor.press("Show bills")
    page.locator(".rows a").first.click()
    visitor.arrive()
    return page.url


def test_finds_a_bill_however_the_number_is_typed(visitor: Visitor) -> None:
    addresses = {
        bill_page(visitor, number) for number in ("hb 1402", "HB-1402", "1402", "equal pay taskforce")
    }
    assert len(addresses) == 1
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text(OURS)
    expect(page.get_by_text("We support")).to_be_visible()
    expect(page.get_by_role("heading", name="Next hearing")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"\d+ sponsors"))).to_be_visible()


def test_narrows_the_list_without_a_script(newcomer) -> None:
    visitor = newcomer(scripts=False)
    page = visitor.open("/bills/?position=support")
    everything = page.locator(".rows > *").count()
    page = visitor.open("/bills/?position=oppose")
    assert 0 < page.locator(".rows > *").count() < everything


def test_is_warned_that_a_text_was_replaced(visitor: Visitor) -> None:
    bill_page(visitor, "HB 2955")
    expect(visitor.page.get_by_text(re.compile("replace", re.IGNORECASE)).first).to_be_visible()


def test_reads_a_roll_call(visitor: Visitor) -> None:
    bill_page(visitor, "HB 2078")
    page = visitor.page
    page.locator('a[href*="/votes/"]').first.click()
    visitor.arrive()
    expect(page.get_by_role("table").first).to_be_visible()


def test_looks_up_hearings_and_puts_one_in_the_calendar(visitor: Visitor) -> None:
    page = visitor.open("/hearings/")
    expect(page.get_by_text("Slips open").first).to_be_visible()
    page.locator(".rows .row__title a").first.click()
    visitor.arrive()
    with page.expect_download() as download:
        page.locator('a[href$=".ics"]').first.click()
    assert download.value.path().read_text().startswith("BEGIN:VCALENDAR")


def test_finds_both_lawmakers_from_a_point(visitor: Visitor) -> None:
    page = visitor.open("/who-represents-me/")
    page.get_by_label("Latitude and longitude").fill("41.88, -87.65")
    visitor.press("Find this point")
    expect(page.get_by_role("heading", name="Your two legislators")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/districts/house/\d+/$"))


@pytest.mark.parametrize(
    "address",
    [
        "/legislators/",
        "/committees/",
        "/budget/",
        "/api/v1/",
        "/districts/senate/59/",
        "/bills/?q=zzzz",
        "/bills/104/hb999999/",
    ],
)
def test_reads_every_kind_of_page(visitor: Visitor, address: str) -> None:
    visitor.open(address, status=404 if "999999" in address else 200)


def test_follows_a_bill_and_stops(newcomer) -> None:
    visitor = newcomer()
    visitor.sign_in(ADVOCATE.email, PASSWORD)
    bill = bill_page(visitor, "SB 2044")
    visitor.press("Follow SB 2044")
    page = visitor.open("/my/following/")
    expect(page.get_by_text("SB 2044").first).to_be_visible()
    visitor.open(bill)
    visitor.press("Stop following SB 2044")
    expect(page.get_by_role("button", name="Follow SB 2044")).to_be_visible()


def test_an_advocate_proposes_and_the_primary_contact_puts_it_on_record(newcomer) -> None:
    advocate = newcomer()
    advocate.sign_in(ADVOCATE.email, PASSWORD)
    page = advocate.open("/my/organizations/arden-shore-child-and-family-services/positions/new/?q=HB2301")
    page.locator('a[href*="bill="]').first.click()
    advocate.arrive()
    page.get_by_label(re.compile("^Support")).check()
    advocate.press("Check what you wrote")
    advocate.press("Send the proposal")
    assert advocate.mails(CONTACT.email, "position") >= 1
    contact = newcomer()
    contact.sign_in(CONTACT.email, PASSWORD)
    contact.open("/my/organizations/arden-shore-child-and-family-services/positions/")
    contact.press(re.compile("Approve"))
    contact.press(re.compile("Approve|Put it on record"))
    bill_page(contact, "HB 2301")
    expect(contact.page.get_by_text(re.compile("1 partner supports it|Arden Shore")).first).to_be_visible()


def test_staff_see_what_changed_and_what_came_in(newcomer) -> None:
    from tests.e2e.desk import Staff

    staff = newcomer()
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.page
    page.goto(f"{staff.portal.address}/admin/legislation/syncrun/")
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    assert Staff is not None
