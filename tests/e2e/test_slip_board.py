"""Staff turn an open slip window into a call, and read who is on record on the board of a hearing that is over."""

import re

import pytest
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal

WINDOWS = "/admin/legislation/hearing/slip-windows/"


@pytest.fixture
def staff(chromium: Browser, portal: Portal):
    somebody = Staff(chromium, portal, name="slip-board")
    somebody.sign_in(STAFF.email, PASSWORD)
    yield somebody
    somebody.context.close()


def test_from_an_open_window_to_a_published_call_and_its_alert(staff: Staff) -> None:
    page = staff.open("/admin/")
    expect(page.get_by_role("heading", name="Slip windows open without a call")).to_be_visible()
    page.get_by_role("link", name="All windows, with a draft one press away").click()
    staff.arrive()
    drafts = page.get_by_role("button", name=re.compile("^Draft the call for"))
    before = drafts.count()
    assert before
    drafts.first.click()
    staff.arrive()
    expect(page.get_by_text("The draft is written").first).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value(re.compile("^File a slip"))
    staff.do("Publish")
    staff.confirm("Publish the call to action", "is published")
    staff.do("Write an alert about it")
    expect(page.locator("[name=subject]")).to_have_value(re.compile("file a witness slip"))
    staff.open(WINDOWS)
    expect(drafts).to_have_count(before - 1)


def test_the_board_says_who_is_on_record_and_who_is_not(staff: Staff) -> None:
    page = staff.open("/admin/legislation/hearing/?when=past")
    page.locator("#result_list tbody th a").first.click()
    staff.arrive()
    staff.do("Slip board")
    expect(page.get_by_text(re.compile(r"\d+ of \d+ that pledged or reported are on record"))).to_be_visible()
    expect(page.get_by_text("so nobody is reminded")).to_be_visible()
    page.get_by_text(re.compile("partners in a table")).first.click()
    expect(page.get_by_role("columnheader", name="On the official list").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV file").click()
    assert download.value.suggested_filename.endswith(".csv")
