"""What can happen to PostgreSQL and Redis: stopped at once, emptied, restored from a backup, changed by a release."""

import signal
import subprocess
import time

import redis
from django.db import connection

from bench.fault_run import PROCESSES, STAFF, WINDOW, Broken, Fault, Run

RESTORED = "restored"


def database_stopped(run: Run, number: int) -> int:
    """PostgreSQL stops as after a power cut and comes back."""
    if run.services is None:
        raise SystemExit("This fault needs a PostgreSQL of its own.")
    postgres = run.services.postgres
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 1)) or postgres.child.process is None:
            return fault - 1
        postgres.child.process.send_signal(signal.SIGQUIT)
        postgres.child.process.wait()
        connection.close()
        time.sleep(1)
        postgres.start()
    return number


def robbed(run: Run, number: int) -> int:
    """Redis forgets everything: queue, locks and all."""
    for fault in range(1, number + 1):
        run.until_part(fault / (number + 1))
        redis.Redis.from_url(run.redis_url).flushall()
    return number


def redis_full(run: Run, number: int) -> int:
    """Redis takes no more writes for some seconds, as with a full disk or no memory left, and is read as ever."""
    server = redis.Redis.from_url(run.redis_url)
    for fault in range(1, number + 1):
        if not run.until_part(fault / (number + 1)):
            return fault - 1
        server.config_set("maxmemory", 1)
        run.tick_for(5)
        server.config_set("maxmemory", 0)
    return number


def restored(run: Run, _number: int) -> int:
    """A backup is made mid-send, the mailing goes out, and then the backup is what is left."""
    from mailing.models import OutboxMessage
    from mailing.services.installation import accept_restore

    if run.services is None:
        raise SystemExit("This fault needs a PostgreSQL of its own.")
    run.until_part(1 / 3)
    dump = run.folder / "backup"
    _postgres(run, "pg_dump", "-Fc", "-f", str(dump), run.services.postgres.database)
    run.finish()
    run.stop()
    before = run.sink.received()
    _postgres(run, "createdb", RESTORED)
    _postgres(run, "pg_restore", "-d", RESTORED, str(dump))
    _switch(RESTORED)
    run.environment["DATABASE_URL"] = run.services.postgres.url(RESTORED)
    run.hire("after-the-restore")
    run.tick_for(5)
    if run.sink.received() != before:
        raise Broken("A restored backup sent mail before anybody looked.")
    if run.state() != "paused" or run.mailing.pause_reason != "restored":
        raise Broken(f"In a restored backup the mailing is {run.mailing.state}.")
    if not OutboxMessage.objects.filter(to=STAFF).exists():
        raise Broken("Staff were not told of the restored backup.")
    accept_restore(by=STAFF, cancel=[run.mailing.pk])
    run.tick_for(3)
    return 1


def _postgres(run: Run, program: str, *words: str) -> None:
    assert run.services is not None
    postgres = run.services.postgres
    where = ("-h", str(postgres.socket_dir), "-U", "postgres")
    result = subprocess.run(
        [str(postgres.bin / program), *where, *words], cwd="/", capture_output=True, text=True
    )
    if result.returncode:
        raise SystemExit(f"{program} failed:\n{result.stderr}")


def _switch(database: str) -> None:
    """From now on this process works in that database."""
    connection.close()
    connection.settings_dict["NAME"] = database


def columns_added(run: Run, _number: int) -> int:
    """The next release's migration runs while workers of this release send."""
    tables = ("mailing_mailing", "mailing_batch", "mailing_delivery", "mailing_mailingcontent")
    for place, table in enumerate(tables, 1):
        run.until_part(place / (len(tables) + 1))
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN of_the_next_release integer NOT NULL DEFAULT 0")
    run.finish()
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP COLUMN of_the_next_release")
    return len(tables)


def _newer_mailing(run: Run) -> None:
    """Made by the next release, while this release's workers still run."""
    from mailing.models import ENGINE_FORMAT, Mailing

    run.hire()
    run.mail(start=False)
    Mailing.objects.filter(pk=run.mailing.pk).update(engine_format=ENGINE_FORMAT + 1, state="sending")


def newer_format(run: Run, _number: int) -> int:
    """Nobody of this release touches it; the new workers, which know its format, send it."""
    from mailing import tasks
    from mailing.models import ENGINE_FORMAT, Mailing
    from mailing.queueing import queue

    for _turn in range(3):
        queue(tasks.send_batches)
        run.tick_for(1.5)
    if run.sink.received() or run.state() != "sending":
        raise Broken("Old code touched a mailing of a newer format.")
    Mailing.objects.filter(pk=run.mailing.pk).update(engine_format=ENGINE_FORMAT)
    return 1


SERVICE_FAULTS = {
    "PostgreSQL stopped at once": Fault(database_stopped, times=3, unknown_each=PROCESSES * WINDOW),
    "Redis flushed": Fault(robbed, times=4),
    "Redis full": Fault(redis_full, times=2, people=6000),
    "columns added by a release": Fault(columns_added),
    "a newer release's mailing": Fault(newer_format, people=300, begin=_newer_mailing),
    # Last, because this process then works in the restored database.
    "backup restored": Fault(
        restored,
        unknown_each=PROCESSES * WINDOW,
        rows=("accepted", "unknown", "cancelled"),
        ends="cancelled",
        from_backup=True,
    ),
}
