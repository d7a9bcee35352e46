"""A portal of the benchmark's own, empty or with the demonstration, and servers in front of it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.report import ROOT, say
from portal.embedded import ports
from portal.embedded.services import EmbeddedServices

SIZE = int(os.environ.get("DEMO_SIZE", "800"))


@contextmanager
def empty_portal(**settings: str) -> Iterator[dict[str, str]]:
    """PostgreSQL with our tables and Redis in a temporary folder; yields the environment to use them."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
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
                **settings,
            }
            manage(["migrate", "-v0"], environment)
            manage(["collectstatic", "--noinput", "-v0"], environment)
            yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def demonstration(size: int = SIZE) -> Iterator[dict[str, str]]:
    """The same with the demonstration coalition."""
    with empty_portal(SITE_URL="http://localhost") as environment:
        say("  load_demo ...")
        manage(["load_demo", "--size", str(size)], environment)
        yield environment


def inside(module: str, environment: dict[str, str], *words: object) -> Any:
    """What `bench.<module>` measures in a process of its own with these settings: the JSON that it prints."""
    result = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *map(str, words)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    if result.returncode:
        raise SystemExit(f"The measurement of bench.{module} failed; see above.")
    return json.loads(result.stdout)


def manage(words: list[str], environment: dict[str, str]) -> None:
    """Runs a management command there; its output shows only when it fails."""
    result = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if result.returncode:
        raise SystemExit(f"manage.py {' '.join(words)} failed:\n{result.stdout}{result.stderr}")


@contextmanager
def served(environment: dict[str, str], application: str, **more: str) -> Iterator[str]:
    """The application behind granian, started as `make run` does; yields its address."""
    port = ports.any_free()
    process = subprocess.Popen(
        [
            *(
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
            ),
            *("--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error", application),
        ],
        cwd=ROOT,
        env={**environment, **more},
    )
    address = f"http://localhost:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            urllib.request.urlopen(f"{address}/health/live/", timeout=5)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} did not come up within a minute.")
