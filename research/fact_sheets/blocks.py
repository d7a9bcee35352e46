"""Rich text as flat blocks that a sheet's page and its PDF draw alike: headings, paragraphs, items, quotes of runs."""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from partners.html import clean_html
from research.rich_tree import rich_tree


class Run(TypedDict, total=False):
    """Words of one look; `url` where they are a link."""

    text: str
    bold: bool
    italic: bool
    url: str


class Block(TypedDict):
    """One block: `heading`, `paragraph`, `bullet`, `number` (with `place`) or `quote`."""

    kind: str
    place: int
    runs: list[Run]


def blocks_of(html: str) -> list[Block]:
    """The blocks of staff's rich text, in its order."""
    return list(_flat(rich_tree(clean_html(html)), "paragraph", 0))


def _flat(tree: Sequence[dict[str, Any]], kind: str, place: int) -> Iterator[Block]:
    """`kind` and `place` are those of what holds the words: a paragraph in an item or a quote is that item or quote."""
    for block in tree:
        if "runs" in block:
            if runs := _trimmed([_run(run) for run in block["runs"]]):
                is_heading = block["kind"] in {"h2", "h3"} and kind == "paragraph"
                yield {"kind": "heading" if is_heading else kind, "place": place, "runs": runs}
        elif block["kind"] == "blockquote":
            yield from _flat(block["blocks"], "quote", 0)
        elif block["kind"] in {"ul", "ol"} and kind != "quote":
            for number, item in enumerate(block["blocks"], start=1):
                is_numbered = block["kind"] == "ol"
                yield from _flat([item], "number" if is_numbered else "bullet", number if is_numbered else 0)
        else:
            yield from _flat(block.get("blocks", ()), kind, place)


def _run(run: dict[str, Any]) -> Run:
    if run["text"] == "\n":
        return {"text": " "}
    made: Run = {"text": run["text"]}
    if run.get("bold"):
        made["bold"] = True
    if run.get("italic"):
        made["italic"] = True
    if run.get("href"):
        made["url"] = run["href"]
    return made


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without blanks at either end."""
    while runs and not runs[0]["text"].strip():
        runs = runs[1:]
    while runs and not runs[-1]["text"].strip():
        runs = runs[:-1]
    if runs:
        runs[0]["text"] = runs[0]["text"].lstrip()
        runs[-1]["text"] = runs[-1]["text"].rstrip()
    return runs
