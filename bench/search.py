"""How long a search over bills takes: 20,000 generated measures, each filter and combinations, medians."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import ROOT, Figure, at_most
from bench.site import manage
from portal.embedded.services import EmbeddedServices

MEASURES = 20_000
MOST_MS = 30


def measure(rounds: int) -> list[Figure]:
    """Milliseconds of the first page with its count, as the list reads it, and of the whole page through its view."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-search-"))
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
                "PAGE_CACHE_SECONDS": "0",
                "LOG_LEVEL": "WARNING",
            }
            manage(["migrate", "-v0"], environment)
            manage(["collectstatic", "--noinput", "-v0"], environment)
            result = subprocess.run(
                [sys.executable, "-m", "bench.search_inside", str(MEASURES), str(rounds)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            if result.returncode:
                raise SystemExit("The measurement of the search failed; see above.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [at_most(f"search: {name}", value, "ms", MOST_MS) for name, value in json.loads(result.stdout)]
