"""A broker that is down delays work and loses none."""

import socket
import time

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from mailing import queueing
from mailing.models import OutboxMessage
from mailing.queueing import queue, queue_after_commit
from mailing.services import queue_message
from mailing.services.outbox_sending import send_due_messages
from mailing.tasks import send_outbox
from portal.embedded.ports import any_free


@pytest.fixture(autouse=True)
def _broker_not_known_to_be_down(monkeypatch):
    monkeypatch.setattr(queueing, "_quiet_until", 0.0)


@pytest.fixture
def silent_port():
    """Something listens, takes connections, and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


def task_at(port: int):
    app = Celery("elsewhere", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    app.conf.update(
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS, task_ignore_result=True
    )

    @app.task(name="elsewhere.task")
    def do_nothing() -> None:
        return None

    return do_nothing


def test_a_broker_that_is_down_is_noticed_at_once():
    began = time.monotonic()
    assert queue(task_at(any_free())) is False
    assert time.monotonic() - began < 2


def test_a_broker_that_hangs_costs_two_seconds_once(silent_port):
    task = task_at(silent_port)
    began = time.monotonic()
    assert queue(task) is False
    assert time.monotonic() - began < 3
    began = time.monotonic()
    assert queue(task) is False
    assert time.monotonic() - began < 0.1


@pytest.mark.django_db(transaction=True)
def test_a_message_is_kept_when_the_broker_is_down_and_sent_by_the_sweep(monkeypatch, smtp_catcher):
    monkeypatch.setattr(send_outbox, "apply_async", task_at(any_free()).apply_async)
    with transaction.atomic():
        message = queue_message(to="ada@people.example", subject="Hi", text="Text")
    message.refresh_from_db()
    assert message.state == OutboxMessage.State.PENDING
    assert send_due_messages() == 1
    assert len(smtp_catcher.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_queued_for_a_transaction_that_is_rolled_back(monkeypatch):
    queued = []
    monkeypatch.setattr(send_outbox, "apply_async", lambda *args, **options: queued.append(args))

    def doomed() -> None:
        with transaction.atomic():
            queue_message(to="ada@people.example", subject="Hi", text="Text")
            raise LookupError

    with pytest.raises(LookupError):
        doomed()
    assert queued == []
    assert not OutboxMessage.objects.exists()
    with transaction.atomic():
        queue_after_commit(send_outbox)
        assert queued == []
    assert len(queued) == 1
