"""Drip series: in order, one a day, nobody twice, and nobody who was there before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.models import Series, SeriesStep
from campaigns.services.series import (
    SeriesRefused,
    advance_series,
    mailings_of,
    send_series_test,
    start_series,
    stop_series,
)
from mailing.addresses import hash_address
from mailing.models import Delivery, Mailing, MailingContent, OutboxMessage, Preference
from mailing.services import unsubscribe
from partners.fiscal_year import CHICAGO
from tests.factories.alerts import SubscriberFactory
from tests.factories.partners import MembershipFactory, StaffFactory
from tests.factories.series import SeriesFactory, SeriesStepFactory
from tests.mailing.helpers import hand_over

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# A Monday, noon in Chicago.
NOON = datetime(2026, 3, 2, 12, tzinfo=CHICAGO)


@pytest.fixture
def staff():
    return StaffFactory()


def running(staff, *days: int, since: datetime = NOON, **fields) -> Series:
    series = SeriesFactory(**fields)
    for number in days or (0, 3, 10):
        SeriesStepFactory(series=series, days=number)
    return start_series(series=series, by=staff, now=since)


def joins(on: date, **fields):
    """Somebody joins on a day, entered on that day."""
    membership = MembershipFactory(started_on=on, **fields)
    membership.history.update(
        history_date=datetime.combine(on, datetime.min.time(), CHICAGO) + DAY / 2 + DAY / 24
    )
    return membership


def step(series: Series, place: int) -> SeriesStep:
    return list(series.steps.all())[place]


def got(series: Series, place: int) -> list[str]:
    """Addresses that have the step's message, sent or waiting."""
    rows = Delivery.objects.filter(mailing__in=mailings_of(step(series, place))).exclude(state="cancelled")
    return sorted(rows.values_list("email", flat=True))


def sent_all(at: datetime) -> None:
    """Everything that waits was handed over at a moment."""
    for mailing in Mailing.objects.filter(standing=True):
        waiting = list(mailing.deliveries.filter(state="pending").values_list("pk", flat=True))
        hand_over(mailing)
        Delivery.objects.filter(pk__in=waiting).update(accepted_at=at)


class TestJoined:
    def test_each_step_comes_on_its_day_in_the_morning(self, staff):
        series = running(staff)
        somebody = joins(NOON.date())
        assert advance_series(now=NOON + timedelta(minutes=90)) == 1
        assert got(series, 0) == [somebody.person.email]
        sent_all(NOON)
        at_seven = (NOON + 3 * DAY).replace(hour=7)
        assert advance_series(now=at_seven) == 0
        assert advance_series(now=at_seven.replace(hour=9)) == 1
        assert (got(series, 1), got(series, 2)) == ([somebody.person.email], [])

    def test_slots_party_and_reason_go_along(self, staff):
        series = running(staff)
        somebody = joins(NOON.date())
        advance_series(now=NOON + DAY / 24 * 2)
        row = Delivery.objects.get(mailing=step(series, 0).mailing)
        assert (row.recipient, row.party) == (somebody.person_id, somebody.organization_id)
        assert row.slots["organization"] == somebody.organization.name
        assert somebody.organization.name in row.slots["_why"]

    def test_who_was_there_before_is_left_alone(self, staff):
        joins(NOON.date() - DAY)
        this_morning = MembershipFactory(started_on=NOON.date())
        this_morning.history.update(history_date=NOON - timedelta(hours=2))
        series = running(staff)
        assert advance_series(now=NOON + DAY / 4) == 0
        assert got(series, 0) == []

    def test_a_second_organization_is_no_new_joining(self, staff):
        old = joins(date(2025, 1, 7))
        running(staff)
        joins(NOON.date(), person=old.person)
        assert advance_series(now=NOON + DAY / 4) == 0

    def test_who_left_or_whose_organization_lapsed_gets_nothing(self, staff):
        running(staff)
        joins(NOON.date(), ended_on=NOON.date())
        joins(NOON.date(), organization__status="lapsed")
        assert advance_series(now=NOON + DAY / 4) == 0

    def test_nobody_gets_a_step_twice(self, staff):
        series = running(staff)
        joins(NOON.date())
        for _again in range(3):
            advance_series(now=NOON + DAY / 12)
        sent_all(NOON)
        advance_series(now=NOON + DAY * 2)
        assert len(got(series, 0)) == 1

    def test_who_unsubscribes_from_the_topic_gets_no_further_message(self, staff):
        series = running(staff)
        somebody = joins(NOON.date())
        advance_series(now=NOON + DAY / 12)
        sent_all(NOON)
        unsubscribe(email=somebody.person.email, topic=series.topic)
        advance_series(now=NOON + 3 * DAY)
        assert (
            not Delivery.objects.filter(mailing=step(series, 1).mailing).exclude(state="suppressed").exists()
        )


