"""The messages a visitor's answer causes: confirm it, thanks for it, what came of it. Built here, queued by services."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import ActionTaken, CallToAction, SharedStory, Signature, UnconfirmedAction
from campaigns.reply_links import reply_token
from campaigns.tokens import confirmation_token, withdrawal_token
from mailing.identity import sender_identity
from partners.models import Organization, Person
from partners.sharing import share_links


@dataclass(frozen=True)
class Message:
    """One message: subject, text part, HTML part."""

    subject: str
    text: str
    html: str


def message_from(template: str, subject: str, context: dict[str, object]) -> Message:
    """Both parts of one mail from `<template>.html` and `<template>.txt`, with who sends it."""
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
    return message_from(
        "confirm_action",
        _("Please confirm: %(title)s") % {"title": call.title},
        {"call": call, "confirm_url": f"{settings.SITE_URL}{address}"},
    )


def action_receipt(action: ActionTaken) -> Message:
    """Thanks somebody whose answer is on record, with the reference and the next step.

    Whoever shared a story finds the link here by which they withdraw it.
    """
    call = action.call_to_action
    shared = getattr(action, "shared_story", None)
    call_url = f"{settings.SITE_URL}{call.get_absolute_url()}"
    return message_from(
        "action_receipt",
        _("Thank you: %(title)s") % {"title": call.title},
        {
            "call": call,
            "action": action,
            "call_url": call_url,
            "share": share_links(call.title, f"{call_url}?source=receipt"),
            "withdraw_url": withdrawal_address(shared) if shared else "",
        },
    )


def withdrawal_address(shared: SharedStory) -> str:
    """Where its author withdraws a story, at any time."""
    return settings.SITE_URL + reverse("campaigns:withdraw_story", args=[withdrawal_token(shared)])


def story_declined(shared: SharedStory) -> Message:
    """Thanks an author whose story we do not use, and says why. It repeats nothing of the story."""
    call = shared.action.call_to_action
    return message_from(
        "story_declined",
        _("About the story you shared (%(reference)s)") % {"reference": shared.action.reference},
        {
            "shared": shared,
            "action": shared.action,
            "call": call,
            "call_url": f"{settings.SITE_URL}{call.get_absolute_url()}",
            "withdraw_url": withdrawal_address(shared),
        },
    )


def story_withdrawn(shared: SharedStory) -> Message:
    """The proof that a story is erased: when, which, and the digest by which its author can check it."""
    return message_from(
        "story_withdrawn",
        _("Your story is withdrawn (%(reference)s)") % {"reference": shared.action.reference},
        {"shared": shared, "action": shared.action, "call": shared.action.call_to_action},
    )


def letter_signed(signature: Signature, person: Person) -> Message:
    """Tells a primary contact that their organization signed a letter, through whom, and the way back."""
    call = signature.call_to_action
    return message_from(
        "letter_signed",
        _("%(organization)s signed: %(title)s")
        % {"organization": signature.organization_name, "title": call.title},
        {
            "call": call,
            "signature": signature,
            "person": person,
            "call_url": f"{settings.SITE_URL}{call.get_absolute_url()}",
            "letter_url": settings.SITE_URL + reverse("campaigns:letter", args=[call.slug]),
        },
    )


def asked_to_sign(call: CallToAction, organization: Organization, contact: Person, asker: Person) -> Message:
    """Asks a primary contact, on a colleague's behalf, to sign a letter for their organization."""
    return message_from(
        "asked_to_sign",
        _("%(name)s asks you to sign: %(title)s") % {"name": asker.name, "title": call.title},
        {
            "call": call,
            "organization": organization,
            "contact": contact,
            "asker": asker,
            "call_url": f"{settings.SITE_URL}{call.get_absolute_url()}?source=colleague",
        },
    )


def result_report(call: CallToAction, person: Person, *, subject: str, text: str) -> Message:
    """Tells somebody who acted what came of it, in staff's words."""
    return message_from(
        "result_report",
        subject,
        {
            "call": call,
            "person": person,
            "words": text,
            "call_url": f"{settings.SITE_URL}{call.get_absolute_url()}?source=result",
        },
    )


def reply_question(action: ActionTaken) -> Message:
    """Asks somebody who wrote to legislators what came back. It names no legislator: mail is read by others too."""
    call = action.call_to_action
    address = reverse("campaigns:action_replies", args=[call.slug, reply_token(action)])
    return message_from(
        "legislator_reply_question",
        _("Did your legislators reply?"),
        {"call": call, "action": action, "replies_url": f"{settings.SITE_URL}{address}"},
    )
