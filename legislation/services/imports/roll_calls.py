"""Takes in roll calls: the counts as stated, every vote by name, and the legislator behind each name."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from legislation.chambers import SEATS
from legislation.models import Bill, BillEvent, RollCall, Vote
from legislation.naming.committee_names import CommitteeIndex
from legislation.naming.names import NAME_LENGTH, NameIndex
from legislation.records import RollCallRecord
from legislation.services.imports.addresses import fitting_address
from legislation.services.imports.base import Importer
from legislation.services.imports.roll_call_facts import (
    OPTIONS,
    VoteRow,
    counts_of,
    drop_doubles,
    in_words,
    is_news,
    scope_of,
    vote_key,
)
from legislation.services.imports.telling import tell
from legislation.services.imports.writing import copy_rows, reserve_ids

MOST = 32_767  # what a count's column holds

_VOTE_COLUMNS = ("roll_call_id", "legislator_id", "name", "option")
_COUNTS = tuple(f"{who}_{what}" for who in ("stated", "named") for what in ("yes", "no", "present", "other"))
_COLUMNS = (
    "bill_id",
    "key",
    "chamber",
    "scope",
    "committee_id",
    "date",
    "motion",
    "passed",
    *_COUNTS,
    "counts_agree",
    "source_url",
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a roll call needs to know of its measure."""

    id: int
    first_seen_at: datetime


