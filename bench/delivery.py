"""How fast an alert goes out: the limits of the wire, other senders, and ours with every database write.

Everything runs on this machine against one sink, in turns, so that whatever else the machine does meets all of them:
the medians' ratios hold where absolute rates drift.
"""

import statistics
from collections.abc import Callable

from bench import delivery_raw
from bench.delivery_peers import PEERS
from bench.engine import PROCESSES, Engine, engine
from bench.report import Figure, at_least, plain, say

RAW_MESSAGES, LIMIT_MESSAGES, OUR_MESSAGES, WARM_UP = 20_000, 60_000, 30_000, 2_000
TO_SMTPLIB, TO_PIPELINED, TO_POST_OFFICE = 1.0, 0.45, 10.0

SMTPLIB = f"raw, pre-rendered, smtplib, {PROCESSES} processes"
PIPELINED = f"raw, pre-rendered, pipelined, {PROCESSES} processes (the limit)"
OURS = f"ours through Celery, with every database write, {PROCESSES} processes"


def measure(rounds: int) -> list[Figure]:
    """Medians of the rounds and their ratios."""
    for peer in PEERS:
        peer.install()
    found: dict[str, list[float]] = {}
    with engine() as ours:
        ours.start_workers()
        _send(ours, WARM_UP)
        senders = _senders(ours, found)
        for number in range(rounds):
            say(f"  round {number + 1} of {rounds}")
            for name, rate in senders.items():
                before = ours.sink.received()
                found.setdefault(name, []).append(rate())
                say(f"    {name}: {found[name][-1]:,.0f}/s, {ours.sink.received() - before:,} messages")
    return _figures({name: statistics.median(rates) for name, rates in found.items()})


def _senders(ours: Engine, found: dict[str, list[float]]) -> dict[str, Callable[[], float]]:
    """Each sender by its name in the table, as a round of it; ours leaves its steady rate in `found` too."""

    def smtplib() -> float:
        return delivery_raw.rate(
            delivery_raw.by_smtplib, ours.sink.port, messages=RAW_MESSAGES, processes=PROCESSES
        )

    def pipelined() -> float:
        return delivery_raw.rate(
            delivery_raw.pipelined, ours.sink.port, messages=LIMIT_MESSAGES, processes=PROCESSES
        )

    def our_own() -> float:
        result = _send(ours, OUR_MESSAGES)
        found.setdefault("steady", []).append(result["steady"])
        found.setdefault("fill", []).append(result["fill"])
        return OUR_MESSAGES / result["seconds"]

    peers = {peer.title: lambda peer=peer: peer.rate(ours.services, ours.sink.port) for peer in PEERS}
    return {SMTPLIB: smtplib, OURS: our_own, PIPELINED: pipelined, **peers}


def _send(ours: Engine, number: int) -> dict[str, float]:
    """One alert; every row must say that it was accepted."""
    result = ours.inside("send", str(number))
    if result.get("accepted") != number:
        raise SystemExit(f"Not all were accepted: {result}")
    return result


def _figures(rates: dict[str, float]) -> list[Figure]:
    post_office = next(peer.title for peer in PEERS if "post-office" in peer.title)
    own = rates[OURS]
    return [
        *(plain(f"delivery: {name}", rates[name], "messages/s") for name in (PIPELINED, SMTPLIB)),
        plain(f"delivery: {OURS}", own, "messages/s"),
        plain("delivery: ours, the middle half alone", rates["steady"], "messages/s"),
        plain(f"delivery: ours, filling {OUR_MESSAGES:,} rows before", rates["fill"], "s"),
        *(plain(f"delivery: {peer.title}", rates[peer.title], "messages/s") for peer in PEERS),
        at_least("delivery: ours ÷ raw smtplib", own / rates[SMTPLIB], "ratio", TO_SMTPLIB),
        at_least("delivery: ours ÷ raw pipelined", own / rates[PIPELINED], "ratio", TO_PIPELINED),
        at_least("delivery: ours ÷ django-post-office", own / rates[post_office], "ratio", TO_POST_OFFICE),
    ]
