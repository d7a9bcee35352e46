"""Single messages: with what caused them, once, and with a true state."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connections, transaction
from django.utils import timezone

from mailing import tasks
from mailing.errors import StateError
from mailing.models import OutboxMessage
from mailing.services import Draft, queue_message, queue_messages, send_again
from mailing.services.outbox_sending import (
    drop_overdue_outbox,
    send_due_messages,
    settle_expired_outbox,
)
from mailing.wire import Outcome, Verdict
from tests.mailing.helpers import FakeTransport
from tests.mailing.servers import CUT, scripted

pytestmark = pytest.mark.django_db(transaction=True)
State = OutboxMessage.State
Precedence = OutboxMessage.Precedence


def message(to: str = "ada@people.example", **fields) -> OutboxMessage:
    return queue_message(**({"to": to, "subject": "Hi", "text": "Text"} | fields))


def test_a_message_is_sent_once_with_its_headers(smtp_catcher):
    kept = message(
        subject="Grüße\r\nBcc: thief@evil.example",
        html="<p>Text</p>",
        reply_to="office@coalition.example",
        headers={"X-Reference": "A-1"},
    )
    assert send_due_messages() == 1
    assert send_due_messages() == 0
    tasks.send_outbox()
    (mail,) = smtp_catcher.messages
    assert mail.recipients == ["ada@people.example"]
    assert mail.message["Subject"] == "Grüße Bcc: thief@evil.example"
    assert mail.message["Bcc"] is None
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Reply-To"] == "office@coalition.example"
    assert mail.message["X-Reference"] == "A-1"
    assert mail.message["List-Unsubscribe"] is None
    kept.refresh_from_db()
    assert mail.message["Message-ID"] == kept.message_id
    assert kept.state == State.SENT
    assert kept.sent_at
    assert kept.lease is None


def test_a_message_belongs_to_the_transaction_that_caused_it():
    try:
        with transaction.atomic():
            message()
            raise LookupError
    except LookupError:
        pass
    assert not OutboxMessage.objects.exists()


def test_a_domain_in_other_letters_goes_out_in_ascii(smtp_catcher):
    message("ada@bücher.example")
    send_due_messages()
    assert smtp_catcher.messages[0].recipients == ["ada@xn--bcher-kva.example"]


def test_two_workers_never_take_the_same_message(smtp_catcher):
    for number in range(12):
        message(f"p{number}@people.example")

    def work() -> None:
        send_due_messages()
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail.recipients[0] for mail in smtp_catcher.messages) == sorted(
        f"p{number}@people.example" for number in range(12)
    )


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"RCPT": "550 no such user"}, State.FAILED),
        ({"RCPT": "450 later"}, State.PENDING),
        ({"DOT": CUT}, State.UNKNOWN),
        ({"DATA": CUT}, State.PENDING),
        ({"CONNECT": "554 not now"}, State.PENDING),
    ],
)
def test_what_the_server_does_is_what_the_row_says(settings, answers, state):
    kept = message()
    with scripted(settings, **answers):
        send_due_messages()
        send_due_messages()
    kept.refresh_from_db()
    assert kept.state == state
    assert kept.lease is None
    if state == State.PENDING:
        assert kept.next_attempt_at > timezone.now() + timedelta(seconds=50)
        OutboxMessage.objects.update(next_attempt_at=timezone.now())
        with scripted(settings) as server:
            send_due_messages()
        assert len(server.messages) == 1


def test_a_server_that_is_away_is_not_asked_for_every_message():
    for number in range(5):
        message(f"p{number}@people.example")
    transport = FakeTransport(lambda envelope: Outcome(Verdict.UNREACHABLE, "refused"))
    assert send_due_messages(transport=transport) == 0
    assert transport.windows == 1
    assert OutboxMessage.objects.filter(state=State.PENDING, attempts=0).count() == 5


def test_deferred_six_times_means_failed():
    kept = message()
    transport = FakeTransport(lambda envelope: Outcome(Verdict.DEFERRED, "450 later"))
    for _attempt in range(6):
        OutboxMessage.objects.update(next_attempt_at=timezone.now())
        send_due_messages(transport=transport)
    kept.refresh_from_db()
    assert (kept.state, kept.attempts) == (State.FAILED, 6)


def test_a_worker_that_dies_in_the_handover_leaves_an_unknown_message():
    kept = message()

    def die(window: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        send_due_messages(transport=FakeTransport(before=die))
    kept.refresh_from_db()
    assert kept.state == State.SENDING
    settle_expired_outbox(now=timezone.now() + timedelta(hours=1))
    kept.refresh_from_db()
    assert kept.state == State.UNKNOWN
    assert send_due_messages(transport=FakeTransport()) == 0


def test_a_slow_worker_still_tells_the_truth():
    kept = message()
    slow = FakeTransport(before=lambda window: settle_expired_outbox(now=timezone.now() + timedelta(hours=1)))
    send_due_messages(transport=slow)
    kept.refresh_from_db()
    assert kept.state == State.SENT


def test_a_database_that_is_away_for_a_moment_costs_no_outcome(monkeypatch):
    """A real connection that breaks while the message is with the mail server."""
    kept, waits = message(), []

    def cut(window: int) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (own,) = cursor.fetchone()
        other = connections["default"].copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
        other.close()

    monkeypatch.setattr("mailing.services.patience.sleep", waits.append)
    assert send_due_messages(transport=FakeTransport(before=cut)) == 1
    kept.refresh_from_db()
    assert (kept.state, waits) == (State.SENT, [0.5])


def test_a_person_may_send_again_and_the_old_worker_no_longer_counts():
    kept = message()

    def decided_meanwhile(window: int) -> None:
        settle_expired_outbox(now=timezone.now() + timedelta(hours=1))
        send_again(message=kept)

    send_due_messages(transport=FakeTransport(before=decided_meanwhile), limit=1)
    kept.refresh_from_db()
    assert kept.state == State.PENDING
    transport = FakeTransport()
    send_due_messages(transport=transport)
    assert transport.sent == ["ada@people.example"]


def answer(to: str) -> OutboxMessage:
    return message(to, subject="Reset")


def notices(number: int) -> list[Draft]:
    return [
        Draft(to=f"reader{n}@people.example", subject="News", text="x", precedence=Precedence.NOTICE)
        for n in range(number)
    ]


def test_ten_thousand_notices_do_not_delay_a_reset(settings):
    queue_messages(drafts=notices(10_000))

    def somebody_asks(window: int) -> None:
        if window == 3:
            answer("waiting@people.example")

    transport = FakeTransport(before=somebody_asks)
    answer("first@people.example")
    assert send_due_messages(transport=transport, limit=200) == 200
    assert transport.sent[0] == "first@people.example"
    # Asked for while the fourth window was with the mail server, so it is the very next.
    place = transport.sent.index("waiting@people.example")
    assert place == 1 + 3 * settings.MAILING_WINDOW_SIZE
    answer("last@people.example")
    others = FakeTransport()
    assert send_due_messages(transport=others, answers_only=True) == 1
    assert others.sent == ["last@people.example"]
    assert OutboxMessage.objects.filter(state=State.PENDING).count() == 10_000 + 2 - 200


def test_notices_go_out_by_windows_in_their_order(settings):
    queue_messages(drafts=notices(60))
    transport = FakeTransport()
    assert send_due_messages(transport=transport) == 60
    assert transport.windows == 3
    assert transport.sent == [f"reader{n}@people.example" for n in range(60)]


def test_each_message_of_a_window_has_its_own_outcome():
    queue_messages(drafts=notices(5))
    said = {
        "reader1@people.example": Verdict.FAILED,
        "reader2@people.example": Verdict.DEFERRED,
        "reader3@people.example": Verdict.UNKNOWN,
        "reader4@people.example": Verdict.CUT,
    }
    transport = FakeTransport(
        lambda envelope: Outcome(said.get(envelope.recipient, Verdict.ACCEPTED), envelope.recipient)
    )
    send_due_messages(transport=transport, limit=5)
    rows = {row.to: row for row in OutboxMessage.objects.all()}
    assert [rows[f"reader{n}@people.example"].state for n in range(5)] == [
        *(State.SENT, State.FAILED, State.PENDING, State.UNKNOWN, State.PENDING)
    ]
    assert all(row.response == row.to and row.lease is None for row in rows.values())
    assert rows["reader0@people.example"].sent_at
    assert rows["reader2@people.example"].next_attempt_at > timezone.now() + timedelta(seconds=50)
    assert rows["reader4@people.example"].next_attempt_at <= timezone.now()


def test_a_worker_that_dies_in_a_window_leaves_that_window_unknown_and_nothing_else(settings):
    queue_messages(drafts=notices(100))
    answer("reset@people.example")

    def die(window: int) -> None:
        if window == 2:
            raise MemoryError

    transport = FakeTransport(before=die)
    with pytest.raises(MemoryError):
        send_due_messages(transport=transport)
    size = settings.MAILING_WINDOW_SIZE
    assert OutboxMessage.objects.filter(state=State.SENT).count() == 1 + size
    assert settle_expired_outbox(now=timezone.now() + timedelta(hours=1)) == size
    rest = FakeTransport()
    assert send_due_messages(transport=rest) == 100 - 2 * size
    assert not set(rest.sent) & set(transport.sent)
    assert OutboxMessage.objects.filter(state=State.UNKNOWN).count() == size


def test_a_worker_that_is_asked_to_end_finishes_its_window(settings):
    queue_messages(drafts=notices(100))
    transport = FakeTransport()
    send_due_messages(transport=transport, should_stop=lambda: transport.windows >= 1)
    assert len(transport.sent) == settings.MAILING_WINDOW_SIZE
    assert not OutboxMessage.objects.filter(state=State.SENDING).exists()


def test_answers_and_notices_call_their_own_workers(monkeypatch):
    called: list[str] = []
    for task in (tasks.send_outbox, tasks.send_notices):
        monkeypatch.setattr(task, "apply_async", lambda *args, name=task.name, **options: called.append(name))
    queue_messages(drafts=notices(3))
    assert called == ["mailing.tasks.send_notices"]
    answer("reset@people.example")
    assert called[1:] == ["mailing.tasks.send_outbox"]
    queue_messages(drafts=[*notices(1), Draft(to="a@people.example", subject="x", text="x")])
    assert set(called[2:]) == {"mailing.tasks.send_notices", "mailing.tasks.send_outbox"}


def test_notices_have_a_queue_that_answers_do_not_share(settings):
    routes = settings.CELERY_TASK_ROUTES
    assert routes[tasks.send_notices.name]["queue"] not in {settings.CELERY_TASK_DEFAULT_QUEUE, "bulk"}
    assert tasks.send_outbox.name not in routes


@pytest.mark.parametrize("state", [State.PENDING, State.SENT])
def test_sending_again_is_only_for_failed_and_unknown(state):
    kept = message()
    OutboxMessage.objects.update(state=state, sent_at=timezone.now())
    with pytest.raises(StateError):
        send_again(message=kept)


def test_the_backend_makes_one_row_per_recipient(smtp_catcher):
    mail = EmailMultiAlternatives(
        "Reset",
        "Grüße\n.\nFrom us",
        to=["Ada <ada@people.example>", "bob@people.example"],
        bcc=["eve@people.example"],
        reply_to=["office@coalition.example"],
    )
    mail.attach_alternative("<p>Grüße</p>", "text/html")
    connection = get_connection("mailing.backends.OutboxBackend")
    assert connection.send_messages([mail]) == 1
    assert OutboxMessage.objects.count() == 3
    assert len(set(OutboxMessage.objects.values_list("message_id", flat=True))) == 3
    send_due_messages()
    assert sorted(mail.recipients[0] for mail in smtp_catcher.messages) == [
        *("ada@people.example", "bob@people.example", "eve@people.example")
    ]
    caught = smtp_catcher.to("ada@people.example")[0]
    assert caught["Auto-Submitted"] == "auto-generated"
    assert caught["Bcc"] is None
    assert caught.get_body(("html",)).get_content().strip() == "<p>Grüße</p>"
    assert caught.get_body(("plain",)).get_content().split() == ["Grüße", ".", "From", "us"]


def test_the_backend_refuses_broken_headers_before_anything_is_kept():
    connection = get_connection("mailing.backends.OutboxBackend")
    with pytest.raises(ValueError, match="newlines"):
        connection.send_messages(
            [EmailMultiAlternatives("a\nBcc: x@evil.example", "t", to=["a@people.example"])]
        )
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("messages", [[], None, [EmailMultiAlternatives("a", "b")]])
def test_the_backend_has_nothing_to_do_without_recipients(messages):
    assert get_connection("mailing.backends.OutboxBackend").send_messages(messages) == 0


def test_bytes_are_stored_as_they_go_out():
    kept = message(text="line\r\n" + "x" * 2000)
    kept.refresh_from_db()
    data = bytes(kept.message)
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert message_from_bytes(data, policy=policy.default)["To"] == "ada@people.example"


@pytest.mark.parametrize("to", ["", "nobody", "a b@people.example", "x@" + "a" * 60 + ".example" * 40])
def test_what_is_no_address_fails_at_once_and_nobody_else_gets_it(to):
    kept = message(to)
    assert kept.state == State.FAILED
    assert kept.response
    assert send_due_messages(transport=FakeTransport()) == 0


def test_many_messages_are_one_insert_and_each_goes_to_its_reader(smtp_catcher, django_assert_num_queries):
    drafts = [
        Draft(
            to=f"reader{number}@people.example", subject="News", text="Hello", headers={"List-Id": "<news>"}
        )
        for number in range(30)
    ]
    with django_assert_num_queries(3):
        queue_messages(drafts=[*drafts, Draft(to="nobody", subject="News", text="Hello")])
    assert OutboxMessage.objects.filter(state=State.FAILED).get().to == "nobody"
    assert send_due_messages() == 30
    (mail,) = smtp_catcher.to("reader7@people.example")
    assert (mail["List-Id"], mail["Auto-Submitted"]) == ("<news>", "auto-generated")
    assert queue_messages(drafts=[]) == []


# --- What would mislead -----------------------------------------------------------------------------------------


def soon(**fields) -> OutboxMessage:
    return message(expires_at=timezone.now() + timedelta(hours=1), **fields)


def test_in_time_it_goes_out_like_any_other(smtp_catcher):
    soon()
    queue_messages(
        drafts=[Draft("b@people.example", "Hi", "Text", expires_at=timezone.now() + timedelta(hours=1))]
    )
    send_due_messages()
    assert drop_overdue_outbox(now=timezone.now() + timedelta(days=1)) == 0
    assert len(smtp_catcher.messages) == 2


def test_behind_a_dead_server_it_is_dropped_and_never_leaves(settings):
    late, lasting = soon(), message()
    transport = FakeTransport(lambda envelope: Outcome(Verdict.UNREACHABLE, "refused"))
    send_due_messages(transport=transport)
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    OutboxMessage.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    # Whether the sweep or the server comes first: the message does not leave.
    with scripted(settings) as server:
        send_due_messages()
        assert len(server.messages) == 1
        assert drop_overdue_outbox(now=timezone.now()) == 1
        assert drop_overdue_outbox(now=timezone.now()) == 0
        send_due_messages()
        assert len(server.messages) == 1
    late.refresh_from_db()
    lasting.refresh_from_db()
    assert (late.state, late.sent_at, lasting.state) == (State.EXPIRED, None, State.SENT)
    assert "Its time was over" in late.response


def test_what_is_being_handed_over_is_left_alone():
    kept = soon()
    OutboxMessage.objects.update(
        state=State.SENDING,
        lease="0" * 8 + "-0000-0000-0000-" + "0" * 12,
        lease_until=timezone.now() + timedelta(minutes=5),
    )
    assert drop_overdue_outbox(now=timezone.now() + timedelta(hours=2)) == 0
    kept.refresh_from_db()
    assert kept.state == State.SENDING


@pytest.mark.parametrize("state", [State.FAILED, State.UNKNOWN, State.EXPIRED])
def test_nobody_sends_it_again_once_its_time_is_over(state):
    kept = message(expires_at=timezone.now() - timedelta(minutes=1))
    OutboxMessage.objects.update(state=state)
    with pytest.raises(StateError):
        send_again(message=kept)
