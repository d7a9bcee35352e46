"""`manage.py sync_legislature`: reads legislative data from files or feeds, with a progress bar and a summary."""

from datetime import datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from tqdm import tqdm

from legislation.models import SyncRun
from legislation.services.sync import missing_key, request_sync, scheduled_sources
from legislation.services.sync_work import run_sync
from legislation.sources import SOURCES, SourceBroken, detect

SHOWN_REJECTIONS = 20


class Command(BaseCommand):
    help = (
        "Reads the General Assembly's data. With a file, folder or address: that. Without: every source of "
        "LEGISLATURE_SOURCES. The same data again changes nothing; an interrupted run goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("location", nargs="*", help="files, folders or addresses")
        parser.add_argument(
            "--source",
            choices=sorted(SOURCES),
            help="what the files are; found out by their content if not said",
        )
        parser.add_argument("--session", type=int, default=0, help="only this General Assembly, such as 104")
        parser.add_argument("--since", help="only what changed since: 2026-03-01 or 2026-03-01T08:00")
        parser.add_argument("--list", action="store_true", help="names the sources and stops")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        session = options["session"]
        since = _moment(options["since"]) if options["since"] else None
        broke_off = [
            run
            for name, location in self._wanted(options["source"], options["location"])
            if (run := self._read(name, location, session, since)).state != SyncRun.State.DONE
        ]
        if broke_off:
            raise CommandError("Not everything came in; what came in stays. Run the command again to go on.")

    def _wanted(self, source: str | None, locations: list[str]) -> list[tuple[str, str]]:
        if locations:
            return [(source or _detected(location), _absolute(location)) for location in locations]
        if source:
            return [(source, "")]
        wanted = scheduled_sources()
        if not wanted:
            raise CommandError("Name a file, a folder or a --source, or set LEGISLATURE_SOURCES.")
        return wanted

    def _read(self, name: str, location: str, session: int, since: datetime | None) -> SyncRun:
        started = monotonic()
        request = request_sync(source=name, location=location, session=session, since=since)
        with tqdm(desc=name, unit=" records", file=self.stderr, leave=True, mininterval=0.5) as bar:

            def show(run: SyncRun) -> None:
                bar.total = run.total
                bar.update(run.done - bar.n)

            run = run_sync(run_id=request.pk, on_progress=show, turn=None)
        if run is None:
            raise CommandError("Another import is writing at this moment. Try again when it is done.")
        self._tell(run, monotonic() - started)
        return run

    def _tell(self, run: SyncRun, seconds: float) -> None:
        say = self.stdout.write
        say(f"{run.source} {run.location}: {run.get_state_display()} in {seconds:.1f} s")
        say(f"{'':<18}{'added':>9}{'changed':>9}{'unchanged':>11}")
        for kind, outcomes in sorted(run.counts.items()):
            say(f"  {kind:<16}" + "".join(f"{outcomes.get(k, 0):>{w},}" for k, w in _COLUMNS))
        say(f"  rejected        {run.rejected:>9,}")
        for refused in run.rejections.all()[:SHOWN_REJECTIONS]:
            say(f"    {refused.kind} {refused.identifier}: {refused.reason}")
        if run.rejected > SHOWN_REJECTIONS:
            say(
                f"    … and {run.rejected - SHOWN_REJECTIONS:,} more; the staff desk lists all under Imports."
            )
        if run.message:
            say(f"  {run.message}")

    def _list(self) -> None:
        for name, source in sorted(SOURCES.items()):
            needs = f" (needs {missing_key(source)})" if missing_key(source) else ""
            self.stdout.write(f"{name:<20}{source.label}{needs}")


_COLUMNS = (("added", 9), ("changed", 9), ("unchanged", 11))


def _detected(location: str) -> str:
    if "://" in location:
        raise CommandError(f"Say with --source what {location} is.")
    try:
        return detect(Path(location))
    except (SourceBroken, OSError) as error:
        raise CommandError(f"{location}: {error}") from None


def _absolute(location: str) -> str:
    """A path that still means the same when a worker takes the run up; addresses and ranges stay as they are."""
    path, hash_mark, rest = location.partition("#")
    return str(Path(path).resolve()) + hash_mark + rest if Path(path).exists() else location


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime.combine(day, time.min)
    if moment is None:
        raise CommandError(f"--since {text}: write a date as 2026-03-01 or 2026-03-01T08:00.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
