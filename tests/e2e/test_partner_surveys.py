"""Surveys from the builder over the mail to the published page; an anonymous one; and who should hear from us."""

import re

import pytest
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import ADVOCATE, CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal

TITLE = "After the workshop"


@pytest.fixture(scope="module")
def staff(chromium: Browser, portal: Portal):
    somebody = Staff(chromium, portal, name="surveys-desk")
    somebody.sign_in(STAFF.email, PASSWORD)
    yield somebody
    somebody.context.close()


def open_survey(staff: Staff, title: str) -> None:
    staff.open("/admin/surveys/survey/?q=" + title.split()[-1].strip("?"))
    staff.press(title)


@pytest.mark.chapter
def test_staff_build_a_survey_in_two_languages_with_a_branch(staff: Staff) -> None:
    page = staff.open("/admin/surveys/survey/add/")
    staff.type_in(
        {
            "title": TITLE,
            "title_es": "Después del taller",
            "questions-0-text": "Was it worth your time?",
            "questions-0-text_es": "¿Valió la pena?",
            "questions-0-choices": "Yes\nNo",
            "questions-0-choices_es": "Sí\nNo",
            "questions-1-text": "Anything else?",
            "questions-1-text_es": "¿Algo más?",
        }
    )
    page.locator("select[name=questions-0-kind]").select_option("choice")
    page.locator("[name=asks_to_quote]").check(force=True)
    staff.save()
    page.get_by_role("link", name=re.compile("Add another Question", re.IGNORECASE)).click()
    staff.type_in(
        {
            "questions-2-text": "What was missing?",
            "questions-2-text_es": "¿Qué faltó?",
            "questions-2-shown_values": "No",
        }
    )
    page.locator("select[name=questions-2-shown_if]").select_option(label="1. Was it worth your time?")
    staff.save()
    staff.do("Preview")
    page.get_by_label("No").check()
    staff.press("Continue")
    expect(page.get_by_label("What was missing?")).to_be_visible()
    staff.press("Back to the page before")
    expect(page.get_by_label("No")).to_be_checked()
    page.get_by_label("Yes").check()
    staff.press("Continue")
    expect(page.get_by_label("What was missing?")).to_have_count(0)
    staff.press(
        "Send my answers"
        if page.get_by_role("button", name="Send my answers").count()
        else "Try these answers"
    )
    expect(page.get_by_text("These answers would be taken")).to_be_visible()


@pytest.mark.chapter
def test_staff_invite_people_we_know(staff: Staff) -> None:
    open_survey(staff, TITLE)
    staff.do("Invite people")
    page = staff.page
    page.get_by_label("People in a list of e-mail addresses").check(force=True)
    page.locator("[name=addresses]").fill(f"{CONTACT.email}, nobody@elsewhere.example")
    page.locator("[name=subject]").fill("Workshop, May 3")
    staff.press("See how many that are")
    expect(page.get_by_text("1 person would be invited")).to_be_visible()
    expect(page.get_by_text("nobody@elsewhere.example")).to_be_visible()
    staff.confirm("Invite them", "1 person is invited.")


@pytest.mark.chapter
def test_a_partner_answers_on_a_phone_in_spanish_without_scripts(newcomer) -> None:
    reader = newcomer(width=390, scripts=False, name="survey-phone")
    mail = reader.read_mail(CONTACT.email, "Workshop, May 3")
    page = reader.follow(mail.get_by_role("link", name="Answer the survey"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    reader.press("Español")
    expect(page.get_by_role("heading", level=1)).to_have_text("Después del taller")
    page.get_by_label("No", exact=True).check()
    page.locator("form[method=post] button[type=submit]").last.click()
    reader.arrive()
    page.get_by_label("¿Qué faltó?").fill("Tiempo para practicar")
    page.locator("[name=quoting][value=named]").check()
    page.locator("form[method=post] button[type=submit]:not([name])").last.click()
    reader.arrive()
    expect(page.locator(".confirmation")).to_contain_text("Después del taller")


@pytest.mark.chapter
def test_staff_read_the_answers_and_may_quote_them(staff: Staff) -> None:
    open_survey(staff, TITLE)
    staff.do("Results")
    expect(staff.page.get_by_text("100.0%").first).to_be_visible()
    staff.press("Quotes")
    expect(staff.page.get_by_text("Tiempo para practicar")).to_be_visible()


def test_results_are_published_and_withdrawn(staff: Staff, newcomer) -> None:
    title = "Your training: what you take with you"
    open_survey(staff, title)
    page = staff.page
    staff.do("Publish the results")
    staff.confirm("Publish the results", "The results are public")
    reader = newcomer(name="survey-reader")
    reader.open("/surveys/your-training-what-you-take-with-you/results/")
    expect(reader.page.get_by_role("heading", name="How valuable was this training")).to_be_visible()
    newcomer(width=390, name="survey-reader-phone").open(
        "/surveys/your-training-what-you-take-with-you/results/?lang=es"
    )
    staff.do("Withdraw the results")
    staff.confirm("Withdraw the results", "not public any more")
    reader.open("/surveys/your-training-what-you-take-with-you/results/", status=404)
    assert page is staff.page


def test_an_anonymous_survey_is_answered_once(staff: Staff, newcomer) -> None:
    advocate = newcomer(name="survey-advocate")
    advocate.sign_in(ADVOCATE.email, PASSWORD)
    page = advocate.open("/my/surveys/")
    advocate.press("Can you speak freely with us?")
    expect(page.get_by_text("Your answers are anonymous")).to_be_visible()
    advocate.press("Continue")
    advocate.expect_problem("Choose an answer to “Can you say what you think in our meetings?”.")
    page.get_by_label("Never").check()
    advocate.press("Continue")
    page.get_by_label("What keeps you from it?").fill("We are small.")
    advocate.press("Send my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers are on record.")
    advocate.open("/my/surveys/can-you-speak-freely-with-us/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have answered this survey")

    staff.open("/admin/surveys/surveyinvitation/?q=" + ADVOCATE.email)
    expect(staff.page.get_by_text("not shown").first).to_be_visible()
    open_survey(staff, "Can you speak freely with us?")
    staff.do("Results")
    expect(staff.page.get_by_text("left out").first).to_be_visible()


def test_outreach_starts_with_those_who_asked_for_it(staff: Staff) -> None:
    page = staff.open("/admin/surveys/outreachtouch/priority/")
    caller = page.locator("tbody tr", has_text="asked in the survey that we get in touch").first
    name = caller.locator("th a").inner_text()
    staff.press(f"Note a contact with {name}")
    page.get_by_label("we talked").check(force=True)
    page.locator("[name=note]").fill("They would like to host a meeting.")
    staff.confirm("Note it", f"Noted: {name} goes down the list.")
    expect(page.locator("tbody tr").first).not_to_contain_text(name)
