"""The few words around what was found, with what was found marked. Nothing of a text's own HTML comes through."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from partners.searching import LONGEST_SEARCHED, SEARCH_CONFIG
from portal.search.asked import Asked

# What PostgreSQL reads of a text to choose the words around what was found.
WINDOW = 1200
# Words within so many letters stand together; so much is shown before them; so many places are compared.
NEAR, BEFORE, MOST_PLACES = 250, 120, 60
# Signs that no text holds, because they are taken out before.
_OPENS, _CLOSES = "\x02", "\x03"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A blank in their place: two paragraphs do not run into each other.
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
_CUT_TAG = re.compile(r"<[^<>]*\Z")
_SIGNS = f"StartSel={_OPENS}, StopSel={_CLOSES}"
_TEXT = f'{_SIGNS}, MaxWords=34, MinWords=18, ShortWord=2, MaxFragments=2, FragmentDelimiter=" … "'
_TITLE = f"{_SIGNS}, HighlightAll=true"
_MARKED = """
SELECT ts_headline(%s::regconfig, title, words, %s), ts_headline(%s::regconfig, body, words, %s)
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS texts (title, body, place),
     to_tsquery(%s::regconfig, %s) AS words
ORDER BY place
"""


@dataclass(frozen=True)
class Excerpt:
    """Title and text of something found, ready for a page."""

    title: SafeString
    text: SafeString


def excerpts(asked: Asked, texts: Sequence[tuple[str, str]]) -> list[Excerpt]:
    """For titles and texts, which may be HTML, their excerpts. One read."""
    if not texts:
        return []
    titles = [_one_line(title) for title, _text in texts]
    bodies = [around(plain(text), asked.stems) for _title, text in texts]
    with connection.cursor() as cursor:
        cursor.execute(
            _MARKED, [SEARCH_CONFIG, _TITLE, SEARCH_CONFIG, _TEXT, titles, bodies, SEARCH_CONFIG, asked.query]
        )
        told = cursor.fetchall()
    return [
        Excerpt(title=_marked(title), text=_marked(_goes_on(text, body)))
        for (title, text), body in zip(told, bodies, strict=True)
    ]


def _goes_on(text: str, whole: str) -> str:
    """The words with a sign that more follows, unless they are the end."""
    bare = text.replace(_OPENS, "").replace(_CLOSES, "")
    return text if whole.endswith(bare[-40:]) else f"{text} …"


def around(text: str, stems: Sequence[str]) -> str:
    """The part of a long text where most of the words stand together, so that PostgreSQL need not read all of it."""
    if len(text) <= WINDOW or not stems:
        return text[:WINDOW]
    lower = text.lower()
    places = [place.start() for place in re.finditer("|".join(map(re.escape, stems)), lower)][:MOST_PLACES]
    best = max(places, key=lambda place: _wealth(lower[place : place + NEAR], stems), default=0)
    start = text.rfind(" ", 0, max(0, best - BEFORE)) + 1
    return ("… " if start else "") + text[start : start + WINDOW]


def _wealth(part: str, stems: Sequence[str]) -> int:
    return sum(stem in part for stem in stems)


def plain(text: str) -> str:
    """A text without tags and entities, as much of it as is searched."""
    if len(text) > LONGEST_SEARCHED:
        text = _CUT_TAG.sub("", text[:LONGEST_SEARCHED])
    return _one_line(html.unescape(_TAGS.sub(" ", text)))


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _marked(text: str) -> SafeString:
    """Escapes everything, then marks what was found."""
    safe = escape(text).replace(_OPENS, "<mark>").replace(_CLOSES, "</mark>")
    return mark_safe(safe.replace("</mark> <mark>", " "))  # noqa: S308 (escaped above)
