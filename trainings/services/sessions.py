"""The life of a session: published, moved, cancelled, given once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache, empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.fiscal_year import CHICAGO
from partners.gatherings.check_in import has_come
from partners.gatherings.models import Attendee, Mode, Notice
from partners.gatherings.seats import counted
from partners.history import changed_by
from partners.models import User
from trainings.models import Course, Enrollment, Session, SessionPart
from trainings.services.attendance import take_back_check_ins
from trainings.services.billing import credit
from trainings.services.cancelling import PLACED
from trainings.services.telling import tell_everybody
from trainings.services.waiting import LAST_CALL, held_session, offer_free_seats

_PLACE = ("venue", "street", "city")
# What somebody has to know who made room in their calendar.
TOLD = ("mode", *_PLACE, "join_url")
# Beat asks every minute; twice that leaves no crossing unseen.
CROSSING = timedelta(minutes=2)


@dataclass(frozen=True)
class Day:
    """When one day of a session begins and ends."""

    starts_at: datetime
    ends_at: datetime


def problems_of(session: Session, now: datetime) -> list[str]:
    """What stands against publishing it, in sentences; nothing when it is complete."""
    problems = []
    if session.course.state != Course.State.PUBLISHED:
        problems.append(_("Publish its course first."))
    if session.starts_at <= now:
        problems.append(_("It has begun already. Choose a time that is still to come."))
    problems += _days_that_clash(session.days)
    return problems + _missing_place(session)


def _missing_place(session: Session) -> list[str]:
    problems = []
    if session.is_in_person and not (session.venue and session.city):
        problems.append(_("Say where it takes place: the place and the city."))
    if session.is_online and not session.join_url:
        problems.append(_("Enter the address to join online. Only people with a seat see it."))
    return problems


def _days_that_clash(days: Sequence[Any]) -> list[str]:
    ordered = sorted(days, key=lambda day: day.starts_at)
    if any(day.ends_at <= day.starts_at for day in ordered):
        return [_("Each day ends after it starts.")]
    if any(later.starts_at < day.ends_at for day, later in pairwise(ordered)):
        return [_("Two of its days overlap.")]
    return []


@transaction.atomic
def span_days(*, session: Session) -> Session:
    """Has a session with several days last from the first day's start to the last day's end."""
    days = list(session.parts.order_by("starts_at"))
    if days:
        session.starts_at, session.ends_at = days[0].starts_at, max(day.ends_at for day in days)
        session.save(update_fields=["starts_at", "ends_at"])
    return session


@transaction.atomic
def publish_session(*, session: Session, by: User | None, now: datetime) -> Session:
    """Puts a draft on the site, so that people can register. Raises `NotAllowed` with all that is missing."""
    held = held_session(session)
    if held.state != Session.State.DRAFT:
        raise NotAllowed(_("Only a draft can be published."))
    if problems := problems_of(held, now):
        raise NotAllowed(" ".join(problems))
    held.state = Session.State.PUBLISHED
    held.published_at, held.published_by = now, by
    changed_by(held, by)
    held.save(update_fields=["state", "published_at", "published_by"])
    empty_page_cache_on_commit()
    return held


@transaction.atomic
def change_session(
    *, session: Session, days: Sequence[Day], by: User | None, now: datetime, **changes: Any
) -> int:
    """Gives a published session other days, another place or number of seats. Returns how many are to be told.

    Everybody with a place is told once of another time, place or address. Who had checked in for another start or at
    another place is registered again. More seats go to those who wait.
    """
    held = held_session(session)
    if held.state != Session.State.PUBLISHED or held.starts_at <= now:
        raise NotAllowed(_("Only a published session that is still to come can be changed."))
    before = [(day.starts_at, day.ends_at) for day in held.days]
    days = sorted(days, key=lambda day: day.starts_at)
    begun = [day.starts_at for day in held.days if has_come(day, now)]
    is_moved = begun != [day.starts_at for day in days[: len(begun)]] or _is_elsewhere(held, changes)
    is_told = before != [(day.starts_at, day.ends_at) for day in days]
    is_told |= any(name in changes and getattr(held, name) != changes[name] for name in TOLD)
    for name, value in changes.items():
        setattr(held, name, value)
    held.starts_at, held.ends_at = days[0].starts_at, max(day.ends_at for day in days)
    _refuse(held, days, now)
    if is_moved:
        take_back_check_ins(session=held, by=by, now=now)
    held.revision += 1 if is_told else 0
    changed_by(held, by)
    held.save()
    _keep_days(held, days)
    _follow(held)
    offer_free_seats(session=held, now=now)
    empty_page_cache_on_commit()
    return tell_everybody(session=held, kind=Notice.Kind.MOVED) if is_told else 0


def _is_elsewhere(before: Session, changes: dict[str, Any]) -> bool:
    """Whether who is at the place already is not where it will be."""
    mode = changes.get("mode", before.mode)
    if mode != before.mode and mode != Mode.HYBRID:
        return True
    return any(name in changes and getattr(before, name) != changes[name] for name in _PLACE)


def _refuse(held: Session, days: Sequence[Day], now: datetime) -> None:
    if held.starts_at <= now:
        raise NotAllowed(_("Choose a time that is still to come."))
    if problems := [*_days_that_clash(days), *_missing_place(held)]:
        raise NotAllowed(" ".join(problems))
    seated = held.enrollments.filter(status__in=Attendee.SEATED)
    taken = counted(held, seated).count()
    if held.capacity is not None and held.capacity < taken:
        raise NotAllowed(_("%(n)d seats are taken already. Allow at least that many.") % {"n": taken})


def _keep_days(held: Session, days: Sequence[Day]) -> None:
    """Its parts as the days say, each kept in its place, so that calendars move an entry and make no second one."""
    parts = list(held.parts.all())
    wanted = list(days) if len(days) > 1 else []
    for part, day in zip(parts, wanted, strict=False):
        part.starts_at, part.ends_at = day.starts_at, day.ends_at
        part.save()
    for part in parts[len(wanted) :]:
        part.delete()
    for day in wanted[len(parts) :]:
        SessionPart.objects.create(session=held, starts_at=day.starts_at, ends_at=day.ends_at)


def _follow(held: Session) -> None:
    """What depends on the time and the place: offers end in time, and nobody is online where one cannot be."""
    last = held.starts_at - LAST_CALL
    offered = held.enrollments.filter(status=Enrollment.Status.OFFERED, offer_expires_at__gt=last)
    offered.update(offer_expires_at=last)
    if held.mode != Mode.HYBRID:
        is_online = held.mode == Mode.ONLINE
        held.enrollments.exclude(is_online=is_online).update(is_online=is_online)


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User | None, now: datetime) -> int:
    """Calls a session off. Everybody with a place is told why, also those who wait, and fees go back in full.

    Who had checked in to one that never began is registered again.
    """
    held = held_session(session)
    if held.state != Session.State.PUBLISHED or held.ends_at <= now:
        raise NotAllowed(_("Only a published session that is not over can be cancelled."))
    if not reason.strip():
        raise NotAllowed(_("Say why. Everybody with a place reads it."))
    held.state, held.cancelled_at, held.cancelled_by = Session.State.CANCELLED, now, by
    held.cancel_reason = reason.strip()
    held.revision += 1
    changed_by(held, by)
    held.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason", "revision"])
    if now < held.starts_at:
        take_back_check_ins(session=held, by=by, now=now)
    told = tell_everybody(session=held, kind=Notice.Kind.CANCELLED)
    paid = Q(invoice_lines__isnull=False) | Q(scholarship_requests__isnull=False)
    for row in held.enrollments.filter(paid, status__in=PLACED).order_by("pk").distinct():
        credit(enrollment=row, now=now)
    empty_page_cache_on_commit()
    return told


@transaction.atomic
def copy_session(*, session: Session, starts_at: datetime, by: User | None) -> Session:
    """A draft of the same session for another date: as long, with as many days and seats, at the same place."""
    days = list(session.days)
    first = session.starts_at.astimezone(CHICAGO)
    # By the clock on the wall, so that the hours stay the same over a change of summer time.
    shift = starts_at.astimezone(CHICAGO).replace(tzinfo=None) - first.replace(tzinfo=None)
    copy = Session(
        course=session.course,
        slug=free_slug(session.course, starts_at),
        **{name: getattr(session, name) for name in _COPIED},
    )
    copy.starts_at, copy.ends_at = _moved(session.starts_at, shift), _moved(session.ends_at, shift)
    changed_by(copy, by)
    copy.save()
    for day in days if len(days) > 1 else []:
        copy.parts.create(starts_at=_moved(day.starts_at, shift), ends_at=_moved(day.ends_at, shift))
    return copy


_COPIED = (
    "mode",
    "venue",
    "street",
    "city",
    "join_url",
    "capacity",
    "languages",
    "has_captions",
    "access",
    "area",
    "offer_hours",
)


def _moved(moment: datetime, shift: timedelta) -> datetime:
    return (moment.astimezone(CHICAGO).replace(tzinfo=None) + shift).replace(tzinfo=CHICAGO)


def free_slug(course: Course, starts_at: datetime) -> str:
    """A short name for a session, from the course and the day, that none has yet."""
    base = f"{slugify(course.slug)[:90]}-{starts_at.astimezone(CHICAGO):%Y-%m-%d}"
    slug, number = base, 1
    while Session.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def refresh_pages_after_crossing(*, now: datetime) -> bool:
    """Empties the page cache when a session has just begun or ended, or its registration closed, by the clock."""
    since = now - CROSSING
    crossed = Session.objects.filter(state=Session.State.PUBLISHED).filter(
        Q(starts_at__gt=since, starts_at__lte=now)
        | Q(ends_at__gt=since, ends_at__lte=now)
        | Q(registration_closes_at__gt=since, registration_closes_at__lte=now)
    )
    if crossed.exists():
        empty_page_cache()
        return True
    return False
