"""Writing to legislators and calling them in a browser: a visitor by address, a partner with a telephone, staff who count."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from portal.embedded.demo_logins import ADVOCATE, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.visitor import Visitor
from tests.legislation.geocoder import answer, match

WRITE, CALL = "/take-action/write-to-your-legislators/", "/take-action/call-your-legislators/"
ADDRESS = "401 S 2nd St, Springfield"
WHO = {"First name": "Imani", "Last name": "Brooks", "E-mail address": "imani.writes@example.org"}


@pytest.mark.chapter
def test_a_visitor_writes_by_address_without_scripts(newcomer: Callable[..., Visitor]) -> None:
    visitor = newcomer(width=390, scripts=False, name="writer")
    visitor.portal.geocoder.answers = [answer(match(ADDRESS, 41.88, -87.65))]
    page = visitor.open(WRITE)
    visitor.press("Find my legislators")
    expect(page).to_have_title(re.compile("^Error: "))
    visitor.fill({"Your home address or ZIP code": ADDRESS})
    visitor.press("Find my legislators")
    expect(page).to_have_url(re.compile(r"\?house=\d+#act$"))
    assert "2nd" not in page.url
    expect(page.get_by_text("Represents you")).to_have_count(2)

    visitor.press("E-mail my legislators")
    expect(page).to_have_title(re.compile("^Error: "))
    visitor.fill(WHO | {"ZIP code": "60601", "What it means to you": "My sister is a counselor."})
    visitor.press("E-mail my legislators")
    expect(page.get_by_role("heading", name="Check your message and send it")).to_be_visible()
    choices = page.locator("main fieldset")
    expect(choices.first.get_by_role("radio", name="Send it for me")).to_be_checked()
    link = page.locator("main a[href^='mailto:']").first
    written = unquote(str(link.get_attribute("href")))
    assert re.search(r"Dear (Representative|Senator) ", written)
    assert "My sister is a counselor.\r\n\r\nImani Brooks\r\nZIP code 60601" in written
    choices.nth(1).get_by_role("radio", name="I sent it myself").check()
    visitor.press("Send my message")
    expect(page).to_have_url(re.compile("check-your-mail"))

    visitor.read_mail(WHO["E-mail address"], "Please confirm")
    visitor.open(str(page.locator(".mail-text a", has_text="/confirm/").get_attribute("href")))
    expect(page.locator(".summary-list")).to_contain_text("My sister is a counselor.")
    visitor.press("E-mail my legislators")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your legislators hear from you")
    expect(page.get_by_text("Sent from a mail program")).to_be_visible()


@pytest.mark.chapter
def test_a_partner_calls_and_logs(newcomer: Callable[..., Visitor]) -> None:
    partner = newcomer(name="caller")
    partner.sign_in(ADVOCATE.email, PASSWORD)
    page = partner.open(f"{CALL}?house=25")
    expect(page.get_by_role("heading", name="What to say")).to_be_visible()
    assert page.locator("a[href^='tel:+1']").count() >= 3
    partner.press("Record my calls")
    partner.expect_problem("Say of at least one call how it went.")
    page.locator("main fieldset").first.get_by_role("radio", name="spoke with somebody").check()
    partner.field("What did they say?").first.fill("She will look at the bill.")
    partner.press("Record my calls")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your calls are on record")
    expect(page.get_by_text("Spoke with somebody")).to_be_visible()
    page = partner.open(f"{CALL}?house=25")
    expect(page.get_by_role("heading", name="What you did so far")).to_be_visible()
    expect(partner.field("What did they say?").first).to_have_value("She will look at the bill.")


@pytest.mark.chapter
def test_staff_read_the_results(newcomer: Callable[..., Visitor], chromium, portal) -> None:
    staff = Staff(chromium, portal, name="results")
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open("/admin/campaigns/calltoaction/?q=Write+for")
    page.locator("#result_list a", has_text="Write for").first.click()
    staff.arrive()
    page.get_by_role("link", name="Results by legislator and district").click()
    staff.arrive()
    expect(page.get_by_role("heading", name="By House district of those who acted")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Every contact (CSV)").click()
    assert "imani.writes@example.org" in download.value.path().read_text()
    staff.context.close()
