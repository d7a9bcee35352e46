"""Registrations a minute for one popular session: a crowd registers over HTTP, page by page, until there is no seat left.

Each visitor opens the session's page, follows the pages of the registration with cookies of their own, checks the
answers and registers: eight requests, each answered by granian as `make run` starts it. Afterwards everybody must be
there once: as many with a seat as there are seats, and the rest on the waiting list.
"""

import os
import re
import threading
import time
from dataclasses import dataclass, field
from statistics import median

import httpx

from bench.engine import run_inside
from bench.report import Figure, at_least, at_most, plain, say
from bench.site import demonstration, served

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
VISITORS, SEATS = 32, 300
TARGET = 500
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Crowd:
    """What the visitors met, over all threads."""

    address: str
    until: float
    registered: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    arrived: int = 0

    def next_visitor(self) -> int:
        with self.lock:
            self.arrived += 1
            return self.arrived


def measure(rounds: int) -> list[Figure]:
    """Registrations a minute, errors, overbooked seats."""
    with demonstration() as environment:
        seeded = run_inside("bench.registrations_inside", ["seed", str(SEATS)], environment)
        with served(environment, "portal.wsgi:application", FORM_RATE="1000000/h") as portal:
            crowd = Crowd(f"{portal}{seeded['path']}", time.monotonic() + SECONDS)
            began = time.monotonic()
            _let_in(crowd)
            lasted = time.monotonic() - began
        stored = run_inside("bench.registrations_inside", ["count", str(seeded["session"])], environment)
    say(f"  {crowd.registered} registered in {lasted:.0f} s, {len(crowd.errors)} errors, {stored}")
    for error in sorted(set(crowd.errors))[:5]:
        say(f"  {error}")
    return _figures(crowd, lasted, stored)


def _figures(crowd: Crowd, lasted: float, stored: dict[str, float]) -> list[Figure]:
    waiting = max(0, crowd.registered - SEATS)
    return [
        at_least("registrations: one popular session", crowd.registered / lasted * 60, "a minute", TARGET),
        plain("registrations: median of one, eight requests", median(crowd.seconds or [0]) * 1000, "ms"),
        at_most("registrations: errors", len(crowd.errors), "answers", 0),
        at_most("registrations: overbooked seats", max(0, stored["seated"] - SEATS), "seats", 0),
        at_most("registrations: seats left empty", max(0, SEATS - stored["seated"]), "seats", 0),
        at_most("registrations: not on the waiting list", abs(stored["waiting"] - waiting), "people", 0),
        at_most(
            "registrations: confirmed and not stored, or stored twice",
            abs(stored["places"] - crowd.registered) + stored["twice"],
            "people",
            0,
        ),
    ]


def _let_in(crowd: Crowd) -> None:
    threads = [threading.Thread(target=_come_and_register, args=[crowd]) for _visitor in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _come_and_register(crowd: Crowd) -> None:
    while time.monotonic() < crowd.until:
        number, began = crowd.next_visitor(), time.monotonic()
        try:
            _register(crowd.address, number)
        except (httpx.HTTPError, AssertionError) as error:
            with crowd.lock:
                crowd.errors.append(f"{type(error).__name__}: {error}")
        else:
            with crowd.lock:
                crowd.registered += 1
                crowd.seconds.append(time.monotonic() - began)


def _register(address: str, number: int) -> None:
    """One visitor, from the session's page to the confirmation."""
    # Over plain HTTP nothing is verified; loading the certificates would cost more than the visit.
    with httpx.Client(timeout=30, follow_redirects=True, verify=False, trust_env=False) as visitor:
        page = visitor.get(address)
        assert page.status_code == 200, f"session: {page.status_code}"
        page = visitor.get(f"{address}register/?from=bench")
        name = {"first_name": "Sam", "last_name": "Sample", "email": f"visitor{number}@crowd.example"}
        page = _send(visitor, page, {**name, "who": "myself"})
        page = _send(visitor, page, {"needs": "", "language": ""})
        page = _send(visitor, page, {})
        assert "/trainings/registered/" in str(page.url), f"no confirmation: {page.url}"


def _send(visitor: httpx.Client, page: httpx.Response, answers: dict[str, str]) -> httpx.Response:
    """Sends the form of the page one is on."""
    found = TOKEN.search(page.text)
    assert found, f"no form: {page.status_code} {page.url}"
    sent = visitor.post(page.url, data=answers | {"csrfmiddlewaretoken": found[1]})
    assert sent.status_code == 200, f"{page.url}: {sent.status_code}"
    return sent
