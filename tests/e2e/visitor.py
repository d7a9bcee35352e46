"""Somebody at a browser: what they do, and what must hold on every page they meet."""

import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Response, TimeoutError, expect

from tests.e2e.portal import Portal

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
# A folder that keeps a picture of every page met, for people to look at.
PICTURES = os.environ.get("E2E_PICTURES")
# The mailbox is asked anew after this time, so often: a worker on a busy machine may need a while.
MAIL_WAIT, MAIL_TRIES = 400, 75
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Visitor:
    """Notices script errors, blocked content, sideways scrolling and accessibility faults on every page."""

    def __init__(
        self, browser: Browser, portal: Portal, *, width: int = 1280, scripts: bool = True, name: str = ""
    ) -> None:
        self.portal = portal
        self.scripts = scripts
        self.name = name or f"visitor-{width}"
        self.context = browser.new_context(
            base_url=portal.address,
            viewport={"width": width, "height": 900},
            locale="en-US",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(45_000)
        self.complaints: list[str] = []
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))
        self.page: Page = self.context.new_page()
        self._pictures = 0
        self._seen: set[tuple[str, str, str]] = set()

    def _hear(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    # --- Going around ---------------------------------------------------------------------------------------

    def open(self, address: str, *, status: int = 200) -> Page:
        """Types an address, and looks at the page."""
        response = self.page.goto(address)
        assert response is not None
        assert response.status == status, f"{address} answered {response.status}"
        self.check()
        return self.page

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> Page:
        """Presses the page's button or follows its link of that name, and looks at what comes."""
        self.control(name, within=within).click()
        return self.arrive()

    def control(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> Locator:
        """The button of that name, else the link."""
        place = within or self.page.locator("body")
        exact = isinstance(name, str)
        button = place.get_by_role("button", name=name, exact=exact)
        link = place.get_by_role("link", name=name, exact=exact)
        return button.or_(link).filter(visible=True).first

    def submit(self, name: str) -> Response:
        """Presses a button and returns what the server answered to it."""
        with self.page.expect_navigation() as navigation:
            self.control(name, within=self.page.get_by_role("main")).click()
        self.arrive()
        return navigation.value

    def arrive(self) -> Page:
        """Waits for the page that a step led to, and looks at it."""
        self.page.wait_for_load_state("load")
        self.check()
        return self.page

    def fill(self, answers: dict[str, str]) -> None:
        """Types into the fields of these labels; "(optional)" may stand behind a label."""
        for label, answer in answers.items():
            self.field(label).fill(answer)

    def field(self, label: str) -> Locator:
        """The field under exactly this label."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(optional\))?\s*$"))

    def sign_in(self, email: str, password: str) -> None:
        """Over the page where everybody signs in."""
        self.open("/accounts/login/")
        self.page.locator("#id_login").fill(email)
        self.field("Password").fill(password)
        self.press("Sign in", within=self.page.get_by_role("main"))

    # --- Mail -----------------------------------------------------------------------------------------------

    def read_mail(self, to: str, subject: str) -> FrameLocator:
        """Opens the newest message to an address with these words in its subject, as soon as it has come."""
        mail = self.page.locator("td").get_by_role("link", name=subject).first
        for _try in range(MAIL_TRIES):
            self.page.goto(f"/mailbox/?to={quote(to)}")
            try:
                mail.wait_for(timeout=MAIL_WAIT)
            except TimeoutError:
                continue
            mail.click()
            expect(self.page.get_by_role("heading", level=1)).to_contain_text(subject)
            self.arrive()
            return self.page.frame_locator("iframe.mail-frame")
        pytest.fail(f"No message “{subject}” came to {to}.")

    def mails(self, to: str, subject: str = "") -> int:
        """How many messages with these words in the subject an address has got by now."""
        self.page.goto(f"/mailbox/?to={quote(to)}")
        return self.page.locator("td").get_by_role("link", name=subject or None).count()

    def follow(self, link: Locator) -> Page:
        """Follows a link of a message, which opens in a tab of its own; the old one is closed."""
        with self.context.expect_page() as opened:
            link.click()
        self.page.close()
        self.page = opened.value
        return self.arrive()

    # --- What must hold -------------------------------------------------------------------------------------

    def check(self) -> None:
        """No accessibility fault (WCAG 2.2 A and AA), nothing blocked, one h1, no sideways scrolling."""
        self._picture()
        assert self.complaints == []
        if not self.scripts or self._has_seen_this():
            return
        faults = find_faults(self.page)
        assert not faults, "\n".join([self.page.url, *faults])
        expect(self.page.locator("h1")).to_have_count(1)
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(wide), f"{self.page.url} scrolls sideways"

    def _has_seen_this(self) -> bool:
        """Whether this visitor met the same page with the same words before."""
        met = (self.page.url, self.page.title(), self.page.locator("body").inner_text())
        seen = met in self._seen
        self._seen.add(met)
        return seen

    def expect_problem(self, *messages: str) -> None:
        """The page says what is wrong: in its title, in a focused summary with links, and at the fields."""
        expect(self.page).to_have_title(re.compile("^Error: "))
        summary = self.page.get_by_role("alert")
        expect(summary).to_be_focused()
        expect(summary.get_by_role("heading", name="There is a problem")).to_be_visible()
        for message in messages:
            link = summary.get_by_role("link", name=message)
            expect(link).to_be_visible()
            expect(self.page.locator(".field__error", has_text=message)).to_be_visible()
            link.click()
            target = str(link.get_attribute("href"))
            expect(self.page.locator(target)).to_be_focused()

    def _picture(self) -> None:
        if PICTURES:
            self._pictures += 1
            words = re.sub(r"[^a-z0-9]+", "-", self.page.url.removeprefix(self.portal.address).lower())
            name = f"{self.name}-{self._pictures:02d}{words[:70].rstrip('-')}.png"
            self.page.screenshot(path=Path(PICTURES) / name, full_page=True)


def find_faults(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, in words. Injected past the CSP, which is right to forbid it."""
    if not AXE.exists():
        pytest.fail("axe-core is missing: run `make install`, which needs npm.")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    session.detach()
    return page.evaluate(
        """async (rules) => (await axe.run(document, {runOnly: rules, iframes: false, resultTypes: ["violations"]}))
        .violations.map(fault => `${fault.id}: ${fault.help} (${fault.nodes.map(node => node.target).join(", ")})`)""",
        _RULES,
    )
