"""Seconds until a password reset is with the mail server while an alert of 100,000 goes out.

Each reset is asked for as people do it: over the portal's own page, served as in production. It counts from the moment
the form is sent until the sink has the whole message.
"""

import http.cookiejar
import re
import statistics
import time
import urllib.parse
import urllib.request

from bench.engine import Engine, engine, wait_until
from bench.report import Figure, at_most, plain, say
from bench.site import manage, served

ALERT, RESETS = 100_000, 6
MOST_SECONDS = 5
DOMAIN = "answers.example"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def measure(_rounds: int) -> list[Figure]:
    """The slowest of several resets in the middle of an alert, and of as many without one."""
    with engine(keep=DOMAIN) as ours:
        manage(["collectstatic", "--noinput", "-v0"], ours.environment)
        ours.inside("logins", str(2 * RESETS))
        ours.start_workers()
        with served(ours.environment, "portal.wsgi:application") as address:
            quiet = [_reset(ours, address, number) for number in range(RESETS)]
            say(f"  without an alert: {_seconds(quiet)}")
            before = ours.sink.received()
            ours.inside("start", str(ALERT))
            wait_until("the alert is under way", lambda: ours.sink.received() > before + ALERT // 20)
            busy, shares = [], []
            for number in range(RESETS, 2 * RESETS):
                busy.append(_reset(ours, address, number))
                shares.append((ours.sink.received() - before) / ALERT)
                time.sleep(0.5)
            say(
                f"  during it: {_seconds(busy)}, when {', '.join(f'{share:.0%}' for share in shares)} were out"
            )
    under_way = [seconds for seconds, share in zip(busy, shares, strict=True) if share < 1]
    if len(under_way) < RESETS // 2:
        raise SystemExit("The alert was over before the password resets: a larger one is needed.")
    return [
        at_most(
            f"transactional: slowest of {len(under_way)} password resets during an alert of {ALERT:,}",
            max(under_way),
            "s",
            MOST_SECONDS,
        ),
        plain("transactional: median of them", statistics.median(under_way), "s"),
        plain(f"transactional: slowest of {RESETS} without an alert", max(quiet), "s"),
    ]


def _reset(ours: Engine, address: str, number: int) -> float:
    """One password reset, from the form's sending to the sink."""
    email = f"login{number}@{DOMAIN}"
    page = f"{address}/accounts/password/reset/"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    token = _TOKEN.search(browser.open(page, timeout=20).read().decode())
    if token is None:
        raise SystemExit(f"{page} shows no form.")
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), "email": email}).encode()
    began = time.time()
    browser.open(urllib.request.Request(page, form, {"Referer": page}), timeout=60).close()
    wait_until(
        f"the password reset to {email} arrives",
        lambda: any(arrival.recipient == email for arrival in ours.sink.arrivals()),
    )
    return next(arrival.at for arrival in ours.sink.arrivals() if arrival.recipient == email) - began


def _seconds(values: list[float]) -> str:
    return ", ".join(f"{value:.2f} s" for value in values)
