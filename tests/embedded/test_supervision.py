"""What keeps the portal's processes together: children, leftovers, restarts, the lock of a checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from portal.embedded import supervisor as supervision
from portal.embedded.lock import AlreadyRunning, RunLock
from portal.embedded.parent import Parent
from portal.embedded.processes import Child, end_leftovers, leftover, remember
from portal.embedded.supervisor import Supervisor
from tests.embedded.test_services import wait_for


def child(tmp_path: Path, code: str, name: str = "sleeper") -> Child:
    """A Python process that runs `code`."""
    return Child(
        name=name,
        argv=(sys.executable, "-c", code),
        log=tmp_path / f"{name}.log",
        pid_file=tmp_path / f"{name}.pid",
    )


SLEEP = "import threading; threading.Event().wait()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('set', flush=True); {SLEEP}"
START_ONE = (
    f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True)"
)
PARENT_OF_ONE = f"{START_ONE}; {SLEEP}"


def test_a_child_ends_when_asked_and_its_pid_file_goes(tmp_path):
    sleeper = child(tmp_path, SLEEP)
    sleeper.start()
    assert leftover(sleeper.pid_file).pid == sleeper.pid
    assert sleeper.end(grace=10)
    assert not sleeper.pid_file.exists()


def test_a_child_that_does_not_listen_is_killed(tmp_path):
    stubborn = child(tmp_path, STUBBORN)
    stubborn.start()
    assert wait_for(lambda: "set" in stubborn.log.read_text())
    assert not stubborn.end(grace=0.3)
    assert stubborn.ended() is not None


def test_grandchildren_go_with_their_group(tmp_path):
    family = child(tmp_path, PARENT_OF_ONE)
    family.start()
    assert wait_for(lambda: family.log.read_text().strip().isdigit())
    grandchild = int(family.log.read_text())
    family.end(grace=10)
    assert wait_for(lambda: not psutil.pid_exists(grandchild))


def test_leftovers_are_ended_but_a_stranger_with_the_number_is_not(tmp_path):
    ours = child(tmp_path, SLEEP, "ours")
    ours.start()
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as stranger:
        (tmp_path / "old.pid").write_text(json.dumps({"pid": stranger.pid, "born": 1.0}))
        assert end_leftovers(tmp_path, grace=5) == ["ours"]
        assert stranger.poll() is None
        stranger.kill()
    assert wait_for(lambda: ours.ended() is not None)
    assert list(tmp_path.glob("*.pid")) == []


def test_a_broken_pid_file_is_nobody(tmp_path):
    (tmp_path / "a.pid").write_text("{")
    assert end_leftovers(tmp_path) == []
    remember(tmp_path / "b.pid", os.getpid())
    assert leftover(tmp_path / "b.pid").pid == os.getpid()


def test_what_ends_unasked_comes_back_with_words(tmp_path, monkeypatch):
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.05)
    words: list[str] = []
    watch = Supervisor(words.append)
    sleeper = child(tmp_path, f"print('last words', flush=True); {SLEEP}")
    sleeper.start()
    watch.watch(sleeper)
    assert wait_for(lambda: "last words" in sleeper.log.read_text())
    first = sleeper.pid
    sleeper.process.kill()
    assert wait_for(lambda: watch.check() or sleeper.pid != first)
    assert "sleeper ended unasked (signal 9)" in words[0]
    assert "last words" in words[0]
    assert words[-1] == f"sleeper runs again (process {sleeper.pid})"
    sleeper.end()


def test_the_second_run_learns_who_holds_the_checkout(tmp_path):
    first, second = RunLock(tmp_path / "run.lock"), RunLock(tmp_path / "run.lock")
    first.take()
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}.*still starting"):
        second.take()
    first.write({"pid": os.getpid(), "address": "http://localhost:8000"})
    with pytest.raises(AlreadyRunning, match="http://localhost:8000"):
        second.take()
    assert second.is_held()
    first.release()
    assert not second.is_held()
    second.take()
    second.release()


def test_a_parent_that_goes_on_is_left_alone():
    assert not any(Parent(watched=True).wants_to_end() for _ in range(3))
