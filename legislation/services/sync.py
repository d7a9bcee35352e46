"""Runs over sources: asked for by staff, the clock or the command line; stopped and taken up again without loss.

One run at a time writes; the others wait. A run keeps what came in, says every few seconds that it is alive, and
remembers where its source stopped. What broke off is tried again by the next sweep, from there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import GeneralAssembly
from legislation.models import Rejection, SyncRun
from legislation.records import AnyRecord
from legislation.services.imports import Summary, import_records
from legislation.sources import (
    SOURCES,
    Progress,
    ReadOptions,
    Source,
    SourceBroken,
    SourceUnavailable,
    detect,
)
from mailing.queueing import queue_after_commit
from partners.caching import empty_page_cache
from partners.models import User

logger = structlog.get_logger(__name__)

# The key of PostgreSQL's advisory lock that the run which writes holds. Any number that nobody else uses.
WRITING = 104_0725
# A worker hands a long run on after this long; a source that can go on from a cursor is asked for the rest then.
TURN = timedelta(minutes=15)
SIGN_OF_LIFE = 1.0
FIRST_RETRY = timedelta(minutes=15)
MOST_ATTEMPTS = 6
# A nightly run asks for changes since the last good one began, and a little more: clocks differ.
OVERLAP = timedelta(hours=6)

OnProgress = Callable[[SyncRun], None]


@transaction.atomic
def request_sync(
    *,
    source: str,
    session: int = 0,
    location: str = "",
    upload: "UploadedFile[Any] | None" = None,
    since: datetime | None = None,
    by: User | None = None,
) -> SyncRun:
    """Has a worker read a source. Asking twice for the same thing while it waits or runs gives the same run."""
    from legislation.tasks import run_sync as task

    session = session or GeneralAssembly.current().number
    if upload is None:
        same = SyncRun.objects.unfinished().filter(
            source=source, location=location, session=session, upload="", since=since
        )
        if (pending := same.select_for_update().first()) is not None:
            if pending.retry_at is not None:
                pending.retry_at, pending.attempts = None, 0
                pending.state = SyncRun.State.WAITING
                pending.save(update_fields=["retry_at", "attempts", "state"])
                queue_after_commit(task, pending.pk)
            return pending
    run = SyncRun.objects.create(
        source=source,
        session=session,
        location=location,
        upload=upload or "",
        since=since,
        requested_by=by,
    )
    queue_after_commit(task, run.pk)
    return run


def scheduled_sources() -> list[tuple[str, str]]:
    """Name and address (or nothing) of what the clock fetches; sources whose key is missing are left out."""
    scheduled = []
    for words in settings.LEGISLATURE_SOURCES:
        name, _equals, location = words.partition("=")
        source = SOURCES.get(name)
        if source is None:
            logger.error("LEGISLATURE_SOURCES names an unknown source", source=name)
        elif not missing_key(source):
            scheduled.append((name, location))
    return scheduled


def detected_source(file: "UploadedFile[Any]") -> str:
    """The source whose file this is, by its content. Raises `SourceBroken` with words when it is none's."""
    suffix = "".join(Path(file.name or "").suffixes[-2:])
    with NamedTemporaryFile(suffix=suffix) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        return detect(Path(copy.name))


def missing_key(source: Source) -> str:
    """The setting that must hold the source's key and does not; nothing when all is set."""
    return source.needs_key if source.needs_key and not getattr(settings, source.needs_key, "") else ""


def request_scheduled(*, now: datetime, hourly: bool) -> list[SyncRun]:
    """Asks for what the clock fetches; the hourly round only while the General Assembly usually sits."""
    if hourly and not is_in_session(now):
        return []
    return [
        request_sync(source=name, location=location, since=_since(name, location))
        for name, location in scheduled_sources()
    ]


def is_in_session(now: datetime) -> bool:
    """Whether this is a weekday, by day, of a month in which the General Assembly usually sits."""
    local = timezone.localtime(now)
    return (
        local.month in settings.LEGISLATURE_SESSION_MONTHS and local.weekday() < 5 and 7 <= local.hour <= 22
    )


def _since(source: str, location: str) -> datetime | None:
    good = SyncRun.objects.last_good().filter(source=source, location=location).first()
    return good.started_at - OVERLAP if good and good.started_at else None


def take_up_forgotten(*, now: datetime) -> int:
    """Queues runs that broke off with their worker, were never begun, or are due again. Returns how many."""
    from legislation.tasks import run_sync as task
    from mailing.queueing import queue

    forgotten = list(SyncRun.objects.forgotten(now).values_list("pk", flat=True)[:20])
    for pk in forgotten:
        queue(task, pk)
    return len(forgotten)


def run_sync(
    *, run_id: int, on_progress: OnProgress | None = None, turn: timedelta | None = TURN
) -> SyncRun | None:
    """Works on a run until its source has no more, breaks off, or the turn is over.

    None when another run is writing or this one is in other hands: the sweep comes back to it.
    """
    with _the_only_writer() as alone:
        if not alone:
            return None
        run = _claim(run_id)
        return _Work(run, on_progress, turn).do() if run else None


@contextmanager
def _the_only_writer() -> Iterator[bool]:
    """Holds the lock that PostgreSQL drops by itself when this process or its connection dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WRITING])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WRITING])


@transaction.atomic
def _claim(run_id: int) -> SyncRun | None:
    """Takes the run. Whoever had it before is gone: it would hold the writers' lock."""
    run = SyncRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or (run.state in _FINISHED and run.retry_at is None):
        return None
    now = timezone.now()
    run.state = SyncRun.State.RUNNING
    run.started_at = run.started_at or now
    run.seen_at = now
    run.finished_at = run.retry_at = None
    run.attempts += 1
    run.message = ""
    run.save()
    return run


