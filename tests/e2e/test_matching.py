"""Staff say whom the words on a recorded slip mean; the next list is read with what they said."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal

REVIEW = "/admin/legislation/slipmatch/"
HEADING = "Legislation|Name|Firm|Representation|Position|Committee|ScheduledDateTime"


@pytest.fixture
def staff(chromium: Browser, portal: Portal):
    somebody = Staff(chromium, portal, name="slip-review")
    somebody.sign_in(STAFF.email, PASSWORD)
    yield somebody
    somebody.context.close()


def test_a_confirmed_name_is_known_from_then_on(staff: Staff, tmp_path: Path) -> None:
    page = staff.open(f"{REVIEW}?q=Foundation")
    group = page.locator("section.desk-card").filter(has_text="Its name with words added").first
    words = group.get_by_role("heading").inner_text().strip("“”\u2066\u2069 \n")
    partner = group.locator(".desk-rows .desk-link").first.inner_text()
    bill = re.search(r"\b([HS]B) (\d+)", group.inner_text())
    assert bill is not None
    group.get_by_role("button", name=f"It is this partner: {partner}").click()
    staff.arrive()
    expect(page.get_by_text("is remembered as another name of it").first).to_be_visible()

    row = f"{bill[1]}{bill[2]}|Nora Q. Sample|{words.upper()}|N/A|Proponent|Human Services|2026-03-05 10:00"
    file = tmp_path / f"{bill[1]}{bill[2]}.txt"
    file.write_text(f"{HEADING}\n{row}\n", encoding="utf-8")
    staff.open("/admin/legislation/syncrun/upload/?source=ilga-slips")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload and import").click()
    expect(page.get_by_text("slip: 1 added").first).to_be_visible(timeout=180_000)

    staff.open(f"{REVIEW}?tab=sure&q={words.upper()}")
    found = page.locator("section.desk-card").filter(has_text=words.upper())
    expect(found.get_by_role("link", name=partner)).to_be_visible()
    expect(found.get_by_text("Another name that is recorded for it.")).to_be_visible()

    staff.open(f"{REVIEW}?tab=decided&q={words}")
    page.get_by_role("button", name="Take the decision back").first.click()
    staff.arrive()
    expect(page.get_by_text("The decision is taken back").first).to_be_visible()


def test_on_a_phone_the_words_are_nobody_and_other_words_another_partner(
    chromium: Browser, portal: Portal
) -> None:
    staff = Staff(chromium, portal, name="slip-review-phone", width=390)
    staff.sign_in(STAFF.email, PASSWORD)
    page = staff.open(REVIEW)
    page.get_by_role("button", name="Nobody of ours").last.click()
    staff.arrive()
    expect(page.get_by_text("is no partner of ours").first).to_be_visible()

    page.get_by_role("link", name="Another partner").last.click()
    staff.arrive()
    expect(page.get_by_role("heading", name="Which partner is")).to_be_visible()
    name = page.locator("select[name=organization] option").nth(2).inner_text()
    staff.choose("organization", name)
    staff.confirm("It is this partner", f"The slips count for {name}")
    staff.context.close()
