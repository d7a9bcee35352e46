"""Whether this is still the database that wrote its rows, or a backup of it: then what was in flight waits.

Two signs tell. The fingerprint names the server, its timeline and the table's own numbers; a dump that is loaded
somewhere changes it. A copied disk keeps it, so Redis remembers the newest sign of life too: a database that is
older than what Redis saw has gone back in time. A Redis that forgot says nothing and harms nothing.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

import redis
import structlog
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from mailing.errors import StateError
from mailing.models import Installation, Mailing, OutboxMessage
from mailing.services.alarms import tell_staff_restored

logger = structlog.get_logger(__name__)

FINGERPRINT_SQL = """(
  SELECT concat_ws('-', system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8),
                   (SELECT oid FROM pg_database WHERE datname = current_database()),
                   'mailing_batch'::regclass::oid)
  FROM pg_control_system()
)"""
# Conditions of a claim. No row yet means that nothing was noted, and nothing is wrong.
SAME_DATABASE_SQL = f"""NOT EXISTS (
  SELECT 1 FROM mailing_installation WHERE fingerprint <> {FINGERPRINT_SQL}
)"""  # noqa: S608 - nothing in it comes from outside
BULK_MAY_FLOW_SQL = f"""NOT EXISTS (
  SELECT 1 FROM mailing_installation WHERE restored_at IS NOT NULL OR fingerprint <> {FINGERPRINT_SQL}
)"""  # noqa: S608 - nothing in it comes from outside
_UNFINISHED = [Mailing.State.READY, Mailing.State.SENDING, Mailing.State.PAUSED]
# The witness is written after the row, so an honest database is never behind it.
_BEHIND = timedelta(seconds=5)


def fingerprint() -> str:
    """Which PostgreSQL this is: server, timeline, database and table, in numbers."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FINGERPRINT_SQL}")
        return str(cursor.fetchone()[0])


def note_installation(*, now: datetime) -> None:
    """The first start: writes down where these rows are at home. Later calls change nothing."""
    Installation.objects.bulk_create(
        [Installation(id=1, fingerprint=fingerprint(), noted_at=now)], ignore_conflicts=True
    )


def check_installation(*, now: datetime) -> bool:
    """Whether bulk mail may flow. A backup that was restored is noticed here: everything unfinished is held."""
    here = fingerprint()
    row = Installation.objects.first()
    if row is None:
        note_installation(now=now)
        return True
    if row.fingerprint == here and not _gone_back(row):
        return row.restored_at is None
    _hold(now=now)
    return False


def is_restored() -> bool:
    """Whether staff still have to look at what a restored backup left."""
    return Installation.objects.filter(restored_at__isnull=False).exists()


def note_pump() -> None:
    """A sign of life: clock and worker looked at what is due. Time is the database's own."""
    _note("pumped_at")


def note_sweep() -> None:
    """A sign of life: somebody looked for workers that are gone."""
    _note("swept_at")


@transaction.atomic
def accept_restore(*, by: str, go_on: Collection[int] = (), cancel: Collection[int] = ()) -> None:
    """Staff have looked, and mail flows again. What they decided nothing about stays paused.

    `go_on` and `cancel` are numbers of mailings that were held. Raises `StateError` where there is nothing to decide.
    """
    from mailing.services.mailings import cancel_mailing, resume_mailing

    row = Installation.objects.select_for_update().filter(restored_at__isnull=False).first()
    if row is None:
        raise StateError(_("Nothing is held: no restored backup waits for a decision."))
    held = list(
        Mailing.objects.filter(pause_reason=Mailing.PauseReason.RESTORED).order_by("pk").select_for_update()
    )
    Mailing.objects.filter(pk__in=[mailing.pk for mailing in held]).update(
        pause_reason=Mailing.PauseReason.STAFF
    )
    Installation.objects.update(restored_at=None, data_from=None)
    for mailing in held:
        if mailing.pk in cancel:
            cancel_mailing(mailing=mailing)
        elif mailing.pk in go_on:
            # One that has expired meanwhile stays paused; the clock ends it.
            with suppress(StateError):
                resume_mailing(mailing=mailing)
    logger.warning("restored database accepted", by=by, go_on=sorted(go_on), cancelled=sorted(cancel))


@transaction.atomic
def _hold(*, now: datetime) -> None:
    """Pauses every unfinished mailing; single messages that waited become unknown; staff are told."""
    row = Installation.objects.select_for_update().get()
    if row.fingerprint == fingerprint() and not _gone_back(row):
        return  # Another worker was faster.
    data_from = row.pumped_at or row.noted_at
    # Late truth stays possible: whoever holds a lease of this database may still say what became of a message.
    waiting = OutboxMessage.objects.filter(state__in=["pending", "sending"])
    messages = waiting.update(state=OutboxMessage.State.UNKNOWN)
    mailings = Mailing.objects.filter(state__in=_UNFINISHED).update(
        state=Mailing.State.PAUSED, pause_reason=Mailing.PauseReason.RESTORED
    )
    row.fingerprint, row.noted_at = fingerprint(), now
    row.restored_at, row.data_from = now, data_from
    row.pumped_at = _database_time()
    row.save()
    logger.error("restored database noticed", data_from=str(data_from), mailings=mailings, messages=messages)
    tell_staff_restored(now=now, data_from=data_from, mailings=mailings, messages=messages)


def _gone_back(row: Installation) -> bool:
    """Whether Redis saw a later sign of life of this database than the database itself knows."""
    try:
        seen = cache.get(_witness(row))
    except redis.RedisError:
        return False
    seen_at = parse_datetime(seen) if isinstance(seen, str) else None
    return bool(seen_at and row.pumped_at and seen_at - row.pumped_at > _BEHIND)


def _note(column: str) -> None:
    now = _database_time()
    Installation.objects.update(**{column: now})
    if column == "pumped_at":
        transaction.on_commit(_tell_witness)


def _tell_witness() -> None:
    row = Installation.objects.first()
    if row is None or row.pumped_at is None:
        return
    try:
        cache.set(_witness(row), row.pumped_at.isoformat(), timeout=None)
    except redis.RedisError as error:
        logger.warning("no witness of the database's age", error=str(error))


def _witness(row: Installation) -> str:
    return f"mailing-witness-{row.fingerprint}"


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(timezone.get_current_timezone())
