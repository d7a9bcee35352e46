"""The mail that invites a partner to an event: the staff's own words, and the facts of the event."""

from django.conf import settings
from django.utils.translation import gettext as _

from mailing.services import Draft, Precedence
from meetings.invite_next import source_of
from meetings.models import EventInvitation
from partners.emails import render_message


def first_subject(title: str) -> str:
    """The subject that staff find on the page and may change."""
    return _("You are invited: %(title)s") % {"title": title}


def first_words() -> str:
    """The words that staff find on the page and may change."""
    return _(
        "We would like to hear from your organization at this event. What you see in your daily work belongs on the "
        "table when we decide what to ask for.\n\n"
        "If you cannot come yourself, please send a colleague: the link works for them too."
    )


def invitation(row: EventInvitation, *, subject: str, words: str) -> Draft:
    """To a primary contact. Once registration is closed it would mislead, so it is not sent then."""
    code = f"?from={source_of(row)}" if row.pk else ""
    message = render_message(
        "meetings/email/invitation",
        to=row.person.email,
        subject=subject,
        event=row.event,
        person=row.person,
        organization=row.organization.name,
        words=words,
        url=settings.SITE_URL + row.event.get_absolute_url() + code,
    )
    return Draft(**message, precedence=Precedence.NOTICE, expires_at=row.event.registers_until)
