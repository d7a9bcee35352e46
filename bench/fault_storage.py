"""What can happen to PostgreSQL and its disk, and to the disk of a worker: killed, full, full for its log of changes."""

import os
import shutil
import signal
import time
from pathlib import Path

import psutil
from django.db import connection

from bench.fault_digests import OUTBOX_ROWS, OutboxRun, summaries_due
from bench.fault_hold import queue_copies
from bench.fault_run import PROCESSES, WINDOW, Broken, Fault, Run
from portal.embedded.postgres import EmbeddedPostgres
from portal.embedded.processes import Account, run_as

FULL_SECONDS = 6.0
# Of util-linux; without it these faults are left out.
_PRLIMIT = shutil.which("prlimit") or ""
_FULL = """
CREATE FUNCTION no_space_left() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER no_space_left BEFORE INSERT OR UPDATE ON mailing_batch
    FOR EACH STATEMENT EXECUTE FUNCTION no_space_left();
CREATE TRIGGER no_space_left BEFORE INSERT OR UPDATE ON mailing_delivery
    FOR EACH STATEMENT EXECUTE FUNCTION no_space_left();
"""
_ROOM = """
DROP TRIGGER no_space_left ON mailing_batch;
DROP TRIGGER no_space_left ON mailing_delivery;
DROP FUNCTION no_space_left();
"""
_A_SENDER = """
SELECT pid FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND query LIKE '%mailing_%' LIMIT 1
"""


def killed(run: Run, number: int) -> int:
    """kill -9, by turns of every process of PostgreSQL, and of the one that serves a worker."""
    postgres = _postgres(run)
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 1)):
            return fault - 1
        if fault % 2:
            for process in _processes(postgres):
                process.kill()
            postgres.child.kill()
            connection.close()
            time.sleep(1)
            postgres.start()
        else:
            os.kill(_a_sender(run), signal.SIGKILL)
            connection.close()
    return number


def killed_during_notices(run: Run, number: int) -> int:
    """The same while single messages go out."""
    from mailing import tasks

    queue_copies(tasks.send_weekly_summaries)
    return killed(run, number)


def _a_sender(run: Run) -> int:
    """PostgreSQL's process that serves a worker."""
    found: list[int] = []

    def look() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(_A_SENDER)
            found.extend(pid for (pid,) in cursor.fetchall())
        return bool(found)

    if not run.until(look, patience=20):
        raise Broken("No worker is connected.")
    return found[0]


def no_room_for_rows(run: Run, number: int) -> int:
    """PostgreSQL answers for some seconds that its disk is full, to whoever writes a batch or a delivery."""
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 1)):
            return fault - 1
        with connection.cursor() as cursor:
            cursor.execute(_FULL)
        before = run.sink.received()
        run.tick_for(FULL_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute(_ROOM)
        # What was marked before may still go out, and nothing else.
        run.more.append(
            (f"messages while it was full, {fault}", run.sink.received() - before, PROCESSES * WINDOW)
        )
    return number


def no_room_for_changes(run: Run, number: int) -> int:
    """PostgreSQL's log of changes cannot grow: it stops at once and cannot come back before there is room."""
    postgres = _postgres(run)
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 1)):
            return fault - 1
        _cannot_write(_processes(postgres), postgres.account)
        if not run.until(lambda: postgres.child.ended() is not None, patience=60):
            raise Broken("PostgreSQL went on without a disk.")
        connection.close()
        time.sleep(1)
        postgres.start()
    return number


def worker_cannot_write(run: Run, _number: int) -> int:
    """The disk of the worker is full after the first messages: every line of its log fails."""
    run.until_part(1 / 10)
    if b"send_batches" not in run.workers[-1].child.log.read_bytes():
        raise Broken("The worker writes nothing, disk or not.")
    worker = psutil.Process(run.workers[-1].child.pid)
    _cannot_write([worker, *worker.children(recursive=True)])
    log = run.workers[-1].child.log
    before = log.stat().st_size
    run.finish()
    if log.stat().st_size != before:
        raise Broken("The worker could still write.")
    return 1


def _postgres(run: Run) -> EmbeddedPostgres:
    if run.services is None:
        raise SystemExit("This fault needs a PostgreSQL of its own.")
    return run.services.postgres


def _processes(postgres: EmbeddedPostgres) -> list[psutil.Process]:
    """The server first, so that it starts none anew."""
    server = psutil.Process(postgres.child.pid)
    return [server, *server.children(recursive=True)]


def _cannot_write(processes: list[psutil.Process], account: Account | None = None) -> None:
    """Every write to a file fails from now on, as with `ulimit -f 0`. Only a process of the same account may say so."""
    for process in processes:
        done = run_as(account, [_PRLIMIT, "--pid", str(process.pid), "--fsize=0:"], Path("/"))
        if done.returncode and process.is_running():
            raise SystemExit(f"prlimit failed: {done.stdout}")


STORAGE_FAULTS = {
    "PostgreSQL killed (-9)": Fault(killed, times=4, unknown_each=PROCESSES * WINDOW),
    "the same, during weekly summaries": Fault(
        killed_during_notices,
        times=4,
        unknown_each=PROCESSES * WINDOW,
        people=1500,
        rows=OUTBOX_ROWS,
        begin=summaries_due,
        runner=OutboxRun,
    ),
    "PostgreSQL's disk full: no new rows": Fault(no_room_for_rows, times=2, unknown_each=PROCESSES * WINDOW),
}
if _PRLIMIT:
    STORAGE_FAULTS |= {
        "PostgreSQL's disk full: it stops": Fault(
            no_room_for_changes, times=2, unknown_each=PROCESSES * WINDOW
        ),
        "the worker's disk full": Fault(worker_cannot_write, settings={"LOG_LEVEL": "INFO"}),
    }
