"""Filing a witness slip: a partner pledges, copies and reports; a visitor reports for themself; an advocate can't name it."""

import re

from playwright.sync_api import Page, expect

from portal.embedded.demo_logins import ADVOCATE, CONTACT, PASSWORD
from tests.e2e.visitor import Visitor

VISITOR = {"First name": "Noor", "Last name": "Haddad", "E-mail address": "noor.haddad@example.org"}
# The first hearing of the sample is the soonest; its call leads those for slips.
SLIP_CALL = re.compile(r"^File a slip for ")


def open_call(visitor: Visitor) -> Page:
    """The first open call for slips, found as people find it."""
    visitor.open("/take-action/")
    visitor.press(SLIP_CALL)
    return visitor.page


def answer_for_each_document(page: Page) -> None:
    for group in page.get_by_role("group", name=re.compile("^Your position on")).all():
        group.get_by_label("Proponent").check()


def test_a_partner_pledges_copies_and_says_they_filed(visitor: Visitor) -> None:
    visitor.sign_in(CONTACT.email, PASSWORD)
    page = open_call(visitor)
    address = page.url
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visitor.portal.address)
    expect(page.get_by_role("heading", name="Say that you will file")).to_be_visible()
    visitor.press("I will file it")
    expect(page.get_by_text("To file", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="I will file it")).to_have_count(0)

    firm = visitor.field("Firm, business or agency")
    assert "Arden Shore" in firm.input_value()
    visitor.field("Title").fill("Program director")
    page.get_by_role("button", name="Copy Title").click()
    assert page.evaluate("navigator.clipboard.readText()") == "Program director"
    visitor.press("Myself", within=page.locator(".slip-guide"))
    expect(visitor.field("Firm, business or agency")).to_have_value("Self")

    visitor.open(address)
    answer_for_each_document(page)
    page.get_by_role("group", name="On whose behalf did you file?").get_by_label("Arden Shore").check()
    visitor.press("I filed it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We noted what you filed")
    visitor.open("/my/slips/")
    expect(page.get_by_text("Filed, you say").first).to_be_visible()
    visitor.open("/my/")
    visitor.open(address)
    expect(page.get_by_role("button", name="Update what I filed")).to_be_visible()


def test_a_visitor_reports_for_themself_on_a_phone(phone: Visitor) -> None:
    page = open_call(phone)
    expect(page.get_by_role("heading", name="Say that you will file")).to_have_count(0)
    expect(phone.field("Firm, business or agency")).to_have_value("Self")
    phone.fill(VISITOR)
    answer_for_each_document(page)
    phone.press("I filed it")
    expect(page).to_have_url(re.compile("check-your-mail"))
    mail = phone.read_mail(VISITOR["E-mail address"], "Please confirm")
    page = phone.follow(mail.get_by_role("link").first)
    expect(page.get_by_text("Myself")).to_be_visible()
    phone.press("I filed it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We noted what you filed")


def test_an_advocate_cannot_name_the_organization(visitor: Visitor) -> None:
    visitor.sign_in(ADVOCATE.email, PASSWORD)
    page = open_call(visitor)
    expect(page.get_by_text("you need its permission").first).to_be_visible()
    expect(page.get_by_role("group", name="On whose behalf did you file?")).to_have_count(0)
    expect(visitor.field("Firm, business or agency")).to_have_value("Self")
    answer_for_each_document(page)
    visitor.press("I filed it")
    visitor.open("/my/slips/")
    expect(page.get_by_text("For yourself").first).to_be_visible()


def test_without_scripts_the_fields_can_still_be_copied(newcomer) -> None:
    plain = newcomer(scripts=False, name="plain")
    page = open_call(plain)
    expect(plain.field("Firm, business or agency")).to_have_value("Self")
    expect(page.get_by_role("button", name=re.compile("^Copy"))).to_have_count(0)
    expect(page.get_by_text("with the button or by selecting the words")).to_be_visible()


def test_a_visitor_pledges_in_a_partners_frame_and_goes_on_to_the_guide(newcomer) -> None:
    visitor = newcomer(scripts=False, name="slip-frame", width=390)
    page = open_call(visitor)
    address = page.url.replace("/take-action/", "/embed/")
    visitor.open(f"{address}?partner=arden-shore-child-and-family-services")
    visitor.press("I will file it")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    who = {"First name": "Ruth", "Last name": "Okoro", "E-mail address": "ruth.okoro@example.org"}
    visitor.fill(who)
    visitor.press("I will file it")
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step: check your mail")
    expect(page.get_by_text("Shared by Arden Shore")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Open the guide"))).to_be_visible()
    mail = visitor.read_mail(who["E-mail address"], "Please confirm")
    page = visitor.follow(mail.get_by_role("link").first)
    visitor.press("I will file it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We noted that you will file.")
    told = page.url
    visitor.press("Open the guide")
    expect(visitor.field("Representation")).to_have_value("Self")
    assert "source=partner-arden-shore" in page.url
    visitor.open(told)
    visitor.press("I filed it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We noted what you filed")
