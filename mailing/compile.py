"""Turns a written message into one with slots, and fills the slots for one recipient.

A written message holds `{{ first_name }}` and the like. Compiled, each slot stands as `{{first_name}}`,
inside the address of a link as `{{url:first_name}}`, and each tracked link as `{{link:7}}`, where 7 is the
link's number. Filling is a single pass, so what comes out of a slot is never read as a slot again.
"""

import html as html_module
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from mailing.errors import CompileError

PERSONAL_SLOTS = frozenset({"first_name", "last_name", "organization"})
ENGINE_SLOTS = frozenset({"unsubscribe_url", "preferences_url", "view_url"})
MAX_LINK_LENGTH = 1000

# Rich-text editors like to turn the blanks inside of a slot into hard ones.
_WRITTEN = re.compile(r"\{\{(?:\s|&nbsp;)*([^{}]*?)(?:\s|&nbsp;)*\}\}")
_COMPILED = re.compile(r"\{\{(?:(url):)?([a-z_]+)\}\}|\{\{link:([0-9]+)\}\}")
_HREF = re.compile(
    r"""(<a\b(?:[^>"']|"[^"]*"|'[^']*')*?\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_TEXT_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
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
        self, *, slots: Mapping[str, str], urls: Mapping[str, str], link: Callable[[int], str]
    ) -> RenderedMessage:
        """The message for one recipient.

        `slots` are personal values, untrusted; `urls` the engine's addresses; `link` gives a link's address.
        """
        values = {name: clean(slots.get(name, "")) for name in PERSONAL_SLOTS} | dict(urls)
        return RenderedMessage(
            subject=clean(_splice(self.subject, values, link, _as_is)),
            text=_splice(self.text, values, link, _as_is),
            html=_splice(self.html, values, link, html_module.escape),
        )


def clean(value: object) -> str:
    """A value that stays on one line and in its place: no control characters, no runs of blanks."""
    return " ".join(_UNSAFE.sub(" ", str(value)).split())


def clean_body(text: str) -> str:
    """A whole text with one kind of line end and no control characters."""
    return _UNSAFE_IN_BODY.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def compile_content(
    *, subject: str, text: str, html: str, number: Callable[[str], int] | None = None
) -> Content:
    """Checks the slots and puts `number(target)` in the place of every link that can be tracked.

    Without `number` links stay as they are, for a preview. Raises `CompileError` for an unknown slot.
    """
    replace = (lambda url: f"{{{{link:{number(url)}}}}}") if number else None
    return Content(
        subject=_check_slots(clean(subject)),
        text=_compile_text(_check_slots(clean_body(text)), replace),
        html=_compile_html(_check_slots(clean_body(html)), replace),
    )


def find_links(*, text: str, html: str) -> list[str]:
    """The targets of all links that can be tracked, each once, the HTML part's first."""
    found: dict[str, None] = {}

    def remember(url: str) -> str:
        found[url] = None
        return url

    _compile_html(_check_slots(clean_body(html)), remember)
    _compile_text(_check_slots(clean_body(text)), remember)
    return list(found)


def unknown_slots(text: str) -> Collection[str]:
    """Names between double braces that nobody fills, for a form that wants to say so."""
    return [name for name in _WRITTEN.findall(text) if name not in PERSONAL_SLOTS | ENGINE_SLOTS]


def _check_slots(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] not in PERSONAL_SLOTS | ENGINE_SLOTS:
            raise CompileError(
                _("Nothing fills {{ %(name)s }}. Use %(known)s.")
                % {
                    "name": match[1],
                    "known": ", ".join(f"{{{{ {name} }}}}" for name in sorted(PERSONAL_SLOTS)),
                }
            )
        return f"{{{{{match[1]}}}}}"

    return _WRITTEN.sub(one, text)


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
    slot = _COMPILED.search(url)
    if slot and slot[0] == url and slot[2] in ENGINE_SLOTS:
        return url
    if slot:
        # Personal parts make a different address for everybody: it is mailed as it is, each part quoted.
        return escape(_COMPILED.sub(r"{{url:\2}}", url))
    if replace and _can_be_tracked(url):
        return replace(url)
    return escape(url)


def _can_be_tracked(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc) and len(url) <= MAX_LINK_LENGTH


def _splice(
    text: str, values: Mapping[str, str], link: Callable[[int], str], escape: Callable[[str], str]
) -> str:
    def one(match: re.Match[str]) -> str:
        if match[3]:
            return escape(link(int(match[3])))
        value = values.get(match[2])
        if value is None:
            return match[0]
        return escape(quote(value, safe="") if match[1] else value)

    return _COMPILED.sub(one, text)


def _as_is(value: str) -> str:
    return value
