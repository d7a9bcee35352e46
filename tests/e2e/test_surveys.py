"""Surveys and invitations: a visitor answers, a partner comes and then does not, staff build a survey and read one."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

SURVEY = "/take-action/how-long-do-you-wait/"
OVER = "/take-action/what-belongs-on-the-agenda/"
EVENT = "/take-action/briefing-before-the-session/"
ANSWER = {"First name": "Rosa", "Last name": "Delgado", "E-mail address": "rosa.delgado@example.org"}
WAIT = "How long did your organization wait for its last payment from the state?"
PLAN = "How hard is it to plan a year with the payments you get?"


def test_a_visitor_answers_a_survey_on_a_phone(phone: Visitor) -> None:
    page = phone.open(SURVEY)
    phone.fill(ANSWER)
    page.get_by_role("group", name="What did you do while you waited?").get_by_label("Left jobs open").check()
    phone.field("How many jobs are open at your organization today?").fill("three")
    phone.press("Send my answers")
    phone.expect_problem(
        f"Choose an answer to “{WAIT}”.",
        "Enter a number for “How many jobs are open at your organization today?”, such as 12.",
    )
    expect(page.get_by_label("Left jobs open")).to_be_checked()
    page.get_by_role("group", name=WAIT).get_by_label("61 to 90 days").check()
    page.get_by_role("group", name=PLAN).get_by_label("4").check()
    phone.fill({"How many jobs are open at your organization today?": "3"})
    phone.press("Send my answers")
    mail = phone.read_mail(ANSWER["E-mail address"], "Please confirm")
    page = phone.follow(mail.get_by_role("link", name="See my answer and confirm it"))
    expect(page.locator(".summary-list")).to_contain_text("61 to 90 days")
    phone.press("Send my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers are on record.")
    expect(page.get_by_text("You can change your answers until")).to_be_visible()


def test_results_are_public_once_a_survey_is_over(newcomer) -> None:
    reader = newcomer(scripts=False, name="reader")
    page = reader.open(OVER)
    expect(page.get_by_role("heading", name="What people answered")).to_be_visible()
    expect(page.get_by_text("left out").first).to_be_visible()
    newcomer(width=390, name="reader-phone").open(OVER)


def free_seats(visitor: Visitor) -> int:
    words = visitor.open(EVENT).locator(".summary-list__row", has_text="Seats").inner_text()
    return int(re.search(r"(\d+) of \d+ are free", words)[1])


def test_a_partner_comes_and_then_cannot(newcomer) -> None:
    contact = newcomer(name="contact")
    contact.sign_in(CONTACT.email, PASSWORD)
    before = free_seats(contact)
    page = contact.page
    contact.press("Answer the invitation")
    contact.expect_problem("Say whether you will come.")
    page.get_by_label("I will come").check()
    page.get_by_label("People you bring along").select_option("1")
    contact.fill({"What you need to take part": "Live captions"})
    contact.press("Answer the invitation")
    expect(page.get_by_role("heading", name="We look forward to seeing you")).to_be_visible()
    expect(page.get_by_role("link", name="https://meet.")).to_be_visible()
    calendar = page.get_by_role("link", name="Put it in your calendar").get_attribute("href")
    assert "BEGIN:VEVENT" in contact.context.request.get(calendar).text()
    assert free_seats(contact) == before - 2

    mail = contact.read_mail(CONTACT.email, "You are coming")
    page = contact.follow(mail.get_by_role("link", name="Change my answer"))
    expect(page.get_by_label("I will come")).to_be_checked()
    expect(contact.field("What you need to take part")).to_have_value("")
    page.get_by_label("I cannot come").check()
    contact.press("Change my answer")
    expect(page.get_by_role("heading", name="You cannot come this time")).to_be_visible()
    assert free_seats(contact) == before
    expect(contact.field("What you need to take part")).to_have_value("Live captions")


def test_staff_build_a_survey_and_read_another(chromium: Browser, portal: Portal) -> None:
    staff = Staff(chromium, portal, name="survey-staff")
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open("/admin/surveys/survey/add/")
    staff.type_in(
        {
            "title": "Training we miss",
            "introduction": "Two questions.",
            "questions-0-text": "Which training do you miss most?",
            "questions-0-choices": "Writing to lawmakers\nReading a budget",
            "questions-1-text": "How much time do you have a month?",
        }
    )
    page.locator("select[name=questions-0-kind]").select_option("choice")
    page.locator("select[name=questions-1-kind]").select_option("number")
    staff.save()
    page.get_by_role("link", name="Preview").filter(visible=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Training we miss")
    staff.arrive()
    page.get_by_label("Reading a budget").check()
    staff.press("Try these answers")
    expect(page.get_by_text("These answers would be taken")).to_be_visible()

    staff.open("/admin/surveys/survey/?q=wait")
    staff.press("How long do you wait for the state to pay?")
    expect(page.get_by_text("people have answered, so this stays as it was asked").first).to_be_visible()
    page.get_by_role("link", name="Results").filter(visible=True).first.click()
    expect(page.get_by_role("heading", name=re.compile("^1\\. "))).to_be_visible()
    staff.arrive()
    expect(page.get_by_text("not for publication").first).to_be_visible()
    staff.press("Organizations that answered")
    staff.press(re.compile("^Back to"))
    staff.press(re.compile("^Read the .* answers? to “What would you do first"))

    staff.open("/admin/campaigns/callevent/")
    staff.press("Briefing before the session: what we ask for, and how")
    page.get_by_role("link", name="Who comes").filter(visible=True).first.click()
    expect(page.get_by_role("heading", name="Who comes")).to_be_visible()
    staff.arrive()
    staff.context.close()


def test_staff_invite_and_move_the_event(newcomer, chromium: Browser, portal: Portal) -> None:
    staff = Staff(chromium, portal, name="invitation-staff")
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open("/admin/campaigns/calltoaction/add/")
    page.locator("a[href$='kind=rsvp']").click()  # The sidebar has "Invitations" of another kind.
    expect(page.locator("[name=title]")).to_be_visible()
    staff.arrive()
    day = timezone.localdate() + timedelta(days=10)
    staff.type_in(
        {
            "title": "Open house in Cairo",
            "ask": "Say whether you come to our open house.",
            "consent_text": "Staff see your name and what you need.",
            "why": "Come and see what a drop-in center does.",
            "opens_at_0": f"{timezone.localdate() - timedelta(days=1)}",
            "opens_at_1": "08:00:00",
            "closes_at_0": f"{day}",
            "closes_at_1": "17:00:00",
            "event-0-starts_at_0": f"{day}",
            "event-0-starts_at_1": "17:00:00",
            "event-0-ends_at_0": f"{day}",
            "event-0-ends_at_1": "19:00:00",
            "event-0-place": "Sample House, Cairo",
            "event-0-capacity": "2",
        }
    )
    staff.save()
    staff.do("Publish")
    staff.confirm("Publish the call to action", "The call to action is published.")

    contact = newcomer(width=390, name="guest")
    contact.sign_in(CONTACT.email, PASSWORD)
    contact.open("/take-action/open-house-in-cairo/")
    contact.page.get_by_label("I will come").check()
    contact.page.get_by_label("People you bring along").select_option("2")
    contact.press("Answer the invitation")
    expect(contact.page.get_by_text("Only 2 seats are left, and you asked for 3.")).to_be_visible()
    contact.page.get_by_label("People you bring along").select_option("1")
    contact.press("Answer the invitation")
    expect(contact.page.get_by_role("heading", name="We look forward to seeing you")).to_be_visible()

    full = newcomer(name="too-late").open("/take-action/open-house-in-cairo/")
    expect(full.get_by_text("Every seat is taken")).to_be_visible()

    staff.open("/admin/campaigns/calltoaction/?q=Cairo")
    staff.press("Open house in Cairo")
    staff.press("See who comes, move or cancel the event")
    staff.do("Change the event")
    page.locator("[name=starts_at_1]").fill("18:00:00")
    staff.confirm("Change the event", "The event is changed, and those concerned are told.")
    mail = contact.read_mail(CONTACT.email, "Changed: Open house in Cairo")
    expect(mail.locator(".body")).to_contain_text("6:00 p.m.")
    staff.context.close()
