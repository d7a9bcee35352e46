"""Trainings that cost something, in a browser: paid by invoice, paid by card, paid by a scholarship."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

COURSE = "/trainings/telling-our-story/"
FEE = re.compile("^Large organization: ")


@pytest.fixture
def staff(chromium: Browser, portal: Portal):
    somebody = Staff(chromium, portal, name="staff")
    somebody.sign_in(STAFF.email, PASSWORD)
    yield somebody
    somebody.context.close()


def register(somebody: Visitor, first: str, last: str, email: str, *, help_wanted: str) -> None:
    """Registers a stranger for the last session of the course, at the full fee."""
    page = somebody.open(COURSE)
    page.locator(".rows a[href^='/trainings/sessions/']").last.click()
    somebody.arrive()
    somebody.press("Register")
    somebody.fill({"First name": first, "Last name": last, "E-mail address": email})
    page.get_by_label("I take part", exact=True).check()
    somebody.press("Save and continue")
    somebody.press("Save and continue")
    page.get_by_label(FEE).check()
    somebody.press("Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Help with the fee")
    page.get_by_label(help_wanted).check()
    somebody.press("Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    somebody.press("Register")
    expect(page.locator(".confirmation__reference")).to_be_visible()


def test_fee_page_tells_what_it_costs_and_who_teaches(phone: Visitor) -> None:
    page = phone.open("/trainings/fees/")
    expect(page.get_by_role("table")).to_contain_text("Telling our story")
    expect(page.get_by_text("Open Door Fund", exact=True)).to_be_visible()
    phone.press("Who teaches", within=page.get_by_role("main"))
    expect(page.get_by_role("heading", name="Imani Brooks")).to_be_visible()
    expect(page.get_by_text("Jordan Whitefeather")).to_have_count(0)


def test_an_invoice_is_paid_by_check(phone: Visitor, staff: Staff) -> None:
    register(phone, "Noor", "Khalil", "noor.khalil@mailbox.example", help_wanted="No, we pay the fee")
    mail = phone.read_mail("noor.khalil@mailbox.example", "Invoice INV-")
    page = phone.follow(mail.get_by_role("link", name="Read the invoice"))
    number = page.get_by_role("heading", level=1).inner_text().removeprefix("Invoice ")
    own = page.url
    expect(page.get_by_text("By check: to")).to_be_visible()
    paper = page.request.get(f"{own}invoice.pdf")
    assert number in PdfReader(BytesIO(paper.body())).pages[0].extract_text()
    desk = staff.open(f"/admin/trainings/invoice/?q={number}")
    desk.get_by_role("link", name=number).click()
    staff.arrive()
    staff.do("Mark as paid")
    desk.locator("[name=note]").fill("Check 1001")
    staff.confirm("Mark as paid", "The invoice is paid.")
    phone.open(own)
    expect(page.get_by_text("Thank you, this invoice is paid")).to_be_visible()
    phone.read_mail("noor.khalil@mailbox.example", f"Paid: invoice {number}")


def test_an_invoice_is_paid_by_card(visitor: Visitor) -> None:
    register(visitor, "Bea", "Otero", "bea@mailbox.example", help_wanted="No, we pay the fee")
    mail = visitor.read_mail("bea@mailbox.example", "Invoice INV-")
    page = visitor.follow(mail.get_by_role("link", name="Read the invoice"))
    own = page.url
    page.get_by_role("button", name="Pay by card").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pay $60.00")
    page.get_by_role("button", name="Pay now").click()
    expect(page).to_have_url(f"{own}?from=card")
    visitor.arrive()
    expect(page.get_by_text("Thank you, this invoice is paid")).to_be_visible()
    expect(page.get_by_role("button", name="Pay by card")).to_have_count(0)


def test_a_scholarship_is_asked_for_approved_and_leaves_a_free_seat(phone: Visitor, staff: Staff) -> None:
    register(phone, "Ilse", "Marek", "ilse@mailbox.example", help_wanted="Yes, with the whole fee")
    mail = phone.read_mail("ilse@mailbox.example", "We have your scholarship request")
    page = phone.follow(mail.get_by_role("link", name="See or take back the request"))
    expect(page.get_by_text("You asked for $60")).to_be_visible()
    desk = staff.open("/admin/trainings/scholarshiprequest/?q=ilse@mailbox.example")
    desk.locator("#result_list tbody a").first.click()
    staff.arrive()
    expect(desk.get_by_text("Ilse Marek").first).to_be_visible()
    staff.do("Approve")
    desk.locator("[name=words]").fill("See you there!")
    staff.confirm("Award the scholarship", "The scholarship is awarded.")
    answer = phone.read_mail("ilse@mailbox.example", "Your scholarship")
    expect(answer.get_by_text("Nothing is left to pay.")).to_be_visible()
    expect(answer.get_by_text("See you there!")).to_be_visible()
    assert phone.mails("ilse@mailbox.example", "Invoice INV-") == 0


def test_members_see_their_invoices(visitor: Visitor) -> None:
    visitor.sign_in(CONTACT.email, PASSWORD)
    page = visitor.open("/my/trainings/invoices/")
    page.get_by_role("table").get_by_role("link", name=re.compile("^INV-")).first.click()
    visitor.arrive()
    visitor.press("Ask for a scholarship")
    visitor.press("Ask for a scholarship")
    visitor.expect_problem("Choose one.")


def test_the_desk_of_fees_is_usable(staff: Staff) -> None:
    staff.open("/admin/trainings/scholarshipfund/")
    staff.do("Training scholarships (F4)")
    expect(staff.page.get_by_text("dollars offered").first).to_be_visible()
    staff.open("/admin/trainings/facilitatordemographics/")
    staff.do("Pay by group")
    expect(staff.page.get_by_text("withheld").first).to_be_visible()
    for page in ("invoice", "facilitator", "facilitation", "trainingsponsor", "paymentevent"):
        staff.open(f"/admin/trainings/{page}/")
