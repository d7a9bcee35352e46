"""Places at events: taken, changed, given back; the last seat; the waiting list; what people are written."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mailing.models import OutboxMessage
from meetings.models import Attendance, AttendanceNotice
from meetings.places import place_in_line
from meetings.services.registering import cancel_place, change_place, register
from meetings.services.reminding import remind
from partners.errors import NotAllowed
from tests.factories.meetings import AttendanceFactory, CouncilFactory, EventFactory, council_meeting
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    member,
)
from tests.meetings.reading import html_of, link_in, mails, text_of

pytestmark = pytest.mark.django_db

Status = Attendance.Status


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


def take(event, person=None, *, by=None, online=False, now=None, **facts):
    facts = {"needs": "", "language": "", "source": "", **facts}
    return register(
        event=event,
        person=person or PersonFactory(),
        online=online,
        by=by,
        now=now or timezone.now(),
        **facts,
    )


def statuses(event) -> list[str]:
    return list(event.attendances.order_by("registered_at", "pk").values_list("status", flat=True))


class TestTaking:
    def test_a_seat_with_the_organization_of_that_time(self):
        event, organization = EventFactory(), OrganizationFactory()
        user = member(organization)
        place = take(event, user.person, by=user, needs="A ramp", language="Polski", source="newsletter")
        assert (place.status, place.organization, place.registered_by) == ("registered", organization, user)
        assert (place.needs, place.language, place.source) == ("A ramp", "Polski", "newsletter")
        organization.status = "former"
        organization.save()
        place.refresh_from_db()
        assert place.organization == organization

    def test_somebody_without_an_organization_comes_as_themself(self):
        assert take(EventFactory()).organization is None

    def test_only_hybrid_events_let_people_choose(self):
        assert take(EventFactory(mode="in_person"), online=True).is_online is False
        assert take(EventFactory(mode="online", join_url="https://meet.example/a")).is_online is True
        assert take(EventFactory(mode="hybrid"), online=True).is_online is True

    @pytest.mark.parametrize("state", ["draft", "cancelled", "held"])
    def test_only_published_events_take_registrations(self, state):
        with pytest.raises(NotAllowed, match="takes no registrations"):
            take(EventFactory(state=state, cancelled_at=timezone.now()))

    def test_nobody_registers_once_it_is_closed_or_has_begun(self):
        event = EventFactory()
        with pytest.raises(NotAllowed, match="closed"):
            take(event, now=event.starts_at)
        early = EventFactory(registration_closes_at=timezone.now() - timedelta(hours=1))
        with pytest.raises(NotAllowed, match="closed"):
            take(early)

    def test_staff_add_people_until_it_ends_and_no_mail_goes_out_then(self):
        event, staff = EventFactory(), StaffFactory()
        place = take(event, by=staff, now=event.starts_at + timedelta(minutes=5))
        assert place.status == "registered"
        assert mails() == []
        with pytest.raises(NotAllowed, match="closed"):
            take(event, by=staff, now=event.ends_at)

    def test_partners_events_are_for_their_people(self):
        event = EventFactory(audience="partners")
        with pytest.raises(NotAllowed, match="partner organizations"):
            take(event)
        former = MembershipFactory(organization=OrganizationFactory(status="former")).person
        with pytest.raises(NotAllowed, match="partner organizations"):
            take(event, former)
        assert take(event, MembershipFactory().person).status == "registered"

    def test_staffs_events_are_for_staff(self):
        event = EventFactory(kind="internal", audience="staff")
        with pytest.raises(NotAllowed):
            take(event, MembershipFactory().person)
        staff = StaffFactory()
        assert take(event, PersonFactory(user=staff), by=staff).status == "registered"


class TestTwice:
    def test_somebody_signed_in_changes_what_they_said(self):
        event, user = EventFactory(), member(OrganizationFactory())
        first = take(event, user.person, by=user)
        again = take(event, user.person, by=user, needs="Captions", language="Español")
        assert again.pk == first.pk
        assert (again.needs, again.language) == ("Captions", "Español")
        assert len(mails()) == 1

    def test_a_stranger_who_types_an_address_changes_nothing_and_its_owner_hears_of_it(self):
        event, person = EventFactory(mode="hybrid"), PersonFactory()
        take(event, person, needs="A ramp")
        take(event, person, needs="", online=True)
        place = Attendance.objects.get()
        assert (place.needs, place.is_online, place.status) == ("A ramp", False, "registered")
        first, second = mails(person.email)
        assert "You were registered already" in text_of(second)
        assert "cancel there too" in text_of(second).lower()
        assert link_in(first, "my-place") == link_in(second, "my-place")

    def test_staff_who_add_somebody_twice_erase_nothing(self):
        event, person = EventFactory(), PersonFactory()
        take(event, person, needs="A ramp", language="Polski")
        place = take(event, person, by=StaffFactory())
        assert (place.needs, place.language) == ("A ramp", "Polski")

    def test_after_cancelling_one_can_come_again(self):
        event, person = EventFactory(), PersonFactory()
        cancel_place(place=take(event, person), by=None, now=timezone.now())
        place = take(event, person)
        assert (place.status, place.cancelled_at) == ("registered", None)
        assert Attendance.objects.count() == 1

    def test_who_was_there_stays_there(self):
        event = EventFactory(starts_at=timezone.now() - timedelta(minutes=5))
        place = AttendanceFactory(event=event, status="attended")
        assert take(event, place.person, by=StaffFactory()).status == "attended"


class TestSeats:
    def test_the_room_fills_then_people_wait_in_line(self):
        event = EventFactory(capacity=2)
        places = [take(event) for _number in range(4)]
        assert [place.status for place in places] == [Status.REGISTERED] * 2 + [Status.WAITLISTED] * 2
        assert [place_in_line(place) for place in places] == [None, None, 1, 2]
        assert "number 2 in line" in text_of(mails()[-1])

    def test_online_there_is_room_at_a_hybrid_event(self):
        event = EventFactory(mode="hybrid", capacity=1, join_url="https://meet.example/a")
        take(event)
        assert take(event, online=True).status == "registered"
        assert take(event, online=False).status == "waitlisted"

    def test_an_online_event_may_be_full_too(self):
        event = EventFactory(mode="online", capacity=1, join_url="https://meet.example/a")
        take(event)
        assert take(event, online=True).status == "waitlisted"

    def test_a_seat_given_back_goes_to_whoever_waits_longest(self):
        event = EventFactory(capacity=1)
        first, second, third = (take(event) for _number in range(3))
        cancel_place(place=first, by=None, now=timezone.now())
        assert statuses(event) == ["cancelled", "registered", "waitlisted"]
        message = mails(second.person.email)[-1]
        assert message["Subject"].startswith("You have a seat")
        assert len(mails(third.person.email)) == 1

    def test_who_waits_and_cancels_gives_nobody_a_seat(self):
        event = EventFactory(capacity=1)
        take(event)
        waiting, last = take(event), take(event)
        cancel_place(place=waiting, by=None, now=timezone.now())
        assert statuses(event) == ["registered", "cancelled", "waitlisted"]
        assert place_in_line(last) == 1

    def test_changing_to_online_frees_the_seat_in_the_room(self):
        event = EventFactory(mode="hybrid", capacity=1, join_url="https://meet.example/a")
        seated, waiting = take(event), take(event)
        change_place(place=seated, online=True, needs="", language="", by=None, now=timezone.now())
        waiting.refresh_from_db()
        assert waiting.status == "registered"

    def test_changing_into_a_full_room_keeps_the_place_online(self):
        event = EventFactory(mode="hybrid", capacity=1, join_url="https://meet.example/a")
        take(event)
        online = take(event, online=True)
        with pytest.raises(NotAllowed, match="keep your place online"):
            change_place(place=online, online=False, needs="", language="", by=None, now=timezone.now())
        online.refresh_from_db()
        assert (online.status, online.is_online) == ("registered", True)

    def test_waiting_for_the_room_one_can_join_online_at_once(self):
        event = EventFactory(mode="hybrid", capacity=1, join_url="https://meet.example/a")
        take(event)
        waiting = take(event)
        change_place(place=waiting, online=True, needs="", language="", by=None, now=timezone.now())
        waiting.refresh_from_db()
        assert (waiting.status, waiting.is_online) == ("registered", True)

    def test_changing_words_keeps_the_place_in_line(self):
        event = EventFactory(capacity=1)
        take(event)
        waiting, _later = take(event), take(event)
        change_place(place=waiting, online=False, needs="Tea", language="", by=None, now=timezone.now())
        assert place_in_line(Attendance.objects.get(pk=waiting.pk)) == 1

    def test_nothing_changes_once_it_has_begun(self):
        event = EventFactory()
        place = take(event)
        for step in (
            lambda: cancel_place(place=place, by=None, now=event.starts_at),
            lambda: change_place(
                place=place, online=False, needs="", language="", by=None, now=event.starts_at
            ),
        ):
            with pytest.raises(NotAllowed, match="has begun"):
                step()

    def test_a_place_given_back_twice_is_refused(self):
        place = take(EventFactory())
        cancel_place(place=place, by=None, now=timezone.now())
        with pytest.raises(NotAllowed, match="no place any more"):
            cancel_place(place=place, by=None, now=timezone.now())

    def test_who_got_a_seat_late_is_not_reminded_of_the_same_thing(self):
        event = EventFactory(capacity=1, starts_at=timezone.now() + timedelta(days=3))
        first = AttendanceFactory(event=event, registered_at=timezone.now() - timedelta(days=20))
        waiting = AttendanceFactory(
            event=event,
            status="waitlisted",
            registered_at=timezone.now() - timedelta(days=19),
            waiting_since=timezone.now() - timedelta(days=19),
        )
        cancel_place(place=first, by=None, now=timezone.now())
        assert remind(now=timezone.now()) == 0
        assert AttendanceNotice.objects.filter(attendance=waiting, kind="week").exists()
        assert len(mails(waiting.person.email)) == 1


def _at_once(steps) -> None:
    start = threading.Barrier(len(steps))

    def run(step):
        start.wait()
        try:
            step()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_two_who_ask_at_once():
    CoalitionFactory()
    event = EventFactory(capacity=3)
    AttendanceFactory.create_batch(2, event=event)
    people = PersonFactory.create_batch(6)
    _at_once([lambda person=person: take(event, person) for person in people])
    found = sorted(event.attendances.filter(person__in=people).values_list("status", flat=True))
    assert found == ["registered"] + ["waitlisted"] * 5


@pytest.mark.django_db(transaction=True)
def test_the_same_person_twice_at_once_has_one_place():
    CoalitionFactory()
    event, person = EventFactory(), PersonFactory()
    _at_once([lambda: take(event, person)] * 4)
    assert Attendance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_cancel_at_once_give_two_seats_to_the_first_two():
    CoalitionFactory()
    event = EventFactory(capacity=2)
    places = [take(event) for _number in range(5)]
    _at_once(
        [lambda place=place: cancel_place(place=place, by=None, now=timezone.now()) for place in places[:2]]
    )
    assert statuses(event) == ["cancelled", "cancelled", "registered", "registered", "waitlisted"]


class TestMail:
    def test_a_seat_has_all_that_is_needed(self):
        event = EventFactory(
            title="Forum on “pay”",
            mode="hybrid",
            join_url="https://meet.example/secret",
            access="Ramp at the back",
            languages="English and Spanish",
        )
        place = take(event, PersonFactory(first_name="Zoë"), online=False)
        (message,) = mails(place.person.email)
        text = text_of(message)
        for words in (
            "Hello Zoë",
            "Sample House",
            "Peoria",
            "https://meet.example/secret",
            "Ramp at the back",
        ):
            assert words in text
        assert "English and Spanish" in html_of(message)
        assert link_in(message, "my-place").endswith("/")
        assert message["Subject"] == "You are registered: Forum on “pay”"

    def test_the_waiting_list_learns_no_address_to_join(self):
        event = EventFactory(mode="online", capacity=1, join_url="https://meet.example/secret")
        take(event)
        place = take(event)
        (message,) = mails(place.person.email)
        assert "meet.example" not in text_of(message) + html_of(message)

    def test_titles_cannot_make_headers(self):
        event = EventFactory(title="Forum\r\nBcc: all@example.org")
        (message,) = (take(event), *mails())[1:]
        assert message["Bcc"] is None
        assert "\n" not in message["Subject"]

    def test_names_stand_escaped_in_html(self):
        place = take(EventFactory(), PersonFactory(first_name="<b>Bo</b>"))
        (message,) = mails(place.person.email)
        assert "<b>Bo</b>" not in html_of(message)
        assert "&lt;b&gt;Bo&lt;/b&gt;" in html_of(message)


class TestExcused:
    def test_the_seat_goes_on_and_the_word_stays(self):
        meeting = council_meeting(CouncilFactory(counts_excused=True), capacity=1)
        place, waits = take(meeting), take(meeting)
        gone = cancel_place(place=place, by=None, now=timezone.now(), excused=True)
        assert (gone.status, gone.cancelled_at) == ("excused", None)
        waits.refresh_from_db()
        assert waits.status == "registered"
        assert take(meeting, place.person).status == "waitlisted"

    @pytest.mark.parametrize("counts", [True, False])
    def test_only_where_the_council_counts_it(self, counts):
        council = CouncilFactory(counts_excused=counts)
        other = EventFactory(area=council.area)
        meetings = [other] if counts else [other, council_meeting(council)]
        for event in meetings:
            place = take(event)
            with pytest.raises(NotAllowed, match="Nobody counts"):
                cancel_place(place=place, by=None, now=timezone.now(), excused=True)
            place.refresh_from_db()
            assert place.status == "registered"

    def test_not_once_it_has_begun(self):
        meeting = council_meeting(CouncilFactory(counts_excused=True))
        with pytest.raises(NotAllowed, match="begun"):
            cancel_place(place=take(meeting), by=None, now=meeting.starts_at, excused=True)


class TestAnotherWay:
    def change(self, place, *, online):
        facts = {"needs": "", "language": "", "by": None, "now": timezone.now()}
        return change_place(place=place, online=online, **facts)

    @pytest.fixture
    def hybrid(self):
        return EventFactory(mode="hybrid", join_url="https://meet.example/room")

    def test_the_mail_says_what_to_know_for_it(self, hybrid):
        place = take(hybrid)
        self.change(place, online=True)
        assert mails()[-1]["Subject"].startswith("You take part online")
        assert "https://meet.example/room" in text_of(mails()[-1])
        assert "Sample House" not in text_of(mails()[-1])
        self.change(place, online=False)
        assert mails()[-1]["Subject"].startswith("You come in person")
        assert "Sample House" in text_of(mails()[-1])
        assert OutboxMessage.objects.latest("pk").expires_at == hybrid.starts_at

    def test_the_same_way_or_a_full_room_brings_no_mail(self, hybrid):
        place = take(hybrid, online=True)
        hybrid.capacity = 1
        hybrid.save()
        take(hybrid)
        before = len(mails())
        self.change(place, online=True)
        with pytest.raises(NotAllowed, match="keep your place online"):
            self.change(place, online=False)
        assert len(mails()) == before
