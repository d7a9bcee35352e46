"""How long the real measures and roll calls take to come in: the first time, again unchanged, and beside a bare COPY.

Every import runs in a process of its own, as `manage.py sync_legislature` does, from the compressed file to the last
commit. The floor copies the very rows that the import wrote into empty tables with the same columns, constraints and
indexes (without foreign keys), from memory, in one transaction.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import ROOT, Figure, at_most, plain, say
from bench.site import manage
from portal.embedded.services import EmbeddedServices
from tests.realdata import COMMITTEES, FOLDER, LEGISLATORS, MEASURES, ROLL_CALLS

MOST_SECONDS, MOST_SECONDS_UNCHANGED, MOST_MEGABYTES = 6, 1.5, 400
FILES = {"measures": MEASURES, "roll calls": ROLL_CALLS}

Result = dict[str, float]


def measure(rounds: int) -> list[Figure]:
    """Medians of the rounds; of memory the most."""
    missing = [path for path in (*FILES.values(), LEGISLATORS, COMMITTEES) if not path.exists()]
    if missing:
        say(f"  No real legislative data in {FOLDER}: set LEGISLATURE_DATA. Left out.")
        return []
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-import-"))
    found: dict[str, list[Result]] = {}
    try:
        with EmbeddedServices(folder / "services") as services:
            environment = _environment(folder, services)
            manage(["migrate", "-v0"], environment)
            _inside(["people", str(LEGISLATORS)], environment)
            _inside(["people", str(COMMITTEES)], environment)
            for number in range(rounds):
                say(f"  round {number + 1} of {rounds}")
                _round(found, environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [figure for kind in FILES for figure in _figures(kind, found)]


def _environment(folder: Path, services: EmbeddedServices) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "embedded",
        "PORTAL_VAR": str(folder),
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "SECRET_KEY": "bench" * 12,
        "LOG_LEVEL": "WARNING",
    }


def _round(found: dict[str, list[Result]], environment: dict[str, str]) -> None:
    """Everything once, over empty tables."""
    _inside(["empty"], environment)
    for kind, path in FILES.items():
        for what in ("full", "unchanged"):
            result = _inside(["import", str(path)], environment)
            if result["changed" if what == "full" else "added"]:
                raise SystemExit(f"The {what} import of the {kind} did something else: {result}")
            found.setdefault(f"{kind} {what}", []).append(result)
        found.setdefault(f"{kind} floor", []).append(_inside(["floor", kind], environment))


def _inside(words: list[str], environment: dict[str, str]) -> Result:
    result = subprocess.run(
        [sys.executable, "-m", "bench.legislature_import_inside", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    if result.returncode:
        raise SystemExit(f"The measurement of the import failed at {words}; see above.")
    found: Result = json.loads(result.stdout)
    return found


def _figures(kind: str, found: dict[str, list[Result]]) -> list[Figure]:
    def middle(what: str, value: str) -> float:
        return statistics.median(result[value] for result in found[f"{kind} {what}"])

    full, again, floor = (middle(what, "seconds") for what in ("full", "unchanged", "floor"))
    number = int(found[f"{kind} full"][0]["added"])
    memory = max(result["megabytes"] for what in ("full", "unchanged") for result in found[f"{kind} {what}"])
    return [
        at_most(f"import: {number:,} {kind}", full, "s", MOST_SECONDS),
        plain(f"import: {kind}, processor time of ours", middle("full", "processor"), "s"),
        at_most(f"import: {kind} again, unchanged", again, "s", MOST_SECONDS_UNCHANGED),
        plain(f"import: {kind}, the {int(middle('floor', 'rows')):,} rows by bare COPY", floor, "s"),
        plain(f"import: {kind} ÷ bare COPY", full / floor, "ratio"),
        at_most(f"import: {kind}, memory", memory, "MB", MOST_MEGABYTES),
    ]
