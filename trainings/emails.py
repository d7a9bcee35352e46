"""What people are written about their trainings. Built here, queued by the services."""

from datetime import datetime
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partners.emails import Message, render_message
from partners.gatherings.models import Notice
from trainings.models import Enrollment, Registration, Session
from trainings.tokens import full, place_address, registration_address


def _message(template: str, subject: str, row: Enrollment, **more: Any) -> Message:
    """One mail to somebody who takes part or waits, with the links that are theirs alone."""
    session = row.session
    return render_message(
        f"trainings/email/{template}",
        to=row.person.email,
        subject=subject % {"title": Truncator(session.course.title).chars(120)},
        session=session,
        course=session.course,
        days=session.days,
        enrollment=row,
        person=row.person,
        page_url=full(session.get_absolute_url()),
        course_url=full(session.course.get_absolute_url()),
        place_url=full(place_address(row)),
        calendar_url=full(place_address(row, "place_ics")),
        **more,
    )


def registered(row: Enrollment) -> Message:
    """To each person: the seat or the place in line, when and where, the link to manage it."""
    registration = row.registration
    other = registration.contact if registration and registration.contact_id != row.person_id else None
    subject = _("You have a seat: %(title)s") if row.has_seat else _("You are on the waiting list: %(title)s")
    return _message("registered", subject, row, registered_by=other)


def registration_received(registration: Registration, rows: list[Enrollment]) -> Message:
    """To whoever registered colleagues: the reference, who has a seat and who waits."""
    session = registration.session
    return render_message(
        "trainings/email/registration_received",
        to=registration.contact.email,
        subject=_("Your registration %(reference)s: %(title)s")
        % {
            "reference": registration.reference,
            "title": Truncator(session.course.title).chars(100),
        },
        registration=registration,
        session=session,
        course=session.course,
        days=session.days,
        seated=[row for row in rows if row.has_seat],
        waiting=[row for row in rows if not row.has_seat],
        person=registration.contact,
        registration_url=full(registration_address(registration)),
        page_url=full(session.get_absolute_url()),
    )


def seat_offered(row: Enrollment) -> Message:
    """A seat became free: accept or decline it until the deadline."""
    return _message("seat_offered", _("A seat for you: %(title)s"), row)


def seat_taken(row: Enrollment) -> Message:
    """The seat is theirs: when, where, how to join."""
    return _message("registered", _("You have a seat: %(title)s"), row, waited=True)


def way_changed(row: Enrollment) -> Message:
    """That somebody takes part in another way from now on: where they go, or how they join."""
    subject = _("You take part online: %(title)s") if row.is_online else _("You come in person: %(title)s")
    return _message("way_changed", subject, row)


def offer_ended(row: Enrollment) -> Message:
    """The time to accept is over; how to get in line again."""
    return _message("offer_ended", _("The offered seat went on: %(title)s"), row)


def place_cancelled(row: Enrollment, refund: object) -> Message:
    """Says that a place was given back, and what goes back of the fee."""
    return _message("place_cancelled", _("You are no longer registered: %(title)s"), row, refund=refund)


def already_registered(row: Enrollment) -> Message:
    """To somebody who was registered a second time: nothing changed, and their own link once more."""
    return _message("already_registered", _("You are registered already: %(title)s"), row)


def reminder(row: Enrollment, kind: Notice.Kind) -> Message:
    """Reminds somebody with a seat a week, a day or an hour before."""
    # Without "tomorrow": a reminder that was held up would say the wrong day.
    subject = _("Starts soon: %(title)s") if kind == Notice.Kind.HOUR else _("Reminder: %(title)s")
    return _message("reminder", subject, row, kind=kind)


def moved(row: Enrollment) -> Message:
    """Tells of another time or place."""
    return _message("moved", _("Changed: %(title)s"), row)


def cancelled(row: Enrollment) -> Message:
    """Tells that the session does not take place, and why."""
    return _message("cancelled", _("Cancelled: %(title)s"), row)


def expires_with(session: Session, now: datetime) -> datetime | None:
    """Until when a message about a session is worth sending: until it ends; None for one that is over."""
    return session.ends_at if session.ends_at > now else None
