"""What follows on an action, in a browser: one's own contacts, partners before a hearing, the result told, the frame's question."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.visitor import Visitor

OWN = "/my/organizations/arden-shore-child-and-family-services/"
FRAME = "/embed/write-to-your-legislators/?partner=arden-shore-child-and-family-services"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_partner_finds_whom_they_wrote_to(newcomer: Callable[..., Visitor], width: int) -> None:
    contact = newcomer(name="contacts", width=width)
    contact.sign_in(CONTACT.email, PASSWORD)
    page = contact.open("/my/")
    contact.press("My contacts with legislators", within=page.get_by_role("main"))
    expect(page.get_by_role("heading", level=1)).to_have_text("My contacts with legislators")
    expect(page.get_by_text("Please pay providers within 30 days").first).to_be_visible()
    expect(page.get_by_text("a personal reply").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as a table (CSV)").click()
    assert "She asked how long we wait now." in download.value.path().read_text(encoding="utf-8-sig")
    page.locator(".rows > li").first.get_by_role("link").first.click()
    contact.arrive()
    expect(page.get_by_role("heading", name="Bills with this name on them")).to_be_visible()


def test_a_primary_contact_sees_which_partners_are_on_record(newcomer: Callable[..., Visitor]) -> None:
    contact = newcomer(name="at-hearing")
    contact.sign_in(CONTACT.email, PASSWORD)
    page = contact.open(f"{OWN}positions/")
    hearings = page.get_by_role("link", name=re.compile("^Partners on record, hearing of"))
    if not hearings.count():
        contact.open(f"{OWN}positions/new/?q=HB1402")
        page.locator('a[href*="bill="]').first.click()
        contact.arrive()
        page.get_by_label(re.compile("^Support")).check()
        contact.press("Check what you wrote")
        contact.press("Put it on record")
    # The last hearing is the one whose list is in.
    hearings.last.click()
    contact.arrive()
    expect(page.get_by_role("heading", level=1)).to_have_text("Partners on record for this hearing")
    expect(page.get_by_text("(your organization)")).to_be_visible()
    expect(page.get_by_role("heading", name="Not on the official list")).to_be_visible()
    small = newcomer(name="at-hearing-phone", width=390)
    small.sign_in(CONTACT.email, PASSWORD)
    small.open(page.url)


def test_the_frame_asks_where_one_lives(newcomer: Callable[..., Visitor]) -> None:
    visitor = newcomer(name="frame-home", width=390)
    page = visitor.open(FRAME)
    page.get_by_label(re.compile("^Your home address or ZIP code")).fill("60601")
    with visitor.context.expect_page() as opened:
        page.get_by_role("button", name=re.compile("^Find my legislators")).click()
    visitor.page = opened.value
    visitor.arrive()
    assert visitor.context.cookies() == [] or "write-to-your-legislators" in visitor.page.url
    expect(visitor.page.get_by_text(re.compile("Write for HB")).first).to_be_visible()
    assert "partner-arden-shore" in visitor.page.content()


def test_staff_tell_what_came_of_it_and_see_how_far_it_is(chromium, portal, newcomer) -> None:
    staff = Staff(chromium, portal, name="telling")
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open("/admin/campaigns/calltoaction/?q=tell+your+team")
    page.locator("#result_list tbody th a").first.click()
    staff.arrive()
    staff.do("Write the result to those who acted")
    page.get_by_role("button", name=re.compile("^Send it to ")).click()
    staff.arrive()
    desk_page = page.url
    reader = newcomer(name="told")
    reader.read_mail(CONTACT.email, "What came of it")
    staff.open(desk_page)
    expect(page.get_by_text(re.compile("Messages written: |Being written: ")).first).to_be_visible()
    expect(page.get_by_role("link", name="Write the result to those who acted")).to_have_count(0)
    staff.open("/admin/mailing/outboxmessage/?state__exact=expired")
    staff.context.close()
