"""What became of announcements, from the mail engine's own records: nothing here is typed in by anybody."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from mailing.models import Batch, Delivery
from mailing.services.tallies import HANDED_OVER, WAITING

_State = Delivery.State


@dataclass(frozen=True)
class MailResult:
    """One announcement's messages. `clicked` are readers who opened a link, scanners of mail left out.

    `accepted`, `waiting` and `not_sent` add up to `readers`; `delivered` and `bounced` are parts of `accepted`, as far as
    the receiving side told us.
    """

    readers: int = 0
    accepted: int = 0
    delivered: int = 0
    bounced: int = 0
    waiting: int = 0
    clicked: int = 0

    @property
    def not_sent(self) -> int:
        """Refused, called off, or kept back because the person wants no such mail or a weekly summary."""
        return self.readers - self.accepted - self.waiting

    @property
    def reported(self) -> int:
        """Messages whose end the receiving side told us."""
        return self.delivered + self.bounced

    @property
    def coverage_percent(self) -> float | None:
        """Messages whose end we were told ÷ accepted."""
        return round(100 * self.reported / self.accepted, 1) if self.accepted else None

    @property
    def clicked_percent(self) -> float | None:
        """Readers who opened a link ÷ messages accepted that did not come back."""
        kept = self.accepted - self.bounced
        return round(100 * self.clicked / kept, 1) if kept > 0 else None

    def __add__(self, other: "MailResult") -> "MailResult":
        return MailResult(
            readers=self.readers + other.readers,
            accepted=self.accepted + other.accepted,
            delivered=self.delivered + other.delivered,
            bounced=self.bounced + other.bounced,
            waiting=self.waiting + other.waiting,
            clicked=self.clicked + other.clicked,
        )


def mail_results(mailings: Collection[int]) -> dict[int, MailResult]:
    """The results of several mailings by number. Two queries, however many."""
    if not mailings:
        return {}
    tallies: dict[int, Counter[str]] = {number: Counter() for number in mailings}
    for number, tally in Batch.objects.filter(mailing__in=mailings).values_list("mailing", "tally"):
        tallies[number].update(tally)
    clicks = dict(
        Delivery.objects.filter(mailing__in=mailings)
        .with_counted_click()
        .order_by()
        .values_list("mailing")
        .annotate(readers=Count("pk", distinct=True))
    )
    return {number: _result(tally, clicks.get(number, 0)) for number, tally in tallies.items()}


def _result(tally: Counter[str], clicked: int) -> MailResult:
    def rows(*states: str) -> int:
        return sum(tally[state] for state in states)

    return MailResult(
        readers=tally.total(),
        accepted=rows(*HANDED_OVER),
        # Who reports a message as spam has it before them.
        delivered=rows(_State.DELIVERED, _State.COMPLAINED),
        bounced=rows(_State.BOUNCED),
        waiting=rows(*WAITING),
        clicked=clicked,
    )
