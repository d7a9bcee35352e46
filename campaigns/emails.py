"""The two messages a visitor's answer causes. Built here, queued by the services."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import ActionTaken, UnconfirmedAction
from campaigns.sharing import share_links
from campaigns.tokens import confirmation_token
from mailing.identity import sender_identity


@dataclass(frozen=True)
class Message:
    """One message: subject, text part, HTML part."""

    subject: str
    text: str
    html: str


def _message(template: str, subject: str, context: dict[str, object]) -> Message:
    # A headline may be of any length and hold anything; a subject is one short line.
    line = " ".join(subject.split())[:150]
    facts = {"sender": sender_identity(), "subject": line, **context}
    return Message(
        subject=line,
        text=render_to_string(f"campaigns/email/{template}.txt", facts),
        html=render_to_string(f"campaigns/email/{template}.html", facts),
    )


def confirmation_request(unconfirmed: UnconfirmedAction) -> Message:
    """Asks whoever owns the mailbox to confirm the answer.

    It repeats nothing that was typed into the form: anybody can type anybody's address.
    """
    call = unconfirmed.call_to_action
    address = reverse("campaigns:action_confirm", args=[confirmation_token(unconfirmed)])
    return _message(
        "confirm_action",
        _("Please confirm: %(title)s") % {"title": call.title},
        {"call": call, "confirm_url": f"{settings.SITE_URL}{address}"},
    )


def action_receipt(action: ActionTaken) -> Message:
    """Thanks a visitor whose answer is on record, with the reference and the next step."""
    call = action.call_to_action
    call_url = f"{settings.SITE_URL}{call.get_absolute_url()}"
    return _message(
        "action_receipt",
        _("Thank you: %(title)s") % {"title": call.title},
        {
            "call": call,
            "action": action,
            "call_url": call_url,
            "share": share_links(call.title, f"{call_url}?source=receipt"),
        },
    )
