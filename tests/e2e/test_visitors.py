"""What anybody can do without an account: read, write to us, subscribe, act; with a phone, without scripts, by keyboard."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from portal.embedded.demo_logins import ADVOCATE
from tests.e2e.visitor import Visitor

OPEN_CALL = "/take-action/fund-1000-repayments/"
OTHER_CALL = "/take-action/pay-for-services-delivered/"
CLOSED_CALL = "/take-action/first-dollars-for-loan-repayment/"
ANSWER = {"First name": "Imani", "Last name": "Brooks", "E-mail address": "imani.brooks@example.org"}


def test_reads_what_the_coalition_tells(visitor: Visitor) -> None:
    page = visitor.open("/")
    expect(page.get_by_role("heading", name="Issue of the Week")).to_be_visible()
    visitor.press("The whole story")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Arden Shore")
    visitor.press("Stories", within=page.get_by_role("navigation", name="Main"))
    page.locator(".rows a").first.click()
    visitor.arrive()
    visitor.press("Campaigns", within=page.get_by_role("navigation", name="Main"))
    for campaign in ("/campaigns/fund-loan-repayment/", "/campaigns/create-loan-repayment/"):
        visitor.open(campaign)
    visitor.press("Take action", within=page.get_by_role("navigation", name="Main"))
    visitor.press("$15 million for 1,000 loan repayments")
    visitor.open("/take-action/sign-on-fair-contracting/")  # For partners only.
    visitor.press("Agenda", within=page.get_by_role("navigation", name="Main"))
    expect(page.locator("ol.pillars > li, .pillars > *")).to_have_count(4)
    visitor.open("/agenda/2024/")
    visitor.open("/agenda/2025/equitable-pay-act/")


def test_reads_about_us(visitor: Visitor) -> None:
    for address in ("/about/", "/about/people/", "/about/allies/", "/privacy/", "/accessibility/"):
        visitor.open(address)


def test_meets_plain_pages_where_nothing_is(visitor: Visitor) -> None:
    visitor.open("/no-such-page/", status=404)
    for address in (
        "/take-action/confirm/forged/",
        "/updates/confirm/forged/",
        "/updates/unsubscribe/forged/",
    ):
        visitor.open(address, status=404)
    visitor.open("/invitation/forged/", status=404)
    visitor.open("/join/check/")
    expect(visitor.page.get_by_text("We no longer have your answers")).to_be_visible()


def test_finds_partners_in_the_directory(visitor: Visitor) -> None:
    page = visitor.open("/partners/")
    expect(page.locator(".lede")).to_contain_text(re.compile(r"\d+ partners on \w+ \d+, \d{4}"))
    names = page.locator(".rows a")
    first = names.first.inner_text()
    visitor.press("Next page")
    expect(names.first).not_to_have_text(first)
    page.get_by_label("Local Area Council").select_option(index=1)
    visitor.press("Show partners")
    found = int(page.locator("#found").inner_text().split()[0])
    expect(names).to_have_count(min(found, 24))
    visitor.press("Clear the filters")
    page.get_by_label("Name, city or service").fill("no organization is called this")
    visitor.press("Show partners")
    expect(page.get_by_role("heading", name="No partner matches")).to_be_visible()
    visitor.press("Show all partners")
    page.get_by_label("Name, city or service").fill(first)
    visitor.press("Show partners")
    visitor.press(first)
    expect(page.get_by_role("heading", level=1)).to_have_text(first)


def test_writes_to_us(visitor: Visitor) -> None:
    page = visitor.open("/about/contact/")
    ours = page.locator("main a[href^='mailto:']").first.inner_text()
    visitor.press("Send the message")
    visitor.expect_problem("Enter your name.", "Write your message.")
    visitor.fill(
        {
            "Your name": "Imani Brooks",
            "Your e-mail address": "imani.brooks@example.org",
            "What is it about?": "Volunteering in Cairo",
            "Your message": "Whom do I ask in Alexander County?\n\nThank you.",
        }
    )
    visitor.press("Send the message")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your message is on its way")
    visitor.read_mail(ours, "Volunteering in Cairo")
    expect(page.locator(".mail-text")).to_contain_text("Whom do I ask in Alexander County?")
    message = visitor.portal.message(page.url)
    assert message["Reply-To"] == "imani.brooks@example.org"


def test_subscribes_with_double_opt_in(visitor: Visitor) -> None:
    page = visitor.open("/updates/")
    visitor.press("Send me updates")
    visitor.expect_problem("Choose at least one topic.", "Enter your e-mail address.")
    page.get_by_label("Issue of the Week").check()
    visitor.fill({"Your e-mail address": "weekly.reader@example.org"})
    visitor.press("Send me updates")
    mail = visitor.read_mail("weekly.reader@example.org", "Please confirm")
    page = visitor.follow(mail.get_by_role("link", name="Confirm my updates"))
    expect(page.get_by_text("Issue of the Week").first).to_be_visible()
    visitor.open(page.url)  # Mail scanners follow links too; nothing is confirmed by that.
    visitor.press("Yes, send me these")
    expect(page.get_by_role("heading", level=1)).to_have_text("You get our updates")
    visitor.press("Choose what we send you")
    for topic, often in (("Issue of the Week", "Each message"), ("Coalition news", "Nothing")):
        choice = page.get_by_role("group", name=topic).get_by_role("radio", name=often)
        expect(choice).to_be_checked()


def people_counted(visitor: Visitor, call: str) -> int:
    """What a call's page says of how many have acted."""
    number = visitor.open(call).locator(".beam__value").inner_text()
    return int(number.replace(",", ""))


