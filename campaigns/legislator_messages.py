"""The words of a message to a legislator: greeting, text, signature; and the link that opens it in a mail program."""

from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import CallToAction, LegislatorContact, MessageVariant
from campaigns.visitors import Visitor
from legislation.chambers import Chamber
from legislation.models import Legislator
from mailing.identity import sender_identity
from mailing.services import Draft, Precedence

# Mail programs and browsers cut longer addresses, each at a place of its own; Windows hands on about 2,000 characters.
LONGEST_LINK = 1900


def wording_for(call: CallToAction, visitor: Visitor, chance: int) -> MessageVariant | None:
    """One of the call's wordings by turns: always the same for somebody we know; `chance` decides for a stranger."""
    wordings = list(call.message_variants.all())
    if not wordings:
        return None
    return wordings[(visitor.person.pk if visitor.person else chance) % len(wordings)]


def greeting(legislator: Legislator) -> str:
    """Such as `Dear Senator Gomez,`, in the coalition's language, as the wordings are."""
    with translation.override(settings.LANGUAGE_CODE):
        name = legislator.family_name or legislator.name
        if legislator.chamber == Chamber.UPPER:
            return _("Dear Senator %(name)s,") % {"name": name}
        if legislator.chamber == Chamber.LOWER:
            return _("Dear Representative %(name)s,") % {"name": name}
        return _("Dear %(name)s,") % {"name": legislator.name}


def signature(name: str, zip_code: str) -> str:
    """Name and ZIP code: offices look for their own constituents first."""
    with translation.override(settings.LANGUAGE_CODE):
        place = _("ZIP code %(zip_code)s") % {"zip_code": zip_code} if zip_code else ""
    return "\n".join(line for line in (name, place) if line)


def whole_text(legislator: Legislator, *, text: str, story: str, signed: str) -> str:
    """The message as the legislator reads it. Lines end as Python's do."""
    parts = (greeting(legislator), text, story, signed)
    return "\n\n".join(part for part in ("\n".join(part.splitlines()).strip() for part in parts) if part)


def mail_link(email: str, *, subject: str, text: str) -> str:
    """A `mailto:` address (RFC 6068). A text that makes it too long stays out: it is copied from its box."""
    link = f"mailto:{quote(email, safe='@')}?subject={quote(subject, safe='')}"
    body = quote("\r\n".join(text.splitlines()), safe="")
    whole = f"{link}&body={body}"
    return whole if len(whole) <= LONGEST_LINK else link


def draft(contact: LegislatorContact) -> Draft:
    """The message that we send for a person: plain text from our address, and answers go to the person."""
    person, call = contact.action.person, contact.action.call_to_action
    with translation.override(settings.LANGUAGE_CODE):
        note = _(
            "%(name)s wrote this message and asked %(sender)s to send it. Your answer goes to %(email)s.\n%(url)s"
        ) % {
            "name": person.name,
            "sender": sender_identity().name,
            "email": person.email,
            "url": f"{settings.SITE_URL}{call.get_absolute_url()}",
        }
    return Draft(
        to=contact.legislator.email,
        subject=contact.subject,
        text=f"{contact.text}\n\n-- \n{note}\n",
        reply_to=person.email,
        # A person wrote it: an office may answer it as any other letter.
        headers={"Auto-Submitted": "no"},
        precedence=Precedence.NOTICE,
    )
