"""PostgreSQL and Redis for tests, benchmarks and `make run`: started together, ended together.

    with EmbeddedServices(test=True) as services:
        os.environ["DATABASE_URL"] = services.database_url
        os.environ["REDIS_URL"] = services.redis_url

On Linux both end by themselves when the thread that started them dies, however it dies.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.processes import StartFailed
from portal.embedded.redis import EmbeddedRedis

_PREFIX = "portal-services-"


class EmbeddedServices:
    """A PostgreSQL and a Redis of one's own in `directory` (a new temporary one if not given).

    With `test` they start fastest and give no thought to power cuts. A given directory keeps its data;
    a temporary one is deleted at the end.
    """

    def __init__(
        self,
        directory: Path | str | None = None,
        *,
        test: bool = False,
        say: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._temporary = directory is None
        self._owner: IO[str] | None = None
        self.directory = _own_temporary_directory() if directory is None else Path(directory).resolve()
        self.test = test
        logs, pids = self.directory / "log", self.directory / "run"
        self.postgres = EmbeddedPostgres(
            self.directory / "postgres",
            log=logs / "postgres.log",
            test=test,
            say=say,
        )
        self.redis = EmbeddedRedis(
            self.directory / "redis",
            log=logs / "redis.log",
            test=test,
            pid_file=pids / "redis.pid",
            say=say,
        )
        self._started_by = 0

    @property
    def database_url(self) -> str:
        """What `DATABASE_URL` takes."""
        return self.postgres.database_url

    @property
    def redis_url(self) -> str:
        """What `REDIS_URL` takes."""
        return self.redis.url

    def start(self) -> "EmbeddedServices":
        """Start both; if one fails, neither stays. `StartFailed` says why."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self._owner = _claim(self.directory)
        self._started_by = os.getpid()
        atexit.register(self.stop)
        try:
            self.postgres.start()
            self.redis.start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End both. Safe to call twice; does nothing in a forked child of the process that started them."""
        if self._started_by != os.getpid():
            return
        self._started_by = 0
        atexit.unregister(self.stop)
        self.redis.stop()
        self.postgres.stop(immediate=self.test)
        if self._temporary:
            shutil.rmtree(self.directory, ignore_errors=True)
        if self._owner:
            self._owner.close()

    def __enter__(self) -> "EmbeddedServices":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _claim(directory: Path) -> IO[str]:
    """Hold `directory` for this process; the kernel lets go when it dies."""
    owner = (directory / "owner.lock").open("w")
    try:
        fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner.close()
        raise StartFailed(f"Another process runs its PostgreSQL and Redis in {directory}.") from None
    return owner


def _own_temporary_directory() -> Path:
    """A new temporary directory; those that killed runs left behind are swept away first."""
    for old in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if old.is_symlink() or old.stat().st_uid != os.geteuid():
                continue
            with (old / "owner.lock").open() as owner:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old, ignore_errors=True)
        except OSError:
            continue  # Still in use, just being made, or swept away by another.
    return Path(tempfile.mkdtemp(prefix=_PREFIX))
