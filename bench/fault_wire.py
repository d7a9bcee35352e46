"""What mail servers do: refuse one, ask to come again, cut the line, be gone for an hour."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from bench.fault_run import PROCESSES, STAFF, Broken, Fault, Run
from bench.fault_workers import GRACE
from bench.sink import Order
from mailing.wire.chunks import IN_FLIGHT


def cut_after_the_dot(run: Run, number: int) -> int:
    """The line ends after the message was taken and before the server could say so."""
    return _ordered(run, number, Order(r"person\d*[37]@.*", "cut after the dot", times=number))


def cut_before_the_dot(run: Run, number: int) -> int:
    """The line ends in the middle of a message."""
    return _ordered(run, number, Order(r"person\d*[37]@.*", "cut before the dot", times=number))


def cut_after_a_chunk(run: Run, number: int) -> int:
    """The line ends after one of a few messages on their way was taken, and those behind it are lost with it."""
    return _cut_among_chunks(run, number, "cut after the chunk")


def cut_before_a_chunk(run: Run, number: int) -> int:
    """The line ends inside of one of a few messages on their way."""
    return _cut_among_chunks(run, number, "cut before the chunk")


def _cut_among_chunks(run: Run, number: int, place: str) -> int:
    """Each time for a new worker: one that lost messages so sends them one by one from then on."""
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 2)):
            return fault - 1
        before = run.sink.cuts()
        run.sink.order(Order(r"person\d*[37]@.*", place, times=1))
        if not run.until(lambda before=before: run.sink.cuts() > before or run.is_over(), patience=90):  # type: ignore[misc]
            raise Broken("No message came as a chunk.")
        if run.sink.cuts() == before:
            return fault - 1
        run.workers.pop().child.end(grace=GRACE)
        run.hire()
    return number


def refused(run: Run, number: int) -> int:
    """550 for single recipients inside of pipelined groups, at the recipient and after the message."""
    return _ordered(
        run,
        number,
        Order(r"person\d*3@.*", "rcpt", "550 5.1.1 no such mailbox", times=number // 2),
        Order(r"person\d*7@.*", "dot", "554 5.7.1 not wanted", times=number // 2),
    )


def put_off(run: Run, number: int) -> int:
    """421 and 450: later. The back-off's minutes are turned forward."""
    run.sink.order(
        Order(r"person\d*3@.*", "rcpt", "450 4.2.1 mailbox busy", times=number // 2),
        Order(r"person\d*7@.*", "dot", "451 4.3.0 try again", times=number // 4),
        Order(r"person\d*9@.*", "rcpt", "421 4.3.2 closing", times=number - number // 2 - number // 4),
    )
    run.begin()
    waiting = run.mailing.deliveries.filter(state="deferred")
    run.until(lambda: not run.mailing.deliveries.filter(state="pending").exists())
    deferred = waiting.count()
    while not run.is_over() and waiting.exists():
        _turn_forward()
        run.tick_for(0.5)
    return deferred


def _ordered(run: Run, number: int, *orders: Order) -> int:
    run.sink.order(*orders)
    run.begin()
    return number


def slow(run: Run, number: int) -> int:
    """Answers that take longer than the connection's patience: nobody knows what became of those messages."""
    return _ordered(
        run,
        number,
        Order(r"person\d*[37]@.*", "dot", wait=float(run.environment["EMAIL_TIMEOUT"]) + 1, times=number),
    )


def relay_down(run: Run, number: int) -> int:
    """The mail server is gone for an hour; the hour is turned forward, and so are the waits."""
    from mailing.models import OutboxMessage, Relay

    for fault in range(1, number + 1):
        run.until_part(fault / (number + 1))
        run.sink.down()
        if not run.until(lambda: Relay.objects.filter(down_since__isnull=False).exists(), patience=20):
            raise Broken("Nobody noticed that the mail server is gone.")
        Relay.objects.update(down_since=timezone.now() - timedelta(hours=1))
        if not run.until(
            lambda: run.state() == "paused" and run.mailing.pause_reason == "relay", patience=20
        ):
            raise Broken("The mailing did not pause by itself.")
        if OutboxMessage.objects.filter(to=STAFF, state="pending").count() < 1:
            raise Broken("Staff were not told.")
        run.tick_for(2)
        run.sink.up()
        Relay.objects.update(try_again_at=timezone.now())
        if not run.until(lambda: run.state() != "paused", patience=20):
            raise Broken("The mailing did not go on by itself.")
        _turn_forward()
    return number


def _turn_forward() -> None:
    """What waits for a later moment is due now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mailing_delivery SET next_attempt_at = now() WHERE state = 'deferred'")
        cursor.execute("UPDATE mailing_batch SET not_before = now() WHERE state = 'waiting'")


def _nothing_yet(_run: Run) -> None:
    """The orders come first."""


WIRE_FAULTS = {
    "connection cut after the final dot": Fault(
        cut_after_the_dot, times=8, unknown_each=1, chunking=False, begin=_nothing_yet
    ),
    "the same, a few messages on their way": Fault(
        cut_after_a_chunk, times=6, unknown_each=IN_FLIGHT, people=4000, delay=0.01
    ),
    "connection cut inside a message": Fault(
        cut_before_the_dot, times=8, unknown_each=1, chunking=False, begin=_nothing_yet
    ),
    "the same, a few messages at once": Fault(
        cut_before_a_chunk, times=6, unknown_each=IN_FLIGHT, people=4000, delay=0.01
    ),
    "answer slower than our patience": Fault(
        slow, times=2, unknown_each=IN_FLIGHT, people=600, begin=_nothing_yet, settings={"EMAIL_TIMEOUT": "1"}
    ),
    "550 inside a pipelined group": Fault(refused, times=40, rows=("accepted", "failed"), begin=_nothing_yet),
    "421, 450 and 451": Fault(put_off, times=40, begin=_nothing_yet),
    "mail server gone for an hour": Fault(relay_down, times=1, unknown_each=PROCESSES * IN_FLIGHT),
}