class RollCallImporter(Importer[RollCallRecord]):
    """Stores roll calls. One whose measure is not there yet waits for it.

    A roll call is news when its measure was known before this run, it was taken on or after the day when the measure
    was first seen, and at most 30 days before it was found out: so a first load brings history, and no alarm. That a
    stored roll call was corrected is always news.
    """

    kind = "roll call"
    batch_size = 500

    def key(self, record: RollCallRecord) -> str:
        return vote_key(record.key)

    def weight(self, record: RollCallRecord) -> int:
        return len(record.votes)

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._names: dict[int, NameIndex] = {}
        self._committees = CommitteeIndex([])

    def waits_for(self, record: RollCallRecord) -> str:
        return f"{record.identifier}: {super().waits_for(record)}"

    def _name_index(self, session: int) -> NameIndex:
        if session not in self._names:
            self._names[session] = NameIndex.load(session)
        return self._names[session]

    def undone(self) -> None:
        # The names it met were taken back with the rest.
        self._names.clear()

    def write(self, records: list[RollCallRecord]) -> None:
        # Committees may have come since the last batch.
        self._committees = CommitteeIndex.load()
        measures = _measures(records)
        ready = []
        for record in records:
            if reason := self._objection(record):
                self.summary.reject(self.kind, self.key(record), f"{record.identifier}: {reason}")
            elif (record.session, record.identifier) not in measures:
                self.waiting.append(record)
            else:
                ready.append(record)
        stored: dict[str, dict[str, Any]] = {
            row["key"]: row
            for row in RollCall.objects.filter(key__in=list(map(self.key, ready)))
            .select_for_update()
            .values("id", *_COLUMNS)
        }
        old_votes = _stored_votes([row["id"] for row in stored.values()])
        new: list[tuple[list[Any], list[VoteRow]]] = []
        events: list[BillEvent] = []
        for record in ready:
            measure = measures[record.session, record.identifier]
            row, votes = self._row(record, measure)
            old = stored.get(row[1])
            if old is not None and row[1] in self.outdated:
                self.summary.count(self.kind, "unchanged")
            elif old is None:
                new.append((row, votes))
                events.append(self._added(record, measure, row))
                self.summary.count(self.kind, "added")
            else:
                events += self._compare(record, measure, row, votes, old, old_votes[old["id"]])
        self._copy(new)
        tell(events, self.observed_at)
        for index in self._names.values():
            index.save_reviews()

    def _objection(self, record: RollCallRecord) -> str:
        """Why it cannot be stored, in words; nothing when it can."""
        if record.chamber not in SEATS:
            return _("It does not say in which chamber the vote was taken.")
        if len(self.key(record)) > 300:
            return _("Its address is too long.")
        odd = {vote.option for vote in record.votes} - OPTIONS.keys()
        if odd:
            return _("“%(value)s” is not a vote.") % {"value": min(odd)[:60]}
        counts = record.counts.values()
        if min(counts, default=0) < 0 or max(sum(counts), len(record.votes)) > MOST:
            return _("One of its counts cannot be a number of members.")
        return ""

    def _row(self, record: RollCallRecord, measure: Measure) -> tuple[list[Any], list[VoteRow]]:
        """The roll call in the order of `_COLUMNS`, and its votes."""
        resolve = self._name_index(record.session).resolve
        chamber, on = record.chamber, record.date
        named: Counter[str] = Counter()
        votes: list[VoteRow] = []
        for vote in record.votes:
            match = resolve(vote.name, chamber, on=on, person_id=vote.person_id)
            votes.append((match.legislator_id, vote.name.strip()[:NAME_LENGTH], OPTIONS[vote.option]))
            named[vote.option] += 1
        counts, agree = counts_of(record, named)
        scope = scope_of(record)
        motion = record.motion.strip()[:300]
        committee = self._committees.resolve(motion, chamber) if scope == RollCall.Scope.COMMITTEE else None
        row = [measure.id, self.key(record), chamber, scope, committee, on, motion, record.passed]
        return [*row, *counts, agree, fitting_address(record.source_url)], drop_doubles(votes)

    def _copy(self, new: list[tuple[list[Any], list[VoteRow]]]) -> None:
        ids = reserve_ids(RollCall, len(new))
        copy_rows(
            RollCall, ("id", *_COLUMNS), [(pk, *row) for pk, (row, _votes) in zip(ids, new, strict=True)]
        )
        copy_rows(
            Vote,
            _VOTE_COLUMNS,
            [(pk, *vote) for pk, (_row, votes) in zip(ids, new, strict=True) for vote in votes],
        )

    def _compare(
        self,
        record: RollCallRecord,
        measure: Measure,
        row: list[Any],
        votes: list[VoteRow],
        old: dict[str, Any],
        old_votes: list[VoteRow],
    ) -> list[BillEvent]:
        """Brings a stored roll call up to date; a correction of what was recorded is an event, a link to a name not."""
        was = [old[name] for name in _COLUMNS]
        same_votes = any(how(votes) == how(old_votes) for how in (_by_name, _by_person))
        if was == row and Counter(votes) == Counter(old_votes):
            self.summary.count(self.kind, "unchanged")
            return []
        RollCall.objects.filter(pk=old["id"]).update(**dict(zip(_COLUMNS, row, strict=True)))
        if Counter(votes) != Counter(old_votes):
            Vote.objects.filter(roll_call_id=old["id"]).delete()
            copy_rows(Vote, _VOTE_COLUMNS, [(old["id"], *vote) for vote in votes])
        self.summary.count(self.kind, "changed")
        telling = [_COLUMNS.index(name) for name in ("bill_id", "date", "motion", "passed", *_COUNTS)]
        if same_votes and all(was[place] == row[place] for place in telling):
            return []
        before = in_words(old["motion"], (old[name] for name in _COUNTS), old["passed"])
        after = in_words(row[6], row[8:], record.passed)
        key = _digest(row[1], before, after, self.observed_at.isoformat())
        return [self._event(BillEvent.Kind.ROLL_CALL_CORRECTED, measure, record.date, key, before, after)]

    def _added(self, record: RollCallRecord, measure: Measure, row: list[Any]) -> BillEvent:
        after = in_words(row[6], row[8:], record.passed)
        return self._event(BillEvent.Kind.ROLL_CALL, measure, record.date, _digest(row[1]), "", after)

    def _event(
        self, kind: BillEvent.Kind, measure: Measure, on: date, key: str, before: str, after: str
    ) -> BillEvent:
        return BillEvent(
            bill_id=measure.id,
            kind=kind,
            key=key,
            before=before[:1000],
            after=after[:1000],
            happened_on=on,
            observed_at=self.observed_at,
            is_news=kind == BillEvent.Kind.ROLL_CALL_CORRECTED
            or is_news(on, first_seen_at=measure.first_seen_at, observed_at=self.observed_at),
        )


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _by_name(votes: list[VoteRow]) -> Counter[tuple[str, str]]:
    return Counter((name, option) for _who, name, option in votes)


def _by_person(votes: list[VoteRow]) -> Counter[tuple[int | str, str]]:
    """Two sources may spell a member differently and yet say the same."""
    return Counter((who or name, option) for who, name, option in votes)


def _measures(records: list[RollCallRecord]) -> dict[tuple[int, str], Measure]:
    wanted: dict[int, set[str]] = defaultdict(set)
    for record in records:
        wanted[record.session].add(record.identifier)
    condition = Q(pk__in=())
    for session, identifiers in wanted.items():
        condition |= Q(session=session, identifier__in=identifiers)
    rows = Bill.objects.filter(condition).values_list("session", "identifier", "pk", "first_seen_at")
    return {(session, identifier): Measure(pk, seen) for session, identifier, pk, seen in rows}


def _stored_votes(roll_calls: list[int]) -> dict[int, list[VoteRow]]:
    votes: dict[int, list[VoteRow]] = {pk: [] for pk in roll_calls}
    rows = Vote.objects.filter(roll_call__in=roll_calls) if roll_calls else Vote.objects.none()
    for roll_call, *vote in rows.values_list(*_VOTE_COLUMNS):
        votes[roll_call].append(tuple(vote))
    return votes
