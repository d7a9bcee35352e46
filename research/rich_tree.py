"""Staff's rich text as a tree that the typesetter can set: blocks, and runs of words in them.

It knows exactly the elements that `partners.html` lets through; anything else is only its words.
"""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from mailing.composing.compile import clean_body

Block = dict[str, Any]
Run = dict[str, Any]

_TEXT_BLOCKS = {"p": "p", "h2": "h2", "h3": "h3"}
_HOLDERS = {"ul", "ol", "li", "blockquote"}
_MARKS = {"strong": "bold", "em": "italic"}


class _Reader(HTMLParser):
    """Keeps the blocks that are open, and the look of the words being read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.open: list[tuple[str, list[Block]]] = [("", self.blocks)]
        self.runs: list[Run] | None = None
        self.marks: list[str] = []
        self.href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _TEXT_BLOCKS:
            self._begin(_TEXT_BLOCKS[tag])
        elif tag in _HOLDERS:
            self.runs = None
            held: list[Block] = []
            self.open[-1][1].append({"kind": tag, "blocks": held})
            self.open.append((tag, held))
        elif tag in _MARKS:
            self.marks.append(_MARKS[tag])
        elif tag == "a":
            self.href = dict(attrs).get("href") or ""
        elif tag == "br":
            self._add("\n")
        elif tag == "hr":
            self.runs = None
            self.open[-1][1].append({"kind": "hr"})

    def handle_endtag(self, tag: str) -> None:
        if tag in _TEXT_BLOCKS:
            self.runs = None
        elif tag in _HOLDERS:
            self.runs = None
            if any(name == tag for name, _held in self.open[1:]):
                while self.open.pop()[0] != tag:
                    pass
        elif tag in _MARKS and _MARKS[tag] in self.marks:
            self.marks.remove(_MARKS[tag])
        elif tag == "a":
            self.href = ""

    def handle_data(self, data: str) -> None:
        if data.strip() or self.runs is not None:
            before, after = _edges(data)
            self._add(f"{before}{' '.join(data.split())}{after}")

    def _begin(self, kind: str) -> None:
        self.runs = []
        self.open[-1][1].append({"kind": kind, "runs": self.runs})

    def _add(self, words: str) -> None:
        if self.runs is None:
            self._begin("p")
        assert self.runs is not None
        look: Run = dict.fromkeys(self.marks, True)
        if self.href:
            look["href"] = self.href
        self.runs.append({"text": clean_body(words), **look})


def _edges(data: str) -> tuple[str, str]:
    """The blanks before and after words, each as one."""
    return (" " if data[:1].isspace() else "", " " if data[-1:].isspace() and data.strip() else "")


def rich_tree(html: str) -> list[Block]:
    """`[{"kind": "p", "runs": [{"text": …, "bold": True, "href": …}]}, {"kind": "ul", "blocks": […]}]`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [block for block in reader.blocks if not _is_empty(block)]


def _is_empty(block: Mapping[str, Any]) -> bool:
    if block["kind"] == "hr":
        return False
    if "runs" in block:
        return not any(run["text"].strip() for run in block["runs"])
    return all(_is_empty(inner) for inner in block["blocks"])
