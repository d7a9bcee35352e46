"""Public pages per second.

wrk, 32 connections, against granian as `make run` starts it; every round visits every target once, medians count.
All servers run all the time, only one has work at a time.
"""

import os
import re
import shutil
import statistics
import subprocess
import urllib.request
from contextlib import ExitStack

from bench.report import Figure, at_least, plain, say
from bench.site import demonstration, served

SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
CACHED_TARGET, UNCACHED_TARGET = 0.45, 0.8


def measure(rounds: int) -> list[Figure]:
    """Requests per second of home, story and directory, cached and not, and their ratios to the bare views."""
    wrk = find_wrk()
    with demonstration() as environment, ExitStack() as servers:
        cached = servers.enter_context(served(environment, "portal.wsgi:application"))
        uncached = servers.enter_context(
            served(environment, "portal.wsgi:application", PAGE_CACHE_SECONDS="0")
        )
        bare = servers.enter_context(served(environment, "bench.bare:application"))
        pages = {"home": "/", "story": newest_story(cached), "directory": "/partners/"}
        targets = {"constant view": f"{bare}/constant/", "six-query view": f"{bare}/six/"}
        for name, path in pages.items():
            targets[f"{name}, cached"] = cached + path
            targets[f"{name}, uncached"] = uncached + path
        rates: dict[str, list[float]] = {name: [] for name in targets}
        for name, address in targets.items():
            _run(wrk, address, 1)
            say(f"  {name}: {address}")
        for number in range(rounds):
            say(f"  round {number + 1} of {rounds}")
            for name, address in targets.items():
                rates[name].append(_run(wrk, address, SECONDS))
    median = {name: statistics.median(values) for name, values in rates.items()}
    figures = [plain(f"pages: {name}", value, "requests/s") for name, value in median.items()]
    for name in pages:
        figures.append(
            at_least(
                f"pages: {name}, cached ÷ constant view",
                median[f"{name}, cached"] / median["constant view"],
                "ratio",
                CACHED_TARGET,
            )
        )
        figures.append(
            at_least(
                f"pages: {name}, uncached ÷ six-query view",
                median[f"{name}, uncached"] / median["six-query view"],
                "ratio",
                UNCACHED_TARGET,
            )
        )
    return figures


def find_wrk() -> str:
    """The load generator; Debian's package when it is missing and may be installed."""
    if not shutil.which("wrk") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("  installing Debian's wrk ...")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True)
    found = shutil.which("wrk")
    if not found:
        raise SystemExit("wrk is missing. Install it, on Debian with: apt-get install wrk")
    return found


def newest_story(address: str) -> str:
    page = urllib.request.urlopen(f"{address}/stories/", timeout=20).read().decode()
    found = re.search(r'href="(/stories/[a-z0-9-]+/)"', page.replace("/stories/feed/", ""))
    if not found:
        raise SystemExit("The demonstration holds no story.")
    return found.group(1)


def _run(wrk: str, address: str, seconds: int) -> float:
    """Requests per second of one run; an answer that is not 200 ends the benchmark."""
    result = subprocess.run(
        [wrk, "-t2", "-c32", f"-d{seconds}s", "--timeout", "10s", address],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in result.stdout:
        raise SystemExit(f"{address} answered with errors:\n{result.stdout}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", result.stdout)
    if not rate:
        raise SystemExit(f"wrk said nothing about {address}:\n{result.stdout}{result.stderr}")
    return float(rate.group(1))
