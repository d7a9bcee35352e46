"""A letter that organizations sign, and a story that somebody tells and takes back, in a browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import ADVOCATE, CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

LETTER = "/take-action/letter-pay-on-time/"
STORIES = "/take-action/share-what-changed/"
OURS = "Arden Shore Child and Family Services"
AUTHOR = "noor.haddad@mailbox.example"
HEADLINE = "The night the furnace went out"
ARTICLE = "/stories/the-night-the-furnace-went-out/"
TOLD = "The shelter's night manager sat with us until the furnace man came, and he had brought soup."


@pytest.fixture
def staff(chromium: Browser, portal: Portal):
    somebody = Staff(chromium, portal, name="staff")
    yield somebody
    somebody.context.close()


def test_visitor_reads_the_letter_and_its_signers(phone: Visitor) -> None:
    page = phone.open(LETTER)
    expect(page.get_by_text("its primary contacts")).to_be_visible()
    phone.press("Read the letter and see who signed")
    expect(page.get_by_role("heading", name=re.compile(r"\d+ organizations sign"))).to_be_visible()
    assert page.locator(".rows .row").count() > 10
    answer = page.request.get(f"{LETTER}letter.pdf")
    assert answer.ok
    assert answer.body().startswith(b"%PDF")


def test_advocate_cannot_sign_and_asks_the_primary_contact(visitor: Visitor, newcomer) -> None:
    visitor.sign_in(ADVOCATE.email, PASSWORD)
    page = visitor.open(LETTER)
    expect(page.get_by_label("Your job title")).to_have_count(0)
    visitor.press("Ask your primary contact")
    expect(page.get_by_text("We wrote to your primary contact")).to_be_visible()
    visitor.press("Ask your primary contact")
    expect(page.get_by_text("was asked within the last day")).to_be_visible()
    reader = newcomer(name="asked")
    mail = reader.read_mail(CONTACT.email, "asks you to sign")
    expect(mail.get_by_role("link", name="Read the letter and sign")).to_be_visible()


def test_primary_contact_signs_takes_it_back_and_signs_again(visitor: Visitor) -> None:
    visitor.sign_in(CONTACT.email, PASSWORD)
    page = visitor.open(LETTER)
    expect(page.get_by_text(OURS).first).to_be_visible()
    visitor.fill({"Your job title": "Director of community relations"})
    visitor.press("Sign for my organization")
    expect(page.locator(".confirmation__reference")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=OURS)).to_be_visible()
    visitor.press("The letter with everybody who signed")
    expect(page.locator(".row").filter(has_text=OURS)).to_contain_text("Director of community relations")
    visitor.open(LETTER)
    page.get_by_role("button", name="Take the signature back").click()
    visitor.arrive()
    expect(page.get_by_text(f"The signature of {OURS} is taken back.")).to_be_visible()
    visitor.open(f"{LETTER}letter/?after=1")
    expect(page.locator(".row").filter(has_text=OURS)).to_have_count(0)
    visitor.open(LETTER)
    visitor.press("Sign for my organization")
    expect(page.locator(".confirmation__reference")).to_be_visible()


def test_story_is_told_accepted_and_withdrawn(phone: Visitor, newcomer, staff: Staff) -> None:
    page = phone.open(STORIES)
    expect(page.get_by_role("heading", name="What others told")).to_be_visible()
    phone.press("Share my story")
    phone.expect_problem("Tell your story.", "Choose what we may do with your story.")
    phone.fill({"First name": "Noor", "Last name": "Haddad", "E-mail address": AUTHOR})
    phone.fill({"Headline for your story": HEADLINE, "Your story": TOLD, "Your town or county": "Galesburg"})
    page.get_by_label("You may publish it with my first name and place only").check()
    phone.press("Share my story")
    reader = newcomer(name="author")
    mail = reader.read_mail(AUTHOR, "Please confirm")
    read = reader.follow(mail.get_by_role("link", name="See my answer and confirm it"))
    expect(read.get_by_text(TOLD)).to_be_visible()
    reader.press("Share my story")
    expect(read.get_by_text("What becomes of your story")).to_be_visible()

    staff.sign_in(STAFF.email, PASSWORD)
    staff.open("/admin/campaigns/sharedstory/")
    staff.press(HEADLINE)
    staff.do("Accept")
    staff.confirm("Accept the story", "The story is accepted.")
    staff.do("Make a story of it")
    staff.confirm("Make the draft", "Here is the draft.")
    staff.do("Publish now")
    staff.confirm("Publish the story", "The story is published.")
    anybody = newcomer(width=390, name="anybody")
    shown = anybody.open(f"{STORIES}stories/")
    expect(shown.get_by_text(TOLD)).to_be_visible()
    expect(shown.get_by_text("Haddad")).to_have_count(0)
    anybody.open(ARTICLE)
    expect(shown.get_by_text(TOLD).first).to_be_visible()

    mail = reader.read_mail(AUTHOR, "Thank you")
    read = reader.follow(mail.get_by_role("link", name=re.compile("shared-stories")))
    expect(read.get_by_role("heading", level=1)).to_have_text("Withdraw your story")
    reader.press("Withdraw and erase my story")
    expect(read.get_by_text("Your story is withdrawn").first).to_be_visible()
    proof = read.get_by_text(re.compile("^[0-9a-f]{64}$")).inner_text()
    anybody.open(f"{STORIES}stories/")
    expect(shown.get_by_text(TOLD)).to_have_count(0)
    anybody.open(ARTICLE, status=404)
    reader.read_mail(AUTHOR, "Your story is withdrawn")
    expect(reader.page.locator(".mail-text")).to_contain_text(proof)
    staff.open("/admin/campaigns/sharedstory/?state=all")
    expect(staff.page.get_by_text(HEADLINE)).to_have_count(0)


def test_staff_see_who_signed(staff: Staff) -> None:
    staff.sign_in(STAFF.email, PASSWORD)
    staff.open("/admin/campaigns/signature/")
    expect(staff.page.get_by_text("on paper or by mail").first).to_be_visible()
    staff.open("/admin/campaigns/signature/add/")
    staff.open("/admin/campaigns/calltoaction/?kind__exact=sign_on")
    staff.press("One letter for prompt payment")
    expect(staff.page.get_by_text("List of signatures")).to_be_visible()
