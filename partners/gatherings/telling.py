"""News of a gathering that everybody with a place is told: asked for with the change, written by a worker behind it.

Whoever changes a gathering writes one notice for each person in the same transaction. A notice without a time waits for
its message. The worker writes message and time in one transaction, so whoever is killed leaves neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TypeVar

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mailing.services import Draft, queue_messages
from partners.gatherings.models import Attendee, Notice

AT_A_TIME = 100
# One turn of the worker; the next turn goes on behind it.
TURN_SECONDS = 60
NEWS = (Notice.Kind.MOVED, Notice.Kind.CANCELLED)

Row = TypeVar("Row", bound=Attendee)
Told = TypeVar("Told", bound=Notice)


def have_told(*, earlier: QuerySet[Told], to: QuerySet[Row], kind: Notice.Kind, revision: int) -> int:
    """Notes that each of `to` is to be told of this revision; how many. The caller holds the gathering locked.

    `earlier` are the notices of the same gathering: of those, what nobody was written yet is dropped, because it would
    tell of a time or place that is no more.
    """
    earlier.filter(kind__in=NEWS, written_at=None).delete()
    place = str(to.model._meta.model_name)
    notices = earlier.model
    rows = [
        notices(**{f"{place}_id": pk, "kind": kind, "revision": revision})
        for pk in to.order_by("pk").values_list("pk", flat=True)
    ]
    notices._default_manager.bulk_create(rows)
    return len(rows)


def tell(
    waiting: QuerySet[Told],
    message: Callable[[Told], Draft | None],
    *,
    now: datetime,
    seconds: float = TURN_SECONDS,
) -> bool:
    """Writes the messages of notices that wait, for a while. Whether some are left.

    `message` builds one, or None for somebody who is not concerned any more.
    """
    until = monotonic() + seconds
    while _tell_some(waiting, message, now):
        if monotonic() >= until:
            return True
    return False


@transaction.atomic
def _tell_some(waiting: QuerySet[Told], message: Callable[[Told], Draft | None], now: datetime) -> bool:
    """The next messages together with the mark that they are written; whether there were any.

    What another worker holds is its own. While these rows are held, nobody can change what they tell: whoever moves the
    gathering once more has to take back what waits.
    """
    rows = list(waiting.filter(written_at=None).select_for_update(of=("self",), skip_locked=True)[:AT_A_TIME])
    drafts = {row.pk: message(row) for row in rows}
    queue_messages(drafts=[draft for draft in drafts.values() if draft])
    held = waiting.model._default_manager.filter(pk__in=drafts)
    held.filter(pk__in=[pk for pk, draft in drafts.items() if not draft]).delete()
    held.update(written_at=now)
    return bool(rows)


@dataclass(frozen=True)
class Telling:
    """How far the telling of a gathering's last change is: how many are written to, of how many."""

    kind: str
    written: int
    people: int

    @property
    def is_done(self) -> bool:
        return self.written >= self.people

    @property
    def words(self) -> str:
        """Such as “The cancellation: 312 of 800 messages are written. The rest follow by themselves.”"""
        facts = {"n": f"{self.people:,}", "written": f"{self.written:,}"}
        if self.is_done:
            words = ngettext("%(n)s person was written to.", "%(n)s people were written to.", self.people)
        else:
            words = _("%(written)s of %(n)s messages are written. The rest follow by themselves.")
        return f"{_ABOUT[self.kind]}: {words % facts}"


_ABOUT: dict[str, str | Promise] = {
    Notice.Kind.MOVED.value: gettext_lazy("The new time or place"),
    Notice.Kind.CANCELLED.value: gettext_lazy("The cancellation"),
}


def telling_of(notices: QuerySet[Told], revision: int) -> Telling | None:
    """How far the telling of this revision is; None where it told nobody anything. One query."""
    kinds = notices.filter(kind__in=NEWS, revision=revision).order_by("kind").values("kind")
    found = kinds.annotate(people=Count("pk"), written=Count("pk", filter=Q(written_at__isnull=False)))
    return next((Telling(row["kind"], row["written"], row["people"]) for row in found), None)


def writing_of(notices: QuerySet[Told], revision: int) -> dict[str, object]:
    """The same for `admin/desk/writing.html`."""
    telling = telling_of(notices, revision) if revision else None
    return {"writing": [telling.words], "writing_goes_on": not telling.is_done} if telling else {}
