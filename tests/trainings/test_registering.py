"""Registering: oneself, colleagues, twice; the last seat; fees; what people are written."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from mailing.models import OutboxMessage
from partners.errors import NotAllowed
from partners.models import Person
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.factories.trainings import CourseFactory, EnrollmentFactory, FeeTierFactory, SessionFactory
from tests.meetings.reading import html_of, link_in, mails, text_of
from trainings.models import Enrollment, Invoice, Registration
from trainings.services.cancelling import cancel, excuse
from trainings.services.registering import (
    MOST_PEOPLE,
    AlreadyRegistered,
    Participant,
    proposed_tier,
    register,
    send_places_again,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


def someone(name: str, **facts) -> Participant:
    return Participant(
        email=facts.pop("email", f"{name}@people.example"),
        first_name=name.title(),
        last_name="Sample",
        **facts,
    )


def take(session, *people, contact=None, **facts) -> Registration:
    values = {"tier": None, "source": "", "by": None, "now": timezone.now(), **facts}
    return register(session=session, contact=contact or people[0], people=people, **values)


def statuses(session) -> dict[str, str]:
    rows = session.enrollments.select_related("person").order_by("pk")
    return {row.person.first_name: row.status for row in rows}


class TestGroups:
    def test_colleagues_share_a_reference_and_the_partners_name(self):
        organization = OrganizationFactory()
        user = member(organization, first_name="Ana", email="ana@people.example")
        session = SessionFactory()
        registration = take(
            session, someone("ana"), someone("bo"), contact=user.person, by=user, source="newsletter"
        )
        assert registration.reference.startswith("T-")
        assert (registration.contact, registration.organization) == (user.person, organization)
        rows = list(registration.enrollments.order_by("pk"))
        assert [row.organization for row in rows] == [organization, organization]
        assert {row.source for row in rows} == {"newsletter"}
        assert {row.registered_by for row in rows} == {user}

    def test_a_stranger_vouches_for_nobodys_organization(self):
        membership = MembershipFactory(person__email="cy@people.example")
        registration = take(SessionFactory(), someone("cy"), someone("dee"))
        rows = registration.enrollments.order_by("pk")
        assert [row.organization for row in rows] == [membership.organization, None]

    def test_a_group_that_does_not_fit_is_seated_in_its_order(self):
        session = SessionFactory(capacity=2)
        take(session, someone("ana"), someone("bo"), someone("cy"))
        assert statuses(session) == {"Ana": "registered", "Bo": "registered", "Cy": "waitlisted"}

    def test_nobody_passes_those_who_wait(self):
        session = SessionFactory(capacity=2)
        EnrollmentFactory(session=session)
        EnrollmentFactory(session=session, status="waitlisted")
        take(session, someone("ana"))
        assert statuses(session)["Ana"] == "waitlisted"

    def test_online_there_is_room_in_a_hybrid_session(self):
        session = SessionFactory(mode="hybrid", capacity=1, venue="Hall")
        EnrollmentFactory(session=session)
        take(session, someone("ana", is_online=True), someone("bo"))
        assert statuses(session)["Ana"] == "registered"
        assert statuses(session)["Bo"] == "waitlisted"

    def test_the_way_of_a_session_that_has_one_way_is_not_chosen(self):
        online, in_room = SessionFactory(mode="online"), SessionFactory(mode="in_person", venue="Hall")
        take(online, someone("ana"))
        take(in_room, someone("ana", is_online=True))
        assert online.enrollments.get().is_online
        assert not in_room.enrollments.get().is_online


class TestRefusals:
    def test_a_session_that_takes_none(self):
        now = timezone.now()
        for session in (
            SessionFactory(state="draft"),
            SessionFactory(state="cancelled"),
            SessionFactory(registration_closes_at=now - timedelta(hours=1)),
            SessionFactory(starts_at=now - timedelta(hours=1)),
            SessionFactory(course=CourseFactory(state="archived")),
        ):
            with pytest.raises(NotAllowed, match="closed"):
                take(session, someone("ana"))
        assert not Person.objects.exists()

    def test_partners_trainings_are_for_people_of_partners(self):
        session = SessionFactory(course__audience="partners")
        lapsed = member(OrganizationFactory(status="lapsed"))
        for by in (None, UserFactory(), lapsed):
            with pytest.raises(NotAllowed, match="partner organizations"):
                take(session, someone("ana"), by=by)
        user = member(OrganizationFactory())
        assert take(session, someone("ana"), contact=user.person, by=user)
        assert take(session, someone("bo"), by=StaffFactory())

    def test_two_people_with_one_address_too_many_and_nobody(self):
        session = SessionFactory()
        with pytest.raises(NotAllowed, match="same e-mail address"):
            take(session, someone("ana"), someone("bo", email="ANA@people.example"))
        with pytest.raises(NotAllowed, match="at most"):
            take(session, *(someone(f"p{number}") for number in range(MOST_PEOPLE + 1)))
        with pytest.raises(NotAllowed, match="at least one"):
            take(session, contact=someone("ana"))

    def test_a_fee_must_be_one_of_the_courses(self):
        session = SessionFactory()
        tier = FeeTierFactory(course=session.course)
        gone = FeeTierFactory(course=session.course, is_offered=False)
        for wrong in (None, gone, FeeTierFactory()):
            with pytest.raises(NotAllowed, match="fee"):
                take(session, someone("ana"), tier=wrong)
        assert take(session, someone("ana"), tier=tier)


class TestTwice:
    def test_a_place_is_kept_as_it_is(self):
        session = SessionFactory()
        take(session, someone("ana", needs="A ramp"))
        with pytest.raises(AlreadyRegistered, match="already"):
            take(session, someone("ana"))
        assert session.enrollments.get().needs == "A ramp"
        assert Registration.objects.count() == 1

    def test_of_a_group_only_the_new_are_registered(self):
        session = SessionFactory()
        take(session, someone("ana"))
        registration = take(session, someone("ana"), someone("bo"))
        assert [row.person.first_name for row in registration.enrollments.all()] == ["Bo"]

    def test_a_form_sent_twice_counts_once(self):
        session = SessionFactory()
        first = take(session, someone("ana"), reference="T-22222222")
        assert take(session, someone("ana"), reference="T-22222222") == first
        assert OutboxMessage.objects.count() == 1

    @pytest.mark.parametrize("step", [cancel, excuse])
    def test_whoever_gave_a_place_back_may_come_again(self, step):
        session, staff = SessionFactory(), StaffFactory()
        row = take(session, someone("ana")).enrollments.get()
        step(enrollment=row, by=staff, now=timezone.now())
        again = take(session, someone("ana", needs="Captions"))
        row.refresh_from_db()
        assert (row.status, row.registration, row.needs, row.cancelled_at) == (
            "registered",
            again,
            "Captions",
            None,
        )

    def test_the_link_goes_out_once_more_to_those_with_a_place(self):
        session = SessionFactory()
        take(session, someone("ana"))
        EnrollmentFactory(session=session, status="cancelled", person__email="gone@people.example")
        sent = send_places_again(
            session=session, addresses=["Ana@People.example", "gone@people.example", "nobody@people.example"]
        )
        assert sent == 1
        first, second = mails("ana@people.example")
        assert "registered already" in second["Subject"]
        assert link_in(first, "/places/") == link_in(second, "/places/")


class TestFees:
    def test_the_price_is_kept_and_only_seats_are_billed(self):
        session = SessionFactory(capacity=1)
        tier = FeeTierFactory(course=session.course, amount=Decimal("45.00"))
        registration = take(session, someone("ana"), someone("bo"), tier=tier)
        tier.amount = 99
        tier.save()
        assert [row.price for row in registration.enrollments.all()] == [Decimal("45.00")] * 2
        assert Invoice.objects.get(registration=registration).total == Decimal("45.00")

    def test_nothing_is_billed_where_nothing_costs(self):
        session = SessionFactory()
        take(session, someone("ana"), tier=FeeTierFactory(course=session.course, amount=0))
        assert not Invoice.objects.exists()

    def test_the_proposal_follows_the_budget_and_is_no_more(self):
        course = CourseFactory()
        small = FeeTierFactory(course=course, budget_band="under_500k", amount=10)
        FeeTierFactory(course=course, budget_band="over_20m", amount=100)
        assert proposed_tier(course, OrganizationFactory(budget_band="under_500k")) == small
        assert proposed_tier(course, OrganizationFactory(budget_band="")) is None
        assert proposed_tier(course, None) is None


class TestMail:
    def test_a_seat_has_all_that_is_needed(self):
        session = SessionFactory(
            mode="hybrid", venue="River Hall", city="Peoria", access="Level entrance", languages="English"
        )
        take(session, someone("ana"))
        (message,) = mails("ana@people.example")
        for part in (text_of(message), html_of(message)):
            assert "River Hall" in part
            assert "https://meet.example/room" in part
            assert "Level entrance" in part
            assert "place.ics" in part

    def test_the_waiting_list_learns_no_address_to_join(self):
        session = SessionFactory(capacity=1)
        take(session, someone("ana"), someone("bo"))
        (message,) = mails("bo@people.example")
        assert "waiting list" in message["Subject"]
        assert "meet.example" not in text_of(message) + html_of(message)
        assert "Ana Sample registered you" in text_of(message)

    def test_whoever_registers_others_gets_a_list_and_no_links_to_their_places(self):
        session = SessionFactory(capacity=1)
        registration = take(session, someone("bo"), someone("cy"), contact=someone("ana"))
        (message,) = mails("ana@people.example")
        assert registration.reference in message["Subject"]
        assert "- Bo Sample" in text_of(message)
        assert "/places/" not in text_of(message) + html_of(message)

    def test_titles_and_names_are_only_text(self):
        session = SessionFactory(course__title="Pay\r\nBcc: all@people.example <b>now</b>")
        take(session, Participant("eve@people.example", "<b>Eve</b>", "\u202ereversed 🎉" + "x" * 50))
        (message,) = mails("eve@people.example")
        assert message["Bcc"] is None
        assert "\n" not in message["Subject"]
        assert "<b>" not in html_of(message).replace("<b></b>", "")


def at_once(steps: list[Callable[[], object]]) -> None:
    """Runs the steps in as many threads, each with a connection of its own."""
    start = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> None:
        start.wait()
        try:
            step()
        except NotAllowed:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_many_who_ask_at_once():
    session = SessionFactory(capacity=3)
    EnrollmentFactory.create_batch(2, session=session)
    at_once([lambda name=name: take(session, someone(name)) for name in "abcdef"])
    found = sorted(
        session.enrollments.filter(person__email__endswith="people.example").values_list("status", flat=True)
    )
    assert found == ["registered"] + ["waitlisted"] * 5


@pytest.mark.django_db(transaction=True)
def test_people_who_register_each_other_at_once_wait_for_nobody():
    first, second = SessionFactory(), SessionFactory()
    ana, bo = someone("ana"), someone("bo")
    at_once([lambda: take(first, ana, bo), lambda: take(second, bo, ana), lambda: take(first, bo, ana)])
    assert Person.objects.filter(email__endswith="people.example").count() == 2
    assert Enrollment.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_counts_once():
    session = SessionFactory()
    at_once([lambda: take(session, someone("ana"), reference="T-33333333")] * 4)
    assert Registration.objects.count() == 1
    assert OutboxMessage.objects.count() == 1
