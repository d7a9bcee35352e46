"""Trainings: a partner registers a group, a stranger takes the last seat, the waiting list moves, staff give a course."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect

from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

ALMOST_FULL = "Reading the state budget"
ROSA = {"First name": "Rosa", "Last name": "Delgado", "E-mail address": "rosa.delgado@learners.example"}
BO = {"First name": "Bo", "Last name": "Li", "E-mail address": "bo.li@learners.example"}


def first_date(visitor: Visitor, course: str, source: str = "") -> None:
    """From the list over the course to its next session."""
    visitor.open(f"/trainings/{source}")
    visitor.press(course)
    visitor.page.locator("section", has=visitor.page.locator("#dates")).locator("h3 a").first.click()
    visitor.arrive()


def who_takes_part(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("listitem")


def test_a_partner_registers_a_group(newcomer) -> None:
    contact = newcomer(width=390, name="group")
    contact.sign_in(CONTACT.email, PASSWORD)
    first_date(contact, "Racial equity: where we start", "?from=newsletter")
    page = contact.page
    expect(page.get_by_text("Choose the fee that fits your organization.")).to_be_visible()
    contact.press("Register")
    page.get_by_label("I take part, with colleagues").check()
    contact.press("Save and continue")
    page.locator("[name=form-0-first_name]").fill("Dana")
    contact.press("Save and continue")
    contact.expect_problem("Enter the last name of this person.", "Enter the e-mail address of this person.")
    page.locator("[name=form-0-last_name]").fill("Moss")
    page.locator("[name=form-0-email]").fill("dana.moss@ardenshore.example")
    contact.press("Save and continue")
    page.get_by_label("Online").check()
    page.get_by_label("I would like live captions").check()
    contact.press("Save and continue")
    page.get_by_label(re.compile("^Community")).check()
    contact.press("Save and continue")
    expect(page.locator(".summary-list")).to_contain_text("Dana Moss, dana.moss@ardenshore.example")
    expect(page.locator(".summary-list")).to_contain_text("Live captions")
    contact.press("Register", within=page.get_by_role("main"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Registered")
    expect(who_takes_part(contact).filter(has_text="Dana Moss")).to_contain_text("Has a seat")
    reference = page.locator(".confirmation__reference").inner_text()

    mail = contact.read_mail("dana.moss@ardenshore.example", "You have a seat")
    expect(mail.locator(".body")).to_contain_text("registered you for this training")
    page = contact.follow(mail.get_by_role("link", name="See or change my place"))
    contact.fill({"What you need to take part": "No stairs"})
    contact.press("Save what I need")
    expect(page.get_by_text("Your changes are saved.")).to_be_visible()
    page = contact.open("/my/trainings/")
    expect(page.get_by_text(reference)).to_be_visible()
    contact.open("/my/")
    contact.press("Our page")
    contact.press("Our trainings")
    expect(who_takes_part(contact).filter(has_text="Racial equity: where we start").first).to_be_visible()


def register_oneself(visitor: Visitor, who: dict[str, str], button: str) -> None:
    visitor.fill(who)
    visitor.press("Save and continue")
    visitor.press("Save and continue")
    visitor.press(button, within=visitor.page.get_by_role("main"))


def test_the_last_seat_then_the_waiting_list_moves(newcomer) -> None:
    rosa = newcomer(name="rosa")
    first_date(rosa, ALMOST_FULL)
    expect(rosa.page.get_by_text("1 of 12 are free")).to_be_visible()
    session = rosa.page.url
    rosa.press("Register")
    rosa.press("Save and continue")
    rosa.expect_problem("Enter your first name.", "Enter your e-mail address.")
    register_oneself(rosa, ROSA, "Register")
    expect(rosa.page.get_by_role("heading", level=1)).to_have_text("Registered")
    expect(rosa.page.get_by_text("1 person has a seat.")).to_be_visible()

    bo = newcomer(width=390, scripts=False, name="bo")
    bo.open(session)
    expect(bo.page.get_by_text("0 of 12 are free")).to_be_visible()
    bo.press("Join the waiting list")
    register_oneself(bo, BO, "Join the waiting list")
    expect(bo.page.get_by_role("heading", level=1)).to_have_text("On the waiting list")

    mail = rosa.read_mail(ROSA["E-mail address"], "You have a seat")
    expect(mail.get_by_role("link", name="https://meet.")).to_be_visible()
    rosa.follow(mail.get_by_role("link", name="See or change my place"))
    rosa.press("Give my place back")
    rosa.press("Give my place back", within=rosa.page.get_by_role("main"))
    expect(rosa.page.get_by_text("You are no longer registered")).to_be_visible()

    reader = newcomer(width=390, name="bo-offered")
    mail = reader.read_mail(BO["E-mail address"], "A seat for you")
    page = reader.follow(mail.get_by_role("link", name="Take or decline this seat"))
    expect(page.get_by_text("A seat is kept for you")).to_be_visible()
    reader.press("Take this seat")
    expect(page.get_by_text("You have a seat")).to_be_visible()
    expect(page.get_by_role("link", name="https://meet.")).to_be_visible()

    rosa.open(session)
    rosa.press("Join the waiting list")
    register_oneself(rosa, ROSA, "Join the waiting list")
    expect(rosa.page.get_by_role("heading", level=1)).to_have_text("On the waiting list")


def test_the_lists(newcomer) -> None:
    reader = newcomer(width=390, name="training-reader")
    page = reader.open("/trainings/?language=spanish")
    expect(page.get_by_role("link", name="Telling our story so that people act")).to_be_visible()
    reader.open("/trainings/past/")
    reader.press("Next page")
    calendar = reader.context.request.get("/trainings/calendar.ics").text()
    assert "BEGIN:VEVENT" in calendar
    assert "meet." not in calendar


def test_staff_give_a_course(newcomer, chromium: Browser, portal: Portal) -> None:
    staff = Staff(chromium, portal, name="training-staff")
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open("/admin/trainings/course/?state__exact=draft")
    staff.press("Supervising people who do hard work")
    staff.do("Publish")
    expect(page.get_by_text("Write its equity objectives")).to_be_visible()
    page.get_by_role("link", name="Go back, change nothing").click()
    staff.arrive()
    staff.type_in({"equity_objectives": "See who gets the hard shifts, and share them out."})
    staff.save()
    staff.do("Publish")
    staff.confirm("Publish the course", "The course is published.")

    staff.open("/admin/trainings/session/?when=all&state__exact=draft")
    staff.press("Supervising people who do hard work")
    staff.do("Publish")
    staff.confirm("Publish the session", "The session is published.")
    visitor = newcomer(name="early")
    first_date(visitor, "Supervising people who do hard work")
    visitor.press("Register")
    register_oneself(visitor, BO, "Register")

    staff.do("Change days, place or seats")
    day = timezone.localdate() + timedelta(days=60)
    staff.type_in(
        {
            "day_1_starts_0": f"{day}",
            "day_1_starts_1": "14:00:00",
            "day_1_ends_0": f"{day}",
            "day_1_ends_1": "16:00:00",
        }
    )
    staff.confirm(
        "Change the session",
        "The session is changed. Where people have to know, messages are being written; this page says how far that is.",
    )
    mail = visitor.read_mail(BO["E-mail address"], "Changed: Supervising people")
    expect(mail.locator(".body")).to_contain_text("2:00 p.m. to 4:00 p.m.")
    staff.do("Cancel the session")
    staff.type_in({"reason": "The facilitator is ill."})
    staff.confirm(
        "Cancel the session",
        "The session is cancelled. The messages are being written; this page says how far that is.",
    )
    mail = visitor.read_mail(BO["E-mail address"], "Cancelled: Supervising people")
    expect(mail.locator(".body")).to_contain_text("The facilitator is ill.")

    staff.open("/admin/trainings/enrollment/never-attended/")
    page = staff.open("/admin/trainings/enrollment/sources/")
    page.locator("[name=code]").fill("flyer-peoria")
    staff.press("Make the link")
    expect(page.get_by_text("/trainings/?from=flyer-peoria")).to_be_visible()
    staff.open("/admin/trainings/enrollment/")
    staff.context.close()
