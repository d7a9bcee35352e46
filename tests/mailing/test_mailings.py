"""The life of a mailing, and who may be in it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailing import services, tasks
from mailing.errors import CompileError, StateError
from mailing.models import Delivery, Mailing, TrackedLink
from mailing.services import Recipient, add_recipients
from mailing.services.mailings import pump
from mailing.tokens import open_link, read_recipient
from tests.mailing.helpers import addresses, make_mailing, recipient, states

pytestmark = pytest.mark.django_db
S = Mailing.State


def test_links_are_stored_once_and_personal_ones_say_so():
    mailing = make_mailing(
        started=False,
        text="https://portal.example/a https://portal.example/b",
        html='<a href="https://portal.example/a">a</a>',
        personal_links=["https://portal.example/b"],
    )
    assert set(TrackedLink.objects.values_list("url", "identifies_recipient")) == {
        ("https://portal.example/a", False),
        ("https://portal.example/b", True),
    }
    assert "portal.example" not in mailing.text + mailing.html


def test_a_rendered_link_is_the_recipients_own():
    mailing = make_mailing(to=["ada@people.example"])
    delivery = mailing.deliveries.get()
    rendered = services.render_delivery(mailing=mailing, delivery=delivery)
    token = rendered.text.split("/go/")[1].split("/")[0]
    assert open_link(token) == (delivery, mailing.links.get())


def test_a_preview_shows_the_target_itself_and_marks_our_own_links():
    preview = services.render_preview(
        subject="For {{ first_name }}",
        text="https://portal.example/a {{ unsubscribe_url }}",
        html='<a href="https://portal.example/a?b=1&amp;c=2">{{ organization }}</a>',
        slots={"first_name": "Ada", "organization": "<b>Shore</b>"},
    )
    assert preview.subject == "For Ada"
    assert preview.text == "https://portal.example/a http://localhost:8000/updates/unsubscribe/preview/"
    assert preview.html == '<a href="https://portal.example/a?b=1&amp;c=2">&lt;b&gt;Shore&lt;/b&gt;</a>'


def test_content_that_cannot_go_out_is_refused():
    now = timezone.now()
    with pytest.raises(CompileError):
        make_mailing(text="{{ nobody }}")
    with pytest.raises(CompileError):
        make_mailing(send_at=now, expires_at=now)
    with pytest.raises(CompileError):
        make_mailing(subject="x" * 201)
    assert not Mailing.objects.exists()


def test_nobody_is_added_twice():
    mailing = make_mailing(started=False)
    people = [recipient(email, number) for number, email in enumerate(addresses(3), 1)]
    assert add_recipients(mailing=mailing, recipients=people) == 3
    assert add_recipients(mailing=mailing, recipients=people) == 0
    again = [
        recipient("PERSON1@people.example "),
        recipient("elsewhere@people.example", 2),
        recipient("new@people.example", 9),
        recipient("New@People.example", 10),
        recipient("nobody-in-particular@people.example"),
        recipient("another@people.example"),
    ]
    assert add_recipients(mailing=mailing, recipients=again) == 3
    assert mailing.deliveries.count() == 6


def test_recipients_are_streamed_in_chunks(monkeypatch):
    monkeypatch.setattr("mailing.services.mailings.CHUNK", 10)
    mailing = make_mailing(started=False)
    assert add_recipients(mailing=mailing, recipients=(recipient(email) for email in addresses(25))) == 25


def test_only_known_slots_are_kept_and_they_are_cleaned():
    mailing = make_mailing(started=False)
    person = Recipient("a@people.example", 1, {"first_name": "A\r\nB\x00\ud800", "secret": "x"})
    add_recipients(mailing=mailing, recipients=[person])
    assert mailing.deliveries.get().slots == {"first_name": "A B"}


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@b",
        "a b@people.example",
        "a@people.example\r\nRCPT TO:<x@y.example>",
        "x" * 300 + "@a.example",
    ],
)
def test_what_is_no_address_is_a_failed_row(email):
    mailing = make_mailing(started=False)
    assert add_recipients(mailing=mailing, recipients=[Recipient(email, 1)]) == 1
    row = mailing.deliveries.get()
    assert row.state == Delivery.State.FAILED
    assert row.response


STEPS = {
    "start": services.start_mailing,
    "pause": services.pause_mailing,
    "resume": services.resume_mailing,
    "cancel": services.cancel_mailing,
}
ALLOWED = {
    S.READY: {"start", "pause", "cancel"},
    S.SENDING: {"pause", "cancel"},
    S.PAUSED: {"resume", "cancel"},
    S.DONE: set(),
    S.CANCELLED: set(),
    S.EXPIRED: set(),
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("step", STEPS)
def test_steps_and_the_states_they_start_from(state, step):
    mailing = make_mailing(to=addresses(1), started=False)
    Mailing.objects.filter(pk=mailing.pk).update(state=state)
    if step in ALLOWED[state]:
        assert STEPS[step](mailing=mailing).state != state
        return
    with pytest.raises(StateError):
        STEPS[step](mailing=mailing)
    mailing.refresh_from_db()
    assert mailing.state == state


@pytest.mark.parametrize("state", [S.DONE, S.CANCELLED, S.EXPIRED])
def test_nobody_joins_a_mailing_that_is_over(state):
    mailing = make_mailing(started=False)
    Mailing.objects.filter(pk=mailing.pk).update(state=state)
    with pytest.raises(StateError):
        add_recipients(mailing=mailing, recipients=[recipient("a@people.example")])


def test_starting_before_the_time_waits_for_the_time():
    later = timezone.now() + timedelta(hours=2)
    mailing = make_mailing(to=addresses(2), send_at=later)
    assert mailing.state == S.READY
    assert pump(now=timezone.now()) == []
    assert pump(now=later) == [mailing.pk]
    mailing.refresh_from_db()
    assert (mailing.state, mailing.started_at) == (S.SENDING, later)


def test_pausing_before_the_time_and_resuming_waits_for_the_time_too():
    later = timezone.now() + timedelta(hours=2)
    mailing = make_mailing(to=addresses(2), send_at=later)
    services.pause_mailing(mailing=mailing)
    assert pump(now=later) == []
    assert services.resume_mailing(mailing=mailing).state == S.READY


def test_cancelling_takes_back_what_waits():
    mailing = make_mailing(to=addresses(3))
    services.cancel_mailing(mailing=mailing)
    assert states(mailing) == {"cancelled": 3}


@pytest.mark.parametrize("state", [S.READY, S.SENDING, S.PAUSED])
def test_the_pump_expires_what_is_too_late(state):
    expires_at = timezone.now() + timedelta(hours=1)
    mailing = make_mailing(to=addresses(3), expires_at=expires_at, started=False)
    Mailing.objects.filter(pk=mailing.pk).update(state=state)
    pump(now=expires_at)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.finished_at) == (S.EXPIRED, expires_at)
    assert states(mailing) == {"cancelled": 3}


def test_an_expired_mailing_cannot_be_resumed():
    mailing = make_mailing(to=addresses(1), expires_at=timezone.now() + timedelta(hours=1))
    services.pause_mailing(mailing=mailing)
    past = timezone.now() - timedelta(hours=1)
    Mailing.objects.update(send_at=past - timedelta(hours=1), expires_at=past)
    with pytest.raises(StateError):
        services.resume_mailing(mailing=mailing)


def test_a_mailing_without_recipients_is_done_at_once():
    mailing = make_mailing()
    assert pump(now=timezone.now()) == []
    mailing.refresh_from_db()
    assert mailing.state == S.DONE


@pytest.mark.parametrize("waiting", ["pending", "claimed", "sending", "deferred"])
def test_a_mailing_is_not_done_while_a_row_may_still_go_out(waiting):
    mailing = make_mailing(to=addresses(1))
    Delivery.objects.update(
        state=waiting,
        lease="9f3c1f38-52f6-4d0d-9a52-7f1d6f1c0f00",
        lease_until=timezone.now(),
        next_attempt_at=timezone.now() + timedelta(hours=1),
    )
    assert pump(now=timezone.now()) == [mailing.pk]


def test_the_pump_queues_one_task_per_worker(monkeypatch):
    queued = []
    monkeypatch.setattr(tasks, "queue", lambda task, *args, **options: queued.append((task.name, *args)))
    monkeypatch.setattr("mailing.services.sending.ROWS_PER_WORKER", 10)
    small, large = make_mailing(to=addresses(3)), make_mailing(to=addresses(25))
    make_mailing(to=addresses(3), send_at=timezone.now() + timedelta(days=1))
    tasks.pump_mailings()
    name = "mailing.tasks.send_mailings"
    assert queued == [(name, small.pk), *[(name, large.pk)] * 3]


def test_a_personal_link_carries_the_recipient_and_keeps_the_query():
    mailing = make_mailing(
        to=["ada@people.example"],
        text="https://portal.example/act?source=a%26b&r=old#form",
        html="",
        personal_links=["https://portal.example/act?source=a%26b&r=old#form"],
    )
    delivery, link = mailing.deliveries.get(), mailing.links.get()
    target = services.record_click(delivery=delivery, link=link)
    assert target.startswith("https://portal.example/act?source=a%26b&r=")
    assert target.endswith("#form")
    assert read_recipient(target.split("&r=")[1].removesuffix("#form")) == delivery
    assert delivery.clicks.count() == 1


def end_with_a_straggler(mailing: Mailing, state: str) -> None:
    """The mailing is over, and then a worker that was taken for dead says that one row was not sent."""
    Delivery.objects.filter(mailing=mailing).update(state="accepted", accepted_at=timezone.now())
    row = mailing.deliveries.first()
    Delivery.objects.filter(pk=row.pk).update(state="pending", accepted_at=None)
    Mailing.objects.filter(pk=mailing.pk).update(state=state, finished_at=timezone.now())


def test_a_straggler_of_a_finished_mailing_is_still_sent():
    mailing = make_mailing(to=addresses(3))
    end_with_a_straggler(mailing, S.DONE)
    assert pump(now=timezone.now()) == [mailing.pk]
    mailing.refresh_from_db()
    assert (mailing.state, mailing.finished_at) == (S.SENDING, None)


@pytest.mark.parametrize("state", [S.CANCELLED, S.EXPIRED])
def test_a_straggler_of_a_stopped_mailing_stays_unsent(state):
    mailing = make_mailing(to=addresses(3))
    end_with_a_straggler(mailing, state)
    assert pump(now=timezone.now()) == []
    assert states(mailing) == {"accepted": 2, "cancelled": 1}
