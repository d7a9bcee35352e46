"""From a compiled mailing to one recipient's message."""

from collections.abc import Mapping
from datetime import datetime
from email.message import Message
from functools import cache

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


def render_sent_preview(*, mailing: Mailing, slots: Mapping[str, str]) -> RenderedMessage:
    """A compiled mailing as a recipient with these slots saw it, with links straight to their targets."""
    targets = dict(mailing.links.values_list("pk", "url"))
    return Content(mailing.subject, mailing.text, mailing.html).fill(
        slots=slots,
        urls=_urls(tokens.PREVIEW, tokens.PREVIEW, tokens.PREVIEW),
        link=lambda number: targets.get(number, settings.SITE_URL),
    )


def _urls(unsubscribe: str, preferences: str, view: str) -> dict[str, str]:
    return {
        "unsubscribe_url": _address("unsubscribe", unsubscribe),
        "preferences_url": _address("preferences", preferences),
        "view_url": _address("view_online", view),
    }


def _address(name: str, token: str) -> str:
    before, after = _around_token(name)
    return f"{settings.SITE_URL}{before}{token}{after}"


@cache
def _around_token(name: str) -> tuple[str, str]:
    """The parts of a page's address before and after its token: each message needs several addresses."""
    before, _token, after = reverse(f"mailing:{name}", args=["TOKEN"]).partition("TOKEN")
    return before, after
