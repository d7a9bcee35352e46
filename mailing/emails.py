"""Builds the mail engine's own messages. Writes nothing."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from mailing import tokens
from mailing.composing.compile import RenderedMessage
from mailing.composing.message import sender_domain
from mailing.history import Told
from mailing.identity import SenderIdentity, sender_identity
from mailing.models import Topic

DEFAULT_LANGUAGE = "en"


def confirmation(email: str, topics: Sequence[Topic], token: str, *, language: str = "") -> RenderedMessage:
    """Asks a mailbox whether it wants what somebody signed it up for."""
    sender = sender_identity()
    with override(language or DEFAULT_LANGUAGE):
        context = {"topics": topics, "url": _address("subscribe_confirm", token), "email": email}
        subject = _("Please confirm: updates from %(name)s") % {"name": sender.name}
        return _render("confirm_subscription", subject, context, sender)


def already(email: str) -> RenderedMessage:
    """Tells a mailbox that it gets already what somebody signed it up for."""
    sender = sender_identity()
    context = {"url": _address("preferences", tokens.address_token(email)), "email": email}
    subject = _("You already get updates from %(name)s") % {"name": sender.name}
    return _render("already_subscribed", subject, context, sender)


def weekly_summary(
    email: str, told: Sequence[Told], *, left_out: int, language: str, sender: SenderIdentity
) -> RenderedMessage:
    """One week's messages to an address in two lines each; `left_out` more are not told."""
    token = tokens.address_token(email)
    with override(language or DEFAULT_LANGUAGE):
        number = len(told) + left_out
        subject = ngettext(
            "Your week: one message from %(name)s", "Your week: %(number)d messages from %(name)s", number
        ) % {"number": number, "name": sender.name}
        context = {
            "mail": [(one, _address("view_online", tokens.view_token(one.delivery))) for one in told],
            "left_out": left_out,
            "email": email,
            "all_url": _address("my_mail", token),
            "preferences_url": _address("preferences", token),
            "unsubscribe_url": _stop_summary_url(email),
        }
        return _render("weekly_summary", subject, context, sender)


def summary_headers(email: str) -> dict[str, str]:
    """The headers that bulk mail owes its readers. Source: RFC 2369 and 8058."""
    return {
        "List-Id": f"<weekly-summary.{sender_domain()}>",
        "List-Unsubscribe": f"<{_stop_summary_url(email)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _stop_summary_url(email: str) -> str:
    return _address("stop_summary", tokens.summary_token(email))


def _address(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(f"mailing:{name}", args=[token])


def _render(
    name: str, subject: str, context: Mapping[str, object], sender: SenderIdentity
) -> RenderedMessage:
    context = {**context, "sender": sender, "subject": subject}
    return RenderedMessage(
        subject=subject,
        text=render_to_string(f"mailing/email/{name}.txt", context),
        html=render_to_string(f"mailing/email/{name}.html", context),
    )
