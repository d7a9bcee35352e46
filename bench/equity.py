"""How long the equity panel takes: 800 organizations, five years of events, every council by quarter."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import ROOT, Figure, at_most, plain
from bench.site import manage
from portal.embedded.services import EmbeddedServices

ORGANIZATIONS = 800
MOST_MS = 150


def measure(rounds: int) -> list[Figure]:
    """Milliseconds of the numbers alone and of the whole page; of one event's page for comparison."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-equity-"))
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
            manage(["collectstatic", "--noinput", "-v0"], environment)
            result = subprocess.run(
                [sys.executable, "-m", "bench.equity_inside", str(ORGANIZATIONS), str(rounds)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            if result.returncode:
                raise SystemExit("The measurement of the equity panel failed; see above.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        at_most(f"equity: {name}", value, "ms", MOST_MS)
        if has_target
        else plain(f"equity: {name}", value, "ms")
        for name, value, has_target in json.loads(result.stdout)
    ]
