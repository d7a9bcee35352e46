"""How people pass a page on: plain links that load nothing from other sites, and the picture these show of a call."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.models import CallToAction


@dataclass(frozen=True)
class ShareLink:
    """One way to share: the words of the link, its address, and the icon beside it."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class Share:
    """The address to copy, and the links."""

    address: str
    links: list[ShareLink]


def share_links(title: str, address: str) -> Share:
    """Ways to share the page at a full public address."""
    mail = urlencode({"subject": title, "body": f"{title}\n\n{address}"}, quote_via=quote)
    post = urlencode({"text": title, "url": address}, quote_via=quote)
    page = quote(address, safe="")
    return Share(
        address=address,
        links=[
            ShareLink(_("Send it by e-mail"), f"mailto:?{mail}", "mail"),
            ShareLink(
                _("Share on Facebook"), f"https://www.facebook.com/sharer/sharer.php?u={page}", "share-2"
            ),
            ShareLink(_("Share on X"), f"https://x.com/intent/post?{post}", "share-2"),
            ShareLink(
                _("Share on LinkedIn"),
                f"https://www.linkedin.com/sharing/share-offsite/?url={page}",
                "share-2",
            ),
        ],
    )


def share_image_words(call: CallToAction) -> dict[str, Any]:
    """What the picture of a call says, beside the coalition's name."""
    if call.is_over():
        deadline = _("Closed: see what came of it")
    else:
        day = date_format(timezone.localtime(call.closes_at), "l, F j, Y")
        deadline = _("Act by %(day)s") % {"day": day}
    words = {
        "title": call.title,
        "ask": call.ask,
        "kind": capfirst(call.get_kind_display()),
        "deadline": deadline,
    }
    return {name: printable(text) for name, text in words.items()}


def printable(text: str) -> str:
    """Without emoji and other signs that no font of ours has."""
    signs = (
        character for character in text if unicodedata.category(character) not in {"So", "Cs", "Cc", "Cf"}
    )
    return " ".join("".join(signs).split())


def share_image_version(call: CallToAction, *further: str) -> str:
    """Changes with what the picture says, so that nobody shows an old one."""
    words = json.dumps([share_image_words(call), further], sort_keys=True)
    return hashlib.blake2b(words.encode(), digest_size=6).hexdigest()


def share_image_url(call: CallToAction) -> str:
    """Where the picture of a call is."""
    return f"{reverse('campaigns:share_image', args=[call.slug])}?v={share_image_version(call)}"
