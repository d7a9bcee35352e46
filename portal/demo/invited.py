"""The demonstration's invitations: large agencies came first to an event of ours, staff invited who is missing."""

from datetime import datetime, timedelta

from meetings.invite_next import invite_next, source_of
from meetings.models import Attendance, Event, EventInvitation
from partners.gatherings.seats import free_seats
from partners.models import Membership, User
from partners.underrepresented import Verdict, standings

MOST_LARGE, MOST_INVITED = 12, 8
DAYS_AGO = 3
_Kind = Event.Kind


def write_invitations(*, staff: User, now: datetime) -> None:
    """One coming event with a gap: its invitations, and half of those invited registered over the link."""
    coming = Event.objects.coming(now).exclude(kind=_Kind.INTERNAL)
    event = coming.filter(kind=_Kind.COALITION).first() or coming.filter(kind=_Kind.COUNCIL).first()
    if event is None:
        return
    _register_large(event, now)
    found = invite_next(event, now)
    invited_at = now - timedelta(days=DAYS_AGO)
    rows = EventInvitation.objects.bulk_create(
        EventInvitation(
            event=event,
            organization=candidate.organization,
            person=candidate.contacts[0],
            reasons=sorted(candidate.reasons),
            invited_at=invited_at,
            invited_by=staff,
        )
        for candidate in found.rows[: min(MOST_INVITED, len(found.rows) // 2)]
    )
    for row in rows[: len(rows) // 2]:
        _register(event, row.person_id, row.organization_id, source_of(row), invited_at + timedelta(hours=5))


def _register_large(event: Event, now: datetime) -> None:
    """People of partners that are not underrepresented."""
    others = [pk for pk, standing in standings(now).items() if standing.verdict == Verdict.NO]
    contacts = (
        Membership.objects.current()
        .filter(organization__in=others, role=Membership.Role.PRIMARY_CONTACT, person__user=None)
        .order_by("organization")
    )
    if event.area_id:
        contacts = contacts.filter(organization__area=event.area_id)
    for contact in contacts[:MOST_LARGE]:
        _register(event, contact.person_id, contact.organization_id, "newsletter", now - timedelta(days=9))


def _register(event: Event, person: int, organization: int, source: str, moment: datetime) -> None:
    """A place, while there is one, for somebody who has none."""
    if free_seats(event, event.attendances.all()) == 0:
        return
    Attendance.objects.get_or_create(
        event=event,
        person_id=person,
        defaults={
            "organization_id": organization,
            "status": Attendance.Status.REGISTERED,
            "is_online": not event.is_in_person,
            "source": source,
            "registered_at": moment,
        },
    )
