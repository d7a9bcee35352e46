"""A report in a browser: a reader takes it along, partners see it early, staff bring one from a draft to its reach."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import CONTACT, PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

PUBLISHED = "/research/reports/what-an-hour-of-care-costs/"
EMBARGOED = "/research/reports/same-work-two-paychecks/"
DRAFT = "/research/reports/the-myth-of-overhead/"
PASTED = "Kind of cost\tShare\nRecords\t4.5\nInsurance\t3\nSupervision\t6"


@pytest.fixture
def staff(chromium: Browser, portal: Portal):
    somebody = Staff(chromium, portal, name="staff")
    yield somebody
    somebody.context.close()


def test_reader_finds_a_report_cites_it_and_takes_it_along(phone: Visitor) -> None:
    page = phone.open("/research/")
    phone.press(re.compile("^What an hour of care really costs"), within=page.get_by_role("main"))
    expect(page).to_have_url(re.compile(f"{PUBLISHED}$"))
    expect(page.get_by_role("heading", name="Key findings")).to_be_visible()
    phone.press("Method", within=page.get_by_role("navigation", name="On this page"))
    expect(page.locator(".citations")).to_contain_text("Rivera, A., & Sample, J.")
    for link, begins in (
        ("BibTeX file", b"@techreport{"),
        ("RIS file", b"TY  - RPRT"),
        ("The report as PDF", b"%PDF"),
        (re.compile(r"^Table 1 as CSV"), "\ufeffPart of the hour,Cost".encode()),
        (re.compile("^All tables"), b"PK"),
    ):
        address = page.get_by_role("link", name=link).first.get_attribute("href")
        answer = page.request.get(str(address))
        assert answer.ok
        assert answer.body().startswith(begins)
    page.get_by_text("The same as a table (table 1)").click()
    expect(page.get_by_role("rowheader", name="Travel between clients")).to_be_visible()
    phone.press("Version 1", within=page.get_by_role("main"))
    expect(page.get_by_text("An older version")).to_be_visible()
    phone.press("The newest version")


def test_partner_reads_an_embargoed_report_that_does_not_exist_for_strangers(
    visitor: Visitor, newcomer
) -> None:
    visitor.open(EMBARGOED, status=404)
    partner = newcomer(name="partner")
    partner.sign_in(CONTACT.email, PASSWORD)
    page = partner.open("/research/reports/")
    partner.press(re.compile("^Same work, two paychecks"), within=page.get_by_role("main"))
    expect(page.get_by_text("Please do not share this report before")).to_be_visible()
    assert page.request.get(f"{EMBARGOED}report.pdf").body().startswith(b"%PDF")
    visitor.open("/research/reports/")
    expect(visitor.page.get_by_text("Same work, two paychecks")).to_have_count(0)
    for address in (EMBARGOED, f"{EMBARGOED}report.pdf", f"{EMBARGOED}table-1.csv", f"{EMBARGOED}tables.zip"):
        assert visitor.page.request.get(address).status == 404


def test_staff_bring_a_report_from_a_draft_through_embargo_to_release_and_reach(
    staff: Staff, newcomer
) -> None:
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open("/admin/research/report/?q=overhead")
    page.get_by_role("link", name="The myth of overhead").first.click()
    staff.arrive()
    at = page.url
    staff.press(re.compile("^Chapter: What is counted"))
    page.get_by_role("link", name=re.compile("Add another Table", re.IGNORECASE)).click()
    staff.type_in({
        "tables-0-title": "Shares of overhead",
        "tables-0-cells": PASTED,
        "tables-0-unit": "percent of costs",
        "tables-0-source": "Sample data of the demonstration",
    })  # fmt: skip
    page.locator("[name=tables-0-chart]").select_option("bar")
    staff.save()
    staff.open(at)
    staff.press("Check list")
    expect(page.get_by_text("Nothing is missing")).to_be_visible()
    staff.open(at)
    staff.do("Set embargo")
    soon = datetime.now(ZoneInfo("America/Chicago")) + timedelta(days=3)
    staff.type_in({"until_0": f"{soon:%Y-%m-%d}", "until_1": "09:00:00"})
    staff.confirm("Set the embargo", "The embargo is set.")
    reader = newcomer(name="reader")
    reader.open(DRAFT, status=404)
    staff.do("Release now")
    staff.confirm("Release the report", "The report is released.")
    read = reader.open(DRAFT)
    expect(read.get_by_role("heading", name="The myth of overhead")).to_be_visible()
    expect(read.locator(".bars")).to_contain_text("4.5%")
    staff.open(at)
    # The icon's name is part of the button's words.
    page.get_by_role("link", name=re.compile(r"\bReach$")).filter(visible=True).first.click()
    staff.arrive()
    expect(page.get_by_role("heading", name="Distribution by channel")).to_be_visible()
