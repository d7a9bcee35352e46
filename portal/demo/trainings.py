"""Trainings: courses with their fees, sessions from two years back to next quarter, and who took part in them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from simple_history.utils import bulk_create_with_history

from partners.gatherings.models import Mode
from partners.models import Area, Membership, Organization, Person, User
from partners.references import random_code
from portal.demo.calls import at
from portal.demo.training_texts import (
    COURSES,
    NEEDS,
    PLACES,
    SCALE,
    SOURCES,
    TOPICS,
    CourseText,
    SessionText,
)
from portal.embedded.demo_logins import ADVOCATE, CONTACT, DEMO_LOGINS
from trainings.models import Course, CourseTopic, Enrollment, FeeTier, Registration, Session
from trainings.services.sessions import free_slug

_Status = Enrollment.Status
# Of ten with a seat in a past session so many came; the others were absent, excused or cancelled.
_CAME = ((_Status.ATTENDED, 80), (_Status.ABSENT, 9), (_Status.EXCUSED, 4), (_Status.CANCELLED, 7))
# The step of the scale that an organization's budget leads to.
_STEPS = {"under_500k": 0, "500k_1m": 1, "1m_5m": 2, "5m_20m": 3, "over_20m": 3}


def write_trainings(*, staff: User, seed: int, now: datetime, scale: float) -> list[Session]:
    """All of it; returns the sessions. People behind the demonstration's logins take part in a few."""
    rng = Random(f"{seed}:trainings")
    topics = {
        slug: CourseTopic.objects.create(slug=slug, name=name, order=order)
        for order, (slug, name) in enumerate(TOPICS, start=1)
    }
    members = list(_members())
    areas = list(Area.objects.order_by("order"))
    sessions = []
    for text in COURSES:
        course = _write_course(text, topics, staff, now)
        tiers = _write_fees(course, text.fee)
        for given in text.sessions:
            session = _write_session(course, given, areas, staff, now)
            _write_people(rng, session, given, tiers, members, now, scale)
            sessions.append(session)
    _write_own(sessions, now)
    return sessions


def _members() -> Iterator[tuple[int, Organization]]:
    """People of active partners, none of them behind a demonstration login, with their organization; each once."""
    logins = [login.email for login in DEMO_LOGINS]
    current = (
        Membership.objects.current().filter(organization__status="active").exclude(person__email__in=logins)
    )
    rows = {row.person_id: row.organization for row in current.select_related("organization").order_by("pk")}
    yield from rows.items()


def _write_course(text: CourseText, topics: dict[str, CourseTopic], staff: User, now: datetime) -> Course:
    reviewed = at(now, 9, days=-text.reviewed).date()
    course = Course.objects.create(
        slug=text.slug,
        title=text.title,
        summary=text.summary,
        body=text.body,
        for_whom=text.for_whom,
        equity_objectives="\n".join(text.objectives),
        equity_reviewed_on=reviewed if text.objectives else None,
        review_due_on=reviewed + timedelta(days=365) if text.objectives else None,
        audience=text.audience,
        state=text.state,
        published_at=at(now, 9, days=-850) if text.state != "draft" else None,
        published_by=staff if text.state != "draft" else None,
        late_refund_percent=50 if text.fee else 0,
    )
    course.topics.set([topics[slug] for slug in text.topics])
    return course


