"""Rich text as a mail program without HTML shows it: the text part says the same as the HTML part."""

import re
from html.parser import HTMLParser
from itertools import pairwise

_BLOCKS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr"}


class _Reader(HTMLParser):
    """Walks sanitised rich text and collects paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self.words = ""
        self.lists: list[int | None] = []  # One entry per open list: its last number, or None for bullets.
        self.mark = ""
        self.quotes = 0
        self.link = ""
        self.link_start = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_paragraph()
        if tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li" and self.lists:
            number = self.lists[-1]
            if number is None:
                self.mark = "- "
            else:
                self.lists[-1] = number + 1
                self.mark = f"{number + 1}. "
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "hr":
            self.paragraphs.append("-" * 20)
        elif tag == "br":
            self.words += "\n"
        elif tag == "a":
            self.link, self.link_start = dict(attrs).get("href") or "", len(self.words)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_paragraph()
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "a" and self.link:
            address = re.sub(r"^(mailto|tel):", "", self.link)
            if address not in self.words[self.link_start :]:
                self.words += f" ({address})"
            self.link = ""

    def handle_data(self, data: str) -> None:
        self.words += re.sub(r"\s+", " ", data)

    def end_paragraph(self) -> None:
        lines = [line.strip() for line in self.words.split("\n")]
        self.words = ""
        if not any(lines):
            return
        room = "> " * self.quotes + "  " * max(0, len(self.lists) - 1)
        first = room + self.mark
        rest = room + " " * len(self.mark)
        self.mark = ""
        self.paragraphs.append("\n".join(f"{rest if n else first}{line}" for n, line in enumerate(lines)))


def plain_text(html: str) -> str:
    """The text of rich text: paragraphs apart, lists marked, each link's address after its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    parts = reader.paragraphs
    text = parts[0] if parts else ""
    for before, after in pairwise(parts):
        # Items of a list stand together; everything else is set apart by an empty line.
        tight = re.match(r"(> )*\s*(- |\d+\. )", before) and re.match(r"(> )*\s*(- |\d+\. )", after)
        text += ("\n" if tight else "\n\n") + after
    return text


def anchors_in(html: str) -> list[tuple[str, str]]:
    """Every link of the rich text in order: its address, and the words it stands on."""
    found: list[tuple[str, str]] = []

    class Anchors(HTMLParser):
        href: str | None = None
        words = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                self.href, self.words = (dict(attrs).get("href") or "").strip(), ""

        def handle_data(self, data: str) -> None:
            self.words += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "a" and self.href is not None:
                found.append((self.href, " ".join(self.words.split())))
                self.href = None

    reader = Anchors()
    reader.feed(html)
    reader.close()
    return found
