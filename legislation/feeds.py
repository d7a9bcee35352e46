"""News of bills as feeds: the same entries as Atom and as JSON Feed 1.1. Every address in them is the portal's own."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from legislation.models import Bill, BillEvent
from legislation.news_words import news_words
from legislation.querysets import BillEventQuerySet
from mailing.composing.compile import clean_body
from partners.services.identity import get_coalition

LATEST = 50
JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True)
class Feed:
    """What a feed tells. `home` and `address` are paths: the page it belongs to, and the feed's own address."""

    title: str
    home: str
    address: str
    events: list[BillEvent]


def feed(*, title: str, home: str, address: str, events: BillEventQuerySet) -> Feed:
    """The newest of the events, each with its bill and our position. One read."""
    rows = events.select_related("bill__tracking").defer("bill__search", "bill__synopsis")
    return Feed(title, home, address, list(rows.order_by("-observed_at", "-id")[:LATEST]))


def entry_id(event: BillEvent) -> str:
    """A name for an entry that never changes, whatever becomes of our addresses or rows (RFC 4151)."""
    host = settings.SITE_URL.split("://", 1)[-1].split(":")[0]
    bill = event.bill
    digest = blake2b(f"{event.kind} {event.key}".encode(), digest_size=10).hexdigest()
    return f"tag:{host},2025:bill/{bill.session}/{bill.identifier}/{digest}"


def entry_title(event: BillEvent) -> str:
    """Such as `HB 1075: Now in committee (was introduced).` Without control characters, which XML cannot hold."""
    return clean_body(f"{event.bill.label}: {capfirst(news_words(event))}")


def entry_text(event: BillEvent) -> str:
    """The change with the bill's title and where it stands, for readers who see nothing else."""
    bill = event.bill
    lines = [capfirst(news_words(event)), f"{bill.label}: {bill.shown_title}"]
    lines.append(_("Where it stands: %(stage)s.") % {"stage": bill.stage_label})
    tracking = bill.public_tracking
    if tracking:
        lines.append(_("Our position: %(position)s.") % {"position": tracking.get_position_display()})
    return clean_body("\n".join(lines))


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _happened(event: BillEvent) -> datetime:
    return event.observed_at.astimezone(UTC)


def atom(told: Feed) -> bytes:
    """The feed as Atom."""
    document = Atom1Feed(
        title=clean_body(told.title),
        link=_address(told.home),
        description="",
        feed_url=_address(told.address),
        language=get_language(),
        author_name=get_coalition().name,
        feed_guid=_address(told.address),
    )
    for event in told.events:
        document.add_item(
            title=entry_title(event),
            link=_address(event.bill.get_absolute_url()),
            description="\n".join(f"<p>{escape(line)}</p>" for line in entry_text(event).splitlines()),
            unique_id=entry_id(event),
            pubdate=_happened(event),
            updateddate=_happened(event),
            categories=[str(event.get_kind_display())],
        )
    return document.writeString("utf-8").encode()


def json_feed(told: Feed) -> bytes:
    """The feed as JSON Feed. Source: https://www.jsonfeed.org/version/1.1/"""
    items = [
        {
            "id": entry_id(event),
            "url": _address(event.bill.get_absolute_url()),
            "title": entry_title(event),
            "content_text": entry_text(event),
            "date_published": localtime(event.observed_at).isoformat(timespec="seconds"),
            "tags": [event.kind],
        }
        for event in told.events
    ]
    document = {
        "version": JSON_FEED,
        "title": told.title,
        "home_page_url": _address(told.home),
        "feed_url": _address(told.address),
        "language": get_language(),
        "authors": [{"name": get_coalition().name, "url": settings.SITE_URL}],
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def respond(request: HttpRequest, told: Feed, *, as_json: bool) -> HttpResponseBase:
    """The feed, or “not modified” for a reader that has it."""
    body = json_feed(told) if as_json else atom(told)
    kind = "application/feed+json" if as_json else "application/atom+xml"
    etag = f'"{blake2b(_content(told), digest_size=12).hexdigest()}"'
    latest = max((int(event.observed_at.timestamp()) for event in told.events), default=None)
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    if latest is not None:
        response["Last-Modified"] = http_date(latest)
    return get_conditional_response(request, etag, latest, response) or response


def _content(told: Feed) -> bytes:
    """What a feed consists of, without the moment at which an empty one was made."""
    entries = (f"{entry_id(event)} {entry_text(event)}" for event in told.events)
    return "\n".join([told.title, *entries]).encode()


def about_bill(bill: Bill) -> str:
    """The title of a bill's feed."""
    return _("News of %(bill)s, %(title)s") % {"bill": bill.label, "title": bill.shown_title}
