"""How fast an alert goes out: the limits of the wire, other senders, and ours with every database write.

Everything runs on this machine against one sink, in turns, so that whatever else the machine does meets all of them:
the medians' ratios hold where absolute rates drift. Ours counts from the decision to send: compiling, a row for each
recipient, sending, and the last row settled; the queues of others count from their first row to their last.
"""

import statistics
from collections.abc import Callable

from bench import delivery_raw
from bench.delivery_peers import PEERS, Peer
from bench.engine import PROCESSES, Engine, engine
from bench.report import Figure, at_least, plain, say

OUR_MESSAGES, WARM_UP = 40_000, 2_000
TO_SMTPLIB, TO_PIPELINED, TO_POST_OFFICE = 1.0, 0.45, 10.0

SMTPLIB = f"raw smtplib, pre-rendered, {PROCESSES} processes"
PIPELINED = f"raw pipelined, pre-rendered, {PROCESSES} processes"
ACROSS = f"raw pipelined across messages, pre-rendered, {PROCESSES} processes"
OURS = f"ours through Celery, with every database write, {PROCESSES} processes"
ALONE = "of which sending alone"
STEADY = "ours, the middle half of sending"
RAW = {
    SMTPLIB: (delivery_raw.by_smtplib, 20_000),
    PIPELINED: (delivery_raw.pipelined, 40_000),
    ACROSS: (delivery_raw.across_messages, 60_000),
}

Found = dict[str, list[float]]


def measure(rounds: int) -> list[Figure]:
    """Medians of the rounds and their ratios."""
    for peer in PEERS:
        peer.install()
    found: Found = {}
    with engine() as ours:
        ours.start_workers()
        _send(ours, WARM_UP)
        for number in range(rounds):
            say(f"  round {number + 1} of {rounds}")
            for sender in _senders(ours):
                before = ours.sink.received()
                for name, rate in sender().items():
                    found.setdefault(name, []).append(rate)
                    say(f"    {name}: {rate:,.0f}/s")
                say(f"      {ours.sink.received() - before:,} messages arrived")
    return _figures({name: statistics.median(rates) for name, rates in found.items()})


def _senders(ours: Engine) -> list[Callable[[], dict[str, float]]]:
    """What makes up a round. Ours stands between the raw ones, with which it is compared most closely."""
    raw = [lambda name=name: _raw(ours, name) for name in RAW]
    peers = [lambda peer=peer: _peer(ours, peer) for peer in PEERS]
    return [raw[0], lambda: _ours(ours), *raw[1:], *peers]


def _raw(ours: Engine, name: str) -> dict[str, float]:
    send, messages = RAW[name]
    return {name: delivery_raw.rate(send, ours.sink.port, messages=messages, processes=PROCESSES)}


def _peer(ours: Engine, peer: Peer) -> dict[str, float]:
    with_queue, alone = peer.rates(ours.services, ours.sink.port)
    return {peer.title: with_queue, **({f"{peer.title}, {ALONE}": alone} if peer.has_queue else {})}


def _ours(ours: Engine) -> dict[str, float]:
    result = _send(ours, OUR_MESSAGES)
    before = result["compile"] + result["fill"]
    return {
        OURS: OUR_MESSAGES / (before + result["seconds"]),
        f"{OURS}, {ALONE}": OUR_MESSAGES / result["seconds"],
        STEADY: result["steady"],
    }


def _send(ours: Engine, number: int) -> dict[str, float]:
    """One alert; every row must say that it was accepted."""
    result = ours.inside("send", str(number))
    if result.get("accepted") != number:
        raise SystemExit(f"Not all were accepted: {result}")
    return result


def _figures(rates: dict[str, float]) -> list[Figure]:
    post_office = next(peer.title for peer in PEERS if "post-office" in peer.title)
    own, alone = rates[OURS], rates[f"{OURS}, {ALONE}"]
    return [
        *(plain(f"delivery: {name}", rate, "messages/s") for name, rate in rates.items()),
        at_least("delivery: ours ÷ raw smtplib", own / rates[SMTPLIB], "ratio", TO_SMTPLIB),
        at_least("delivery: ours ÷ raw pipelined", own / rates[PIPELINED], "ratio", TO_PIPELINED),
        plain("delivery: ours ÷ raw pipelined across messages", own / rates[ACROSS], "ratio"),
        at_least("delivery: ours ÷ django-post-office", own / rates[post_office], "ratio", TO_POST_OFFICE),
        plain(
            "delivery: the same, sending alone on both sides",
            alone / rates[f"{post_office}, {ALONE}"],
            "ratio",
        ),
    ]
