"""The blocks of a message, each drawn twice from one source: for the HTML part and for the text part."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaigns.messages.rich_text import fact_lines, has_words, mail_html
from campaigns.models import AlertBlock
from partners.plain_text import plain_text

LINE = "-" * 20
Kind = AlertBlock.Kind
# Kinds that say something of their own: Spanish needs each of them in Spanish.
WORDED = {Kind.TEXT, Kind.FACTS, Kind.QUOTE}


@dataclass(frozen=True)
class Part:
    """One block of one message: its HTML, with styles at the elements, and the same in plain text."""

    html: SafeString
    text: str


@dataclass(frozen=True)
class Ask:
    """Where the button leads, what it says by itself, and by when to act ("" to leave that out)."""

    url: str
    label: str
    deadline: str = ""


def words_of(block: AlertBlock, language: str) -> str:
    """The block's rich text in a language; English where there is no Spanish."""
    return block.text_es if language == "es" and has_words(block.text_es) else block.text


def label_of(block: AlertBlock, language: str) -> str:
    """The block's label in a language. A button without one in its language is named by its call to action."""
    if language != "es":
        return block.label.strip()
    spare = "" if block.kind == Kind.BUTTON else block.label
    return (block.label_es.strip() or spare).strip()


def drawn(block: AlertBlock, *, language: str, ask: Ask) -> Part | None:
    """A block in one language; nothing where it has nothing to say."""
    words, label = words_of(block, language), label_of(block, language)
    match block.kind:
        case Kind.TEXT:
            return text_part(words) if has_words(words) else None
        case Kind.FACTS:
            return _facts(words) if has_words(words) else None
        case Kind.QUOTE:
            return _quote(words, label) if has_words(words) else None
        case Kind.BUTTON:
            return button_part(Ask(ask.url, label or ask.label, ask.deadline))
        case Kind.IMAGE:
            return _picture(block.url, label) if block.url else None
        case _:
            return Part(_html(kind=Kind.DIVIDER), LINE)


def text_part(words: str) -> Part:
    """Rich text."""
    return Part(mark_safe(mail_html(words)), plain_text(words))  # noqa: S308


def button_part(ask: Ask) -> Part:
    """The button, and under it the deadline where one is given."""
    text = f"{ask.label}: {ask.url}"
    if ask.deadline:
        text += f"\n\n{ask.deadline}"
    return Part(_html(kind=Kind.BUTTON, label=ask.label, url=ask.url, deadline=ask.deadline), text)


def _facts(words: str) -> Part:
    facts = [(value, mark_safe(html), text) for value, html, text in fact_lines(words)]  # noqa: S308
    lines = [f"* {value}: {text}" if value and text else f"* {value}{text}" for value, _html, text in facts]
    return Part(_html(kind=Kind.FACTS, facts=facts), "\n".join(lines))


def _quote(words: str, label: str) -> Part:
    html = mail_html(words).replace("margin:0 0 18px;", "margin:0 0 6px;")
    text = "\n".join(f"> {line}".rstrip() for line in plain_text(words).split("\n"))
    if label:
        text += f"\n>\n> -- {label}"
    return Part(_html(kind=Kind.QUOTE, html=mark_safe(html), label=label), text)  # noqa: S308


def _picture(url: str, label: str) -> Part:
    return Part(_html(kind=Kind.IMAGE, url=url, label=label), _("[Picture: %(label)s]") % {"label": label})


def _html(**context: object) -> SafeString:
    return mark_safe(render_to_string("campaigns/email/alert_block.html", context).strip())  # noqa: S308
