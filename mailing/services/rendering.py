"""From a mailing's contents to one recipient's message: as bytes for the wire, or as text to look at."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings

from mailing import tokens
from mailing.composing.compile import Content, RenderedMessage, compile_content
from mailing.composing.pages import page_address
from mailing.composing.splice import Row, SplicedContent
from mailing.composing.splice_plan import Frame
from mailing.models import Delivery, Mailing, MailingContent
from mailing.wire import Ready

DEFAULT_LANGUAGE = MailingContent.Language.ENGLISH
DEFAULT_VARIANT = MailingContent.Variant.A
# Contents that one worker process keeps ready, some 50 KB each.
KEPT_CONTENTS = 64

# By mailing, its time of creation (a restored database may give its number to another), variant and language.
_ContentKey = tuple[int, datetime, str, str]
_ready: OrderedDict[_ContentKey, SplicedContent] = OrderedDict()


class AddressedRow(Row, Protocol):
    """A recipient and the language in which to write."""

    @property
    def language(self) -> str: ...


def wire_messages(
    *, mailing: Mailing, variant: str, deliveries: Sequence[AddressedRow], now: datetime
) -> list[Ready]:
    """The messages of these recipients, in their order, as they go over the wire.

    The compiled contents stay with the process; for a mailing that it has met before, this asks no database.
    """
    contents: dict[str, SplicedContent] = {}
    messages = []
    for delivery in deliveries:
        content = contents.get(delivery.language)
        if content is None:
            content = contents[delivery.language] = _spliced(mailing, variant, delivery.language)
        messages.append(content.message(delivery, now=now))
    return messages


def render_delivery(*, mailing: Mailing, delivery: Delivery) -> RenderedMessage:
    """The message of one delivery with all slots and links filled, as it was or will be mailed."""
    found = find_content(mailing, delivery.batch.variant, delivery.language)
    return _compiled(found).fill(
        slots=delivery.slots,
        urls={
            "unsubscribe_url": page_address("unsubscribe", tokens.unsubscribe_token(delivery)),
            "preferences_url": page_address("preferences", tokens.address_token(delivery.email)),
            "view_url": page_address("view_online", tokens.view_token(delivery)),
            "why_url": page_address("why", tokens.why_token(delivery)),
        },
        link=lambda number: page_address("go", tokens.link_token(delivery, number)),
    )


def render_preview(
    *, subject: str, text: str, html: str, slots: Mapping[str, object], known: Sequence[str] | None = None
) -> RenderedMessage:
    """A written message as a recipient with these slots would see it.

    Links lead straight to their targets; the engine's own links lead to pages that say this is a preview.
    Raises `CompileError` for a slot that nobody fills; `known` as in `compile_content`.
    """
    content = compile_content(subject=subject, text=text, html=html, known=known)
    return content.fill(slots=slots, urls=_preview_urls(), link=lambda number: settings.SITE_URL)


def render_sent_preview(
    *,
    mailing: Mailing,
    slots: Mapping[str, object],
    variant: str = DEFAULT_VARIANT,
    language: str = DEFAULT_LANGUAGE,
) -> RenderedMessage:
    """A compiled mailing as a recipient with these slots saw it, with links straight to their targets."""
    targets = dict(mailing.links.values_list("pk", "url"))
    return _compiled(find_content(mailing, variant, language)).fill(
        slots=slots, urls=_preview_urls(), link=lambda number: targets.get(number, settings.SITE_URL)
    )


def find_content(mailing: Mailing, variant: str, language: str) -> MailingContent:
    """What a recipient gets: in their language where it is written, else in English.

    A variant that is not decided yet counts as A.
    """
    contents = {(content.variant, content.language): content for content in mailing.contents.all()}
    variant = variant or DEFAULT_VARIANT
    for key in [(variant, language), (variant, DEFAULT_LANGUAGE), (DEFAULT_VARIANT, DEFAULT_LANGUAGE)]:
        if key in contents:
            return contents[key]
    raise MailingContent.DoesNotExist(f"Mailing {mailing.pk} says nothing.")


def _spliced(mailing: Mailing, variant: str, language: str) -> SplicedContent:
    """The content cut for splicing, made once per process as long as it is in use."""
    key = (mailing.pk, mailing.created_at, variant, language)
    if key not in _ready:
        frame = Frame(mailing.pk, mailing.topic.slug, mailing.from_header, mailing.reply_to)
        _ready[key] = SplicedContent(_compiled(find_content(mailing, variant, language)), frame)
        if len(_ready) > KEPT_CONTENTS:
            _ready.popitem(last=False)
    _ready.move_to_end(key)
    return _ready[key]


def _compiled(content: MailingContent) -> Content:
    return Content(content.subject, content.text, content.html)


def _preview_urls() -> dict[str, str]:
    pages = {"unsubscribe_url": "unsubscribe", "preferences_url": "preferences"}
    pages |= {"view_url": "view_online", "why_url": "why"}
    return {slot: page_address(page, tokens.PREVIEW) for slot, page in pages.items()}
