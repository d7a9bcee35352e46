"""What a fault run left behind: every message that arrived, held against the row that tells of it."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.fault_run import Fault, Run
    from mailing.models import Mailing


@dataclass(frozen=True)
class Outcome:
    """What one run left behind, in messages and rows."""

    people: int
    faults: int
    seconds: float
    messages: int
    accepted: int
    unknown: int
    # Addresses that got more than one message of a mailing.
    twice: int
    # Rows that say something else than what arrived, messages that no row tells of, and batches whose tally says
    # something else than their rows.
    untrue: int
    # Rows that are in none of the states in which they may end: somebody was forgotten.
    forgotten: int
    finished: bool
    # How many rows ended in which state, and the mailing's own.
    states: dict[str, int]
    # What the fault itself measured: words and a number, with its limit if it has one.
    more: tuple[tuple[str, float, float | None], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return self.finished and not (self.twice or self.untrue or self.forgotten)


def count_mailings(run: "Run", fault: "Fault", faults: int, seconds: float) -> Outcome:
    """The outcome of a run whose messages are those of its mailings."""
    mailings = [*run.earlier, run.mailing]
    got = _arrived(run)
    rows = {
        (email, mailing.pk): state
        for mailing in mailings
        for email, state in mailing.deliveries.values_list("email", "state")
    }
    states = Counter(rows.values())
    untrue = sum(not _is_true(state, got[row], fault) for row, state in rows.items())
    untrue += sum(number for row, number in got.items() if row not in rows)
    missing = run.people * len(mailings) - len(rows)
    return Outcome(
        people=run.people,
        faults=faults,
        seconds=seconds,
        messages=got.total(),
        accepted=states["accepted"],
        unknown=states["unknown"],
        twice=sum(number > 1 for number in got.values()),
        untrue=untrue + sum(map(_untrue_tallies, mailings)),
        forgotten=sum(state not in fault.rows for state in rows.values()) + missing,
        finished=run.state() == fault.ends,
        states={**states, f"the mailing is {run.state()}": 1},
        more=tuple(run.more),
    )


def count_outbox(run: "Run", fault: "Fault", faults: int, seconds: float) -> Outcome:
    """The outcome of a run whose messages are single ones, one for each of its people."""
    from mailing.models import OutboxMessage

    written = OutboxMessage.objects.filter(to__endswith=run.domain)
    messages = [message for message in run.sink.messages() if message[0].endswith(run.domain)]
    # By message, since nothing keeps an outbox from holding two for one address.
    got = Counter(identifier for _address, identifier in messages)
    rows = {
        identifier: (to, state) for identifier, to, state in written.values_list("message_id", "to", "state")
    }
    states = Counter(state for _to, state in rows.values())
    people = {to for to, state in rows.values() if state in fault.rows}
    untrue = sum(not _is_true(state, got[identifier], fault) for identifier, (_to, state) in rows.items())
    return Outcome(
        people=run.people,
        faults=faults,
        seconds=seconds,
        messages=len(messages),
        accepted=states["sent"],
        unknown=states["unknown"],
        twice=sum(number > 1 for number in Counter(address for address, _id in messages).values()),
        untrue=untrue + sum(identifier not in rows for _address, identifier in messages),
        forgotten=run.people - len(people),
        finished=run.is_over(),
        states=dict(states),
        more=(
            *run.more,
            ("people with two messages written", len(rows) - len({to for to, _ in rows.values()}), 0),
        ),
    )


def _arrived(run: "Run") -> Counter[tuple[str, int]]:
    """How many messages each address got of each mailing, by the number in their message IDs."""
    from mailing.composing.message import read_message_id

    arrived: Counter[tuple[str, int]] = Counter()
    for address, identifier in run.sink.messages():
        name = read_message_id(identifier)
        if address.endswith(run.domain):
            arrived[address, int(name[1]) if name[:1] == ("m",) else 0] += 1
    return arrived


def _untrue_tallies(mailing: "Mailing") -> int:
    from django.db.models import Count

    counted: dict[int, dict[str, int]] = {}
    for batch, state, number in mailing.deliveries.values_list("batch", "state").annotate(Count("pk")):
        counted.setdefault(batch, {})[state] = number
    kept = dict(mailing.batches.values_list("pk", "tally"))
    return sum(
        {state: n for state, n in kept[batch].items() if n} != counted.get(batch, {}) for batch in kept
    )


def _is_true(state: str, messages: int, fault: "Fault") -> bool:
    """Whether a row's word fits what arrived at its address."""
    if state in {"accepted", "sent"}:
        return messages == 1
    if state == "unknown" or fault.from_backup:
        return messages <= 1
    return messages == 0
