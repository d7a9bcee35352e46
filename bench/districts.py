"""How fast points find their seats: the real 118 House and 59 Senate districts, 10,000 random points at once and one by one."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import ROOT, Figure, at_least, plain, say
from bench.site import manage
from portal.embedded.services import EmbeddedServices
from tests.realdata import DISTRICTS

POINTS = 10_000
LEAST_PER_SECOND = 20_000


def measure(rounds: int) -> list[Figure]:
    """Points per second through `seats_at_many`, lookups per second through `seats_at`, and what loading takes."""
    if not DISTRICTS.is_dir():
        say(f"  No real districts in {DISTRICTS}: set LEGISLATURE_DATA. Left out.")
        return []
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-districts-"))
    try:
        with EmbeddedServices(folder / "services") as services:
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "PORTAL_MODE": "embedded",
                "PORTAL_VAR": str(folder),
                "DATABASE_URL": services.database_url,
                "REDIS_URL": services.redis_url,
                "SECRET_KEY": "bench" * 12,
                "LOG_LEVEL": "WARNING",
            }
            manage(["migrate", "-v0"], environment)
            result = subprocess.run(
                [sys.executable, "-m", "bench.districts_inside", str(DISTRICTS), str(POINTS), str(rounds)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            if result.returncode:
                raise SystemExit("The measurement of the districts failed; see above.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = json.loads(result.stdout)
    return [
        at_least(f"districts: {POINTS:,} points at once", found["many"], "points/s", LEAST_PER_SECOND),
        plain("districts: one point a call", found["single"], "lookups/s"),
        plain("districts: first question of a process", found["load"], "ms"),
        plain("districts: share of points in Illinois", found["inside"], "%"),
    ]
