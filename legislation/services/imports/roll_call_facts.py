"""What a roll call's record says: where it was taken, its counts, and whether it is news. No database."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import SEATS
from legislation.models import RollCall, Vote
from legislation.records import RollCallRecord

# A roll call that is found out later than this is history, not news.
NEWS_DAYS = 30

OPTIONS = {
    "yes": Vote.Option.YES.value,
    "no": Vote.Option.NO.value,
    "present": Vote.Option.PRESENT.value,
    "not voting": Vote.Option.NOT_VOTING.value,
    "excused": Vote.Option.EXCUSED.value,
    "absent": Vote.Option.ABSENT.value,
}
_ON_THE_FLOOR = re.compile(
    r"^(third reading|second reading|concurrence|motion|passage|adoption|resolution|override|veto|conference"
    r"|accept|table|consideration|appeal|extend|suspend|discharge|re-?consider)",
    re.IGNORECASE,
)

VoteRow = tuple[int | None, str, str]  # legislator, name as printed, option


def vote_key(key: str) -> str:
    """The same for one address however it is written: `http://www.` and `https://` lead to one document."""
    scheme, mark, address = key.partition("://")
    if not mark or scheme.lower() not in {"http", "https"}:
        return key
    host, slash, path = address.partition("/")
    return host.lower().removeprefix("www.") + slash + path


def scope_of(record: RollCallRecord) -> str:
    """Where it was taken. Everybody's name stands under a floor vote, so the number tells; words only without one.

    The largest committees hold less than a third of their chamber, and the source prints "Third Reading" over some
    committee votes too.
    """
    voters = max(len(record.votes), sum(record.counts.values()))
    floor = voters * 3 > SEATS[record.chamber] if voters else _ON_THE_FLOOR.match(record.motion.strip())  # type: ignore[index]
    return RollCall.Scope.FLOOR.value if floor else RollCall.Scope.COMMITTEE.value


def counts_of(record: RollCallRecord, named: Counter[str]) -> tuple[list[int], bool]:
    """Yes, no, present and others, as stated and then as named; and whether the two agree in every option stated.

    Where a source gives only names, or only numbers, there is nothing to disagree with.
    """
    stated = Counter(record.counts) if record.counts else named
    agree = not named or all(
        number == named[option] for option, number in stated.items() if option in OPTIONS
    )
    agree = agree and (not named or sum(stated.values()) == named.total())
    rows = []
    for numbers in (stated, named):
        yes, no, present = numbers["yes"], numbers["no"], numbers["present"]
        rows += [yes, no, present, numbers.total() - yes - no - present]
    return rows, agree


def in_words(motion: str, counts: Iterable[int], passed: bool) -> str:
    """A roll call in one line, as the General Assembly prints counts: "Third Reading 075-036-000, passed"."""
    numbers = "-".join(f"{number:03d}" for number in list(counts)[:3])
    return f"{motion} {numbers}, {_('passed') if passed else _('lost')}".strip()


def drop_doubles(votes: list[VoteRow]) -> list[VoteRow]:
    """Nobody votes twice: where two names of one roll call lead to the same member, neither is linked."""
    times = Counter(who for who, _name, _option in votes)
    if all(number == 1 or who is None for who, number in times.items()):
        return votes
    return [(who if times[who] == 1 else None, name, option) for who, name, option in votes]


def is_news(on: date, *, first_seen_at: datetime, observed_at: datetime) -> bool:
    """Whether a roll call of that day happened while we watched its measure (see `RollCallImporter`)."""
    today = timezone.localdate(observed_at)
    return (
        first_seen_at < observed_at
        and on >= timezone.localdate(first_seen_at)
        and on >= today - timedelta(days=NEWS_DAYS)
    )
