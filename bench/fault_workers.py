"""What can happen to workers: killed, stopped, restarted, called three times."""

import random
import signal
import time

from django.db import connection

from bench.fault_hold import asleep, let_go
from bench.fault_run import LEASE_SECONDS, PROCESSES, WINDOW, Broken, Fault, Run

_HOLD = """
CREATE FUNCTION hold_first_window() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
CREATE TRIGGER hold_first_window BEFORE UPDATE ON mailing_batch FOR EACH ROW
    WHEN (OLD.window_end = 0 AND NEW.window_end > 0) EXECUTE FUNCTION hold_first_window();
"""
_LET_GO = "DROP TRIGGER hold_first_window ON mailing_batch; DROP FUNCTION hold_first_window();"
# A deployment waits 150 seconds; what a worker has begun takes a window and a few statements.
GRACE = 60.0


def kills(run: Run, number: int) -> int:
    """kill -9 of the worker and its children, again and again, spread over the mailing."""
    chance = random.Random(20260305)
    for fault in range(1, number + 1):
        if not run.until_part((fault + chance.random() / 2) / (number + 4)):
            return fault - 1
        run.workers.pop().kill()
        run.hire()
    return number


def kills_before_sending(run: Run, number: int) -> int:
    """kill -9 of a worker that has claimed batches and has not begun to send: PostgreSQL holds its first mark."""
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 1)):
            return fault - 1
        with connection.cursor() as cursor:
            cursor.execute(_HOLD)
        if not run.until(lambda: len(asleep()) >= PROCESSES, patience=60):
            raise Broken("No worker came to its first window.")
        run.workers.pop().kill()
        let_go(_LET_GO)
        run.hire()
    return number


def restarts(run: Run, number: int) -> int:
    """The worker is asked to end, as at every new release, and another one starts."""
    slowest, most = 0.0, 0
    for fault in range(1, number + 1):
        run.until_part(fault / (number + 1))
        began, before = time.monotonic(), run.sink.received()
        if not run.workers.pop().child.end(grace=GRACE):
            raise Broken(f"The worker did not end within {GRACE:.0f} seconds of SIGTERM.")
        slowest = max(slowest, time.monotonic() - began)
        most = max(most, run.sink.received() - before)
        run.hire()
    run.more.append(("slowest end after SIGTERM, seconds", round(slowest, 1), GRACE))
    # The window each of them had begun, and what they sent before they heard of it.
    run.more.append(("messages after SIGTERM", most, 2 * PROCESSES * WINDOW))
    return number


def zombies(run: Run, number: int) -> int:
    """A worker is stopped for longer than its lease, another takes over and sends its batches, then it goes on."""
    run.hire("two")
    taken_over = 0
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 2)):
            return fault - 1
        sleeper = run.workers[fault % 2]
        sleeper.signal(signal.SIGSTOP)
        in_flight = dict(run.mailing.batches.filter(state="sending").values_list("pk", "lease"))
        taken = run.mailing.batches.filter(pk__in=in_flight)
        run.tick_for(LEASE_SECONDS + 1)
        # The sleeper's batches are next, so that its messages are out when it wakes.
        taken.filter(state="waiting").update(not_before=run.mailing.created_at)
        if not run.until(lambda taken=taken: not taken.exclude(state="done").exists(), patience=30):  # type: ignore[misc]
            raise Broken("Nobody took the batches of a worker that had stopped.")
        leases = dict(taken.values_list("pk", "lease"))
        taken_over += sum(leases[batch] != lease for batch, lease in in_flight.items())
        sleeper.signal(signal.SIGCONT)
        if run.is_over():
            raise Broken("The mailing was over before the stopped worker woke.")
    if not taken_over:
        raise Broken("Nothing was left that the woken worker could have sent a second time.")
    run.more.append(("batches that another took over", taken_over, None))
    return number


def tripled(run: Run, number: int) -> int:
    """Every task is delivered three times."""
    from mailing import tasks
    from mailing.queueing import queue

    for fault in range(1, number + 1):
        run.until_part(fault / (number + 1))
        for _copy in range(3):
            queue(tasks.send_batches)
            queue(tasks.pump_mailings)
            queue(tasks.settle_expired_leases)
        run.tick()
    return number


def approved_twice(run: Run, number: int) -> int:
    """Started, filled and pumped again and again while it goes out."""
    from mailing.errors import StateError
    from mailing.services import RecipientSelect, fill_mailing, start_mailing

    for fault in range(1, number + 1):
        run.until_part(fault / (number + 1))
        try:
            start_mailing(mailing=run.mailing)
            raise Broken("A mailing under way could be started again.")
        except StateError:
            pass
        again = "SELECT NULL::bigint, NULL::bigint, %s, 'en', '{}'::jsonb"
        select = RecipientSelect(again, (f"PERSON1{run.domain}",))
        if fill_mailing(mailing=run.mailing, select=select).added:
            raise Broken("Somebody was added twice.")
        time.sleep(0.1)
    return number


WORKER_FAULTS = {
    "kill -9": Fault(kills, times=20, unknown_each=PROCESSES * WINDOW, people=4000),
    "kill -9 between claim and first send": Fault(kills_before_sending, times=3),
    "restarted in order": Fault(restarts, times=3, people=4000, delay=0.01),
    "stopped past the lease, then woken": Fault(
        zombies, times=2, unknown_each=PROCESSES * WINDOW, people=6000, delay=0.01
    ),
    "tasks delivered three times": Fault(tripled, times=4),
    "started and filled again": Fault(approved_twice, times=3),
}
