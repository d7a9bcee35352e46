"""Holds a worker in the midst of a transaction, by a trigger that lets PostgreSQL sleep, so that it can be killed there."""

from celery import Task
from django.db import connection

from bench.fault_run import Broken, Run

_ASLEEP = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
_HOLD = """
CREATE FUNCTION hold_the_writer() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN IF {when} THEN PERFORM pg_sleep(120); END IF; RETURN NULL; END $$;
CREATE TRIGGER hold_the_writer AFTER INSERT OR UPDATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION hold_the_writer();
"""
_LET_GO = "DROP TRIGGER hold_the_writer ON {table}; DROP FUNCTION hold_the_writer();"
# As beat, and as a broker that delivers a task more than once.
COPIES = 3


def killed_while_it_writes(run: Run, task: Task, *, table: str, when: str = "true") -> None:
    """kill -9 of the run's worker while `task` has written to `table` and not committed; then another worker.

    `when` is a condition in SQL, for those that write some rows, commit and go on.
    """
    from mailing.queueing import queue

    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(table=table, when=when))
    try:
        queue(task)
        if not run.until(lambda: bool(asleep()), patience=90):
            raise Broken(f"No worker came to write to {table}.")
        run.workers.pop().kill()
    finally:
        let_go(_LET_GO.format(table=table))
    run.hire()


def killed_while_it_sends(run: Run, number: int, task: Task) -> int:
    """kill -9 again and again on the way; each time `task`, which caused it all, is queued three times more."""
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 2)):
            return fault - 1
        run.workers.pop().kill()
        run.hire()
        queue_copies(task)
    return number


def queue_copies(task: Task) -> None:
    """Three times at once."""
    from mailing.queueing import queue

    for _copy in range(COPIES):
        queue(task)


def asleep() -> list[int]:
    """PostgreSQL's processes that are held."""
    with connection.cursor() as cursor:
        cursor.execute(_ASLEEP)
        return [pid for (pid,) in cursor.fetchall()]


def let_go(statements: str) -> None:
    """Ends the connections that are held, as their dead owners would, and removes what held them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [asleep()])
        cursor.execute(statements)
