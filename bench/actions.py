"""Actions per second: 200 people at once answer one call to action, for a minute.

Each comes over their own link from an alert, sends the form and is led to the thanks: one POST, answered once the
action is committed. wrk, 200 connections, against granian as `make run` starts it, PostgreSQL waiting for its disk.
Beside it, before and after: a bare Django form whose POST writes one row, on the same server. Afterwards every answer
that was confirmed must be there once, and the counter must say as many.
"""

import json
import os
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.engine import run_inside
from bench.pages import find_wrk
from bench.report import ROOT, Figure, at_least, at_most, plain, say
from bench.site import demonstration, served

CONNECTIONS, PEOPLE = 200, 120_000
SECONDS, BARE_SECONDS = int(os.environ.get("BENCH_SECONDS", "60")), 10
TARGET = 450


def measure(rounds: int) -> list[Figure]:
    """Committed actions per second for a minute, their latency, and the ratio to a bare form."""
    wrk = find_wrk()
    with demonstration() as environment, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-actions-")))
        say(f"  {PEOPLE:,} people with a link of their own ...")
        seeded = _inside(environment, "seed", str(PEOPLE), str(folder / "tokens"))
        ours = stack.enter_context(served(environment, "portal.wsgi:application"))
        bare = stack.enter_context(served(environment, "bench.bare_form:application"))
        answer = f"{ours}{seeded['path']}"
        _run(wrk, f"{bare}/row/", folder, seconds=1)
        before = _run(wrk, f"{bare}/row/", folder, seconds=BARE_SECONDS)
        say(f"  bare form before: {_rate(before):,.0f}/s")
        run = _run(wrk, answer, folder, seconds=SECONDS, tokens=folder / "tokens")
        stored = _inside(environment, "count", str(seeded["call"]), answer)
        say(f"  {run} {stored}")
        after = _run(wrk, f"{bare}/row/", folder, seconds=BARE_SECONDS)
        say(f"  bare form after: {_rate(after):,.0f}/s")
    if run["requests"] >= PEOPLE:
        raise SystemExit(f"{PEOPLE:,} people were too few for {run['requests']:,.0f} answers.")
    return _figures(run, stored, (_rate(before) + _rate(after)) / 2)


def _figures(run: dict[str, float], stored: dict[str, float], bare: float) -> list[Figure]:
    # A connection cut at the end of the minute may have had its action committed, and no confirmation read.
    lost = max(0.0, run["requests"] - stored["actions"])
    unread = max(0.0, stored["actions"] - run["requests"] - CONNECTIONS)
    rate = _rate(run)
    return [
        at_least(
            f"actions: committed by {CONNECTIONS} people at once, {SECONDS} s", rate, "actions/s", TARGET
        ),
        plain("actions: bare Django form, one row", bare, "rows/s"),
        plain("actions: ours ÷ bare form", rate / bare, "ratio"),
        plain("actions: median answer", run["median"], "ms"),
        plain("actions: slowest of a hundred", run["p99"], "ms"),
        at_most("actions: answers that were no confirmation, cut connections", run["failed"], "answers", 0),
        at_most(
            "actions: confirmed and not stored, or stored twice",
            lost + unread + stored["twice"],
            "actions",
            0,
        ),
        at_most("actions: the page's counter off by", abs(stored["shown"] - stored["actions"]), "people", 0),
    ]


def _rate(run: dict[str, float]) -> float:
    return run["requests"] / run["seconds"]


def _inside(environment: dict[str, str], *words: str) -> dict[str, float]:
    return run_inside("bench.actions_inside", list(words), environment)


def _run(
    wrk: str, address: str, folder: Path, *, seconds: int, tokens: Path | None = None
) -> dict[str, float]:
    """One run of wrk with `post.lua`: requests answered, seconds, latency in ms, answers that were no redirect."""
    result = subprocess.run(
        [
            wrk,
            "-t2",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "-s",
            "bench/post.lua",
            address,
        ],
        cwd=ROOT,
        env={**os.environ, "BENCH_RESULT": str(folder / "result"), "BENCH_TOKENS": str(tokens or "")},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise SystemExit(f"wrk failed:\n{result.stdout}{result.stderr}")
    found: dict[str, float] = json.loads((folder / "result").read_text())
    return found
