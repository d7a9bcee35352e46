"""Topics, courses, sessions and enrollments for tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from tests.factories.partners import PersonFactory
from trainings.models import Course, CourseTopic, Enrollment, FeeTier, Registration, Session, SessionPart


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CourseTopic

    name = factory.Sequence(lambda number: f"Topic {number}")
    slug = factory.Sequence(lambda number: f"topic-{number}")
    order = factory.Sequence(lambda number: number)


class CourseFactory(factory.django.DjangoModelFactory):
    """A published course, free unless it is given tiers."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Course {number}")
    slug = factory.Sequence(lambda number: f"course-{number}")
    summary = "What people learn, in one sentence."
    body = "<p>How we go about it.</p>"
    for_whom = "Everybody who works in human services"
    equity_objectives = "Name the unequal effects of a rule.\nChange one of them together."
    state = "published"
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def topics(self, create: bool, extracted: list[CourseTopic] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.topics.set(extracted)


class FeeTierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FeeTier

    course = factory.SubFactory(CourseFactory)
    name = factory.Sequence(lambda number: f"Fee {number}")
    amount = 40
    order = factory.Sequence(lambda number: number)


class SessionFactory(factory.django.DjangoModelFactory):
    """A published session online in two weeks, for two hours, with a seat for everybody."""

    class Meta:
        model = Session

    course = factory.SubFactory(CourseFactory)
    slug = factory.Sequence(lambda number: f"session-{number}")
    state = "published"
    starts_at = factory.LazyFunction(lambda: timezone.now().replace(microsecond=0) + timedelta(days=14))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=2))
    mode = "online"
    join_url = "https://meet.example/room"
    published_at = factory.LazyFunction(timezone.now)
    cancelled_at = factory.LazyAttribute(
        lambda session: timezone.now() if session.state == "cancelled" else None
    )


class SessionPartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SessionPart

    session = factory.SubFactory(SessionFactory)
    starts_at = factory.SelfAttribute("session.starts_at")
    ends_at = factory.LazyAttribute(lambda part: part.starts_at + timedelta(hours=2))


class RegistrationFactory(factory.django.DjangoModelFactory):
    """A registration without enrollments; `EnrollmentFactory(registration=…)` adds them."""

    class Meta:
        model = Registration

    session = factory.SubFactory(SessionFactory)
    contact = factory.SubFactory(PersonFactory)
    reference = factory.Sequence(lambda number: f"T{number:07}")
    placed_at = factory.LazyFunction(timezone.now)


class EnrollmentFactory(factory.django.DjangoModelFactory):
    """Somebody with a seat, registered by themselves. Another `status` brings the times it needs."""

    class Meta:
        model = Enrollment

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(PersonFactory)
    registration = factory.SubFactory(
        RegistrationFactory,
        session=factory.SelfAttribute("..session"),
        contact=factory.SelfAttribute("..person"),
        organization=factory.SelfAttribute("..organization"),
    )
    organization = None
    status = "registered"
    registered_at = factory.LazyFunction(timezone.now)
    waiting_since = factory.LazyAttribute(
        lambda row: row.registered_at if row.status in {"waitlisted", "offered"} else None
    )
    offer_expires_at = factory.LazyAttribute(
        lambda row: row.registered_at + timedelta(hours=24) if row.status == "offered" else None
    )
    checked_in_at = factory.LazyAttribute(
        lambda row: row.session.starts_at if row.status == "attended" else None
    )
    check_in = factory.LazyAttribute(lambda row: "staff" if row.status == "attended" else "")
    cancelled_at = factory.LazyAttribute(lambda row: row.registered_at if row.status == "cancelled" else None)
