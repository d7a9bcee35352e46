"""Works on imports: stopped and taken up again without loss.

One run at a time writes; the others wait. A run keeps what came in, says every second that it is alive, and remembers
where its source stopped. What broke off is tried again by the next sweep, from there.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.models import Rejection, SyncRun
from legislation.records import AnyRecord
from legislation.services.imports import Summary, import_records
from legislation.services.sync import missing_key
from legislation.sources import SOURCES, Progress, ReadOptions, SourceBroken, SourceUnavailable
from mailing.locks import the_only_one
from partners.caching import empty_page_cache

logger = structlog.get_logger(__name__)

# The key of the lock that the run which writes holds.
WRITING = 104_0725
# A worker hands a long run on after this long; a source that can go on from a cursor is asked for the rest then.
TURN = timedelta(minutes=15)
SIGN_OF_LIFE = 1.0
FIRST_RETRY = timedelta(minutes=15)
MOST_ATTEMPTS = 6
_FINISHED = {SyncRun.State.DONE, SyncRun.State.PARTIAL, SyncRun.State.FAILED}

OnProgress = Callable[[SyncRun], None]


def run_sync(
    *, run_id: int, on_progress: OnProgress | None = None, turn: timedelta | None = TURN
) -> SyncRun | None:
    """Works on a run until its source has no more, breaks off, or the turn is over.

    None when another run is writing or this one is in other hands: the sweep comes back to it.
    """
    with the_only_one(WRITING) as alone:
        if not alone:
            return None
        run = _claim(run_id)
        return _Work(run, on_progress, turn).do() if run else None


@transaction.atomic
def _claim(run_id: int) -> SyncRun | None:
    """Takes the run. Whoever had it before is gone: it would hold the writers' lock."""
    run = SyncRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or (run.state in _FINISHED and run.retry_at is None):
        return None
    now = timezone.now()
    if run.state == SyncRun.State.RUNNING and run.attempts >= MOST_ATTEMPTS:
        # Whatever kills its worker each time must not do so for ever.
        run.state, run.finished_at = SyncRun.State.FAILED, now
        run.message = _("Its worker died %(times)s times, so it is not tried again.") % {
            "times": run.attempts
        }
        run.save()
        return None
    run.state = SyncRun.State.RUNNING
    run.started_at = run.started_at or now
    run.seen_at = now
    run.finished_at = run.retry_at = None
    run.attempts += 1
    run.message = ""
    run.save()
    return run


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
