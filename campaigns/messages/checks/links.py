"""Links of an alert: whether they can be opened, and whether their words invite a reader or a spam filter."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from campaigns.messages.checks.places import place
from campaigns.messages.checks.problems import Problem, stop, warn
from campaigns.models import AlertBlock, CallToAction, Campaign, Story
from legislation.models import Bill, Committee, Legislator
from partners.models import Organization
from partners.plain_text import anchors_in

SHORTENERS = {
    "bit.ly",
    "buff.ly",
    "cutt.ly",
    "goo.gl",
    "is.gd",
    "lnkd.in",
    "ow.ly",
    "rb.gy",
    "rebrand.ly",
    "shorturl.at",
    "t.co",
    "t.ly",
    "tiny.cc",
    "tinyurl.com",
}
# Words that say nothing about where a link leads.
EMPTY_WORDS = {
    "",
    "click",
    "click here",
    "here",
    "link",
    "more",
    "read more",
    "this",
    "this link",
    "aquí",
    "haga clic aquí",
}
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[0-9()./\-\s]{3,}")
_LOOKS_LIKE_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|edu|gov|net|org|us)(?:/\S*)?", re.IGNORECASE
)
# Pages that show one record: which records have a page that anybody may open.
_PUBLIC: dict[str, Callable[..., QuerySet]] = {
    "campaigns:action": lambda slug: CallToAction.objects.public().filter(slug=slug),
    "campaigns:campaign": lambda slug: Campaign.objects.public().filter(slug=slug),
    "campaigns:story": lambda slug: Story.objects.published().filter(slug=slug),
    "legislation:bill": lambda session, identifier: Bill.objects.filter(
        session=session, identifier=identifier.upper()
    ),
    "legislation:bill_by_number": lambda identifier: Bill.objects.filter(
        identifier=identifier.replace("-", "").upper()
    ),
    "legislation:committee": lambda slug: Committee.objects.filter(slug=slug),
    "legislation:legislator": lambda slug: Legislator.objects.filter(slug=slug),
    "partners:organization": lambda slug: Organization.objects.listed().filter(slug=slug),
}


@dataclass(frozen=True)
class Link:
    """One link of an alert: its address, the words it stands on, and where staff find it."""

    url: str
    words: str
    where: str


def links_of(blocks: Sequence[AlertBlock]) -> list[Link]:
    """Every link in the blocks' English and Spanish text."""
    return [
        Link(url, words, place(number, block, language))
        for number, block in enumerate(blocks, start=1)
        for language, html in (("en", block.text), ("es", block.text_es))
        for url, words in anchors_in(html)
    ]


def pictures_of(blocks: Sequence[AlertBlock]) -> list[Link]:
    """The pictures' addresses, which are asked for like links."""
    return [
        Link(block.url, block.label, place(number, block))
        for number, block in enumerate(blocks, start=1)
        if block.kind == AlertBlock.Kind.IMAGE and block.url
    ]


def link_problems(html: str) -> list[str]:
    """Links of rich text that would lead nowhere from a mail program, in words for a form."""
    return [words for url, _words in anchors_in(html) if (words := _unreachable(url))]


def problems_of_link(link: Link) -> Iterator[Problem]:
    """What is wrong with one link, as far as it can be told without leaving the house."""
    if words := _unreachable(link.url):
        yield stop(words, link.where)
        return
    parts = urlsplit(link.url)
    if is_internal(parts):
        yield from _problems_at_home(link, parts)
    if (parts.hostname or "").removeprefix("www.") in SHORTENERS:
        yield warn(
            _("%(link)s hides where it leads. Spam filters block such links: use the whole address.")
            % {"link": link.url},
            link.where,
        )
    yield from _problems_of_words(link, parts)


def outside_links(links: Sequence[Link]) -> list[str]:
    """Addresses on other sites, each once, that can be tried; those with a merge field differ for everybody."""
    found: dict[str, None] = {}
    for link in links:
        if not _unreachable(link.url) and "{{" not in link.url:
            parts = urlsplit(link.url)
            if parts.scheme in {"http", "https"} and not is_internal(parts):
                found[link.url] = None
    return list(found)


def is_internal(parts: SplitResult) -> bool:
    """Whether an address lies on this portal."""
    return parts.scheme in {"http", "https"} and parts.netloc == urlsplit(settings.SITE_URL).netloc


def _unreachable(url: str) -> str:
    """Why an address cannot be opened from a mail program, in words; empty when it can."""
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_sound = urlsplit(""), False
    if parts.scheme == "mailto":
        sound = bool(_MAILBOX.fullmatch(parts.path))
        return (
            "" if sound else _("“%(link)s” is not an e-mail address that can be written to.") % {"link": url}
        )
    if parts.scheme == "tel":
        sound = bool(_PHONE.fullmatch(parts.path))
        return "" if sound else _("“%(link)s” is not a telephone number that can be called.") % {"link": url}
    if parts.scheme in {"http", "https"} and parts.hostname and port_is_sound and " " not in url.strip():
        return ""
    return _("The link to “%(link)s” needs its whole address, beginning with https://.") % {"link": url}


def _problems_at_home(link: Link, parts: SplitResult) -> Iterator[Problem]:
    """Whether the portal has this page, and whether readers may see it."""
    if "{{" in link.url:
        return
    try:
        match = resolve(parts.path or "/")
    except Resolver404:
        yield stop(_("There is no page %(link)s on this portal.") % {"link": link.url}, link.where)
        return
    records = _PUBLIC.get(match.view_name)
    if records and not records(**match.kwargs).exists():
        yield stop(
            _("%(link)s is not there or not published: readers would find an error page.")
            % {"link": link.url},
            link.where,
        )
    elif match.view_name.startswith("admin:"):
        yield stop(_("%(link)s is a page of the staff desk.") % {"link": link.url}, link.where)
    elif getattr(match.func, "login_required", True):
        yield warn(_("Readers must sign in before they see %(link)s.") % {"link": link.url}, link.where)


def _problems_of_words(link: Link, parts: SplitResult) -> Iterator[Problem]:
    words = link.words.strip(" .:!›»→").lower()
    if words in EMPTY_WORDS:
        yield warn(
            _("A link says “%(words)s”. Let its words say what it opens.") % {"words": link.words}, link.where
        )
    elif _LOOKS_LIKE_ADDRESS.fullmatch(words):
        named = urlsplit(words if "//" in words else f"https://{words}").hostname or ""
        if named.removeprefix("www.") != (parts.hostname or "").removeprefix("www."):
            yield stop(
                _("A link shows the address %(shown)s but opens %(link)s. Mail programs warn of such links.")
                % {"shown": link.words, "link": link.url},
                link.where,
            )
        else:
            yield warn(
                _(
                    "A link shows its bare address, %(shown)s. Words that say what it opens are read and trusted more."
                )
                % {"shown": link.words},
                link.where,
            )
