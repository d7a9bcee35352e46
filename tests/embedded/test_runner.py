"""`make run` from the first start over a hard kill to Ctrl-C, with real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from portal.embedded import ports
from portal.embedded.demo_logins import DEMO_LOGINS, PASSWORD
from tests.embedded.test_services import ROOT, wait_for

pytestmark = pytest.mark.e2e
START = 240.0  # seconds, generous: the machine may be busy with the other tests


class Run:
    """One `python -m portal.embedded run` and what it said."""

    def __init__(self, var: Path, output: Path) -> None:
        self.output = output
        env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        env |= {"PORTAL_VAR": str(var), "DEMO_SIZE": "12", "PORTAL_MODE": "production"}
        env |= {"WEB_PORT": "8410", "SMTP_PORT": "2610", "REDIS_PORT": "17410"}
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.embedded", "run"], cwd=ROOT, env=env, stdout=file, stderr=file
            )

    @property
    def words(self) -> str:
        """All it said so far."""
        return self.output.read_text()

    def ready(self) -> bool:
        """Wait for the greeting; what it said instead is in the assertion."""
        wait_for(
            lambda: "Ctrl-C ends everything" in self.words or self.process.poll() is not None, seconds=START
        )
        return "Ctrl-C ends everything" in self.words


def ours(var: Path) -> list[psutil.Process]:
    """Every process that was told to work in `var`."""
    found = []
    for process in psutil.process_iter():
        try:
            in_var = process.cwd().startswith(str(var)) or process.environ().get("PORTAL_VAR") == str(var)
            if in_var and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[], Run]]:
    """Starts the portal in a directory of its own, as often as asked; ends what is left."""
    runs: list[Run] = []

    def start() -> Run:
        runs.append(Run(tmp_path / "var", tmp_path / f"output-{len(runs)}.txt"))
        return runs[-1]

    yield start
    for one in runs:
        if one.process.poll() is None:
            one.process.terminate()
        one.process.wait(timeout=60)


def test_start_kill_start_again_and_end(run, tmp_path):
    var = tmp_path / "var"
    first = run()
    assert first.ready(), first.words
    for login in DEMO_LOGINS:
        assert login.email in first.words
    assert PASSWORD in first.words
    address = json.loads((var / "run.lock").read_text())["address"]
    with urllib.request.urlopen(f"{address}/mailbox/", timeout=30) as page:
        assert page.status == 200

    second = run()
    assert second.process.wait(timeout=30) == 1
    assert f"already runs (process {first.process.pid}) at {address}" in second.words

    first.process.kill()
    first.process.wait(timeout=10)
    third = run()
    assert third.ready(), third.words
    assert "Loading the demonstration" not in third.words
    assert json.loads((var / "run.lock").read_text())["address"] == address

    third.process.send_signal(signal.SIGINT)
    assert third.process.wait(timeout=60) == 0
    assert "nothing is left running" in third.words
    assert wait_for(lambda: ours(var) == []), ours(var)


def test_a_taken_port_is_named_and_the_next_one_used(run, tmp_path):
    taken = ports.next_free(8410)
    with socket.create_server((ports.LOOPBACK, taken)):
        one = run()
        assert wait_for(lambda: "is taken" in one.words, seconds=START), one.words
    assert f"Port {taken} is taken or not allowed, so the web server uses" in one.words


def test_a_directory_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "var").write_text("in the way")
    one = Run(tmp_path / "var", tmp_path / "output.txt")
    assert one.process.wait(timeout=30) == 1
    assert f"nothing can be written to {tmp_path / 'var'}" in one.words
