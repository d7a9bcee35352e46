"""Brings database and static files to what the code needs; quick when nothing changed."""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

DEMO_SIZE = 800


def say(words: str) -> None:
    """One line of progress for the terminal."""
    print(words, flush=True)


def _timed(work: Callable[[], object]) -> str:
    started = time.monotonic()
    work()
    return f"{time.monotonic() - started:.1f} s"


def migrate() -> None:
    """Apply migrations that the database lacks."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    say(f"Applying {len(plan)} database migrations ...")
    took = _timed(lambda: call_command("migrate", interactive=False, verbosity=0))
    say(f"The database is up to date ({took})")


def _static_fingerprint() -> str:
    """Changes when any static file of the project or of a package does (name, size or time)."""
    total = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = os.stat(storage.path(path))
            total.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return total.hexdigest()


def collect_static() -> None:
    """Copy, hash and compress the static files, if any changed since the last time."""
    stamp = Path(settings.STATIC_ROOT).with_name("static.fingerprint")
    fingerprint = _static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint and Path(settings.STATIC_ROOT).is_dir():
        return
    stamp.unlink(missing_ok=True)
    say("Collecting and compressing static files ...")
    took = _timed(lambda: call_command("collectstatic", interactive=False, clear=True, verbosity=0))
    stamp.write_text(fingerprint)
    say(f"Static files are ready ({took})")


def load_demonstration() -> None:
    """Load the demonstration coalition where nobody has an account yet."""
    if get_user_model()._default_manager.exists():
        return
    size = int(os.environ.get("DEMO_SIZE") or DEMO_SIZE)
    say(f"Loading the demonstration coalition with {size} organizations ...")
    call_command("load_demo", size=size)


def main() -> int:
    """All three, in this order; 1 after saying in words what cannot work as it is."""
    django.setup()
    try:
        migrate()
        collect_static()
        load_demonstration()
    except OperationalError as error:
        say(f"The database does not answer: {error}")
        say("Check DATABASE_URL, or leave it unset: then the portal brings its own.")
        return 1
    except CommandError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
