"""The coalition's main work as one story, from an organization that asks to join to an alert that is answered.

Each test is a chapter and goes on where the last one ended.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, expect

from portal.embedded.demo_logins import PASSWORD, STAFF
from tests.e2e.desk import Staff
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.chapter

NAME = "Harbor Lamp Family Services"
ROSA, THEO = "rosa.delgado@harborlamp.example", "theo.park@harborlamp.example"
LOOKALIKE_CONTACT = "sam.greene@lookalike.example"
SECRET = "lantern-quay-cinnamon"
CALL = "Keep crisis beds open in every county"
ASK = "Ask the state to fund crisis beds outside of Chicago."
ACT = "Add my name"
HEADLINE = "A crisis line that answers within a minute"
SUBJECT = "Crisis beds need your name"
WORDS = "Dear {{{{ first_name|Friend }}}}, will you add your name for {{{{ {} }}}}?"
TILES = ("active partners", "people who acted", "organizations that acted", "actions taken")


@dataclass
class Story:
    """Who is in it, and what they learned on the way."""

    portal: Portal
    newcomer: Callable[..., Visitor]
    staff: Staff
    rosa: Visitor
    theo: Visitor
    slug: str = "harbor-lamp-family-services"
    area: str = ""
    lookalike: str = ""
    neighbor: str = ""
    call_page: str = ""
    draft: str = ""
    result_page: str = ""
    # How many people the alert is for, and how many of them get it.
    audience: int = 0
    recipients: int = 0
    counted: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def story(newcomer: Callable[..., Visitor], chromium: Browser, portal: Portal):
    staff = Staff(chromium, portal, name="staff")
    yield Story(portal, newcomer, staff, rosa=newcomer(name="rosa"), theo=newcomer(name="theo"))
    staff.context.close()


def logo() -> bytes:
    """A picture of a lamp, more or less."""
    picture = Image.new("RGB", (640, 320), "#0F4C46")
    picture.paste("#F2B632", (280, 60, 360, 260))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_organization_asks_to_join(story: Story) -> None:
    rosa, page = story.rosa, story.rosa.open("/partners/")
    neighbor = page.locator(".rows a").first
    story.lookalike = neighbor.inner_text()
    story.neighbor = str(neighbor.get_attribute("href")).strip("/").split("/")[-1]

    rosa.press("Join", within=page.get_by_role("banner"))
    rosa.press("Start your request")
    rosa.press("Save and continue")
    rosa.expect_problem("Enter the name of your organization.", "Choose the county of your main office.")
    rosa.fill({"Name of your organization": f"{story.lookalike}, Inc.", "EIN": "361"})
    rosa.fill({"City or town": "Quincy", "ZIP code": "62301", "Website": "harborlamp.example"})
    page.get_by_label("County").select_option(label="Adams")
    rosa.press("Save and continue")
    expect(page).to_have_title(re.compile("^Error: "))
    rosa.fill({"EIN": ""})
    rosa.press("Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this your organization?")
    expect(page.get_by_text(story.lookalike, exact=True)).to_be_visible()
    rosa.press("Back")
    expect(rosa.field("Website")).to_have_value(re.compile("harborlamp.example"))
    rosa.fill({"Name of your organization": "Harbor Lamp Services"})
    rosa.press("Save and continue")

    rosa.press("Save and continue")
    rosa.expect_problem("Enter your first name.", "Enter your e-mail address.")
    rosa.fill({"First name": "Rosa", "Last name": "Delgado", "Job title": "Director"})
    rosa.fill({"Work e-mail address": ROSA})
    rosa.press("Save and continue")

    story.area = page.locator("#id_area option:checked").inner_text()
    rosa.press("Save and continue")
    rosa.expect_problem("Choose at least one field you work in.")
    page.get_by_label("Behavioral health").check()
    page.get_by_label("Family support").check()
    page.get_by_label("$1 million to $5 million").check()
    rosa.fill({"What does your organization do?": "Counseling and a crisis line for families on the river."})
    rosa.press("Save and continue")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    rosa.press(re.compile("^Change name", re.IGNORECASE))
    rosa.fill({"Name of your organization": NAME})
    rosa.press("Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    for words in (
        NAME,
        "Quincy",
        "Adams",
        "Rosa Delgado",
        ROSA,
        "Behavioral health",
        "Family support",
        story.area,
    ):
        expect(page.locator("main")).to_contain_text(words)
    rosa.press("Send our request to join")


def test_applicant_answers_optional_questions(story: Story) -> None:
    rosa, page = story.rosa, story.rosa.page
    expect(page.get_by_text("Your request is sent.")).to_be_visible()
    page.get_by_label("Hispanic or Latino").check()
    page.get_by_label("Prefer not to say").first.check()
    rosa.press("Save our answers")
    rosa.expect_problem("Answer the question or choose “Prefer not to say”, not both.")
    page.get_by_label("Prefer not to say").first.uncheck()
    rosa.fill({"How many people do you employ?": "23"})
    rosa.press("Save our answers")
    reference = page.locator(".confirmation__reference").inner_text()
    assert re.fullmatch(r"J-[2-9A-Z]{6}", reference)
    page.reload()
    expect(page.locator(".confirmation__reference")).to_have_text(reference)
    rosa.read_mail(ROSA, "We have your request to join")
    expect(page.locator(".mail-text")).to_contain_text(reference)


def test_lookalike_insists_on_being_another(story: Story) -> None:
    sam = story.newcomer(width=390, name="sam")
    page = sam.open("/join/organization/")
    sam.fill(
        {"Name of your organization": f"{story.lookalike} Inc", "City or town": "Quincy", "ZIP code": "62301"}
    )
    page.get_by_label("County").select_option(label="Adams")
    sam.press("Save and continue")
    sam.press("Continue with our request")
    sam.fill({"First name": "Sam", "Last name": "Greene", "Work e-mail address": LOOKALIKE_CONTACT})
    sam.press("Save and continue")
    page.get_by_label("Housing and homelessness").check()
    sam.press("Save and continue")
    sam.press("Send our request to join")
    sam.press("Skip these questions")
    expect(page.locator(".confirmation__reference")).to_be_visible()


def test_staff_decide(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    staff.sign_in(STAFF.email, PASSWORD)
    staff.open("/admin/")
    story.counted = {label: staff.tile(label) for label in TILES}
    waiting = page.locator("[aria-labelledby=desk-joins]")
    expect(waiting.get_by_role("link", name=NAME)).to_be_visible()
    staff.press(NAME, within=waiting)
    expect(page.get_by_text("Rosa Delgado").first).to_be_visible()
    staff.do("Approve")
    staff.confirm("Approve the request", f"{NAME} is a partner now.")
    expect(page.get_by_role("link", name="Approve")).to_have_count(0)

    staff.open("/admin/partners/joinapplication/")
    expect(page.get_by_role("link", name=NAME)).to_have_count(0)
    staff.press(f"{story.lookalike} Inc", within=page.locator("#result_list"))
    expect(page.locator("#content")).to_contain_text("similar name")
    staff.do("Decline")
    page.get_by_role("button", name="Decline the request").click()
    expect(page.get_by_text("Write the reason; the applicant will read it.")).to_be_visible()
    staff.type_in({"reason": f"{story.lookalike} is a partner already. Ask them for an invitation."})
    staff.confirm("Decline the request", "The request is declined, and the applicant knows why.")
    staff.read_mail(LOOKALIKE_CONTACT, "About your request to join")
    expect(page.locator(".mail-text")).to_contain_text("is a partner already. Ask them for an invitation.")


def test_directory_shows_the_new_partner_at_once(story: Story) -> None:
    anybody = story.newcomer(name="anybody")
    page = anybody.open("/partners/?q=Harbor+Lamp")
    anybody.press(NAME)
    expect(page).to_have_url(re.compile(f"/partners/{story.slug}/$"))


def test_primary_contact_sets_up_the_login(story: Story) -> None:
    rosa = story.rosa
    mail = rosa.read_mail(ROSA, "Welcome")
    page = rosa.follow(mail.get_by_role("link", name="Set up your login"))
    rosa.field("Choose a password").fill("password123")
    rosa.press("Set up my login")
    expect(page).to_have_title(re.compile("^Error: "))
    rosa.field("Choose a password").fill(SECRET)
    rosa.press("Set up my login")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Rosa")
    rosa.press("Our page")


def test_primary_contact_keeps_the_profile(story: Story) -> None:
    rosa, page = story.rosa, story.rosa.page
    rosa.press("Edit our profile")
    rosa.fill({"Public phone number": "(217) 555-0142"})
    page.locator("#id_logo").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    rosa.press("Save our profile")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(rosa.field("Public phone number")).to_have_value("(217) 555-0142")
    page.locator("#id_logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    rosa.press("Save our profile")
    expect(page.get_by_text("The profile is saved.")).to_be_visible()
    rosa.press("Our public page")
    picture = page.locator("img.partner-logo")
    assert (
        picture.evaluate(
            "async image => { image.loading = 'eager'; await image.decode(); return image.naturalWidth }"
        )
        > 0
    )
    expect(page.get_by_role("link", name="(217) 555-0142")).to_be_visible()


def test_primary_contact_invites_a_colleague(story: Story) -> None:
    rosa, theo = story.rosa, story.theo
    page = rosa.open(f"/my/organizations/{story.slug}/people/")
    rosa.press("Invite a colleague")
    rosa.press("Send the invitation")
    rosa.expect_problem("Enter the e-mail address of the person you invite.")
    rosa.fill({"E-mail address": THEO, "First name": "Theo", "Last name": "Park"})
    page.get_by_label("advocate").check()
    rosa.press("Send the invitation")
    expect(page.get_by_role("heading", name=THEO)).to_be_visible()

    mail = theo.read_mail(THEO, NAME)
    accepted = theo.follow(mail.get_by_role("link", name="Accept the invitation"))
    invitation = accepted.url
    theo.field("Choose a password").fill(SECRET)
    theo.press("Set up my login")
    expect(accepted.get_by_role("heading", level=1)).to_have_text("Hello, Theo")
    theo.open(invitation, status=410)


def test_nobody_sees_another_organization(story: Story) -> None:
    for pages in ("", "people/", "edit/", "questions/", "actions/"):
        story.theo.open(f"/my/organizations/{story.neighbor}/{pages}", status=404)
    story.theo.open(f"/my/organizations/{story.slug}/edit/", status=403)
    story.theo.open("/admin/", status=403)


def test_colleague_answers_a_call(story: Story) -> None:
    theo = story.theo
    page = theo.open("/my/")
    todo = page.locator("[aria-labelledby=todo] .card").filter(has=page.get_by_text("Petition")).first
    title = todo.get_by_role("link").first.inner_text()
    theo.press(title)
    act = page.get_by_role("main").locator("form").get_by_role("button")
    before = int(page.locator(".beam__value").inner_text().replace(",", ""))
    expect(page.get_by_text(f"You are acting as Theo Park, {NAME}.")).to_be_visible()
    theo.press(act.inner_text())
    reference = page.locator(".confirmation__reference").inner_text()
    theo.press("The call's page")
    expect(page.locator(".beam__value")).to_have_text(f"{before + 1:,}")
    theo.fill({"Comment": "For the families on the river."})
    theo.press("Update my comment")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answer is up to date")
    expect(page.locator(".confirmation__reference")).to_have_text(reference)
    theo.open("/my/")
    expect(page.locator("[aria-labelledby=done]")).to_contain_text(title)
    rosa = story.rosa.open(f"/my/organizations/{story.slug}/actions/")
    expect(rosa.get_by_role("row", name=reference)).to_contain_text("Theo Park")


def test_staff_write_a_call_to_action(story: Story) -> None:
    staff, page = story.staff, story.staff.open("/admin/campaigns/calltoaction/add/")
    staff.do("Petition")
    staff.type_in({"title": CALL, "ask": ASK, "goal": "50"})
    staff.type_in({"why": "A crisis does not wait for the next bed in Chicago."})
    staff.type_in({"statement": "We ask the General Assembly to fund crisis beds in every county."})
    staff.type_in({"consent_text": "We keep your name to show how many stand behind this."})
    today = timezone.localdate()
    staff.type_in({"opens_at_0": f"{today - timedelta(days=1)}", "opens_at_1": "08:00:00"})
    staff.type_in({"closes_at_0": f"{today + timedelta(days=21)}", "closes_at_1": "17:00:00"})
    staff.save()
    slug = page.locator("[name=slug]").input_value()
    story.call_page = f"/take-action/{slug}/"
    story.newcomer(name="early").open(story.call_page, status=404)


def test_staff_write_a_story_about_it(story: Story) -> None:
    staff, page = story.staff, story.staff.open("/admin/campaigns/story/add/")
    staff.type_in({"kicker": "Behavioral health", "headline": HEADLINE, "agency": NAME, "city": "Quincy"})
    staff.type_in({"summary": "Neighbors trained as listeners answer the river counties' calls."})
    staff.type_in({"body": "Forty listeners share the nights. Most callers need no ambulance."})
    staff.type_in({"quote": "We pick up. That is the whole secret.", "quote_by": "Theo Park"})
    staff.type_in({"source": "Harbor Lamp's annual report"})
    page.locator("[name=consent]").select_option(index=1)
    staff.choose("call_to_action", CALL)
    for number, (value, label) in enumerate(
        [("40", "trained listeners"), ("52 seconds", "until a call is answered")]
    ):
        page.get_by_role("link", name=re.compile("Add another fact", re.IGNORECASE)).click()
        staff.type_in({f"facts-{number}-value": value, f"facts-{number}-label": label})
    staff.save()
    with staff.context.expect_page() as opened:
        page.get_by_role("link", name="Preview").filter(visible=True).first.click()
    preview = opened.value
    expect(preview.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(preview.get_by_text("52 seconds")).to_be_visible()
    preview.close()
    staff.do("Make Issue of the Week")
    page.locator("[name=week]").select_option(index=0)
    staff.confirm("Make it the Issue of the Week", "The story has its week.")
    staff.do("Publish now")
    staff.confirm("Publish the story", "The story is published.")


def test_staff_publish_the_call(story: Story) -> None:
    staff = story.staff
    staff.open("/admin/campaigns/calltoaction/")
    staff.press(CALL)
    staff.do("Publish")
    staff.confirm("Publish the call to action", "The call to action is published.")
    anybody = story.newcomer(name="reader")
    page = anybody.open("/stories/")
    anybody.press(HEADLINE)
    expect(page.get_by_text("52 seconds")).to_be_visible()
    anybody.press(ACT)
    expect(page.get_by_role("heading", level=1)).to_have_text(CALL)
    expect(page.locator(".beam__value")).to_have_text("0")
    anybody.open("/take-action/")
    expect(page.get_by_role("link", name=CALL)).to_be_visible()


def test_staff_write_an_alert(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    staff.do("Write an alert about it")
    expect(page.locator("select[name=call_to_action] option:checked")).to_have_text(CALL)
    staff.type_in({"subject": f"{{{{ first_name|Friend }}}}, {SUBJECT.lower()}"})
    staff.type_in({"preheader": "It takes one click.", "blocks-0-text": WORDS.format("organisation")})
    page.get_by_role("button", name="Add a condition").click()
    # The new row listens only once it has settled: a person is never that fast.
    about = page.get_by_label("What the condition is about")
    expect(about).to_be_visible()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    about.select_option("area")
    page.get_by_label(story.area, exact=True).check()
    size = page.locator(".audience-number")
    expect(size).to_contain_text(re.compile(r"\d+ people in \d+ organizations"))
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text(re.compile("“organisation”")).first).to_be_visible()
    staff.type_in({"blocks-0-text": WORDS.format("organization")})
    staff.save()
    expect(size).to_contain_text(re.compile(r"\d+ people in \d+ organizations"))
    # Somebody in the area may want no mail any more; the page counts them apart.
    skipped = re.search(r"(\d+) of them will be skipped", size.inner_text())
    story.audience = int(size.inner_text().split()[0])
    story.recipients = story.audience - (int(skipped[1]) if skipped else 0)
    assert story.recipients >= 3
    expect(page.get_by_label(story.area, exact=True)).to_be_checked()


def test_staff_look_at_the_alert_before_it_goes_out(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    story.draft = urlsplit(page.url).path
    staff.do("Preview")
    page.get_by_label(re.compile("See it as somebody else")).fill("Theo Park")
    staff.press("Find people")
    staff.press(re.compile("Theo Park"))
    frame = page.frame_locator("iframe").first
    expect(frame.get_by_text(f"Dear Theo, will you add your name for {NAME}?")).to_be_visible()
    expect(page.locator(".desk-text")).to_contain_text(f"Dear Theo, will you add your name for {NAME}?")
    staff.open(story.draft)
    staff.do("Checks")
    staff.check()
    staff.open(story.draft)
    staff.do("Send a test")
    staff.confirm("Send the test", "1 test is on its way.")


def test_test_message_reaches_staff_alone(story: Story) -> None:
    reader = story.newcomer(name="test-mail")
    reader.read_mail(STAFF.email, "[Test]")
    assert reader.mails(THEO, SUBJECT.lower()) == 0


def test_staff_send_the_alert(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    staff.open(story.draft)
    staff.do("Send now")
    staff.confirm(f"Send to {story.recipients} people", "The alert is on its way.")
    story.result_page = page.url
    everybody = f"Sent: {story.audience} of {story.audience} handled."
    expect(page.get_by_text(everybody)).to_be_visible(timeout=60_000)  # The page refreshes itself.
    expect(staff.funnel("audience")).to_have_text(str(story.audience))
    expect(staff.funnel("accepted")).to_have_text(str(story.recipients))
    expect(staff.funnel("acted")).to_have_text("0")
    staff.check()


def test_recipient_acts_from_the_mail(story: Story) -> None:
    reader = story.newcomer(width=390, name="mail-reader")
    mail = reader.read_mail(THEO, SUBJECT.lower())
    expect(mail.get_by_text(f"Dear Theo, will you add your name for {NAME}?")).to_be_visible()
    page = reader.follow(mail.get_by_role("link", name=ACT))
    expect(page.get_by_text(f"You are acting as Theo Park, {NAME}.")).to_be_visible()
    expect(page.locator(".beam__value")).to_have_text("0")  # Following the link alone is no action.
    reader.press(ACT)
    expect(page.locator(".confirmation__reference")).to_be_visible()
    expect(page.locator(".beam__value")).to_have_text("1")
    story.staff.open(story.result_page)
    expect(story.staff.funnel("clicked")).to_have_text("1")
    expect(story.staff.funnel("acted")).to_have_text("1")


def test_recipients_unsubscribe(story: Story) -> None:
    reader, staff = story.newcomer(name="leaving"), story.staff
    mail = reader.read_mail(THEO, SUBJECT.lower())
    page = reader.follow(mail.get_by_role("link", name="Unsubscribe"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Stop this mail?")
    staff.open(story.result_page)
    # Mail scanners open this page too.
    expect(staff.page.get_by_text("unsubscribed", exact=True)).to_have_count(0)
    reader.press("Unsubscribe")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")

    reader.read_mail(ROSA, SUBJECT.lower())
    message = story.portal.message(page.url)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.search(r"<(https?://[^>]+)>", message["List-Unsubscribe"])[1]
    answer = httpx.post(address, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    staff.open(story.result_page)
    staff.expect_tally("unsubscribed", 2)


def test_next_alert_leaves_them_alone(story: Story) -> None:
    staff, page = story.staff, story.staff.page
    staff.press(re.compile("^Back to"))
    staff.do("Copy as a new draft")
    staff.confirm("Make the copy", "This is the copy.")
    staff.do("Send now")
    left = story.recipients - 2
    staff.confirm(f"Send to {left} {'person' if left == 1 else 'people'}", "The alert is on its way.")
    everybody = f"Sent: {story.audience} of {story.audience} handled."
    expect(page.get_by_text(everybody)).to_be_visible(timeout=60_000)
    staff.expect_tally("skipped", story.audience - left)
    expect(staff.funnel("accepted")).to_have_text(str(left))
    reader = story.newcomer(name="left-alone")
    assert reader.mails(THEO, SUBJECT.lower()) == 1
    assert reader.mails(ROSA, SUBJECT.lower()) == 1


def test_everything_is_counted(story: Story) -> None:
    """One partner joined, and one of its people acted twice."""
    page = story.rosa.open(f"/my/organizations/{story.slug}/actions/")
    expect(page.get_by_role("row").filter(has_text="Theo Park")).to_have_count(2)
    expect(page.locator(".stats")).to_contain_text(re.compile(r"person acted\s*1\s*actions taken\s*2"))
    story.staff.open("/admin/")
    more = {label: story.staff.tile(label) - before for label, before in story.counted.items()}
    assert more == dict(zip(TILES, (1, 1, 1, 2), strict=True))
