"""What the workers know together of each mail server: whether it answers, and who asks it again when."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce

from mailing.models import Relay

# After the first failure, the second, and every one after that.
PAUSES = [timedelta(seconds=5), timedelta(seconds=15), timedelta(minutes=1)]
# Nobody else asks while one worker waits for the answer.
ASKING = timedelta(minutes=1)


def down_relays(names: Collection[str]) -> dict[str, datetime]:
    """Those of the servers that take nothing, and when each may be asked again."""
    rows = Relay.objects.filter(name__in=names, down_since__isnull=False)
    return {name: again for name, again in rows.values_list("name", "try_again_at") if again}


def all_down_since(names: Collection[str]) -> datetime | None:
    """Since when none of the servers takes anything; None while one does."""
    rows = Relay.objects.filter(name__in=names, down_since__isnull=False)
    moments = [moment for moment in rows.values_list("down_since", flat=True) if moment]
    return max(moments) if moments and len(moments) == len(set(names)) else None


def may_ask(name: str, now: datetime) -> bool:
    """Takes the turn to ask a server that is down. True for one worker at a time."""
    due = Relay.objects.filter(name=name, down_since__isnull=False, try_again_at__lte=now)
    return due.update(try_again_at=now + ASKING) == 1


def note_down(name: str, answer: str, now: datetime, *, asked: bool = False) -> datetime:
    """Remembers that a server takes nothing; returns when it is asked again.

    `asked` says that the caller had its turn by `may_ask`. Who merely notices, too, changes nothing: several
    workers at once are not several failures.
    """
    Relay.objects.bulk_create([Relay(name=name)], ignore_conflicts=True)
    rows = Relay.objects.filter(name=name)
    failed_before = rows.values_list("failures", flat=True).get() if asked else 0
    again = now + PAUSES[min(failed_before, len(PAUSES) - 1)]
    if not asked:
        rows = rows.filter(down_since__isnull=True)
    changed = rows.update(
        down_since=Coalesce("down_since", Value(now, DateTimeField())),
        failures=F("failures") + 1 if asked else 1,
        try_again_at=again,
        last_answer=answer,
    )
    return again if changed else down_relays([name]).get(name, again)


def note_up(name: str, now: datetime) -> None:
    """Remembers that a server takes mail."""
    Relay.objects.bulk_create([Relay(name=name)], ignore_conflicts=True)
    Relay.objects.filter(name=name).update(down_since=None, failures=0, try_again_at=None, last_used_at=now)
