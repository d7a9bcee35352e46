"""Calendars of hearings, as the programs that subscribe to them read them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from legislation.models import FollowSettings, Hearing
from legislation.services.follow import follow, new_calendar_address, settings_of, stop_mail
from legislation.tokens import calendar_token
from partners.caching import empty_page_cache
from tests.factories.legislation import (
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingDocumentFactory,
    HearingFactory,
    chicago,
)
from tests.factories.partners import CoalitionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def soon():
    return (timezone.localtime() + timedelta(days=3)).replace(hour=14, minute=0, second=0, microsecond=0)


def events(response) -> list:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def one(client, hearing) -> object:
    empty_page_cache()
    (event,) = events(client.get(reverse("legislation:hearing_ics", args=[hearing.pk])))
    return event


def test_a_hearing_with_everything_a_calendar_wants(client, soon, settings):
    settings.SITE_URL = "https://portal.example.org"
    hearing = HearingFactory(
        starts_at=soon, committee=CommitteeFactory(name="Human Services"), location="Room 114, Capitol"
    )
    bill = BillFactory(identifier="HB1075", number=1075)
    BillTrackingFactory(bill=bill, plain_title="Keep porches safe")
    HearingDocumentFactory(hearing=hearing, bill=bill)
    HearingDocumentFactory(hearing=hearing, bill=bill, amendment="House Amendment 1")
    event = one(client, hearing)
    assert event["UID"] == f"hearing-{hearing.pk}@portal.example.org"
    assert event.decoded("DTSTART") == soon
    assert event["DTSTART"].to_ical().endswith(b"Z")
    assert event["STATUS"] == "CONFIRMED"
    assert event["SEQUENCE"] == 0
    assert event.decoded("DTSTAMP") == hearing.changed_at.replace(microsecond=0)
    assert event["SUMMARY"] == "House Human Services: HB 1075, HB 1075, House Amendment 1"
    assert event["LOCATION"] == "Room 114, Capitol"
    assert "HB 1075: Keep porches safe (our position: support)" in event["DESCRIPTION"]
    assert "at least until the start" in event["DESCRIPTION"]
    assert event["URL"] == f"https://portal.example.org{hearing.get_absolute_url()}"
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(days=-1)


def test_a_change_keeps_the_uid_and_counts_up(client, soon):
    hearing = HearingFactory(starts_at=soon)
    before = one(client, hearing)
    Hearing.objects.update(starts_at=soon + timedelta(days=1), moved_from=soon, revision=1)
    after = one(client, hearing)
    assert before["UID"] == after["UID"]
    assert (after["SEQUENCE"], after["STATUS"]) == (1, "CONFIRMED")
    assert "file again" in after["DESCRIPTION"]
    Hearing.objects.update(state="cancelled", revision=2)
    gone = one(client, hearing)
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (before["UID"], 2, "CANCELLED")
    assert gone["SUMMARY"].startswith("Cancelled: ")
    assert not gone.walk("VALARM")


@pytest.mark.parametrize(
    ("start", "in_utc"),
    [(chicago(2026, 3, 8, 14), 19), (chicago(2026, 3, 7, 14), 20), (chicago(2026, 11, 1, 14), 20)],
    ids=["clocks went forward", "winter", "clocks went back"],
)
def test_two_in_the_afternoon_stays_two_in_the_afternoon(client, start, in_utc):
    event = one(client, HearingFactory(starts_at=start))
    assert event.decoded("DTSTART").hour == in_utc


def test_words_from_outside_cannot_break_the_file(client, soon):
    hearing = HearingFactory(
        starts_at=soon,
        committee=None,
        committee_name="A;B,C\\D",
        location="Room\r\nEND:VEVENT",
        subject="x" * 300,
    )
    event = one(client, hearing)
    assert event["SUMMARY"] == "House A;B,C\\D"
    assert "x" * 300 in event["DESCRIPTION"]


def test_the_same_notice_is_the_same_file_and_is_not_sent_again(client, soon):
    hearing = HearingFactory(starts_at=soon)
    path = reverse("legislation:hearing_ics", args=[hearing.pk])
    first = client.get(path)
    empty_page_cache()
    assert client.get(path).content == first.content
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    client.force_login(UserFactory())
    signed_in = client.get(path)
    assert client.get(path, headers={"if-none-match": signed_in["ETag"]}).status_code == 304


def test_all_of_a_committee_and_of_a_bill(client, soon):
    bill, committee = BillFactory(), CommitteeFactory()
    heard = HearingFactory(starts_at=soon, committee=committee)
    HearingDocumentFactory(hearing=heard, bill=bill)
    HearingDocumentFactory(hearing=heard, bill=bill, amendment="House Amendment 1")
    HearingDocumentFactory(hearing=HearingFactory(starts_at=soon), bill=bill, removed_at=timezone.now())
    HearingFactory(starts_at=soon - timedelta(days=60), committee=committee)
    bill_path = reverse("legislation:bill_calendar", args=[bill.session, bill.identifier.lower()])
    assert len(events(client.get(reverse("legislation:hearings_ics")))) == 2
    assert len(events(client.get(reverse("legislation:committee_ics", args=[committee.slug])))) == 1
    assert len(events(client.get(bill_path))) == 1
    assert client.get(reverse("legislation:committee_ics", args=["nobody"])).status_code == 404


def test_nothing_posted_is_a_calendar_too(client):
    assert events(client.get(reverse("legislation:hearings_ics"))) == []


@pytest.mark.parametrize("hearings", [1, 20])
def test_a_feed_takes_three_queries(client, soon, hearings, django_assert_num_queries):
    for hearing in HearingFactory.create_batch(hearings, starts_at=soon):
        HearingDocumentFactory.create_batch(2, hearing=hearing)
    with django_assert_num_queries(2):
        assert len(events(client.get(reverse("legislation:hearings_ics")))) == hearings


class TestOnesOwn:
    def path(self, user) -> str:
        return reverse("legislation:followed_ics", args=[calendar_token(settings_of(user=user))])

    def test_it_holds_hearings_of_followed_bills_and_committees_without_signing_in(self, client, soon):
        user, bill, committee = UserFactory(), BillFactory(), CommitteeFactory()
        follow(user=user, target=bill)
        follow(user=user, target=committee)
        HearingDocumentFactory(hearing=HearingFactory(starts_at=soon, committee=committee), bill=bill)
        HearingDocumentFactory(hearing=HearingFactory(starts_at=soon), bill=bill)
        HearingFactory(starts_at=soon)
        response = client.get(self.path(user))
        assert len(events(response)) == 2
        assert "no-store" in response["Cache-Control"] or "private" in response["Cache-Control"]

    def test_a_new_address_revokes_the_old_one(self, client):
        user = UserFactory()
        old = self.path(user)
        assert client.get(old).status_code == 200
        new_calendar_address(user=user)
        assert client.get(old).status_code == 404
        assert client.get(self.path(user)).status_code == 200

    def test_stopping_the_mail_leaves_the_calendar(self, client):
        user = UserFactory()
        stop_mail(user=user)
        assert client.get(self.path(user)).status_code == 200

    def test_forged_addresses_and_closed_logins_find_nothing(self, client):
        user = UserFactory()
        good = calendar_token(settings_of(user=user))
        other = FollowSettings(user=UserFactory(), calendar_number=1)
        for token in (good[:-1] + "x", "1-1", good.replace("-", "."), calendar_token(other)):
            assert client.get(reverse("legislation:followed_ics", args=[token])).status_code == 404
        user.is_active = False
        user.save()
        assert client.get(self.path(user)).status_code == 404
