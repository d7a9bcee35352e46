"""Takes apart the one line in which the General Assembly prints the sponsors of a measure.

`Rep. Ana Sample-Bo Example-Cy Meyers-Model, Di Test, Jr. and Eva-Lou Trial (Sen. Fay Draft)`: before the first comma
stand the chief sponsor and, after hyphens, the chief co-sponsors; then, after commas and "and", the co-sponsors. Names
may hold hyphens and commas (`, Jr.`) themselves. How a hyphen is read:

1. Names that the lines of the measure's history spell out ("Added Chief Co-Sponsor Rep. Cy Meyers-Model") are
   recognized whole.
2. Else a hyphen parts two people where both sides are at least two words, given and family name. A single word between
   two hyphens belongs to the name on its left (`Cy Meyers-Model`), unless it is the first half of a double given name
   (`Eva-Lou`), of which a few are known.
"""

import re
from collections.abc import Iterable

from legislation.records import SponsorshipRecord

_SUFFIX = re.compile(r",\s*(Jr\.?|Sr\.?|II|III|IV)(?=\s*(?:,|-|$|\s+and\s|\s*\())")
_HELD = "\x1f"  # stands for the comma of a suffix while the line is split at commas
_TITLE = re.compile(r"^\s*(Rep|Sen)s?\.\s+")
_SENATE_IN_HOUSE = re.compile(r"\(\s*((?:Rep|Sen)s?\.\s[^()]*)\)")
_NAMED = re.compile(r"\b(?:Rep|Sen)\.\s+([^;()]+?)\s*(?:;|$|\()")
_SEPARATORS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_FIRST_HALVES = frozenset({"Ann", "Anna", "Eva", "Jean", "Jo", "Lou", "Marie", "Mary"})
_CHAMBERS = {"Rep": "lower", "Sen": "upper"}


def names_in(lines: Iterable[str]) -> frozenset[str]:
    """Names with a hyphen that lines of a history spell out after `Rep.` or `Sen.`."""
    found = {match.strip() for line in lines for match in _NAMED.findall(line)}
    return frozenset(name for name in found if "-" in name)


def split_hyphens(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    """The people that stand between hyphens, in order. `known`: names with hyphens that are one person's."""
    names: list[str] = []
    rest = text.strip()
    while rest:
        whole = max((name for name in known if _begins_with(rest, name)), key=len, default="")
        name = whole or _first_name(rest, known)
        names.append(name)
        rest = rest[len(name) :].lstrip().removeprefix("-").lstrip()
    return names


def _begins_with(text: str, name: str) -> bool:
    return text == name or text.startswith((name + "-", name + " -"))


def _first_name(text: str, known: frozenset[str]) -> str:
    """The first person of a line by the second rule; a name that is known begins another."""
    for hyphen in re.finditer("-", text):
        left, rest = text[: hyphen.start()].rstrip(), text[hyphen.end() :].lstrip()
        if any(_begins_with(rest, name) for name in known):
            return left
        word = rest.split("-")[0].strip()
        if len(left.split()) >= 2 and (len(word.split()) >= 2 or word in _FIRST_HALVES):
            return left
    return text


def sponsors_of(text: str, chamber: str, known: frozenset[str] = frozenset()) -> list[SponsorshipRecord]:
    """The sponsors of a printed line in their order. `chamber` is that of the heading; `Rep.`, `Sen.` in the line win.

    The second chamber's, in brackets, follow with a chief sponsor of their own.
    """
    found: list[SponsorshipRecord] = []
    others = _SENATE_IN_HOUSE.findall(text)
    line = _SENATE_IN_HOUSE.sub(" ", text)
    title = _TITLE.match(line)
    if title:
        chamber = _CHAMBERS[title[1]]
        line = line[title.end() :]
    held = _SUFFIX.sub(_HELD + r"\1", line.strip())
    parts = [part.replace(_HELD, ", ").strip() for part in _SEPARATORS.split(held)]
    for number, part in enumerate(filter(None, parts)):
        people = split_hyphens(part, known) if number == 0 else [part]
        for place, name in enumerate(people):
            role = "cosponsor" if number else ("chief_cosponsor" if place else "chief")
            title = _TITLE.match(name)
            body = _CHAMBERS[title[1]] if title else chamber
            found.append(SponsorshipRecord(_TITLE.sub("", name).strip(), role, body))
    for other in others:
        found += sponsors_of(other, "upper" if chamber == "lower" else "lower", known)
    return found