class TestSubscribed:
    def test_days_count_from_the_confirmation_to_the_minute(self, staff):
        series = running(staff, 0, 3, trigger="subscribed")
        early = SubscriberFactory(topic=series.topic, confirmed_at=NOON - DAY)
        reader = SubscriberFactory(topic=series.topic, confirmed_at=NOON + DAY / 24)
        assert advance_series(now=NOON + DAY / 12) == 1
        assert got(series, 0) == [reader.email]
        sent_all(NOON + DAY / 12)
        assert advance_series(now=NOON + 3 * DAY) == 0
        assert advance_series(now=NOON + 3 * DAY + DAY / 24) == 1
        assert early.email not in got(series, 0) + got(series, 1)

    def test_in_the_language_they_chose(self, staff):
        series = running(staff, 0, trigger="subscribed")
        reader = SubscriberFactory(topic=series.topic, confirmed_at=NOON + DAY / 24)
        Preference.objects.create(email=reader.email, address_hash=hash_address(reader.email), language="es")
        advance_series(now=NOON + DAY / 12)
        row = Delivery.objects.get()
        assert row.language == "es"
        assert "Usted nos pidió" in row.slots["_why"]


class TestOneADay:
    def test_two_steps_on_one_day_come_on_two_days(self, staff):
        series = running(staff, 0, 0)
        joins(NOON.date())
        assert advance_series(now=NOON + DAY / 12) == 1
        sent_all(NOON + DAY / 12)
        assert advance_series(now=NOON + DAY / 6) == 0
        assert advance_series(now=NOON + DAY) == 1
        assert (len(got(series, 0)), len(got(series, 1))) == (1, 1)

    def test_one_that_may_have_come_today_counts_as_come(self, staff):
        """A worker died while it handed the first message over."""
        series = running(staff, 0, 0)
        joins(NOON.date())
        advance_series(now=NOON + DAY / 12)
        first = step(series, 0).mailing
        first.deliveries.update(state="unknown")
        first.batches.update(state="done", lease_until=NOON + DAY / 12)
        assert advance_series(now=NOON + DAY / 6) == 0
        assert advance_series(now=NOON + DAY) == 1
        assert len(got(series, 1)) == 1

    def test_after_weeks_of_standing_still_nobody_gets_a_burst_or_an_old_message(self, staff):
        series = running(staff, 0, 3, 10, 12)
        somebody = joins(NOON.date())
        stop_series(series=series, by=staff)
        assert advance_series(now=NOON + DAY) == 0
        start_series(series=series, by=staff, now=NOON + 14 * DAY)
        sent = []
        for day in range(14, 20):
            advance_series(now=NOON + day * DAY)
            sent_all(NOON + day * DAY)
            sent.append([place for place in range(4) if got(series, place)])
        # Days 0 and 3 are long past; day 10 comes first, and day 12 on the next day.
        assert sent[:2] == [[2], [2, 3]]
        assert sent[-1] == [2, 3]
        assert got(series, 2) == [somebody.person.email]

    def test_more_people_than_one_run_takes_get_every_message_in_order(self, staff, monkeypatch):
        for module in ("series", "series_people"):
            monkeypatch.setattr(f"campaigns.services.{module}.AT_ONCE", 2)
        series = running(staff, 0, 0)
        for _person in range(5):
            joins(NOON.date())
        for minutes in (0, 3, 6):
            advance_series(now=NOON + DAY / 12 + timedelta(minutes=minutes))
        assert (len(got(series, 0)), len(got(series, 1))) == (5, 0)
        sent_all(NOON + DAY / 12)
        for minutes in (0, 3, 6):
            advance_series(now=NOON + DAY + timedelta(minutes=minutes))
        assert got(series, 1) == got(series, 0)

    def test_never_backwards(self, staff):
        series = running(staff, 0, 3)
        joins(NOON.date())
        SeriesStep.objects.filter(pk=step(series, 0).pk).update(days=2)
        advance_series(now=NOON + 3 * DAY)
        sent_all(NOON + 3 * DAY)
        later, earlier = step(series, 1), step(series, 0)
        assert (earlier.days, later.days) == (2, 3)
        assert len(got(series, 0)) == 1
        advance_series(now=NOON + 4 * DAY)
        assert len(got(series, 1)) == 1


