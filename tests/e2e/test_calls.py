"""A call to action from the staff's form to its end, answered in a frame on a partner's own site.

Each test is a chapter and goes on where the last one ended.
"""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from portal.embedded.ports import any_free
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor, find_faults

pytestmark = pytest.mark.chapter

TITLE = "Fund a warming center in every county"
VISITOR = "ines.frame@example.org"
PAGE = "<!doctype html><html lang=en><title>Our site</title><main><h1>Our site</h1>{}</main></html>"


@dataclass
class Story:
    """Who is in it, and what they learned on the way."""

    portal: Portal
    newcomer: Callable[..., Visitor]
    staff: Staff
    call_page: str = ""
    desk_page: str = ""
    code: str = ""


@pytest.fixture(scope="module")
def story(newcomer: Callable[..., Visitor], chromium: Browser, portal: Portal) -> Iterator[Story]:
    staff = Staff(chromium, portal, name="calls-staff")
    yield Story(portal, newcomer, staff)
    staff.context.close()


@pytest.fixture(scope="module")
def partners_site(story: Story) -> Iterator[str]:
    """A site of another origin that shows whatever code the story holds."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.format(story.code).encode())

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", any_free()), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_staff_choose_a_kind_and_publish(story: Story) -> None:
    staff = story.staff
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open("/admin/campaigns/calltoaction/add/")
    staff.do("Petition")
    expect(page.locator("[name=survey]")).to_have_count(0)
    staff.type_in({"title": TITLE, "ask": "Ask the state for warming centers.", "goal": "40"})
    staff.type_in({"why": "Winter comes every year.", "consent_text": "We keep your name."})
    today = timezone.localdate()
    staff.type_in({"opens_at_0": f"{today - timedelta(days=1)}", "opens_at_1": "08:00:00"})
    staff.type_in({"closes_at_0": f"{today + timedelta(days=9)}", "closes_at_1": "17:00:00"})
    staff.save()
    story.call_page = f"/take-action/{page.locator('[name=slug]').input_value()}/"
    story.desk_page = page.url
    staff.do("Publish")
    expect(page.get_by_text("Write the text that people put their name to.")).to_be_visible()
    expect(page.get_by_role("button", name="Publish the call to action")).to_have_count(0)
    staff.open(story.desk_page)
    staff.type_in({"statement": "We ask for a warming center in every county."})
    staff.save()
    staff.do("Publish")
    staff.confirm("Publish the call to action", "The call to action is published.")


def test_a_partner_copies_the_code(story: Story) -> None:
    contact = story.newcomer(name="calls-contact")
    contact.sign_in(CONTACT.email, PASSWORD)
    page = contact.open("/my/")
    contact.press("Our page", within=page.get_by_role("main"))
    contact.press("Put a call on our site")
    section = page.get_by_role("main").locator("li.row").filter(has_text=TITLE)
    story.code = section.locator("textarea").input_value()
    assert story.code.startswith("<iframe ")


def test_a_visitor_answers_inside_the_frame(story: Story, partners_site: str) -> None:
    visitor = story.newcomer(name="calls-visitor", width=390)
    page = visitor.page
    page.goto(partners_site)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(frame.get_by_text("Shared by Arden Shore")).to_be_visible()
    frame.get_by_role("button", name="Add my name").click()
    expect(frame.get_by_role("heading", name="There is a problem")).to_be_visible()
    for label, words in {"First name": "Ines", "Last name": "Frame", "E-mail address": VISITOR}.items():
        frame.get_by_label(label, exact=True).fill(words)
    frame.get_by_role("button", name="Add my name").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("One more step: check your mail")
    assert visitor.context.cookies() == []
    assert visitor.complaints == []
    mail = visitor.read_mail(VISITOR, TITLE)
    visitor.follow(mail.get_by_role("link", name=re.compile("confirm", re.IGNORECASE)).first)
    visitor.press("Add my name")
    expect(visitor.page.locator(".beam__value")).to_have_text("1")


def test_the_frame_alone_is_accessible_and_other_pages_refuse_to_be_framed(
    story: Story, partners_site: str
) -> None:
    visitor = story.newcomer(name="calls-frame", width=390)
    address = re.search(r'src="([^"]+)"', story.code)[1]
    visitor.open(address)
    assert not find_faults(visitor.page)
    kept, story.code = (
        story.code,
        f'<iframe src="{story.portal.address}{story.call_page}" title="x"></iframe>',
    )
    stranger = story.newcomer(name="calls-refused")
    stranger.page.goto(partners_site)
    expect(stranger.page.frame_locator("iframe").get_by_role("heading", name=TITLE)).to_have_count(0)
    story.code = kept


def test_the_picture_and_the_credit(story: Story) -> None:
    page = story.newcomer(name="calls-reader").open(story.call_page)
    image = page.locator('meta[property="og:image"]').get_attribute("content")
    answer = page.request.get(str(image))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    staff = story.staff
    desk = staff.open(story.desk_page)
    expect(desk.get_by_text(re.compile(r"Arden Shore.*: 1"))).to_be_visible()


def test_staff_close_tell_and_archive(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    staff.open(story.desk_page)
    staff.do("Close")
    staff.type_in({"outcome": "The state pays for forty warming centers."})
    staff.confirm("Close the call to action", "The call to action is closed.")
    reader = story.newcomer(name="calls-late")
    shown = reader.open(story.call_page)
    expect(shown.get_by_text("The state pays for forty warming centers.")).to_be_visible()
    expect(shown.get_by_text("1 person acted.", exact=False).first).to_be_visible()
    staff.do("Write the result to those who acted")
    staff.confirm("Send it to 1 person", "The result is on its way to those who acted.")
    reader.read_mail(VISITOR, "What came of it")
    staff.open(story.desk_page)
    staff.do("Archive")
    page.locator("[name=successor]").select_option(index=1)
    goes_on = page.locator("[name=successor] option:checked").inner_text()
    staff.confirm("Archive the call to action", "The call to action is archived.")
    led = story.newcomer(name="calls-led").open(story.call_page)
    expect(led.get_by_role("heading", level=1)).to_have_text(goes_on)