def _write_fees(course: Course, fee: int) -> list[FeeTier]:
    """The steps of the scale; none where the course is free."""
    if not fee:
        return []
    return [
        FeeTier.objects.create(
            course=course,
            name=name,
            hint=hint,
            budget_band=band,
            amount=Decimal(fee * percent // 100),
            order=order,
        )
        for order, (name, hint, band, percent) in enumerate(SCALE, start=1)
    ]


def _write_session(
    course: Course, given: SessionText, areas: list[Area], staff: User, now: datetime
) -> Session:
    starts_at = _workday(now, given.hour, given.days)
    length = timedelta(hours=given.hours)
    days = [at(starts_at, given.hour, days=more) for more in range(given.more_days + 1)]
    ends_at = days[-1] + length
    session = Session.objects.create(
        course=course,
        slug=free_slug(course, starts_at),
        starts_at=days[0],
        ends_at=ends_at,
        mode=given.mode,
        capacity=given.capacity,
        languages=given.languages,
        has_captions=given.captions,
        **_place(given, areas),
        **_standing(given, starts_at, ends_at, staff, now),
    )
    for day in days if given.more_days else []:
        session.parts.create(starts_at=day, ends_at=day + length)
    return session


def _place(given: SessionText, areas: list[Area]) -> dict[str, Any]:
    """Where it takes place, and where one joins online."""
    join = {"join_url": "https://meet.illinoispartners.example/training"}
    if given.mode == Mode.ONLINE:
        return join
    venue, street, city, access = PLACES[given.place]
    found = {
        "venue": venue,
        "street": street,
        "city": city,
        "access": access,
        "area": areas[given.place % len(areas)] if areas else None,
    }
    return found | join if given.mode == Mode.HYBRID else found


def _standing(
    given: SessionText, starts_at: datetime, ends_at: datetime, staff: User, now: datetime
) -> dict[str, Any]:
    """Its state with the times and people that belong to it."""
    if given.draft:
        return {"state": "draft"}
    published = {"published_at": min(now, starts_at) - timedelta(days=30), "published_by": staff}
    if ends_at <= now:
        return published | {"state": "held", "held_at": ends_at + timedelta(hours=1), "held_by": staff}
    if given.cancelled:
        return published | {
            "state": "cancelled",
            "cancelled_at": now - timedelta(days=2),
            "cancelled_by": staff,
            "cancel_reason": given.cancelled,
            "revision": 1,
        }
    return published | {"state": "published"}


def _workday(now: datetime, hour: int, days: int) -> datetime:
    """That many days from now, or the Tuesday after where it is a Friday or a weekend."""
    moment = at(now, hour, days=days)
    weekday = moment.weekday()
    return moment if weekday < 4 else at(now, hour, days=days + 8 - weekday)


def _write_people(
    rng: Random,
    session: Session,
    given: SessionText,
    tiers: list[FeeTier],
    members: list[tuple[int, Organization]],
    now: datetime,
    scale: float,
) -> None:
    """Those with a seat and those who wait, each registered by themselves."""
    # Coming sessions are as full as they are written; past ones are in step with the size of the coalition.
    seated = given.seated if session.state != "held" else max(4, round(given.seated * min(scale, 1)))
    chosen = rng.sample(members, k=min(seated + given.waiting, len(members) * 4 // 5))
    first = (session.published_at or now) + timedelta(hours=2)
    last = min(now - timedelta(minutes=30), session.starts_at - timedelta(hours=3))
    moments = sorted(first + (last - first) * rng.betavariate(1.2, 1.4) for _each in chosen)
    rows = []
    for place, ((person, organization), moment) in enumerate(zip(chosen, moments, strict=True)):
        row = Enrollment(session=session, person_id=person, organization=organization, registered_at=moment)
        row.source = rng.choices([code for code, _weight in SOURCES], [weight for _code, weight in SOURCES])[
            0
        ]
        row.needs = rng.choice(NEEDS) if rng.random() < 0.1 else ""
        row.is_online = session.mode == Mode.ONLINE or (session.mode == Mode.HYBRID and rng.random() < 0.4)
        if tiers:
            row.tier = tiers[_STEPS.get(organization.budget_band, 0)]
            row.price = row.tier.amount
        _set_status(rng, row, is_seated=place < seated)
        rows.append(row)
    _store(rng, session, rows)


def _set_status(rng: Random, row: Enrollment, *, is_seated: bool) -> None:
    session = row.session
    if not is_seated:
        row.status, row.waiting_since, row.is_online = _Status.WAITLISTED, row.registered_at, False
        if session.mode == Mode.ONLINE:
            row.is_online = True
    elif session.state != "held":
        row.status = _Status.REGISTERED
    else:
        row.status = rng.choices([status for status, _n in _CAME], [number for _status, number in _CAME])[0]
    if row.status == _Status.CANCELLED:
        row.cancelled_at = row.registered_at + timedelta(hours=20)
    if row.status == _Status.ATTENDED:
        _set_attended(rng, row)


def _set_attended(rng: Random, row: Enrollment) -> None:
    session = row.session
    row.check_in = Enrollment.CheckIn.IMPORT if row.is_online else Enrollment.CheckIn.STAFF
    row.checked_in_at = session.starts_at + timedelta(minutes=rng.randint(-8, 6))
    whole = sum(int((day.ends_at - day.starts_at).total_seconds() // 60) for day in session.days)
    row.minutes = round(whole * rng.choice((0.55, 0.9, 0.95, 1, 1, 1))) if row.is_online else whole


def _store(rng: Random, session: Session, rows: list[Enrollment]) -> None:
    registrations = Registration.objects.bulk_create(
        [
            Registration(
                session=session,
                contact_id=row.person_id,
                organization_id=row.organization_id,
                reference="T-" + random_code(8, rng),
                source=row.source,
                placed_at=row.registered_at,
            )
            for row in rows
        ]
    )
    for row, registration in zip(rows, registrations, strict=True):
        row.registration = registration
    bulk_create_with_history(rows, Enrollment)


def _write_own(sessions: list[Session], now: datetime) -> None:
    """The people behind the demonstration's logins: a seat to come for one, and past trainings for both."""
    people = {login.email: Person.objects.by_email(login.email).first() for login in (CONTACT, ADVOCATE)}
    past = [session for session in sessions if session.state == "held"]
    coming = [
        session
        for session in sessions
        if session.state == "published" and session.course.slug == "telling-our-story"
    ]
    places = [(CONTACT.email, one, _Status.ATTENDED) for one in past[1:6:2]]
    places += [(ADVOCATE.email, one, _Status.ATTENDED) for one in past[3:5]]
    places += [(CONTACT.email, one, _Status.REGISTERED) for one in coming[:1]]
    rng = Random("own trainings")
    for email, session, status in places:
        person = people[email]
        if person is None:
            continue
        membership = person.memberships.current().select_related("organization").first()
        row = Enrollment(
            session=session,
            person=person,
            organization=membership.organization if membership else None,
            status=status,
            is_online=session.mode != Mode.IN_PERSON,
            registered_at=min(now, session.starts_at) - timedelta(days=6),
        )
        if status == _Status.ATTENDED:
            _set_attended(rng, row)
        _store(rng, session, [row])
