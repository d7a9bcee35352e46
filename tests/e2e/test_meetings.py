"""Councils and events, in a browser: a year planned, a meeting published, people register, wait and move up."""

import re

import pytest
from playwright.sync_api import expect

from partners.fiscal_year import FiscalYear
from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.visitor import Visitor

NEXT = FiscalYear.current().year + 1
MEETING = f"/events/cook-fy{NEXT % 100:02d}-q1/"
NAMES = {"First name": "Rosa", "Last name": "Sample"}


def register(visitor: Visitor, email: str) -> None:
    visitor.open(MEETING)
    visitor.press(re.compile("^(Register|Join the waiting list)$"), within=visitor.page.get_by_role("main"))
    visitor.fill(NAMES | {"E-mail address": email})
    visitor.press(re.compile("^(Register for this event|Put me on the waiting list)$"))


def test_visitors_find_events_and_their_council(visitor: Visitor) -> None:
    page = visitor.open("/events/")
    page.get_by_label("Kind").select_option("advocacy_day")
    visitor.press("Show events")
    visitor.press("Advocacy day at the Capitol")
    expect(page.get_by_role("heading", name="When and where")).to_be_visible()
    visitor.open("/events/?when=past")
    visitor.open("/councils/")
    visitor.press("Cook County")
    expect(page.get_by_role("heading", name="Past meetings")).to_be_visible()


def test_the_same_on_a_phone(phone: Visitor) -> None:
    for path in ("/events/", "/events/advocacy-day/", "/events/advocacy-day/register/", "/councils/cook/"):
        phone.open(path)


@pytest.mark.chapter
class TestMeeting:
    def test_staff_plan_a_year_and_publish_one_meeting(self, chromium, portal) -> None:
        staff = Staff(chromium, portal, name="staff")
        staff.sign_in(STAFF.email, PASSWORD)
        page = staff.open(f"/admin/meetings/event/council-meetings/?year={NEXT}")
        staff.press("Plan all that are missing")
        page.get_by_role("button", name=re.compile(r"^Make \d+ drafts$")).click()
        staff.arrive()
        expect(page.get_by_text(re.compile(r"48 drafts are made"))).to_be_visible()
        row = page.get_by_role("row", name=re.compile("^Cook County"))
        row.get_by_role("link").first.click()
        staff.arrive()
        staff.do("Publish")
        expect(page.get_by_text("Enter the place: people come to it.")).to_be_visible()
        staff.press("Go back, change nothing")
        staff.type_in({"venue": "Cedar House", "city": "Chicago, IL 60610", "capacity": "2"})
        staff.save()
        staff.do("Publish")
        staff.confirm("Publish the event", "The event is published.")
        staff.context.close()

    def test_a_visitor_and_a_partner_take_the_seats(self, newcomer) -> None:
        visitor = newcomer(name="first")
        register(visitor, "rosa.first@example.org")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("You are registered")
        partner = newcomer(name="partner", width=390)
        partner.sign_in(CONTACT.email, PASSWORD)
        partner.open(MEETING)
        partner.press("Register", within=partner.page.get_by_role("main"))
        partner.press("Register for this event")
        expect(partner.page.get_by_text("We have sent you a confirmation.")).to_be_visible()
        expect(partner.page.get_by_role("heading", name="At the door")).to_be_visible()
        partner.open("/my/events/")
        expect(partner.page.get_by_role("link", name="Local Area Council: Cook County").first).to_be_visible()

    def test_the_next_one_waits_and_moves_up_when_somebody_cancels(self, newcomer) -> None:
        waiting = newcomer(name="waiting")
        register(waiting, "rosa.second@example.org")
        expect(waiting.page.get_by_role("heading", level=1)).to_have_text("You are on the waiting list")
        expect(waiting.page.get_by_text("You are number 1 in line.")).to_be_visible()
        first = newcomer(name="first-again")
        mail = first.read_mail("rosa.first@example.org", "You are registered")
        first.follow(mail.get_by_role("link", name="Change or cancel my registration"))
        first.press("Cancel my registration")
        expect(first.page.get_by_text("Your registration is cancelled")).to_be_visible()
        mail = waiting.read_mail("rosa.second@example.org", "You have a seat")
        waiting.follow(mail.get_by_role("link", name="Change or cancel my registration"))
        expect(waiting.page.get_by_text("You are registered")).to_be_visible()