_FINISHED = {SyncRun.State.DONE, SyncRun.State.PARTIAL, SyncRun.State.FAILED}


def _count_anew(run: SyncRun) -> None:
    """A source that begins again from its first record hands everything over once more.

    What earlier attempts added or changed stays counted; what they read, refused or found unchanged comes again.
    """
    run.done = run.rejected = 0
    run.counts = {
        kind: {outcome: number for outcome, number in outcomes.items() if outcome != "unchanged"}
        for kind, outcomes in run.counts.items()
    }
    run.rejections.all().delete()


class _Work:
    """One worker's turn at a run."""

    def __init__(self, run: SyncRun, on_progress: OnProgress | None, turn: timedelta | None) -> None:
        self.run = run
        self.on_progress = on_progress
        self.until = monotonic() + turn.total_seconds() if turn is not None else float("inf")
        self.turn_is_over = False
        self.spoke_at = 0.0
        self.summary = Summary()
        if not run.cursor:
            _count_anew(run)
        # What earlier turns counted.
        self.before = {kind: dict(outcomes) for kind, outcomes in run.counts.items()}
        self.rejected_before = run.rejected
        self.done_before = run.done
        self.failure: Exception | None = None

    def do(self) -> SyncRun:
        expected = False
        try:
            import_records(
                self._records(), source=self.run.source, on_progress=self._heard, summary=self.summary
            )
            expected = True
        except (SourceUnavailable, SourceBroken) as failure:
            self.failure = failure
            expected = True
        except (OperationalError, InterfaceError) as failure:
            # It went away, stopped a statement or was out of room: not the source's fault, and it may pass.
            logger.exception("the database broke off", source=self.run.source, run=self.run.pk)
            words = _("The database broke off: %(error)s") % {"error": " ".join(str(failure).split())[:200]}
            self.failure = SourceUnavailable(words)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            expected = True
        finally:
            if not expected:
                self.run.message = _("The portal made a mistake; its log says more. What came in stays.")
            self._finish(unexpected=not expected)
        return self.run

    def _records(self) -> Iterator[AnyRecord | Progress]:
        """The source's records up to the first pause after the turn is over, or up to where it breaks."""
        run = self.run
        source = SOURCES[run.source]
        if setting := missing_key(source):
            raise SourceUnavailable(_("%(setting)s is not set.") % {"setting": setting})
        location = run.upload.path if run.upload else run.location
        options = ReadOptions(location=location, session=run.session, since=run.since, cursor=run.cursor)
        records = source.read(options)
        while True:
            try:
                item = next(records)
            except StopIteration:
                return
            except (SourceUnavailable, SourceBroken) as failure:
                # What was readable before goes in all the same.
                self.failure = failure
                return
            yield item
            if isinstance(item, Progress) and item.cursor and monotonic() > self.until:
                self.turn_is_over = True
                return

    def _heard(self, progress: Progress | None, done: int, summary: Summary) -> None:
        """Everything up to `progress` is stored: says so, at most once a second unless there is a new cursor."""
        new_cursor = progress is not None and progress.cursor and progress.cursor != self.run.cursor
        if progress is not None:
            self.run.cursor = progress.cursor or self.run.cursor
            self.run.total = progress.total if progress.total is not None else self.run.total
        self.run.done = self.done_before + done
        if not new_cursor and monotonic() - self.spoke_at < SIGN_OF_LIFE:
            return
        self.spoke_at = monotonic()
        self._count()
        self.run.seen_at = timezone.now()
        self.run.save(update_fields=[*_COUNTS, "done", "total", "cursor", "seen_at"])
        if self.on_progress:
            self.on_progress(self.run)

    def _count(self) -> None:
        counts = {kind: dict(outcomes) for kind, outcomes in self.before.items()}
        for (kind, outcome), number in self.summary.by_kind.items():
            of_kind = counts.setdefault(kind, {})
            of_kind[outcome] = of_kind.get(outcome, 0) + number
        self.run.counts = counts
        for outcome in ("added", "changed", "unchanged"):
            setattr(self.run, outcome, sum(of_kind.get(outcome, 0) for of_kind in counts.values()))
        self.run.rejected = self.rejected_before + len(self.summary.rejected)

    def _finish(self, *, unexpected: bool) -> None:
        run, now = self.run, timezone.now()
        self._count()
        run.seen_at = now
        if self.turn_is_over:
            run.state = SyncRun.State.WAITING
            run.attempts -= 1
        elif self.failure or unexpected:
            self._broke_off(now, unexpected)
        else:
            run.state, run.finished_at, run.cursor = SyncRun.State.DONE, now, ""
            run.total = run.done
        with transaction.atomic():
            run.save()
            Rejection.objects.bulk_create(
                Rejection(run=run, kind=refused.kind, identifier=refused.identifier, reason=refused.reason)
                for refused in self.summary.rejected
            )
        if run.state == SyncRun.State.DONE and run.upload:
            run.upload.delete(save=True)
        if run.added or run.changed:
            empty_page_cache()
        if self.on_progress:
            self.on_progress(run)

    def _broke_off(self, now: datetime, unexpected: bool) -> None:
        run = self.run
        run.state = SyncRun.State.PARTIAL if run.done else SyncRun.State.FAILED
        run.finished_at = now
        if self.failure:
            run.message = str(self.failure)
        # A broken file stays broken; a source that did not answer may answer later.
        if isinstance(self.failure, SourceUnavailable) and run.attempts < MOST_ATTEMPTS:
            run.retry_at = now + FIRST_RETRY * 2 ** (run.attempts - 1)
        logger.warning("import broke off", source=run.source, run=run.pk, unexpected=unexpected)


_COUNTS = ["counts", "added", "changed", "unchanged", "rejected"]
