"""A restored backup sends nothing by itself: real dumps and copies of the database, and a copied disk."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
import redis
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from psycopg import sql

from mailing.errors import StateError
from mailing.models import Batch, Delivery, Installation, Mailing, OutboxMessage
from mailing.services import pause_mailing, queue_message, resume_mailing
from mailing.services.installation import (
    accept_restore,
    check_installation,
    fingerprint,
    is_restored,
    note_installation,
)
from mailing.services.outbox_sending import send_due_messages
from mailing.services.pumping import pump
from mailing.services.sending import send_batches
from portal.embedded.postgres import binaries
from tests.mailing.helpers import FakeTransport, addresses, make_mailing

pytestmark = pytest.mark.django_db(transaction=True)
# One for each process of a parallel run: they share the server.
OTHER = f"restored_copy_{os.getpid()}"


@contextmanager
def elsewhere() -> Iterator[None]:
    """Inside, Django speaks to the other database, as after a restore into a new place."""
    here = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = OTHER
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = here


@pytest.fixture
def server() -> Iterator[psycopg.Connection]:
    """The same server, outside of any database of ours; the copy is gone afterwards."""
    connection.ensure_connection()
    with psycopg.connect(host=connection.connection.info.host, user="postgres", dbname="postgres") as raw:
        raw.autocommit = True
        raw.execute(f"DROP DATABASE IF EXISTS {OTHER} WITH (FORCE)")
        yield raw
        raw.execute(f"DROP DATABASE IF EXISTS {OTHER} WITH (FORCE)")


def copy(server: psycopg.Connection) -> None:
    """A byte for byte copy: the tables keep their numbers."""
    here = connection.settings_dict["NAME"]
    connection.close()
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(OTHER), sql.Identifier(here))
    )


def dump_and_restore(server: psycopg.Connection) -> None:
    """As docs/operations.md says: pg_dump, and pg_restore into an empty database."""
    where = ["--host", server.info.host, "--username", "postgres", "--dbname"]
    here = connection.settings_dict["NAME"]
    dump = subprocess.run(
        [binaries() / "pg_dump", *where, here, "-Fc"], check=True, capture_output=True
    ).stdout
    server.execute(f"CREATE DATABASE {OTHER}")
    subprocess.run(
        [binaries() / "pg_restore", *where, OTHER, "--exit-on-error"],
        input=dump,
        check=True,
        capture_output=True,
    )


def noted_mailing(**fields) -> Mailing:
    mailing = make_mailing(to=addresses(30), **fields)
    pump(now=timezone.now())
    return mailing


@pytest.mark.parametrize("restore", [copy, dump_and_restore])
def test_a_restored_database_starts_with_everything_held(server, restore, settings):
    settings.MAILING_ALARM_TO = ["boss@coalition.example"]
    mailing = noted_mailing()
    waiting = queue_message(to="ada@people.example", subject="Reset", text="x")
    restore(server)
    with elsewhere():
        transport = FakeTransport()
        assert fingerprint() != Installation.objects.get().fingerprint
        send_batches(transport=transport)
        assert send_due_messages(transport=transport) == 1
        mailing.refresh_from_db()
        assert (mailing.state, mailing.pause_reason) == ("paused", "restored")
        waiting.refresh_from_db()
        assert waiting.state == OutboxMessage.State.UNKNOWN
        # Nothing left but the word to staff.
        assert transport.sent == ["boss@coalition.example"]
        row = Installation.objects.get()
        assert row.restored_at
        assert row.data_from < row.restored_at
    # At home all goes on.
    assert check_installation(now=timezone.now())
    home = FakeTransport()
    send_batches(transport=home)
    assert len(home.sent) == 30


def test_workers_that_are_faster_than_the_clock_claim_nothing_in_a_copy(server, monkeypatch):
    noted_mailing()
    queue_message(to="ada@people.example", subject="Reset", text="x")
    copy(server)
    with elsewhere():
        # As if the worker had looked a moment before the restore.
        for module in ("sending", "outbox_sending"):
            monkeypatch.setattr(f"mailing.services.{module}.check_installation", lambda now: True)
        transport = FakeTransport()
        send_batches(transport=transport)
        send_due_messages(transport=transport)
        assert transport.sent == []
        assert not Batch.objects.filter(state="sending").exists()


def test_a_copied_disk_is_noticed_by_what_redis_saw():
    mailing = noted_mailing()
    assert check_installation(now=timezone.now())
    # The same server, the same numbers, but an hour ago.
    Installation.objects.update(pumped_at=timezone.now() - timedelta(hours=1))
    assert not check_installation(now=timezone.now())
    mailing.refresh_from_db()
    assert mailing.pause_reason == "restored"
    noticed = Installation.objects.get()
    assert noticed.restored_at - noticed.data_from > timedelta(minutes=59)
    # Once is enough: the next looks change nothing.
    assert not check_installation(now=timezone.now() + timedelta(minutes=1))
    assert Installation.objects.get() == noticed
    assert Installation.objects.get().restored_at == noticed.restored_at


def test_without_redis_nothing_is_noticed_and_nothing_breaks(monkeypatch):
    noted_mailing()

    def gone(*args, **kwargs):
        raise redis.ConnectionError

    monkeypatch.setattr(cache, "get", gone)
    monkeypatch.setattr(cache, "set", gone)
    pump(now=timezone.now())
    Installation.objects.update(pumped_at=timezone.now() - timedelta(hours=1))
    assert check_installation(now=timezone.now())


def test_an_ordinary_day_holds_nothing():
    mailing = noted_mailing()
    for minute in range(5):
        pump(now=timezone.now() + timedelta(minutes=minute))
    assert check_installation(now=timezone.now())
    mailing.refresh_from_db()
    assert mailing.state == "sending"
    assert not is_restored()
    before = Installation.objects.get().noted_at
    note_installation(now=timezone.now() + timedelta(days=1))
    assert Installation.objects.get().noted_at == before


def restored(*, number: int = 1) -> list[Mailing]:
    mailings = [make_mailing(to=addresses(3)) for _ in range(number)]
    pump(now=timezone.now())
    Installation.objects.update(fingerprint="another place")
    check_installation(now=timezone.now())
    return mailings


def test_unfinished_mailings_of_all_kinds_are_held_and_finished_ones_stay():
    ready = make_mailing(to=addresses(2), send_at=timezone.now() + timedelta(days=1))
    paused = pause_mailing(mailing=make_mailing(to=addresses(2)))
    done = make_mailing(to=addresses(2))
    Mailing.objects.filter(pk=done.pk).update(state="done")
    restored()
    found = {mailing.pk: (mailing.state, mailing.pause_reason) for mailing in Mailing.objects.all()}
    assert found[ready.pk] == found[paused.pk] == ("paused", "restored")
    assert found[done.pk] == ("done", "")


def test_while_staff_have_not_looked_no_alert_goes_out_not_even_a_new_one():
    (held,) = restored()
    new = make_mailing(to=addresses(3))
    assert pump(now=timezone.now()) == 0
    transport = FakeTransport()
    send_batches(transport=transport)
    assert transport.sent == []
    with pytest.raises(StateError, match="restored"):
        resume_mailing(mailing=held)
    reset = queue_message(to="ada@people.example", subject="Reset", text="x")
    send_due_messages(transport=transport)
    assert "ada@people.example" in transport.sent
    reset.refresh_from_db()
    assert reset.state == OutboxMessage.State.SENT
    accept_restore(by="boss@coalition.example")
    send_batches(transport=transport)
    new.refresh_from_db()
    assert new.deliveries.filter(state="accepted").count() == 3


def test_staff_decide_about_each_mailing():
    going, over, later = restored(number=3)
    accept_restore(by="boss@coalition.example", go_on=[going.pk], cancel=[over.pk])
    assert not is_restored()
    found = {mailing.pk: (mailing.state, mailing.pause_reason) for mailing in Mailing.objects.all()}
    assert found == {
        going.pk: ("sending", ""),
        over.pk: ("cancelled", ""),
        later.pk: ("paused", "staff"),
    }
    assert set(over.deliveries.values_list("state", flat=True)) == {Delivery.State.CANCELLED}
    transport = FakeTransport()
    send_batches(transport=transport)
    assert len(transport.sent) == 3
    assert check_installation(now=timezone.now())
    with pytest.raises(StateError, match="Nothing is held"):
        accept_restore(by="boss@coalition.example")


def test_a_mailing_that_expired_while_it_was_held_does_not_keep_the_rest_from_flowing():
    (mailing,) = restored()
    Mailing.objects.filter(pk=mailing.pk).update(expires_at=timezone.now() + timedelta(seconds=1))
    Mailing.objects.filter(pk=mailing.pk).update(
        send_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )
    accept_restore(by="boss@coalition.example", go_on=[mailing.pk])
    assert not is_restored()
    pump(now=timezone.now())
    mailing.refresh_from_db()
    assert mailing.state == "expired"
