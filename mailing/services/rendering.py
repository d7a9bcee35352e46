"""From a compiled mailing to one recipient's message."""

from collections.abc import Mapping
from datetime import datetime
from email.message import Message

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from mailing import tokens
from mailing.compile import Content, RenderedMessage, compile_content
from mailing.message import build_message, message_id, sender_domain
from mailing.models import Delivery, Mailing


def render_delivery(*, mailing: Mailing, delivery: Delivery) -> RenderedMessage:
    """The message of one delivery with all slots and links filled."""
    content = Content(mailing.subject, mailing.text, mailing.html)
    return content.fill(
        slots=delivery.slots,
        urls=_urls(
            tokens.unsubscribe_token(delivery),
            tokens.address_token(delivery.email),
            tokens.view_token(delivery),
        ),
        link=lambda number: _address("go", tokens.link_token(delivery, number)),
    )


def render(*, mailing: Mailing, delivery: Delivery, date: datetime | None = None) -> Message:
    """The message of one delivery as it is mailed, with the headers that bulk mail owes its readers.

    Source: RFC 2369 and 8058 for the List headers.
    """
    rendered = render_delivery(mailing=mailing, delivery=delivery)
    return build_message(
        to=delivery.email,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        from_header=mailing.from_header,
        reply_to=mailing.reply_to,
        message_id=message_id("m", mailing.pk, delivery.pk),
        date=date or timezone.now(),
        headers={
            "List-Id": f"<{mailing.topic.slug}.{sender_domain()}>",
            "List-Unsubscribe": f"<{_address('unsubscribe', tokens.unsubscribe_token(delivery))}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def render_preview(*, subject: str, text: str, html: str, slots: Mapping[str, str]) -> RenderedMessage:
    """A written message as a recipient with these slots would see it.

    Links lead straight to their targets; the engine's own links lead to pages that say this is a preview.
    Raises `CompileError` for a slot that nobody fills.
    """
    content = compile_content(subject=subject, text=text, html=html)
    return content.fill(
        slots=slots,
        urls=_urls(tokens.PREVIEW, tokens.PREVIEW, tokens.PREVIEW),
        link=lambda number: settings.SITE_URL,
    )


def _urls(unsubscribe: str, preferences: str, view: str) -> dict[str, str]:
    return {
        "unsubscribe_url": _address("unsubscribe", unsubscribe),
        "preferences_url": _address("preferences", preferences),
        "view_url": _address("view_online", view),
    }


def _address(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(f"mailing:{name}", args=[token])
