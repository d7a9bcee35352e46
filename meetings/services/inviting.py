"""Inviting partners to a coming event, so that those come who are missing."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mailing.composing.compile import clean, clean_body
from mailing.services import queue_messages
from meetings import invite_emails
from meetings.invite_next import invite_next, may_invite
from meetings.models import Event, EventInvitation
from partners.errors import NotAllowed
from partners.models import User

LONGEST_SUBJECT, LONGEST_MESSAGE = 150, 3000


@transaction.atomic
def invite(
    *, event: Event, organizations: Collection[int], subject: str, message: str, by: User, now: datetime
) -> list[EventInvitation]:
    """Invites the primary contacts of those of `organizations` that are still on the event's list.

    The event is locked, so a double click and a colleague's press come one after the other and ask nobody twice.
    Raises `NotAllowed`.
    """
    if not may_invite(by):
        raise NotAllowed(_("You may not invite people to events."))
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if problem := why_not(event, now):
        raise NotAllowed(problem)
    subject, message = clean(subject).strip(), clean_body(message).strip()
    if not subject or not message:
        raise NotAllowed(_("An invitation needs a subject and a message."))
    if len(subject) > LONGEST_SUBJECT or len(message) > LONGEST_MESSAGE:
        raise NotAllowed(_("The subject or the message is too long."))
    asked = set(event.invitations.values_list("person", flat=True))
    rows = []
    for candidate in invite_next(event, now, only=set(organizations)).rows:
        for person in candidate.contacts:
            if person.pk in asked:
                continue
            # A contact of two partners is asked once.
            asked.add(person.pk)
            rows.append(
                EventInvitation(
                    event=event,
                    organization=candidate.organization,
                    person=person,
                    reasons=sorted(candidate.reasons),
                    invited_at=now,
                    invited_by=by,
                )
            )
    EventInvitation.objects.bulk_create(rows)
    queue_messages(drafts=[invite_emails.invitation(row, subject=subject, words=message) for row in rows])
    return rows


def why_not(event: Event, now: datetime) -> str:
    """Why nobody can be invited to an event now; empty where one can."""
    if event.audience == Event.Audience.STAFF:
        return _("This event is for board and staff only.")
    if event.state == Event.State.DRAFT:
        return _("The event is not published yet, so an invitation would lead nowhere.")
    if not event.takes_registrations(now):
        return _("Nobody can register for this event any more.")
    return ""
