"""Who joined, left or changed role as a sponsor, and when: read from the lines of a measure's history.

The General Assembly lists the sponsors of today without dates. Its lines tell the rest: "Added Co-Sponsor Rep. …",
"Remove Chief Co-Sponsor Rep. …", "Chief Sponsor Changed to Rep. …". "Alternate" means the second chamber's sponsors.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec

from legislation.chambers import Chamber
from legislation.reading.line_dates import named_day
from legislation.records import ActionRecord

ADDED, REMOVED, ROLE = "added", "removed", "role"
CHIEF, CHIEF_COSPONSOR, COSPONSOR = "chief", "chief_cosponsor", "cosponsor"
_CHAMBERS = {"rep": Chamber.LOWER.value, "sen": Chamber.UPPER.value}


class SponsorChange(msgspec.Struct, frozen=True, gc=False):
    """One change among the sponsors.

    `role` is the role they have from then on, or had until then when `change` is "removed". `change`: "added",
    "removed", or "role" for someone who was a sponsor already.
    """

    name: str
    chamber: str
    role: str
    change: str
    on: date


class _Said(NamedTuple):
    """What one line says: a verb ("add", "remove", "change", "chief"), a role, and the people with their chamber."""

    verb: str
    role: str
    people: tuple[tuple[str, str], ...]


_LINE = re.compile(
    r"""
    (?:(?P<chief>(?:Pre-?)?filed\ with\ (?:the\ )?(?:Clerk|Secretary)(?:\ by)?
        |Received\ by\ the\ (?:Senate|House)
        |(?:Alternate\ )?Chief\ (?:House\ |Senate\ )?Sponsor(?!s?\ (?:Changed|Removed))
        |(?:House|Senate)\ Sponsor)
    |(?P<change>(?:Alternate\ )?(?:Chief\ )?(?:Co-?)?Sponsor\ Changed\ to)
    |(?P<remove>Removed?\ (?:as\ )?(?:Alternate\ )?(?:Chief\ )?(?:Co-?)?Sponsors?
        |(?:Alternate\ )?(?:Chief\ )?(?:Co-?)?Sponsor\ Removed)
    |(?P<add>(?:Added\ )?(?:as\ )?(?:an\ )?(?:Alternate\ )?(?:Chief\ )?Co-?Sponsors?))
    \ (?P<people>(?P<title>Rep|Sen)(?:resentative|ator)?s?\.?\ .+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TITLE = re.compile(r"\b(Rep|Sen)(?:resentative|ator)?s?\.?\s+", re.IGNORECASE)
# A comma or an "and" between names, but not the comma before "Jr." or "III".
_BETWEEN = re.compile(r"\s*,(?!\s*(?:Jr|Sr|II|III|IV|V|M\.?D)\b)\s*(?:and\s+)?|\s+and\s+")


def sponsor_changes(actions: Sequence[ActionRecord]) -> list[SponsorChange]:
    """All changes among the sponsors in the order printed.

    A line that says nothing new (someone added twice) is left out. A removal of someone we never saw join is kept:
    the source may not print how they came.
    """
    changes: list[SponsorChange] = []
    roles: dict[tuple[str, str], list[str]] = {}
    for action in actions:
        said = _read(action.description)
        if said is None:
            continue
        on = named_day(action.description) or action.date
        for person in said.people:
            changes.extend(_apply(roles, said, person, on))
    return changes


def _apply(
    roles: dict[tuple[str, str], list[str]], said: _Said, person: tuple[str, str], on: date
) -> list[SponsorChange]:
    """Carries one person's line out on the lists they are in, the latest last, and gives what it changed."""
    held = roles.get(person, [])
    before = held[-1] if held else ""
    if said.verb == "remove":
        return _remove(roles, said.role, person, on)
    changes = []
    if said.role == CHIEF:
        for other in [other for other, others in roles.items() if other[1] == person[1] and other != person]:
            if roles[other][-1] == CHIEF:
                del roles[other]
                changes.append(SponsorChange(*other, CHIEF, REMOVED, on))
    roles[person] = [role for role in held if role != said.role] + [said.role]
    if before != said.role:
        changes.append(SponsorChange(*person, said.role, ROLE if before else ADDED, on))
    return changes


def _remove(
    roles: dict[tuple[str, str], list[str]], role: str, person: tuple[str, str], on: date
) -> list[SponsorChange]:
    """Takes someone off a list.

    "Removed Co-Sponsor" right after "Added Chief Co-Sponsor" only tidies up: they are on the better list now.
    """
    held = roles.get(person, [])
    if role in held[:-1]:
        held.remove(role)
        return []
    roles.pop(person, None)
    return [SponsorChange(*person, held[-1] if held else role, REMOVED, on)]


@lru_cache(maxsize=30_000)
def _read(description: str) -> _Said | None:
    """What a line says of sponsors, or None."""
    match = _LINE.match(description)
    if match is None:
        return None
    verb = next(name for name in ("chief", "change", "remove", "add") if match[name])
    words = match[verb].lower()
    if "co-sponsor" in words or "cosponsor" in words:
        role = CHIEF_COSPONSOR if "chief" in words else COSPONSOR
    else:
        role = CHIEF
    return _Said(verb, role, tuple(_people(match["people"])))


def _people(text: str) -> list[tuple[str, str]]:
    """The names in `Rep. A, Jr., B and Sen. C;  on 08/16/2023`, each with its chamber."""
    people = []
    parts = _TITLE.split(text.split(";")[0])
    for title, names in zip(parts[1::2], parts[2::2], strict=True):
        for name in _BETWEEN.split(names):
            if tidy := name.strip(" ,-"):
                people.append((tidy, _CHAMBERS[title.lower()]))
    return people
