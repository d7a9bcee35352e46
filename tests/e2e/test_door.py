"""The door and afterwards: names ticked on a phone, also without a connection; a walk-in; a report reviewed; feedback."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from portal.demo.doors import JUST_OVER, OPEN_HOUSE
from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.chapter

GUEST = {"First name": "Rosa", "Last name": "Delgado", "E-mail address": "rosa.delgado@guests.example"}
FIELDS = {"First name": "#id_first_name", "Last name": "#id_last_name", "E-mail address": "#id_email"}


@pytest.fixture(scope="module")
def door(chromium: Browser, portal: Portal) -> Visitor:
    """Somebody of staff with a phone."""
    phone = Visitor(chromium, portal, width=390, name="door")
    phone.sign_in(STAFF.email, PASSWORD)
    yield phone
    phone.context.close()


@pytest.fixture(scope="module")
def desk(chromium: Browser, portal: Portal) -> Staff:
    staff = Staff(chromium, portal, name="after-door")
    staff.sign_in(STAFF.email, PASSWORD)
    yield staff
    staff.context.close()


def open_event(staff: Visitor, slug: str) -> None:
    """The event's own page at the desk."""
    page = staff.page
    page.goto("/admin/meetings/event/?when=all&q=" + slug.replace("-", "+"))
    page.locator("th.field-title a, td.field-title a").first.click()
    page.wait_for_load_state("load")


def here(door: Visitor) -> int:
    return int(door.page.locator("strong[data-here]").inner_text())


def waiting_rows(door: Visitor):
    return door.page.locator(".door-row:not(.door-row--here):visible")


def test_twenty_people_are_checked_in_by_hand(door: Visitor) -> None:
    open_event(door, "open house")
    door.page.get_by_role("link", name="Door", exact=True).click()
    door.arrive()
    expect(door.page.get_by_role("heading", level=1)).to_have_text("Open house at our office")
    before, began = here(door), time.monotonic()
    many = min(20, waiting_rows(door).count())
    for number in range(many):
        # As a person does it: three letters of the name, then the button.
        row = waiting_rows(door).first
        name = row.locator("strong").inner_text()
        door.page.locator("#door-search").fill(name[:3])
        waiting_rows(door).filter(has_text=name).first.get_by_role("button", name="Check in").click()
        expect(door.page.locator("strong[data-here]")).to_have_text(str(before + number + 1))
        door.page.locator("#door-search").fill("")
    seconds = time.monotonic() - began
    print(f"{many} people checked in by hand in {seconds:.1f} seconds.")
    door.check()


def test_a_lost_connection_loses_nothing(door: Visitor) -> None:
    page = door.page
    row = page.locator(".door-row--here").first
    place = row.get_attribute("data-place")
    before = here(door)
    door.context.set_offline(True)
    row.get_by_role("button", name="Take back").click()
    expect(page.locator(".door__kept")).to_contain_text("kept on this phone: 1.")
    for label, answer in GUEST.items():
        page.locator(FIELDS[label]).fill(answer)
    page.locator("[data-walk-in-form]").get_by_role("button", name="Check in").click()
    expect(page.locator(".door__kept")).to_contain_text("kept on this phone: 2.")
    expect(page.locator(".door__kept")).to_contain_text("There is no connection")
    expect(page.locator(f"[data-place='{place}']")).to_contain_text("not sent yet")

    door.context.set_offline(False)
    expect(page.locator(".door__kept")).to_be_empty()
    expect(page.locator(".door-row--here", has_text="Rosa Delgado")).to_be_visible()
    assert here(door) == before  # One less, one more.
    expect(page.locator(f"[data-place='{place}']")).not_to_have_class(re.compile("door-row--here"))
    door.complaints.clear()  # The browser itself complains of requests that found no connection.


def test_a_reload_keeps_what_was_not_sent(door: Visitor) -> None:
    page = door.page
    row = waiting_rows(door).first
    name, before = row.locator("strong").inner_text(), here(door)
    page.route("**/door/tick/", lambda route: route.abort())
    row.get_by_role("button", name="Check in").click()
    expect(page.locator(".door__kept")).to_contain_text("kept on this phone: 1.")
    page.reload()
    expect(page.locator(".door__kept")).to_contain_text("kept on this phone: 1.")
    page.unroute("**/door/tick/")
    expect(page.locator(".door__kept")).to_be_empty(timeout=20_000)
    expect(page.locator(".door-row--here", has_text=name).first).to_be_visible()
    assert here(door) == before + 1
    door.complaints.clear()


def test_two_phones_see_each_other(door: Visitor, chromium: Browser, portal: Portal) -> None:
    other = Visitor(chromium, portal, width=390, name="other-door", scripts=False)
    other.sign_in(STAFF.email, PASSWORD)
    other.open(door.page.url.split("#")[0])
    row = other.page.locator(".door-row--here").first
    place = row.get_attribute("data-place")
    row.get_by_role("button", name="Take back").click()  # Without a script, too.
    other.arrive()
    expect(other.page.locator(f"[data-place='{place}']")).not_to_have_class(re.compile("door-row--here"))
    mine = door.page.locator(f"[data-place='{place}']")
    expect(mine).not_to_have_class(re.compile("door-row--here"), timeout=20_000)
    other.context.close()