def test_acts_on_a_phone_without_an_account(phone: Visitor) -> None:
    before = people_counted(phone, OPEN_CALL)
    page = phone.page
    act = page.get_by_role("main").locator("form").get_by_role("button")
    name = act.inner_text()
    phone.press(name)
    phone.expect_problem("Enter your first name.", "Enter your e-mail address.")
    phone.fill(ANSWER | {"ZIP code": "6O601", "Comment": "I still repay mine."})
    phone.press(name)
    expect(page).to_have_title(re.compile("^Error: "))
    expect(phone.field("Comment")).to_have_value("I still repay mine.")
    phone.fill({"ZIP code": "60601"})
    phone.press(name)
    expect(page).to_have_url(re.compile("check-your-mail"))
    assert people_counted(phone, OPEN_CALL) == before

    mail = phone.read_mail(ANSWER["E-mail address"], "Please confirm")
    page = phone.follow(mail.get_by_role("link", name="See my answer and confirm it"))
    expect(page.locator(".summary-list")).to_contain_text("Imani Brooks")
    assert people_counted(phone, OPEN_CALL) == before
    page.go_back()
    confirmation = page.url
    phone.press(name)
    expect(page.locator(".confirmation__reference")).to_have_text(re.compile(r"^A-[2-9A-Z]{8}$"))
    reference = page.locator(".confirmation__reference").inner_text()
    assert people_counted(phone, OPEN_CALL) == before + 1

    # The link again: the same thanks, and nobody counts twice.
    phone.open(confirmation)
    expect(page.locator(".confirmation__reference")).to_have_text(reference)
    phone.read_mail(ANSWER["E-mail address"], "Thank you")
    expect(page.locator(".mail-text")).to_contain_text(reference)
    assert people_counted(phone, OPEN_CALL) == before + 1


def test_acts_again_and_counts_once(phone: Visitor) -> None:
    before = people_counted(phone, OPEN_CALL)
    page = phone.page
    name = page.get_by_role("main").locator("form").get_by_role("button").inner_text()
    phone.fill(ANSWER | {"Comment": "And so does my sister."})
    phone.press(name)
    expect(page).to_have_url(re.compile("check-your-mail"))  # The same page as for a new address.
    mail = phone.read_mail(ANSWER["E-mail address"], "Please confirm")
    phone.follow(mail.get_by_role("link", name="See my answer and confirm it"))
    if phone.page.get_by_role("button", name=name).count():
        phone.press(name)
    expect(phone.page.locator(".confirmation__reference")).to_be_visible()
    assert people_counted(phone, OPEN_CALL) == before


def test_acts_without_scripts(newcomer) -> None:
    plain: Visitor = newcomer(scripts=False, name="plain")
    page = plain.open(OTHER_CALL)
    name = page.get_by_role("main").locator("form").get_by_role("button").inner_text()
    plain.press(name)
    expect(page).to_have_title(re.compile("^Error: "))
    plain.fill(ANSWER | {"E-mail address": "no.scripts@example.org"})
    plain.press(name)
    expect(page).to_have_url(re.compile("check-your-mail"))
    plain.read_mail("no.scripts@example.org", "Please confirm")
    plain.open(str(page.locator(".mail-text a", has_text="/confirm/").get_attribute("href")))
    plain.press(name)
    expect(page.locator(".confirmation__reference")).to_be_visible()


