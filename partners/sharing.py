"""How people pass a page on: plain links that load nothing from other sites."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _


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
