"""`python -m portal.embedded run | services | manage | reset | browser`."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path


def _run(options: argparse.Namespace) -> int:
    """The whole portal until Ctrl-C."""
    from portal.embedded.parent import Parent
    from portal.embedded.processes import end_with_parent
    from portal.embedded.runner import Runner

    if options.stop_with_parent:
        end_with_parent()
    return Runner(Parent(watched=options.stop_with_parent)).run()


def _services(options: argparse.Namespace) -> int:
    """PostgreSQL and Redis alone; prints their addresses as one line of JSON and waits for a signal."""
    from portal.embedded.processes import StartFailed
    from portal.embedded.services import EmbeddedServices

    wanted = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    try:
        with EmbeddedServices(options.dir, test=options.test) as services:
            print(
                json.dumps({"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}),
                flush=True,
            )
            signal.sigwait(wanted)
    except StartFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _manage(options: argparse.Namespace) -> int:
    """A Django command inside the portal that runs in another terminal."""
    from portal.embedded.lock import RunLock
    from portal.embedded.runner import BASE_DIR, var_dir

    environment = var_dir() / "run" / "environment.json"
    if not RunLock(var_dir() / "run.lock").is_held() or not environment.exists():
        print(
            "The portal of this checkout does not run. Start it in another terminal: make run",
            file=sys.stderr,
        )
        return 1
    os.environ.update(json.loads(environment.read_text()))
    os.chdir(BASE_DIR)
    done = subprocess.run([sys.executable, "manage.py", *options.words], check=False)
    return done.returncode


def _reset(_options: argparse.Namespace) -> int:
    """Delete what the embedded portal keeps; refused while it runs."""
    from portal.embedded.lock import AlreadyRunning, RunLock
    from portal.embedded.runner import var_dir

    var = var_dir()
    var.mkdir(parents=True, exist_ok=True)
    lock = RunLock(var / "run.lock")
    try:
        lock.take()
    except AlreadyRunning as error:
        print(error, file=sys.stderr)
        return 1
    for name in ("postgres", "redis", "mailbox", "media", "log", "run"):
        shutil.rmtree(var / name, ignore_errors=True)
    lock.release()
    print(f"Deleted the database, mail and uploads in {var}. The next start loads the demonstration again.")
    return 0


def _browser(_options: argparse.Namespace) -> int:
    from portal.embedded.browser import ensure_browser

    return ensure_browser()


def main() -> int:
    """Parse the command line and do the one thing it names."""
    parser = argparse.ArgumentParser(prog="python -m portal.embedded")
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="the whole portal until Ctrl-C")
    run.add_argument("--stop-with-parent", action="store_true", help="end when the starting process dies")
    run.set_defaults(do=_run)
    services = commands.add_parser("services", help="PostgreSQL and Redis alone")
    services.add_argument("--dir", type=Path, help="where the data is kept (default: a temporary directory)")
    services.add_argument("--test", action="store_true", help="fast, and careless about power cuts")
    services.set_defaults(do=_services)
    manage = commands.add_parser("manage", help="a manage.py command in the running portal")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    manage.set_defaults(do=_manage)
    reset = commands.add_parser("reset", help="delete database, mail and uploads")
    reset.set_defaults(do=_reset)
    browser = commands.add_parser("browser", help="see that Chromium is there for the tests")
    browser.set_defaults(do=_browser)
    options = parser.parse_args()
    return int(options.do(options))


if __name__ == "__main__":
    sys.exit(main())
