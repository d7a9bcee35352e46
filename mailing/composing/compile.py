"""Turns a written message into one with slots, and fills the slots for one recipient.

A written message holds `{{ first_name }}` or, with words for those who lack it, `{{ first_name|Friend }}`. Compiled,
a slot stands as `{{first_name|Friend}}`, inside the address of a link as `{{url:first_name}}`, and each tracked link
as `{{link:7}}`, where 7 is the link's number. Filling is a single pass, so what comes out of a slot is never read
as a slot again. In HTML the words after the bar are HTML, like everything around them.
"""

import html as html_module
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from mailing.errors import CompileError

# What the mail engine fills itself, a different address for each recipient.
ENGINE_SLOTS = frozenset({"unsubscribe_url", "preferences_url", "view_url", "why_url"})
MAX_LINK_LENGTH = 1000

# Rich-text editors like to turn the blanks inside of a slot into hard ones.
_BLANK = r"(?:\s|&nbsp;)*"
_WRITTEN = re.compile(r"\{\{" + _BLANK + r"([^{}|]*?)" + _BLANK + r"(?:\|([^{}]*))?\}\}")
_NAME = re.compile(r"[a-z][a-z_]*")
COMPILED = re.compile(r"\{\{(?:(url):)?([a-z_]+)(?:\|([^{}]*))?\}\}|\{\{link:([0-9]+)\}\}")
_HREF = re.compile(
    r"""(<a\b(?:[^>"']|"[^"]*"|'[^']*')*?\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_TEXT_LINK = re.compile(r"https?://(?:\{\{[^{}]*\}\}|[^\s<>\"'])+", re.IGNORECASE)
# Control characters, line separators, marks that turn the direction of what follows, half characters.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_UNSAFE_IN_BODY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True)
class RenderedMessage:
    """One recipient's message, every slot filled: the subject line, the text part, the HTML part."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Content:
    """A compiled message: what every recipient gets, with slots where they differ."""

    subject: str
    text: str
    html: str

    def fill(
        self, *, slots: Mapping[str, object], urls: Mapping[str, str], link: Callable[[int], str]
    ) -> RenderedMessage:
        """The message for one recipient.

        `slots` are personal values, untrusted; `urls` the engine's addresses; `link` gives a link's address.
        """

        def fill_part(text: str, escape: Callable[[str], str], read: Callable[[str], str]) -> str:
            def one(match: re.Match[str]) -> str:
                in_url, name, fallback, number = match.groups()
                if number:
                    return escape(link(int(number)))
                if name in ENGINE_SLOTS:
                    value = urls[name]
                else:
                    value = personal_value(slots, name, read(fallback or ""))
                return escape(quote(value, safe="") if in_url else value)

            return COMPILED.sub(one, text)

        return RenderedMessage(
            subject=clean(fill_part(self.subject, _as_is, _as_is)),
            text=fill_part(self.text, _as_is, _as_is),
            html=fill_part(self.html, html_module.escape, html_module.unescape),
        )


def personal_value(slots: Mapping[str, object], name: str, fallback: str) -> str:
    """What stands in the place of a personal slot: never more than one line."""
    value = slots.get(name)
    return (clean(value) if value is not None else "") or fallback


def clean(value: object) -> str:
    """A value that stays on one line and in its place: no control characters, no runs of blanks."""
    text = str(value)
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(_UNSAFE.sub(" ", text).split())


def clean_body(text: str) -> str:
    """A whole text with one kind of line end and no control characters."""
    return _UNSAFE_IN_BODY.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def compile_content(
    *,
    subject: str,
    text: str,
    html: str,
    number: Callable[[str], int] | None = None,
    known: Collection[str] | None = None,
) -> Content:
    """Checks the slots and puts `number(target)` in the place of every link that can be tracked.

    Without `number` links stay as they are, for a preview. `known` are the names of personal slots that the caller
    fills; without it any name in small letters will do. Raises `CompileError` for a slot that nobody fills.
    """
    replace = (lambda url: f"{{{{link:{number(url)}}}}}") if number else None
    return Content(
        subject=_check_subject(_check_slots(clean(subject), known)),
        text=_compile_text(_check_slots(clean_body(text), known), replace),
        html=_compile_html(_check_slots(clean_body(html), known, _as_html), replace),
    )


def find_links(*, text: str, html: str) -> list[str]:
    """The targets of all links that can be tracked, each once, the HTML part's first."""
    found: dict[str, None] = {}

    def remember(url: str) -> str:
        found[url] = None
        return url

    _compile_html(_check_slots(clean_body(html), None, _as_html), remember)
    _compile_text(_check_slots(clean_body(text), None), remember)
    return list(found)


def _check_slots(
    text: str, known: Collection[str] | None, read: Callable[[str], str] = lambda fallback: fallback
) -> str:
    def one(match: re.Match[str]) -> str:
        name, fallback = match[1], read(clean(match[2] or ""))
        if name in ENGINE_SLOTS and not match[2]:
            return f"{{{{{name}}}}}"
        if not _NAME.fullmatch(name) or name in ENGINE_SLOTS or (known is not None and name not in known):
            raise CompileError(_nobody_fills(match[0].strip("{}").strip(), known))
        return f"{{{{{name}|{fallback}}}}}" if fallback else f"{{{{{name}}}}}"

    return _WRITTEN.sub(one, text)


def _check_subject(subject: str) -> str:
    for slot in COMPILED.finditer(subject):
        if slot[2] in ENGINE_SLOTS:
            raise CompileError(_("A subject cannot hold the address {{ %(name)s }}.") % {"name": slot[2]})
    return subject


def _nobody_fills(slot: str, known: Collection[str] | None) -> str:
    words = _("Nothing fills {{ %(name)s }}.") % {"name": slot}
    if known:
        names = ", ".join(f"{{{{ {name} }}}}" for name in sorted(known))
        words = f"{words} {_('Use %(known)s.') % {'known': names}}"
    return words


def _as_html(fallback: str) -> str:
    """The words after the bar with each special character written out, also where the editor did not."""
    return html_module.escape(html_module.unescape(fallback))


def _compile_html(html: str, replace: Callable[[str], str] | None) -> str:
    def one(match: re.Match[str]) -> str:
        value = match[2] if match[2] is not None else match[3]
        return f'{match[1]}"{_compile_link(html_module.unescape(value), replace, html_module.escape)}"'

    return _HREF.sub(one, html)


def _compile_text(text: str, replace: Callable[[str], str] | None) -> str:
    def one(match: re.Match[str]) -> str:
        url = match[0].rstrip(".,;:!?")
        if url.endswith(")") and "(" not in url:
            url = url.rstrip(").,;:!?")
        return _compile_link(url, replace, _as_is) + match[0][len(url) :]

    return _TEXT_LINK.sub(one, text)


def _compile_link(url: str, replace: Callable[[str], str] | None, escape: Callable[[str], str]) -> str:
    """What stands in the place of one link's address."""
    slot = COMPILED.search(url)
    if slot and slot[0] == url and slot[2] in ENGINE_SLOTS:
        return url
    if slot:
        # Personal parts make a different address for everybody: it is mailed as it is, each part quoted.
        return escape(COMPILED.sub(_in_url, url))
    if replace and _can_be_tracked(url):
        return replace(url)
    return escape(url)


def _can_be_tracked(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc) and len(url) <= MAX_LINK_LENGTH


def _in_url(slot: re.Match[str]) -> str:
    return f"{{{{url:{slot[2]}|{slot[3]}}}}}" if slot[3] else f"{{{{url:{slot[2]}}}}}"


def _as_is(value: str) -> str:
    return value
