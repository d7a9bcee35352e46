"""Builds the mail engine's own messages. Writes nothing."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from mailing.compile import RenderedMessage
from mailing.identity import sender_identity
from mailing.models import Topic
from mailing.tokens import address_token


def confirmation(email: str, topics: Sequence[Topic], token: str) -> RenderedMessage:
    """Asks a mailbox whether it wants what somebody signed it up for."""
    sender = sender_identity()
    context = {"topics": topics, "url": _address("subscribe_confirm", token), "email": email}
    return _render(
        "confirm_subscription", _("Please confirm: updates from %(name)s") % {"name": sender.name}, context
    )


def already(email: str) -> RenderedMessage:
    """Tells a mailbox that it gets already what somebody signed it up for."""
    sender = sender_identity()
    context = {"url": _address("preferences", address_token(email)), "email": email}
    return _render(
        "already_subscribed", _("You already get updates from %(name)s") % {"name": sender.name}, context
    )


def _address(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(f"mailing:{name}", args=[token])


def _render(name: str, subject: str, context: Mapping[str, object]) -> RenderedMessage:
    context = {**context, "sender": sender_identity(), "subject": subject}
    return RenderedMessage(
        subject=subject,
        text=render_to_string(f"mailing/email/{name}.txt", context),
        html=render_to_string(f"mailing/email/{name}.html", context),
    )