def test_a_guest_checks_in_with_the_code_of_the_room(door: Visitor, newcomer) -> None:
    door.press("Code for the room")
    code = door.page.locator(".poster__code").inner_text()
    expect(door.page.locator("svg.qr")).to_be_visible()
    guest = newcomer(width=390, name="guest")
    page = guest.open(f"/events/{OPEN_HOUSE}/check-in/")
    guest.fill({"Check-in code": "ZZZZZZ", "E-mail address": "li.wei@guests.example"})
    page.get_by_role("button", name="Check me in").click()
    guest.arrive()
    expect(page.get_by_text("This is not the code")).to_be_visible()
    guest.open(f"/events/{OPEN_HOUSE}/check-in/?code={code}")
    guest.fill({"E-mail address": "li.wei@guests.example"})
    guest.press("Check me in")
    guest.expect_problem("You are not on the list yet. Add your name, and you are.")
    guest.fill({"First name": "Li", "Last name": "Wei"})
    guest.press("Check me in")
    expect(page.get_by_role("heading", name="You are checked in")).to_be_visible()
    contact = newcomer(width=390, name="contact-at-door")
    contact.sign_in(CONTACT.email, PASSWORD)
    contact.open(f"/events/{OPEN_HOUSE}/check-in/?code={code}")
    contact.press("Check me in")
    expect(contact.page.get_by_role("heading", name="You are checked in")).to_be_visible()


def report() -> bytes:
    """Who was there two days ago, as Zoom gives it: somebody with an address, and a room."""
    day = timezone.localtime() - timedelta(days=2)
    joined, left = day.strftime("%m/%d/%Y 01:05:00 PM"), day.strftime("%m/%d/%Y 01:55:00 PM")
    lines = [
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,In waiting room",
        f'Rosa Delgado (she/her),rosa.delgado@guests.example,"{joined}","{left}",50,Yes,No',
        f'Meeting room,,"{joined}","{left}",50,Yes,No',
        f'Omar Reed,,"{joined}","{left}",50,Yes,No',
    ]
    return "\r\n".join(lines).encode("utf-8-sig")


def test_staff_review_a_report_and_count_its_people(desk: Staff) -> None:
    page = desk.page
    open_event(desk, JUST_OVER.replace("-", " "))
    desk.press("Attendance reports")
    expect(page.get_by_role("link", name="participants_81234567890.csv")).to_be_visible()
    page.locator("[name=file]").set_input_files(
        {"name": "participants.csv", "mimeType": "text/csv", "buffer": report()}
    )
    desk.press("Upload the report")
    rosa = page.locator("li", has_text="Rosa Delgado (she/her)")
    expect(rosa).to_contain_text("The same e-mail address.")
    page.get_by_role("button", name=re.compile("Leave out Meeting room")).click()
    desk.arrive()
    page.get_by_role("link", name=re.compile("Say who it is… Omar Reed")).click()
    desk.arrive()
    page.locator("[name=email]").fill("omar.reed@guests.example")
    desk.press("Add this person")
    expect(
        page.locator("section", has_text="Ready to count").locator("li", has_text="Omar Reed")
    ).to_be_visible()
    desk.press("Count 2 people as having been there")
    expect(page.get_by_text("2 more people count as having been there.").first).to_be_visible()
    expect(page.get_by_role("heading", name="Counted")).to_be_visible()


def test_attendance_is_closed_and_those_who_came_say_how_it_was(desk: Staff, newcomer) -> None:
    page = desk.page
    open_event(desk, JUST_OVER.replace("-", " "))
    desk.press("After the event")
    desk.press("Publish the notes")
    expect(page.get_by_text("The notes are published").first).to_be_visible()
    desk.press("Close attendance")
    expect(page.get_by_text("Attendance is closed.").first).to_be_visible()
    desk.press("Add a follow-up")
    desk.type_in({"task": "Send the sample contract"})
    desk.choose("owner", "Rosa Delgado")
    desk.save()

    guest = newcomer(width=390, name="feedback")
    mail = guest.read_mail("rosa.delgado@guests.example", "You took this on")
    expect(mail.locator("body")).to_contain_text("Send the sample contract")
    mail = guest.read_mail("rosa.delgado@guests.example", "How was it?")
    page = guest.follow(mail.get_by_role("link", name="Say how it was"))
    guest.press("Send my answer")
    guest.expect_problem("Choose how useful it was.")
    page.get_by_label("5, very useful").check()
    guest.press("Send my answer")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    desk.open(desk.page.url)
    open_event(desk, JUST_OVER.replace("-", " "))
    desk.press("After the event")
    expect(desk.page.get_by_text("1 answer from")).to_be_visible()
    expect(desk.page.get_by_text("shown from five answers on")).to_be_visible()