class TestStartStopEdit:
    def test_a_start_compiles_one_standing_mailing_for_each_message(self, staff):
        series = running(staff)
        mailings = Mailing.objects.filter(standing=True)
        assert (mailings.count(), set(mailings.values_list("state", flat=True))) == (3, {"sending"})
        assert series.history.latest().history_user == staff
        with pytest.raises(SeriesRefused, match="is running"):
            start_series(series=series, by=staff)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"body": "<p> </p>"}, "no text"),
            ({"subject": "{{ nobody }}"}, "not a merge field"),
            ({"body": "<p>{{ senator|x }}</p>"}, "knows of its readers only"),
            ({"button_label": "Go"}, "page it opens"),
        ],
    )
    def test_what_cannot_go_out_does_not_start(self, staff, fields, words):
        unfit = SeriesStepFactory(**fields)
        with pytest.raises(SeriesRefused, match=words):
            start_series(series=unfit.series, by=staff)
        assert not Mailing.objects.exists()
        with pytest.raises(SeriesRefused, match="has none"):
            start_series(series=SeriesFactory(), by=staff)

    def test_stopped_nothing_of_it_goes_out_and_started_again_it_goes_on(self, staff):
        series = running(staff)
        joins(NOON.date())
        advance_series(now=NOON + DAY / 12)
        stop_series(series=series, by=staff)
        assert set(Mailing.objects.values_list("state", "pause_reason")) == {("paused", "staff")}
        with pytest.raises(SeriesRefused, match="not running"):
            stop_series(series=series, by=staff)
        start_series(series=series, by=staff, now=NOON + DAY / 6)
        assert Mailing.objects.filter(state="sending").count() == Mailing.objects.count() == 3
        series.refresh_from_db()
        assert series.started_at == NOON

    def test_a_changed_message_is_compiled_anew_and_nobody_gets_it_again(self, staff):
        series = running(staff)
        first = joins(NOON.date())
        advance_series(now=NOON + DAY / 12)
        sent_all(NOON + DAY / 12)
        stop_series(series=series, by=staff)
        changed = step(series, 0)
        old = changed.mailing
        changed.body = "<p>Better words.</p>"
        changed.save()
        start_series(series=series, by=staff, now=NOON + DAY / 6)
        new = step(series, 0).mailing
        assert new != old
        assert "Better words" in MailingContent.objects.get(mailing=new).text
        assert "Better words" not in MailingContent.objects.get(mailing=old).text
        old.refresh_from_db()
        assert old.state == "cancelled"
        second = joins(NOON.date())
        advance_series(now=NOON + DAY * 1.2)
        assert list(new.deliveries.values_list("email", flat=True)) == [second.person.email]
        assert first.person.email in got(series, 0)

    def test_who_waited_for_the_old_words_gets_the_new_ones(self, staff):
        series = running(staff)
        somebody = joins(NOON.date())
        advance_series(now=NOON + DAY / 12)
        stop_series(series=series, by=staff)
        changed = step(series, 0)
        changed.subject = "New subject"
        changed.save()
        start_series(series=series, by=staff, now=NOON + DAY / 6)
        advance_series(now=NOON + DAY / 4)
        [row] = Delivery.objects.exclude(state="cancelled")
        assert (row.email, row.mailing) == (somebody.person.email, step(series, 0).mailing)

    def test_a_removed_message_sends_nothing_more(self, staff):
        series = running(staff)
        stop_series(series=series, by=staff)
        removed = step(series, 2)
        mailing = removed.mailing
        removed.delete()
        start_series(series=series, by=staff)
        mailing.refresh_from_db()
        assert mailing.state == "cancelled"

    def test_a_test_goes_to_the_staff_member_alone(self, staff):
        series = SeriesFactory()
        SeriesStepFactory(series=series, button_label="See what is open", button_path="/take-action/")
        assert send_series_test(series=series, to=staff) == 1
        message = OutboxMessage.objects.get()
        assert message.to == staff.email
        assert message.subject.startswith("[Test] ")
        assert b"/take-action/" in bytes(message.message)
        assert not Delivery.objects.exists()

    def test_the_database_wants_a_start_of_a_running_series(self):
        with pytest.raises(IntegrityError, match="series_running_has_start"), transaction.atomic():
            SeriesFactory(is_active=True)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_add_nobody_twice():
    series = running(StaffFactory())
    for _somebody in range(5):
        joins(NOON.date())
    now = NOON + DAY / 12

    def run(_number: int) -> int:
        try:
            return advance_series(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 5
    assert len(got(series, 0)) == 5
