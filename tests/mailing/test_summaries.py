"""The weekly summary: everything once, on Monday, to those who want it and may be written to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mailing import tasks, tokens
from mailing.addresses import hash_address
from mailing.models import Batch, Delivery, OutboxMessage, Preference, Subscription, Topic
from mailing.services import subscribe_confirmed, suppress, unsubscribe
from mailing.services.preferences import choose_weekly, pause_mail
from mailing.services.summaries import send_weekly_summaries, week_start
from tests.mailing.helpers import check_figures, make_mailing, make_topic, recipient, states

pytestmark = pytest.mark.django_db
ADA, BOB = "ada@people.example", "bob@people.example"
# A Wednesday, and the Monday after it, 7:05 in the morning in Chicago.
WEDNESDAY = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 12, 5, tzinfo=UTC)
TEXT = "News for {{ first_name }}\n\nThe hearing on child care is on Tuesday.\n\n{{ unsubscribe_url }}"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(WEDNESDAY, tick=False)
    return time_machine


@pytest.fixture
def alerts() -> Topic:
    return make_topic("action-alerts")


@pytest.fixture
def weekly(alerts):
    """Ada and Bob get action alerts once a week."""
    for email in (ADA, BOB):
        choose_weekly(email=email, topic=alerts)


def mailing(topic: Topic, *emails: str, **fields):
    return make_mailing(to=emails or (ADA, BOB), topic=topic, text=TEXT, **fields)


def parts(message: OutboxMessage) -> tuple:
    wire = message_from_bytes(bytes(message.message))
    text, html = (part.get_payload(decode=True).decode() for part in wire.get_payload())
    return wire, text, html


def test_a_week_is_one_message(alerts, weekly, clock):
    first, second = mailing(alerts), mailing(alerts, subject="The budget, {{ first_name }}")
    assert states(first) == {"summarized": 2}
    clock.move_to(MONDAY, tick=False)
    assert tasks.send_weekly_summaries() == 2
    message = OutboxMessage.objects.get(to=ADA)
    assert message.precedence == OutboxMessage.Precedence.NOTICE
    wire, text, html = parts(message)
    assert wire["Subject"].startswith("Your week: 2 messages")
    for part in (text, html):
        assert "The budget, Ada" in part
        assert "News for Ada" in part
        assert "The hearing on child care is on Tuesday." in part
        assert part.count("/updates/message/") == 2
    assert text.index("The budget, Ada") < text.index("News for Ada")
    assert states(second) == {"summarized": 2}


def test_its_headers_stop_it_with_one_click(alerts, weekly, clock):
    mailing(alerts)
    clock.move_to(MONDAY, tick=False)
    send_weekly_summaries(now=MONDAY)
    wire, text, _html = parts(OutboxMessage.objects.get(to=ADA))
    assert wire["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = reverse("mailing:stop_summary", args=[tokens.summary_token(ADA)])
    assert path in "".join(wire["List-Unsubscribe"].split())
    assert path in text
    client = Client(enforce_csrf_checks=True)
    assert "Stop this mail?" in client.get(path).content.decode()
    assert Subscription.objects.active().count() == 2
    for _ in range(2):
        response = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert list(Subscription.objects.active().values_list("email", flat=True)) == [BOB]


def test_nobody_gets_a_second_one_in_a_week(alerts, weekly, clock):
    mailing(alerts)
    clock.move_to(MONDAY, tick=False)
    assert send_weekly_summaries(now=MONDAY) == 2
    assert send_weekly_summaries(now=MONDAY) == 0
    later = mailing(alerts)
    assert send_weekly_summaries(now=MONDAY + timedelta(hours=4)) == 0
    next_week = MONDAY + timedelta(days=7)
    clock.move_to(next_week, tick=False)
    assert send_weekly_summaries(now=next_week) == 2
    assert "one message" in OutboxMessage.objects.filter(to=ADA).order_by("pk").last().subject
    assert not later.deliveries.filter(accepted_at__isnull=True).exists()


def test_a_run_that_breaks_is_finished_by_the_next_one(alerts, weekly, clock, monkeypatch):
    """Killed between two portions, or inside of one: nobody is left out, nobody gets two."""
    from mailing.services import summaries

    mailing(alerts)
    clock.move_to(MONDAY, tick=False)
    monkeypatch.setattr(summaries, "PEOPLE_AT_A_TIME", 1)
    noted, calls = summaries._note, []

    def breaks(by_address, now):
        calls.append(by_address)
        if len(calls) == 2:
            raise ConnectionError("the worker is gone")
        noted(by_address, now)

    monkeypatch.setattr(summaries, "_note", breaks)
    with pytest.raises(ConnectionError):
        send_weekly_summaries(now=MONDAY)
    assert OutboxMessage.objects.count() == 1
    monkeypatch.setattr(summaries, "_note", noted)
    assert send_weekly_summaries(now=MONDAY) == 1
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == [ADA, BOB]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_summary_once(alerts, clock, monkeypatch):
    from mailing.services import summaries

    monkeypatch.setattr(summaries, "PEOPLE_AT_A_TIME", 3)
    emails = [f"p{number}@people.example" for number in range(20)]
    for email in emails:
        choose_weekly(email=email, topic=alerts)
    mailing(alerts, *emails)
    clock.move_to(MONDAY, tick=False)

    def work() -> int:
        try:
            return send_weekly_summaries(now=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        written = [task.result(timeout=60) for task in [pool.submit(work) for _ in range(2)]]
    assert sum(written) == 20
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == sorted(emails)


def test_what_is_over_or_called_off_is_not_told(alerts, weekly, clock):
    mailing(alerts, expires_at=MONDAY - timedelta(hours=1))
    mailing(alerts, started=False).__class__.objects.order_by("-pk").filter(state="ready").update(
        state="cancelled"
    )
    told = mailing(alerts, expires_at=MONDAY + timedelta(hours=1))
    clock.move_to(MONDAY, tick=False)
    assert send_weekly_summaries(now=MONDAY) == 2
    assert Delivery.objects.filter(accepted_at__isnull=False).values("mailing").distinct().count() == 1
    assert told.deliveries.filter(accepted_at=MONDAY).count() == 2


def test_a_message_that_is_to_come_later_is_not_told_yet(alerts, weekly):
    mailing(alerts, send_at=MONDAY + timedelta(days=1))
    assert send_weekly_summaries(now=MONDAY) == 0


def test_people_who_want_or_may_get_nothing_now_get_nothing(alerts, weekly, clock):
    mailing(alerts)
    suppress(email=ADA, reason="staff")
    pause_mail(email=BOB, until=MONDAY + timedelta(days=2))
    clock.move_to(MONDAY, tick=False)
    assert send_weekly_summaries(now=MONDAY) == 0
    clock.move_to(MONDAY + timedelta(days=7), tick=False)
    assert send_weekly_summaries(now=MONDAY + timedelta(days=7)) == 1
    assert OutboxMessage.objects.get().to == BOB


def test_a_topic_refused_since_is_left_out(alerts, clock):
    news = make_topic("coalition-news")
    for topic in (alerts, news):
        choose_weekly(email=ADA, topic=topic)
    mailing(alerts, ADA)
    mailing(news, ADA, subject="The newsletter")
    unsubscribe(email=ADA, topic=news)
    clock.move_to(MONDAY, tick=False)
    assert send_weekly_summaries(now=MONDAY) == 1
    _wire, text, _html = parts(OutboxMessage.objects.get())
    assert "The newsletter" not in text


def test_who_went_back_to_single_messages_still_gets_what_was_saved_up(alerts, weekly, clock):
    mailing(alerts)
    Subscription.objects.filter(email=ADA).update(frequency="each")
    clock.move_to(MONDAY, tick=False)
    assert send_weekly_summaries(now=MONDAY) == 2


def test_the_first_one_notes_itself_and_keeps_the_other_wishes(alerts, weekly, clock):
    Preference.objects.create(email=BOB, address_hash=hash_address(BOB), language="es", hours="noon")
    mailing(alerts)
    clock.move_to(MONDAY, tick=False)
    send_weekly_summaries(now=MONDAY)
    bob = Preference.objects.get(email=BOB)
    assert (bob.language, bob.hours, bob.summary_sent_at) == ("es", "noon", MONDAY)
    assert Preference.objects.get(email=ADA).summary_sent_at == MONDAY


def test_a_long_week_tells_the_newest(alerts, clock, monkeypatch):
    from mailing.services import summaries

    monkeypatch.setattr(summaries, "MOST_TOLD", 2)
    choose_weekly(email=ADA, topic=alerts)
    for number in range(4):
        mailing(alerts, ADA, subject=f"Alert {number}", send_at=WEDNESDAY + timedelta(minutes=number))
    clock.move_to(MONDAY, tick=False)
    send_weekly_summaries(now=MONDAY)
    wire, text, _html = parts(OutboxMessage.objects.get())
    assert "Your week: 4 messages" in wire["Subject"]
    assert [f"Alert {number}" in text for number in range(4)] == [False, False, True, True]
    assert "And 2 more." in text


def test_many_people_take_a_steady_number_of_queries(alerts, clock, django_assert_max_num_queries):
    emails = [f"p{number}@people.example" for number in range(40)]
    for email in emails:
        subscribe_confirmed(email=email, topics=[alerts], consent_text="x", source="x")
    Subscription.objects.update(frequency="weekly")
    for _ in range(2):
        mailing(alerts, *emails)
    clock.move_to(MONDAY, tick=False)
    with django_assert_max_num_queries(20):
        assert send_weekly_summaries(now=MONDAY) == 40
    check_figures()
    assert Batch.objects.exists()


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        (datetime(2026, 3, 9, 12, 5, tzinfo=UTC), datetime(2026, 3, 9, 5, 0, tzinfo=UTC)),
        (datetime(2026, 3, 9, 4, 59, tzinfo=UTC), datetime(2026, 3, 2, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 15, 23, 0, tzinfo=UTC), datetime(2026, 3, 9, 5, 0, tzinfo=UTC)),
    ],
)
def test_a_week_begins_on_monday_in_chicago(moment, start):
    assert week_start(moment) == start


def test_names_cannot_break_out_of_the_summary(alerts, clock):
    from mailing.services import add_recipients

    choose_weekly(email=ADA, topic=alerts)
    nasty = mailing(alerts, BOB)
    add_recipients(
        mailing=nasty, recipients=[recipient(ADA, 99, first_name="<b>Ada</b>\r\nBcc: x@evil.example {{ x }}")]
    )
    clock.move_to(MONDAY, tick=False)
    send_weekly_summaries(now=MONDAY)
    wire, text, html = parts(OutboxMessage.objects.get())
    assert wire["Bcc"] is None
    assert "<b>Ada</b>" not in html
    assert "News for <b>Ada</b> Bcc: x@evil.example {{ x }}" in text
