"""Starts and ends the processes of the embedded portal, so that none outlives the one that started it."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

# A log longer than this (bytes) is set aside at the next start of its process.
LOG_LIMIT = 5 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class StartFailed(RuntimeError):
    """A process did not come up; the message says which and shows its last words."""


@dataclass(frozen=True)
class Account:
    """The system account a process runs as, when that is not our own."""

    uid: int
    gid: int


@dataclass
class Child:
    """One process of ours in its own session, with its log and the signal that ends it in good order."""

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: Account | None = None
    end_signal: signal.Signals = signal.SIGTERM
    pid_file: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it; its output is appended to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        # In its own session: Ctrl-C in the terminal reaches only the parent, which ends all in order.
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=_in_the_child(os.getpid(), self.end_signal),
                **_as_account(self.account),
            )
        self.started = time.monotonic()
        if self.pid_file:
            remember(self.pid_file, self.process.pid)

    @property
    def pid(self) -> int:
        """The process id; 0 before the first start."""
        return self.process.pid if self.process else 0

    def ended(self) -> int | None:
        """The exit status, or None while it runs (or was never started)."""
        return self.process.poll() if self.process else None

    def ask_to_end(self) -> None:
        """Send the signal that ends it in good order, without waiting."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.end_signal)

    def end(self, *, grace: float = 10.0) -> bool:
        """End it and its group; True when it went by itself within `grace` seconds."""
        if not self.process:
            return True
        self.ask_to_end()
        try:
            self.process.wait(timeout=grace)
            in_order = True
        except subprocess.TimeoutExpired:
            in_order = False
        self.kill()
        return in_order

    def kill(self) -> None:
        """Kill what is left of its process group and collect it."""
        if not self.process:
            return
        kill_group(self.process.pid)
        self.process.wait()
        if self.pid_file:
            self.pid_file.unlink(missing_ok=True)

    def last_lines(self, count: int = 15) -> str:
        """The end of its log, indented, for an error message."""
        return tail(self.log, count)


def _in_the_child(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    """What a child does before it becomes the program.

    It hears every signal, whatever its parent blocks, and asks Linux to end it with its parent.
    """

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if _LIBC is None:
            return
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # The parent was gone before the kernel knew of the wish.
            os._exit(1)

    return prepare


def end_with_parent() -> None:
    """Ask the kernel to end this process (SIGTERM) when the one that started it dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def _as_account(account: Account | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def run_as(account: Account | None, argv: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a short program to its end, as `account`; output and errors come back together in `stdout`."""
    return subprocess.run(
        argv,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **_as_account(account),
    )


def kill_group(leader: int) -> None:
    """SIGKILL to every process in the group that `leader` founded."""
    # Errors: nobody is left, or (macOS) only the dead.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def tail(path: Path, count: int = 15) -> str:
    """The last `count` lines of a file, each indented by four spaces; says so when there is nothing."""
    try:
        with path.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - 16_384))
            lines = log.read().decode("utf-8", "replace").splitlines()[-count:]
    except OSError:
        lines = []
    return "\n".join(f"    {line}" for line in lines) or "    (the log is empty)"


def remember(pid_file: Path, pid: int) -> None:
    """Write a process's id and birth time, so that a later run knows it from a stranger with its number."""
    try:
        born = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    pid_file.write_text(json.dumps({"pid": pid, "born": born}))


def leftover(pid_file: Path) -> psutil.Process | None:
    """The process that `pid_file` names, if it still runs and is the one that was written down."""
    try:
        written = json.loads(pid_file.read_text())
        process = psutil.Process(int(written["pid"]))
        same = abs(process.create_time() - float(written["born"])) < 1.0
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None


def end_leftovers(directory: Path, *, grace: float = 5.0) -> list[str]:
    """End every process that the pid files in `directory` name; the names of those that were still there."""
    found = {path: leftover(path) for path in sorted(directory.glob("*.pid"))}
    alive = {path: process for path, process in found.items() if process is not None}
    end_processes(list(alive.values()), grace=grace)
    for process in alive.values():
        kill_group(process.pid)
    for path in found:
        path.unlink(missing_ok=True)
    return [path.stem for path in alive]


def end_processes(
    processes: Sequence[psutil.Process], *, first: signal.Signals = signal.SIGTERM, grace: float = 5.0
) -> None:
    """Send `first` to all, wait together up to `grace` seconds, then kill the rest."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(first)
    _gone, late = psutil.wait_procs(processes, timeout=grace)
    for process in late:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(late, timeout=5.0)
