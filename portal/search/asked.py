"""What somebody looks for: words, bill numbers and Public Acts among them, and which kind of things."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from legislation.search.text import SearchText, text_query

MAX_LENGTH = 200
# Nobody reads further, and each further page costs more than the one before.
MOST_PAGES = 20
MOST_STEMS = 8
_UNWANTED = re.compile(r"(?<!\S)-\S+")
_LAST = re.compile(r"[^\W\d_]+\Z")
_WORD = re.compile(r"[^\W_]{2,}")
# Words that a search does not look for, or not as words.
_JOINING = frozenset({"or", "and", "the", "of", "in", "for", "to", "on", "at", "by", "is", "an", "with"})


@dataclass(frozen=True)
class Asked:
    """One search. `kind` is empty for all kinds. `is_whole`: the last word is one, not the beginning of others."""

    q: str = ""
    kind: str = ""
    page: int = 1
    is_whole: bool = False

    @classmethod
    def read(cls, params: Mapping[str, Any], kinds: Container[str]) -> "Asked":
        """Reads an address's query; never fails. What it does not know is left out."""
        words = " ".join(str(params.get("q", "")).replace("\x00", " ").split())[:MAX_LENGTH].strip()
        # Six digits are more than there can be pages.
        kind, page = str(params.get("kind", "")), str(params.get("page", ""))[:6]
        return cls(
            q=words,
            kind=kind if kind in kinds else "",
            page=max(1, min(int(page), MOST_PAGES)) if page.isascii() and page.isdigit() else 1,
        )

    @cached_property
    def text(self) -> SearchText:
        """The words as the search over bills reads them."""
        return SearchText.read(self.q)

    @cached_property
    def query(self) -> str:
        """The words for PostgreSQL, the last one taken as a beginning if it is none we know; "" without words.

        A number of a bill or an act is found wherever it is written about.
        """
        text = self.text
        mentions = [_mention(prefix, number) for prefix, number in text.numbers if prefix]
        if text.public_act:
            # PostgreSQL reads the second part of "104-0012" as a number below zero, so it must read both itself.
            mentions.append(f"'{text.public_act}'")
        if not mentions:
            return text_query(self.q, prefix=not self.is_whole)
        words = text_query(text.words, prefix=not self.is_whole)
        mentioned = f"({' | '.join(mentions)})"
        return f"{words} & {mentioned}" if words else mentioned

    @property
    def last_word(self) -> str:
        """The word that may be unfinished; "" where something else stands last."""
        last = _LAST.search(self.q.lower())
        return last[0] if last else ""

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """How the wanted words begin, whatever their endings: for finding them in a title or a text quickly."""
        wanted = _UNWANTED.sub(" ", self.q.lower())
        words = dict.fromkeys(word for word in _WORD.findall(wanted) if word not in _JOINING)
        return tuple(word[:-2] if len(word) > 5 else word[:4] for word in words)[:MOST_STEMS]

    def address_query(self, **changed: Any) -> str:
        """This search with something else in its place, as an address's query."""
        other = replace(self, **changed)
        pairs: list[tuple[str, Any]] = [("q", other.q)]
        if other.kind:
            pairs.append(("kind", other.kind))
        if other.page > 1:
            pairs.append(("page", other.page))
        return urlencode(pairs)


def _mention(prefix: str, number: int) -> str:
    """The number of a measure as texts write it: "SB3925" or "SB 3925"."""
    return f"'{prefix}{number}' | ('{prefix}' <-> '{number}')"
