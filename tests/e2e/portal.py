"""The whole portal as `make run` starts it, in a folder of its own."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from portal.embedded.ports import any_free
from tests.legislation.geocoder import FakeGeocoder, fake_geocoder
from tests.trainings.card_stand_in import SECRET_KEY, WEBHOOK_SECRET, CardService, card_service

START_SECONDS = 240
STOP_SECONDS = 30


@dataclass
class Portal:
    """A running portal: its address, its folder and the process that runs it."""

    address: str
    folder: Path
    process: subprocess.Popen
    geocoder: FakeGeocoder

    def message(self, mailbox_address: str) -> EmailMessage:
        """A message as its mail program gets it. Takes the address of its page in the mailbox."""
        raw = httpx.get(f"{mailbox_address}raw/").raise_for_status().content
        return message_from_bytes(raw, policy=policy.default)


@contextmanager
def running_portal(folder: Path) -> Iterator[Portal]:
    """`python -m portal.embedded run` with 60 sample organizations, a geocoder and a card service of ours, until the block ends."""
    with fake_geocoder() as geocoder, card_service() as cards, _started(folder, geocoder, cards) as portal:
        yield portal


@contextmanager
def _started(folder: Path, geocoder: FakeGeocoder, cards: CardService) -> Iterator[Portal]:
    foreign = {"DATABASE_URL", "REDIS_URL", "PORTAL_MODE", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    environment |= {
        "PORTAL_VAR": str(folder),
        "DEMO_SIZE": "60",
        "LEGISLATURE_DATA": "",  # The invented legislature, wherever this runs.
        "WEB_PORT": str(any_free()),
        "SMTP_PORT": str(any_free()),
        "REDIS_PORT": str(any_free()),
        "FORM_RATE": "1000/h",
        "CENSUS_GEOCODER_URL": geocoder.url,
        "STRIPE_SECRET_KEY": SECRET_KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": cards.address,
        "STRIPE_CHECKOUT_ORIGIN": cards.address,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fonts").symlink_to(os.environ["PORTAL_TEST_FONTS"])
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", "run"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_until_ready(process)
        yield Portal(f"http://localhost:{environment['WEB_PORT']}", folder, process, geocoder)
    finally:
        process.terminate()  # Not SIGINT, which a process started in the background ignores.
        process.wait(timeout=STOP_SECONDS)


def _wait_until_ready(process: subprocess.Popen) -> None:
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        for line in process.stdout:
            said.append(line)
            if "The portal is ready" in line:
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    ready.wait(START_SECONDS)
    if not any("The portal is ready" in line for line in said):
        pytest.fail("The portal did not start:\n" + "".join(said))
