"""Real worker processes, one of them killed in the middle: everybody hears once."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

from legislation.models import Notice
from mailing.models import OutboxMessage
from tests.factories.legislation import BillFactory
from tests.factories.partners import CoalitionFactory
from tests.legislation.following import NOW, event, follower

PEOPLE = 30


def start_worker() -> subprocess.Popen:
    """A worker on this test's database; it waits for a line on its input."""
    connection.ensure_connection()
    where = connection.connection.info
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"postgresql://{where.user}@/{where.dbname}?host={quote(where.host)}",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.legislation.notice_worker", NOW.isoformat()],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(worker: subprocess.Popen, word: str) -> None:
    assert worker.stdout.readline().strip() == word


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_costs_no_message_and_two_others_make_none_twice():
    CoalitionFactory()
    bill = BillFactory()
    for _person in range(PEOPLE):
        follower(bill)
    event(bill)
    workers = [start_worker() for _worker in range(3)]
    try:
        for worker in workers:
            wait_for(worker, "ready")
        killed, *others = workers
        killed.stdin.write("go\n")
        killed.stdin.flush()
        for _batch in range(3):
            wait_for(killed, "batch")
        killed.kill()
        killed.wait()
        assert 0 < OutboxMessage.objects.count() < PEOPLE
        for worker in others:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for worker in others:
            assert worker.wait(timeout=60) == 0
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
            worker.stdin.close()
            worker.stdout.close()
    assert OutboxMessage.objects.count() == OutboxMessage.objects.values("to").distinct().count() == PEOPLE
    assert not Notice.objects.waiting().exists()
