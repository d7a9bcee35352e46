"""Councils, events and who comes to them, for tests."""

from datetime import timedelta

import factory
from django.utils import timezone

from meetings.models import Attendance, Collaborative, Council, Event, EventDocument, FollowUp
from tests.factories.partners import AreaFactory, PersonFactory


class CouncilFactory(factory.django.DjangoModelFactory):
    """The Local Area Council of an area of its own."""

    class Meta:
        model = Council

    area = factory.SubFactory(AreaFactory)
    rhythm = "the second Tuesday of a quarter, 10 a.m."


class CollaborativeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Collaborative

    name = factory.Sequence(lambda number: f"Collaborative {number}")


class EventFactory(factory.django.DjangoModelFactory):
    """A published forum in ten days, in a room without a limit; `kind="council"` wants an `area`."""

    class Meta:
        model = Event

    kind = Event.Kind.FORUM
    title = factory.Sequence(lambda number: f"Forum {number}")
    slug = factory.Sequence(lambda number: f"forum-{number}")
    state = Event.State.PUBLISHED
    mode = "in_person"
    venue = "Sample House"
    street = "1 Sample Street"
    city = "Peoria, IL 61602"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(hours=2))
    published_at = factory.LazyAttribute(lambda event: event.starts_at - timedelta(days=30))


def council_meeting(council: Council | None = None, **facts) -> Event:
    """A meeting of a council, by default of a new one."""
    council = council or CouncilFactory()
    return EventFactory(kind=Event.Kind.COUNCIL, area=council.area, **facts)


class AttendanceFactory(factory.django.DjangoModelFactory):
    """Somebody who is registered; the times that their status wants follow it."""

    class Meta:
        model = Attendance

    event = factory.SubFactory(EventFactory)
    person = factory.SubFactory(PersonFactory)
    status = Attendance.Status.REGISTERED
    registered_at = factory.LazyAttribute(lambda row: row.event.starts_at - timedelta(days=7))
    waiting_since = factory.LazyAttribute(
        lambda row: row.registered_at if row.status == Attendance.Status.WAITLISTED else None
    )
    cancelled_at = factory.LazyAttribute(
        lambda row: row.registered_at if row.status == Attendance.Status.CANCELLED else None
    )
    checked_in_at = factory.LazyAttribute(
        lambda row: row.event.starts_at if row.status == Attendance.Status.ATTENDED else None
    )
    check_in = factory.LazyAttribute(
        lambda row: Attendance.CheckIn.STAFF if row.status == Attendance.Status.ATTENDED else ""
    )


class EventDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventDocument

    event = factory.SubFactory(EventFactory)
    title = "Slides"
    url = "https://files.example/slides.pdf"


class FollowUpFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FollowUp

    event = factory.SubFactory(EventFactory)
    task = factory.Sequence(lambda number: f"Write to office {number}")
