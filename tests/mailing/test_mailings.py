"""The life of a mailing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mailing import services, tasks
from mailing.errors import CompileError, StateError
from mailing.models import ENGINE_FORMAT, Batch, Delivery, Mailing, MailingContent, Relay, TrackedLink
from mailing.services import add_recipients, choose_variant, fill_mailing
from mailing.services.mailings import CLOSED_AT_ONCE, close_batches
from mailing.services.pumping import pump
from mailing.tokens import open_link, read_recipient
from tests.mailing.helpers import addresses, make_mailing, recipient, states, written
from tests.mailing.selects import people

pytestmark = pytest.mark.django_db
S = Mailing.State


def test_links_are_stored_once_and_personal_ones_say_so():
    mailing = make_mailing(
        started=False,
        contents=[
            written(
                text="https://portal.example/a https://portal.example/b",
                html='<a href="https://portal.example/a">a</a>',
            ),
            written(language="es", text="https://portal.example/b https://portal.example/c", html=""),
        ],
        personal_links=["https://portal.example/b"],
    )
    assert set(TrackedLink.objects.values_list("url", "identifies_recipient")) == {
        ("https://portal.example/a", False),
        ("https://portal.example/b", True),
        ("https://portal.example/c", False),
    }
    for content in mailing.contents.all():
        assert "portal.example" not in content.text + content.html


def test_every_version_is_kept_as_it_was_written():
    mailing = make_mailing(
        started=False,
        contents=[
            written(subject="One"),
            written(subject="Two", variant="B"),
            written(subject="Uno", language="es"),
        ],
    )
    assert set(mailing.contents.values_list("variant", "language", "subject")) == {
        ("A", "en", "One"),
        ("B", "en", "Two"),
        ("A", "es", "Uno"),
    }


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
        make_mailing(text="{{ Nobody fills this }}")
    with pytest.raises(CompileError):
        make_mailing(send_at=now, expires_at=now)
    with pytest.raises(CompileError):
        make_mailing(subject="x" * 201)
    with pytest.raises(CompileError):
        make_mailing(contents=[written(language="es")])
    with pytest.raises(CompileError):
        make_mailing(contents=[written(variant="B")])
    with pytest.raises(CompileError):
        make_mailing(contents=[written(), written()])
    assert not Mailing.objects.exists()
    assert not MailingContent.objects.exists()


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
    with pytest.raises(StateError):
        fill_mailing(mailing=mailing, select=people(["a@people.example"]))


def test_starting_before_the_time_waits_for_the_time():
    later = timezone.now() + timedelta(hours=2)
    mailing = make_mailing(to=addresses(2), send_at=later)
    assert mailing.state == S.READY
    assert pump(now=timezone.now()) == 0
    assert pump(now=later) == 1
    mailing.refresh_from_db()
    assert (mailing.state, mailing.started_at) == (S.SENDING, later)


def test_pausing_before_the_time_and_resuming_waits_for_the_time_too():
    later = timezone.now() + timedelta(hours=2)
    mailing = make_mailing(to=addresses(2), send_at=later)
    assert services.pause_mailing(mailing=mailing).pause_reason == Mailing.PauseReason.STAFF
    assert pump(now=later) == 0
    resumed = services.resume_mailing(mailing=mailing)
    assert (resumed.state, resumed.pause_reason) == (S.READY, "")


def test_cancelling_takes_back_what_waits():
    mailing = make_mailing(to=addresses(3))
    services.pause_mailing(mailing=mailing)
    assert services.cancel_mailing(mailing=mailing).pause_reason == ""
    assert states(mailing) == {"cancelled": 3}


def test_a_large_mailing_stops_at_once_and_is_tidied_by_the_pump(settings, monkeypatch):
    settings.MAILING_BATCH_SIZE = 1
    monkeypatch.setattr("mailing.services.mailings.CLOSED_AT_ONCE", 2)
    mailing = make_mailing(to=addresses(5))
    assert services.cancel_mailing(mailing=mailing).state == S.CANCELLED
    assert states(mailing) == {"cancelled": 2, "pending": 3}
    assert pump(now=timezone.now()) == 0
    assert states(mailing) == {"cancelled": 5}
    assert CLOSED_AT_ONCE > 2
    assert close_batches(mailing_id=mailing.pk) is True


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
    assert pump(now=timezone.now()) == 0
    mailing.refresh_from_db()
    assert mailing.state == S.DONE


def test_a_step_of_a_series_is_never_done():
    mailing = make_mailing(standing=True)
    pump(now=timezone.now())
    mailing.refresh_from_db()
    assert mailing.state == S.SENDING
    assert add_recipients(mailing=mailing, recipients=[recipient("a@people.example")]) == 1
    assert pump(now=timezone.now()) == 1


@pytest.mark.parametrize(("state", "wanted"), [("waiting", 1), ("sending", 0)])
def test_a_mailing_is_not_done_while_a_row_may_still_go_out(state, wanted):
    mailing = make_mailing(to=addresses(1))
    Batch.objects.update(
        state=state,
        lease="9f3c1f38-52f6-4d0d-9a52-7f1d6f1c0f00",
        lease_until=timezone.now() + timedelta(minutes=1),
        claimed_at=timezone.now(),
    )
    assert pump(now=timezone.now()) == wanted
    mailing.refresh_from_db()
    assert mailing.state == S.SENDING


def test_the_remainder_of_a_test_waits_for_its_variant():
    mailing = make_mailing(contents=[written(), written(variant="B", subject="Other")])
    fill_mailing(mailing=mailing, select=people(addresses(40)), test_percent=10)
    assert sorted(mailing.batches.values_list("variant", "tally__pending")) == [("", 36), ("A", 2), ("B", 2)]
    Delivery.objects.exclude(batch__variant="").update(state="accepted", accepted_at=timezone.now())
    Batch.objects.exclude(variant="").update(state="done", tally={"accepted": 2})
    assert pump(now=timezone.now()) == 0
    mailing.refresh_from_db()
    assert mailing.state == S.SENDING
    with pytest.raises(StateError):
        choose_variant(mailing=mailing, variant="C")
    assert choose_variant(mailing=mailing, variant="B") == 36
    assert choose_variant(mailing=mailing, variant="A") == 0
    assert sorted(mailing.batches.values_list("variant", "state")) == [
        ("A", "done"),
        ("B", "done"),
        ("B", "waiting"),
    ]
    assert pump(now=timezone.now()) == 1


def test_the_pump_calls_one_worker_for_each_batch_within_the_limit(settings, monkeypatch):
    queued = []
    monkeypatch.setattr(tasks, "queue", lambda task, *args, **options: queued.append((task.name, *args)))
    settings.MAILING_BATCH_SIZE, settings.MAILING_MAX_WORKERS = 10, 4
    make_mailing(to=addresses(3))
    make_mailing(to=addresses(15), send_at=timezone.now() + timedelta(days=1))
    tasks.pump_mailings()
    assert queued == [("mailing.tasks.send_batches",)]
    make_mailing(to=addresses(95))
    queued.clear()
    tasks.pump_mailings()
    assert queued == [("mailing.tasks.send_batches",)] * 4


def test_workers_at_work_count_until_they_are_given_up(settings):
    settings.MAILING_BATCH_SIZE = 10
    make_mailing(to=addresses(35))
    now = timezone.now()
    one = Batch.objects.first()
    Batch.objects.filter(pk=one.pk).update(
        state="sending",
        lease="9f3c1f38-52f6-4d0d-9a52-7f1d6f1c0f00",
        lease_until=now + timedelta(minutes=1),
        claimed_at=now,
    )
    assert pump(now=now) == 2
    assert pump(now=now + timedelta(minutes=2)) == 3


def test_what_a_newer_engine_filled_is_left_alone_and_older_ones_are_not():
    newer, older = make_mailing(to=addresses(1)), make_mailing(to=addresses(1))
    Mailing.objects.filter(pk=newer.pk).update(engine_format=ENGINE_FORMAT + 1)
    Mailing.objects.filter(pk=older.pk).update(engine_format=1)
    assert pump(now=timezone.now()) == 1
    Batch.objects.update(state="done")
    assert pump(now=timezone.now()) == 0
    newer.refresh_from_db()
    older.refresh_from_db()
    assert (newer.state, older.state) == (S.SENDING, S.DONE)


def test_mail_pauses_while_no_mail_server_answers_and_goes_on_by_itself(settings, monkeypatch):
    from mailing.services import pumping

    answers = False
    monkeypatch.setattr(pumping, "ask_relays_again", lambda *, now: answers)
    monkeypatch.setattr(
        pumping, "all_relays_down_since", lambda: None if answers else Relay.objects.get().down_since
    )
    now = timezone.now()
    Relay.objects.create(name="one", down_since=now, failures=1)
    mailing = make_mailing(to=addresses(3))
    by_staff = make_mailing(to=addresses(3))
    services.pause_mailing(mailing=by_staff)
    assert pump(now=now + timedelta(seconds=50)) == 1
    assert pump(now=now + timedelta(seconds=61)) == 0
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (S.PAUSED, Mailing.PauseReason.RELAY)
    assert pump(now=now + timedelta(hours=1)) == 0
    answers = True
    assert pump(now=now + timedelta(hours=1)) == 1
    mailing.refresh_from_db()
    by_staff.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (S.SENDING, "")
    assert by_staff.pause_reason == Mailing.PauseReason.STAFF


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
    assert read_recipient(target.split("&r=")[1].removesuffix("#form")) == delivery.pk
    assert delivery.clicks.count() == 1
