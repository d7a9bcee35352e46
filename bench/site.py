"""A demonstration portal of the benchmark's own, and servers in front of it."""

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

from bench.report import ROOT, say
from portal.embedded import ports
from portal.embedded.services import EmbeddedServices

SIZE = int(os.environ.get("DEMO_SIZE", "800"))


@contextmanager
def demonstration() -> Iterator[dict[str, str]]:
    """PostgreSQL, Redis and the demonstration coalition in a temporary folder; yields the environment to use it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        with EmbeddedServices(folder / "services") as services:
            environment = {
                **os.environ,
                "PORTAL_MODE": "embedded",
                "PORTAL_VAR": str(folder),
                "DATABASE_URL": services.database_url,
                "REDIS_URL": services.redis_url,
                "SECRET_KEY": "bench" * 12,
                "SITE_URL": "http://localhost",
                "LOG_LEVEL": "WARNING",
            }
            for words in (
                ["migrate", "-v0"],
                ["load_demo", "--size", str(SIZE)],
                ["collectstatic", "--noinput", "-v0"],
            ):
                say(f"  {words[0]} ...")
                manage(words, environment)
            yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
