"""After a training: a certificate that anybody can check, help that is asked for, and a group that keeps its peace."""

import pytest
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import ADVOCATE, CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.chapter

GUEST = "nora.lindqvist@guests.example"


@pytest.fixture(scope="module")
def desk(chromium: Browser, portal: Portal) -> Staff:
    staff = Staff(chromium, portal, name="after-training")
    staff.sign_in(STAFF.email, PASSWORD)
    yield staff
    staff.context.close()


@pytest.fixture(scope="module")
def member(chromium: Browser, portal: Portal) -> Visitor:
    """The advocate of a partner, with a phone."""
    visitor = Visitor(chromium, portal, width=390, name="member")
    visitor.sign_in(ADVOCATE.email, PASSWORD)
    yield visitor
    visitor.context.close()


@pytest.fixture(scope="module")
def stranger(chromium: Browser, portal: Portal) -> Visitor:
    visitor = Visitor(chromium, portal, name="stranger")
    yield visitor
    visitor.context.close()


def test_staff_note_somebody_who_was_there(desk: Staff) -> None:
    page = desk.page
    page.goto("/admin/trainings/session/?when=past&state__exact=held")
    page.locator("th.field-course a, td.field-course a").first.click()
    page.get_by_role("link", name="Attendance", exact=True).first.click()
    desk.arrive()
    desk.type_in({"first_name": "Nora", "last_name": "Lindqvist", "email": GUEST})
    page.get_by_role("button", name="Add: was there").click()
    desk.arrive()
    expect(page.get_by_text("Nora Lindqvist is on the list.")).to_be_visible()
    expect(page.get_by_role("row", name="Nora Lindqvist")).to_contain_text("completed")


def test_the_certificate_comes_by_mail_and_anybody_can_check_it(stranger: Visitor) -> None:
    mail = stranger.read_mail(GUEST, "Your certificate")
    code = mail.locator("strong").first.inner_text()
    stranger.open("/certificates/")
    stranger.fill({"Code of the certificate": "ABCD-EFGH-JKMN"})
    stranger.press("Check this code")
    stranger.expect_problem("There is no certificate with this code. Read it again.")
    stranger.fill({"Code of the certificate": code.lower()})
    stranger.press("Check this code")
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    expect(stranger.page.get_by_role("main")).to_contain_text("Nora Lindqvist")
    with stranger.page.expect_download() as download:
        stranger.control("Download it (PDF)").click()
    assert download.value.suggested_filename == f"certificate-nora-lindqvist-{code}.pdf"


def test_a_partner_asks_for_help_and_staff_answer(member: Visitor, desk: Staff) -> None:
    member.open("/my/assistance/ask/")
    member.press("Send my request")
    member.expect_problem("Say in a few words what it is about.", "Tell us where you are stuck.")
    member.fill(
        {
            "What is it about?": "Our annual report",
            "What do you want to do, and where are you stuck?": "Which story goes first?",
        }
    )
    member.press("Send my request")
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Our annual report")
    desk.page.goto("/admin/trainings/assistancerequest/?q=annual")
    desk.page.locator("th.field-reference a, td.field-reference a").first.click()
    desk.do("Write an answer")
    desk.type_in({"text": "The one about the job, not about the need."})
    desk.confirm("Send the answer", "The answer is on its way.")
    mail = member.read_mail(ADVOCATE.email, "Our answer")
    expect(mail.locator("body")).to_contain_text("The one about the job")
    member.open("/my/assistance/")
    expect(member.page.get_by_role("main")).to_contain_text("Answered")


def test_a_member_writes_and_is_answered(member: Visitor, chromium: Browser, portal: Portal) -> None:
    member.open("/community/reframing-at-work/")
    member.press("Join this group")
    member.press("Start a subject")
    member.fill(
        {"Headline": "Photos for a report", "What you want to share or ask": "Where do yours come from?"}
    )
    member.press("Publish it")
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Photos for a report")
    other = Visitor(chromium, portal, name="colleague", scripts=False)
    other.sign_in(CONTACT.email, PASSWORD)
    other.open("/community/reframing-at-work/")
    if other.page.get_by_role("button", name="Join this group").count():
        other.press("Join this group")
    other.press("Photos for a report")
    other.fill({"Your reply": "We take our own, see https://example.org/photos"})
    other.press("Publish my reply")
    expect(other.page.get_by_role("link", name="https://example.org/photos")).to_be_visible()
    other.context.close()


def test_a_reported_post_is_hidden_with_its_reason(member: Visitor, desk: Staff) -> None:
    member.open("/community/reframing-at-work/")
    member.press("Photos for a report")
    member.page.get_by_role("link", name="Report").first.click()
    member.arrive()
    member.fill({"What is wrong with it": "It advertises."})
    member.press("Tell the moderators")
    desk.page.goto("/admin/trainings/postreport/")
    desk.page.get_by_role("row").filter(has_text="It advertises.").get_by_role("link").first.click()
    desk.do("Hide the post")
    desk.type_in({"reason": "Advertising has no place here."})
    desk.confirm("Hide the post", "The post is hidden.")
    member.open("/community/reframing-at-work/")
    member.press("Photos for a report")
    expect(member.page.get_by_text("Advertising has no place here.")).to_be_visible()
    expect(member.page.get_by_text("We take our own")).to_have_count(0)


def test_what_we_did_is_published(desk: Staff, stranger: Visitor) -> None:
    desk.page.goto("/admin/trainings/improvement/add/")
    desk.type_in({"said": "Record the sessions, please.", "did": "Every online session has a recording."})
    desk.page.locator("select[name=source]").select_option("survey")
    desk.page.locator("[name=done_on]").fill("2026-10-01")
    desk.save()
    desk.do("Publish")
    desk.confirm("Publish it", "It is published.")
    stranger.open("/trainings/you-said-we-did/")
    expect(stranger.page.get_by_text("Record the sessions, please.")).to_be_visible()
