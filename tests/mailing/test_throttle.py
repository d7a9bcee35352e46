"""How fast mail may go: of one alert, of the sender, to a domain. With a real Redis."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings as django_settings
from django.utils import timezone

from mailing.models import Batch
from mailing.services import throttle
from mailing.services.throttle import Limit, ask, limits_for
from portal.embedded.ports import any_free
from tests.mailing.helpers import FakeTransport, addresses, make_due, make_mailing, send, states

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_limits(settings, monkeypatch):
    settings.MAILING_BATCH_SIZE = 20
    settings.MAILING_WINDOW_SIZE = 5
    monkeypatch.setattr(throttle, "_quiet_until", 0.0)
    throttle._shared.cache_clear()
    throttle._alone.cache_clear()
    yield
    throttle._shared.cache_clear()
    throttle._alone.cache_clear()


def a_minute_passes() -> None:
    """To the limits, a Redis that forgot is a minute later."""
    redis.Redis.from_url(django_settings.REDIS_URL).flushdb()
    make_due()


def test_without_limits_nobody_is_asked(monkeypatch):
    monkeypatch.setattr(throttle, "_ask", None)
    assert ask([], 25).granted == 25


def test_as_many_as_there_are_and_then_none_for_a_while():
    limit = [Limit("mailing 1", 12)]
    assert [ask(limit, 5).granted for _window in range(4)] == [5, 5, 2, 0]
    wait = ask(limit, 5).ask_again_at - timezone.now()
    assert timedelta(0) < wait <= timedelta(minutes=1)


def test_the_tightest_limit_counts_and_the_others_lose_nothing():
    wide, tight = Limit("sender", 100), Limit("domain gmail.example", 3)
    assert ask([wide, tight], 5).granted == 3
    assert ask([wide, tight], 5).granted == 0
    assert ask([wide], 200).granted == 97


def test_what_a_batch_has_to_keep_to(settings):
    settings.MAILING_SENDER_RATE = 600
    settings.MAILING_DOMAIN_RATES = ["gmail.example=300", "Yahoo.example = 120"]
    assert limits_for(mailing_id=7, rate_per_minute=60, domain="yahoo.example") == [
        Limit("mailing 7", 60),
        Limit("sender", 600),
        Limit("domain yahoo.example", 120),
    ]
    settings.MAILING_SENDER_RATE = 0
    assert limits_for(mailing_id=7, rate_per_minute=None, domain="people.example") == []


def test_an_alert_keeps_to_its_own_pace_and_others_do_not_wait_for_it():
    slow, fast = make_mailing(to=addresses(40), rate_per_minute=12), make_mailing(to=addresses(40))
    transport = send(slow)
    assert states(slow) == {"accepted": 12, "pending": 28}
    assert states(fast) == {"accepted": 40}
    assert len(transport.sent) == 52
    assert not Batch.objects.filter(mailing=slow).to_send(timezone.now()).exists()
    assert send(slow).sent == []
    a_minute_passes()
    assert len(send(slow).sent) == 12
    a_minute_passes()
    a_minute_passes()
    send(slow)
    assert states(slow) == {"accepted": 36, "pending": 4}


def test_the_sender_keeps_to_one_pace_over_all_alerts(settings):
    settings.MAILING_SENDER_RATE = 30
    one, two = make_mailing(to=addresses(20)), make_mailing(to=addresses(20))
    assert len(send().sent) == 30
    a_minute_passes()
    assert len(send().sent) == 10
    assert states(one) == states(two) == {"accepted": 20}


def test_a_domain_that_asks_for_patience_holds_up_nobody_else(settings):
    settings.MAILING_DOMAIN_RATES = ["gmail.example=7"]
    slow = [f"person{number}@gmail.example" for number in range(15)]
    mailing = make_mailing(to=[*slow, *addresses(30)])
    sent = send(mailing).sent
    assert len([email for email in sent if email.endswith("@gmail.example")]) == 7
    assert len(sent) == 37
    a_minute_passes()
    a_minute_passes()
    send(mailing)
    a_minute_passes()
    send(mailing)
    assert states(mailing) == {"accepted": 45}


def test_no_permit_costs_no_attempt_and_no_window():
    mailing = make_mailing(to=addresses(10), rate_per_minute=3)
    send(mailing)
    batch = Batch.objects.get()
    assert batch.state == Batch.State.WAITING
    assert batch.not_before > timezone.now()
    assert set(mailing.deliveries.filter(state="pending").values_list("attempts", flat=True)) == {0}


def test_without_redis_every_worker_keeps_to_its_share(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{any_free()}/0"
    settings.MAILING_MAX_WORKERS = 4
    limit = [Limit("mailing 1", 40)]
    assert [ask(limit, 5).granted for _window in range(3)] == [5, 5, 0]


def test_a_redis_that_forgets_between_two_windows_harms_nothing():
    mailing = make_mailing(to=addresses(20), rate_per_minute=10)

    def forget(window: int) -> None:
        redis.Redis.from_url(django_settings.REDIS_URL).flushdb()

    assert len(send(mailing, FakeTransport(before=forget)).sent) == 20
    assert states(mailing) == {"accepted": 20}