def test_begins_to_join_without_scripts(newcomer) -> None:
    plain: Visitor = newcomer(scripts=False, name="plain-join")
    page = plain.open("/join/")
    plain.press("Start your request")
    plain.press("Save and continue")
    expect(page).to_have_title(re.compile("^Error: "))
    plain.fill({"Name of your organization": "Paper Lantern Day Center", "City or town": "Galena"})
    plain.fill({"ZIP code": "61036"})
    page.get_by_label("County").select_option(label="Jo Daviess")
    plain.press("Save and continue")
    expect(page).to_have_url(re.compile("/join/people/"))
    plain.fill(
        {"First name": "Noor", "Last name": "Haddad", "Work e-mail address": "noor@paperlantern.example"}
    )
    plain.press("Save and continue")
    expect(page).to_have_url(re.compile("/join/services/"))


def focused(page: Page) -> str:
    """What has the focus: its id, name or words."""
    return page.evaluate("(e => e.id || e.name || e.innerText.trim())(document.activeElement)")


def test_acts_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open(OTHER_CALL)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    typed = {"id_first_name": "Ade", "id_last_name": "Okafor", "id_email": "ade.okafor@example.org"}
    met: list[str] = []
    for _step in range(40):
        page.keyboard.press("Tab")
        met.append(focused(page))
        outline = "(e => getComputedStyle(e).outlineStyle + ' ' + getComputedStyle(e).outlineWidth)(document.activeElement)"
        assert page.evaluate(outline) not in {"none 0px", "none 3px"}, f"{met[-1]} shows no focus"
        if words := typed.get(met[-1]):
            page.keyboard.type(words)
        if met[-1] == "id_show_name":
            page.keyboard.press("Space")
        if page.evaluate("document.activeElement.type === 'submit'"):
            break
    assert "id_website_url2" not in met  # The trap for robots.
    expect(page.locator("#id_show_name")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("check-your-mail"))
    visitor.arrive()


def test_asks_for_a_new_password(visitor: Visitor) -> None:
    pages = []
    for address in (ADVOCATE.email, "nobody.we.know@example.org"):
        visitor.open("/accounts/password/reset/")
        visitor.field("E-mail address").fill(address)
        visitor.press("Send me the link")
        pages.append(visitor.page.get_by_role("main").inner_text())
    assert pages[0] == pages[1]
    mail = visitor.read_mail(ADVOCATE.email, "Reset your password")
    page = visitor.follow(mail.get_by_role("link", name="Choose a new password"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a new password")
    assert visitor.mails("nobody.we.know@example.org", "Reset your password") == 0


def test_sign_in_tells_nothing_about_addresses(visitor: Visitor) -> None:
    pages = []
    for address in (ADVOCATE.email, "nobody.we.know@example.org"):
        visitor.sign_in(address, "a wrong password")
        expect(visitor.page).to_have_title(re.compile("^Error: "))
        pages.append(visitor.page.get_by_role("main").inner_text())
    assert pages[0] == pages[1]


def test_finds_a_closed_call_with_its_outcome(visitor: Visitor) -> None:
    page = visitor.open(CLOSED_CALL)
    expect(page.get_by_role("heading", name="This call to action is over")).to_be_visible()
    expect(page.locator("[aria-labelledby=outcome]")).to_contain_text(re.compile(r"\d"))
    expect(page.get_by_role("main").locator("form")).to_have_count(0)
    # Somebody had the form open when the call closed.
    visitor.open("/take-action/pay-for-services-delivered/")
    with page.expect_navigation() as answer:
        page.evaluate(
            "path => { const form = document.querySelector('main form'); form.action = path; form.submit() }",
            CLOSED_CALL,
        )
    assert answer.value.status == 410
    visitor.arrive()
    expect(page.get_by_role("heading", name="This call to action is over")).to_be_visible()


@pytest.mark.parametrize("address", ["/", "/stories/", "/partners/", "/campaigns/", "/about/"])
def test_reads_without_leaving_traces(portal, address: str) -> None:
    """Pages without a form set no cookie, and a second reading costs nothing."""
    page = httpx.get(f"{portal.address}{address}")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    again = httpx.get(f"{portal.address}{address}", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
