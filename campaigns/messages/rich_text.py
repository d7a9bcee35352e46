"""Staff's rich text as mail programs need it: each element with its own style, lists without gaps."""

import re

import nh3
from django.utils.html import strip_tags

from partners.html import clean_html
from partners.plain_text import plain_text

SERIF = "Bitter,Georgia,serif"
# Some programs drop the style sheet of a message, so what must look right stands at the element.
STYLES = {
    "p": "margin:0 0 18px;",
    "h2": f"margin:28px 0 10px;font:bold 21px/1.3 {SERIF};color:#1D2B2A;",
    "h3": f"margin:22px 0 8px;font:bold 18px/1.35 {SERIF};color:#1D2B2A;",
    "ul": "margin:0 0 18px;padding:0 0 0 24px;",
    "ol": "margin:0 0 18px;padding:0 0 0 24px;",
    "li": "margin:0 0 6px;",
    "a": "color:#1F5F8B;",
    "blockquote": f"margin:0 0 18px;padding:0 0 0 16px;border-left:5px solid #F2B632;font:19px/1.45 {SERIF};",
    "hr": "margin:26px 0;border:0;border-top:1px solid #DDD6C6;",
}
_ITEM = re.compile(r"<li>\s*<p>((?:(?!</?p>|<ul>|<ol>).)*)</p>\s*</li>", re.DOTALL)
_OPENING = re.compile(rf"<({'|'.join(STYLES)})(?=[\s>/])")
_LINE_END = re.compile(r"<br\s*/?>|</(?:p|li|h2|h3|blockquote)>")
# A bar that parts a number from its words, not the bar inside of a merge field.
_BAR = re.compile(r"\s*\|(?![^{}]*\}\})\s*")


def mail_html(html: str) -> str:
    """Rich text with styles at its elements, sanitised once more."""
    return _styled(tight_lists(clean_html(html)).replace(' rel="noopener"', ""))


def inline_html(html: str) -> str:
    """A line of rich text: links, bold and italic stay, everything else goes."""
    return _styled(
        nh3.clean(clean_html(html), tags={"a", "em", "strong"}, attributes={"a": {"href"}}, link_rel=None)
    )


def fact_lines(html: str) -> list[tuple[str, str, str]]:
    """Each line as its number, its words, and its words in plain text; a line without a bar has no number."""
    facts = []
    for line in _LINE_END.split(html):
        value, bar, words = _parted(line)
        if plain_text(value + words).strip():
            facts.append((plain_text(value) if bar else "", inline_html(words).strip(), plain_text(words)))
    return facts


def _parted(line: str) -> tuple[str, bool, str]:
    parts = _BAR.split(line, maxsplit=1)
    return (strip_tags(parts[0]), True, parts[1]) if len(parts) == 2 else ("", False, line)


def _styled(html: str) -> str:
    return _OPENING.sub(lambda match: f'<{match[1]} style="{STYLES[match[1]]}"', html)


def tight_lists(html: str) -> str:
    """List items without a paragraph of their own, which the editor adds and mail programs space far apart."""
    return _ITEM.sub(r"<li>\1</li>", html)


def literal(text: str) -> str:
    """Words of a call to action, in which double braces mean nothing."""
    return text.replace("{{", "{ {").replace("}}", "} }")


def has_words(html: str) -> bool:
    """Whether rich text says anything."""
    return bool(strip_tags(html).replace("\xa0", " ").replace("&nbsp;", " ").strip())
