"""The whole portal as `make run` starts it, in a folder of its own, and a Chromium to walk through it."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.embedded.browser import find_browser
from portal.embedded.ports import any_free

ROOT = Path(settings.BASE_DIR)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120


@dataclass
class Portal:
    """A running portal: its address, its folder and the process that runs it."""

    address: str
    folder: Path
    process: subprocess.Popen

    def mails_to(self, address: str) -> list[str]:
        """Sources of the messages an address got, the newest first."""
        page = httpx.get(f"{self.address}/mailbox/", params={"to": address}).text
        links = re.findall(r'href="(/mailbox/[^"?/]+/)"', page)
        return [httpx.get(f"{self.address}{link}raw/").text for link in dict.fromkeys(links)]


@pytest.fixture(scope="session")
def portal(tmp_path_factory) -> Iterator[Portal]:
    """`python -m portal.embedded run` with 60 sample organizations; ended like Ctrl-C does it."""
    folder = tmp_path_factory.mktemp("run")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "PORTAL_MODE", "DJANGO_SETTINGS_MODULE"}
    }
    environment |= {
        "PORTAL_VAR": str(folder),
        "DEMO_SIZE": "60",
        "WEB_PORT": str(any_free()),
        "SMTP_PORT": str(any_free()),
        "REDIS_PORT": str(any_free()),
        "MAILING_LEASE_SECONDS": "20",
        "FORM_RATE": "1000/h",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        for line in process.stdout:
            said.append(line)
            if "The portal is ready" in line or "cannot start" in line:
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    ready.wait(START_SECONDS)
    if not any("The portal is ready" in line for line in said):
        process.kill()
        pytest.fail("The portal did not start:\n" + "".join(said))
    yield Portal(f"http://localhost:{environment['WEB_PORT']}", folder, process)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser, who notices script errors, blocked content and accessibility faults on every page met."""

    def __init__(self, browser: Browser, portal: Portal, *, width: int = 1280) -> None:
        self.portal = portal
        self.context = browser.new_context(
            base_url=portal.address, viewport={"width": width, "height": 900}, locale="en-US"
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        response = self.page.goto(path)
        assert response.status == 200, f"{path} answered {response.status}"
        self.check()
        return self.page

    def check(self) -> None:
        """No axe-core violation (WCAG 2.2 A and AA), no blocked script or style, one h1."""
        if self.page.url.startswith(f"{self.portal.address}/admin/"):
            return  # django-unfold's own pages
        assert self.complaints == []
        expect(self.page.locator("h1")).to_have_count(1)
        assert find_violations(self.page) == []

    def fill(self, answers: dict[str, str]) -> None:
        for label, answer in answers.items():
            self.page.get_by_label(label, exact=False).first.fill(answer)

    def press(self, name: str) -> None:
        """Presses a button or follows a link, and looks at the page it leads to."""
        button = self.page.get_by_role("button", name=name)
        (button if button.count() else self.page.get_by_role("link", name=name)).first.click()
        self.page.wait_for_load_state()
        self.check()

    def sign_in(self, email: str, password: str) -> None:
        self.open("/accounts/login/")
        self.page.get_by_label("E-mail").first.fill(email)
        self.page.get_by_label("Password", exact=False).first.fill(password)
        self.page.get_by_role("button", name="Sign in").first.click()
        self.page.wait_for_load_state()


def find_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page, in words. Injected past the CSP, which is right to forbid it."""
    if not AXE.exists():
        pytest.fail("axe-core is missing: run `make install`, which needs npm.")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    result = page.evaluate(
        """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
        "best-practice"]})).violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.target).join(", ")})`)"""
    )
    session.detach()
    return [f"{page.url} {violation}" for violation in result]


@pytest.fixture
def visitor(chromium: Browser, portal: Portal) -> Iterator[Visitor]:
    somebody = Visitor(chromium, portal)
    yield somebody
    somebody.context.close()


@pytest.fixture
def phone(chromium: Browser, portal: Portal) -> Iterator[Visitor]:
    somebody = Visitor(chromium, portal, width=390)
    yield somebody
    somebody.context.close()
