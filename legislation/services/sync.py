"""Imports, asked for by staff, the clock or the command line. `sync_work` does them."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from legislation.chambers import GeneralAssembly
from legislation.models import SyncRun
from legislation.sources import (
    SOURCES,
    Source,
    detect,
)
from mailing.queueing import queue_after_commit
from partners.models import User

logger = structlog.get_logger(__name__)

# Files of imports that broke off are kept this long, for another try or a closer look.
KEEP_UPLOADS = timedelta(days=30)
# A nightly run asks for changes since the last good one began, and a little more: clocks differ.
OVERLAP = timedelta(hours=6)


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
    """Has a worker read a source. Asking twice for the same thing while it waits or runs gives the same run.

    Without `session` (a General Assembly's number) a file brings whatever it holds, a feed the current one.
    """
    from legislation.tasks import run_sync as task

    if not session and not location and upload is None:
        session = GeneralAssembly.current().number
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


def forget_uploads(*, now: datetime) -> int:
    """Deletes the files of imports that broke off a month ago. Returns how many."""
    old = SyncRun.objects.exclude(upload="").filter(finished_at__lt=now - KEEP_UPLOADS)
    for run in old:
        run.upload.delete(save=True)
    return len(old)
