"""The texts of a measure and what became of each amendment, read from its documents, its lines and its synopsis.

A chamber numbers all its amendments to a measure in one row: "House Committee Amendment No. 1" and "House Floor
Amendment No. 2" are its 1 and 2. Sources list them as "House Amendment 001"; here they always have that note. What
became of one stands only in the lines ("… Adopted", "… Tabled Pursuant to Rule 5-4(a)"), and whether it replaces
everything only in its section of the synopsis. An amendment that only a line names is listed too, without a link.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import msgspec

from legislation.chambers import Chamber
from legislation.models.bill import BillDocument
from legislation.reading.line_dates import named_day
from legislation.reading.stage_rules import read_line
from legislation.records import ActionRecord, Day, DocumentRecord

Kind, Fate = BillDocument.Kind, BillDocument.Fate
Key = tuple[str, int]  # chamber and number of an amendment

_CHAMBERS = {"house": Chamber.LOWER.value, "senate": Chamber.UPPER.value}
_NAMES = {Chamber.LOWER.value: "House", Chamber.UPPER.value: "Senate"}
# The texts of a measure in the order of its life. Each is dated by the first line that a rule of `stage_rules` reads,
# by the first of these rules that reads any.
_TEXTS = {
    "Introduced": (0, ("filed", "received")),
    "Engrossed": (2, ("third_reading_passed", "resolution_adopted", "third_reading_calendar")),
    "Enrolled": (4, ("passed_both", "adopted_both", "resolution_adopted")),
    "Governor's Message": (5, ("vetoed", "vetoed_in_part")),
    "Re-Enrolled": (6, ("veto_accepted",)),
    "Public Act": (7, ("public_act",)),
}
_OTHER_PLACE = 8
# Texts of the measure itself; the rest of `_TEXTS` are papers about it.
_OWN_TEXTS = {"Introduced", "Engrossed", "Enrolled", "Re-Enrolled", "Public Act"}


class DocumentReading(msgspec.Struct, frozen=True, gc=False):
    """One text of a measure, or one amendment with its fate. Addresses are "" where nobody gives one."""

    kind: str
    note: str
    date: Day | None
    chamber: str
    amendment_number: int | None
    fate: str
    replaces_everything: bool
    html_url: str
    pdf_url: str
    position: int


@dataclass(slots=True)
class _Amendment:
    """What the lines tell of one amendment."""

    filed_on: date | None = None
    fate: str = Fate.FILED.value


@dataclass(slots=True)
class _Links:
    """The addresses under which one note is found."""

    date: Day | None = None
    html_url: str = ""
    pdf_url: str = ""


def read_documents(
    documents: Sequence[DocumentRecord], actions: Sequence[ActionRecord], synopsis: str
) -> list[DocumentReading]:
    """All texts and amendments of a measure in the order of its life: introduced, the first chamber's amendments,
    engrossed, the second chamber's, enrolled, what the governor sent, Public Act, anything else.
    """
    links = _links_by_note(documents)
    amendments = _amendments_in_lines(actions)
    for note in links:
        if key := _key(note):
            amendments.setdefault(key, _Amendment())
    for chamber, number in amendments:
        links.setdefault(_note(chamber, number), _Links())
    if not links:
        return []
    replacing = _replacing(amendments, synopsis)
    origin = next((action.chamber for action in actions if action.chamber in _NAMES), Chamber.LOWER.value)
    days = _days_of_texts(actions) if any(note in _TEXTS for note in links) else {}
    readings = []
    for position, note in enumerate(sorted(links, key=lambda note: _place(note, origin))):
        found, key = links[note], _key(note)
        amendment = amendments[key] if key else None
        readings.append(
            DocumentReading(
                kind=_kind(note),
                note=note,
                date=found.date or (amendment.filed_on if amendment else days.get(note)),
                chamber=key[0] if key else "",
                amendment_number=key[1] if key else None,
                fate=amendment.fate if amendment else "",
                replaces_everything=key in replacing,
                html_url=found.html_url,
                pdf_url=found.pdf_url,
                position=position,
            )
        )
    return readings


def _links_by_note(documents: Iterable[DocumentRecord]) -> dict[str, _Links]:
    """One entry per note; where a source gives two addresses of one form, the first."""
    links: dict[str, _Links] = {}
    for document in documents:
        note = _canonical_note(document.note)
        if not note:
            continue
        found = links.setdefault(note, _Links())
        found.date = found.date or document.date
        if "pdf" in document.media_type or document.url.lower().split("?")[0].endswith(".pdf"):
            found.pdf_url = found.pdf_url or document.url
        else:
            found.html_url = found.html_url or document.url
    return links


_NOTE = re.compile(
    r"(House|Senate) (?:Committee |Floor )?Amendment (?:No\. ?|#)?0*([1-9]\d{0,3})\b", re.IGNORECASE
)


@lru_cache(maxsize=1024)
def _key(note: str) -> Key | None:
    """The amendment that a note names, or None where it is another text."""
    match = _NOTE.fullmatch(note)
    return (_CHAMBERS[match[1].lower()], int(match[2])) if match else None


def _note(chamber: str, number: int) -> str:
    return f"{_NAMES[chamber]} Amendment {number:03}"


@lru_cache(maxsize=1024)
def _canonical_note(note: str) -> str:
    """One spelling for each text: what sources call "Senate Floor Amendment No. 2" is `Senate Amendment 002`."""
    tidy = " ".join(note.split())[:200]
    key = _key(tidy)
    return _note(*key) if key else tidy


@lru_cache(maxsize=1024)
def _kind(note: str) -> str:
    if _key(note):
        return Kind.AMENDMENT.value
    return Kind.TEXT.value if note in _OWN_TEXTS else Kind.OTHER.value


def _place(note: str, origin: str) -> tuple[int, int, str]:
    """Where a text comes in the life of a measure that began in `origin`."""
    key = _key(note)
    if key:
        return (1 if key[0] == origin else 3), key[1], note
    return _TEXTS.get(note, (_OTHER_PLACE, ()))[0], 0, note


def _days_of_texts(actions: Sequence[ActionRecord]) -> dict[str, date]:
    """The day each text came to be, where a line tells."""
    days: dict[str, date] = {}
    for action in actions:
        days.setdefault(read_line(action.description).rule, named_day(action.description) or action.date)
    texts = (
        (note, [days[rule] for rule in rules if rule in days]) for note, (_place, rules) in _TEXTS.items()
    )
    return {note: found[0] for note, found in texts if found}


# What befalls an amendment, in the words after its number. Motions and notes about it are no fate, nor is what the
# other chamber does with it ("House Concurs").
_FROM_TABLE = "from the table"
_FATES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Motion to Reconsider[^;]*? Prevail", re.IGNORECASE), Fate.FILED.value),
    (re.compile(r"(?:Taken from (?:the )?Table|Motion Prevailed)", re.IGNORECASE), _FROM_TABLE),
    (re.compile(r"Adopted\b", re.IGNORECASE), Fate.ADOPTED.value),
    (re.compile(r"Tabled\b", re.IGNORECASE), Fate.TABLED.value),
    (re.compile(r"(?:Lost|Failed)\b", re.IGNORECASE), Fate.LOST.value),
    (re.compile(r"Withdrawn\b|(?:House|Senate) Recedes?\b", re.IGNORECASE), Fate.WITHDRAWN.value),
)
_AMENDMENT_LINE = re.compile(
    r"(House|Senate) (?:Committee |Floor )?Amendment No\. ?0*([1-9]\d{0,3})\s+(.*)", re.IGNORECASE | re.DOTALL
)


class _Said(msgspec.Struct, frozen=True):
    """What a line says of an amendment: a fate, `_FROM_TABLE`, or "" for anything else."""

    key: Key
    fate: str


@lru_cache(maxsize=30_000)
def _read(description: str) -> _Said | None:
    """What a line says of an amendment; None where it is about something else."""
    match = _AMENDMENT_LINE.match(description)
    if match is None:
        return None
    fate = next((fate for pattern, fate in _FATES if pattern.match(match[3])), "")
    return _Said((_CHAMBERS[match[1].lower()], int(match[2])), fate)


def _amendments_in_lines(actions: Sequence[ActionRecord]) -> dict[Key, _Amendment]:
    """Each amendment that a line names, with the day it was filed and the last that befell it."""
    amendments: dict[Key, _Amendment] = {}
    for action in actions:
        if "Amendment" not in action.description:
            continue
        said = _read(action.description)
        if said is None:
            continue
        amendment = amendments.setdefault(said.key, _Amendment())
        if amendment.filed_on is None:
            amendment.filed_on = named_day(action.description) or action.date
        if action.chamber in ("", said.key[0]):
            amendment.fate = _next_fate(amendment.fate, said.fate)
    return amendments


def _next_fate(fate: str, said: str) -> str:
    """The fate after a line. A motion that prevailed is one to take from the table only where it lies there."""
    if said == _FROM_TABLE:
        return Fate.FILED.value if fate in (Fate.TABLED, Fate.WITHDRAWN) else fate
    return said or fate


# A heading of the synopsis stands on its own line or begins a sentence. "Fiscal Note, House Floor Amendment No. 1" and
# "as amended by House Amendment No. 1" are not headings.
_HEADING = re.compile(
    r"(?:^|(?<=[.;:)])\s|\n)\s*(House|Senate) (?:Committee |Floor )?Amendment No\. ?0*([1-9]\d{0,3})(?=\s|:|$)"
)
_REPLACES = re.compile(
    r"\b(?:Replaces|Deletes|Strikes|Removes) (?:the title and |the heading and )?"
    r"(?:everything|all(?: (?:of the )?(?:text|language|provisions|matter))?)"
    r"(?:\.| (?:after|below|following|and (?:replaces|inserts)))",
    re.IGNORECASE,
)


def replaces_everything(text: str) -> bool:
    """Whether a text says that it replaces the whole measure: "Replaces everything after the enacting clause"."""
    return _REPLACES.search(text) is not None


def synopsis_replaces_everything(synopsis: str) -> bool:
    """Whether the synopsis itself, before any amendment's section, begins by saying so: it is that of a new text."""
    match = _REPLACES.search(synopsis)
    return match is not None and not synopsis[: match.start()].strip()


def replacing_amendments(synopsis: str) -> frozenset[Key]:
    """The amendments whose section of the synopsis says that they replace the whole measure."""
    if "mendment No." not in synopsis or not replaces_everything(synopsis):
        return frozenset()
    headings = list(_HEADING.finditer(synopsis))
    ends = [*(heading.start() for heading in headings[1:]), len(synopsis)]
    return frozenset(
        (_CHAMBERS[heading[1].lower()], int(heading[2]))
        for heading, end in zip(headings, ends, strict=False)
        if replaces_everything(synopsis[heading.end() : end])
    )


def _replacing(amendments: dict[Key, _Amendment], synopsis: str) -> frozenset[Key]:
    """The amendments that replace the whole measure.

    Where the synopsis only says so of itself, it is that of the last amendment adopted, or else of the last one.
    """
    replacing = replacing_amendments(synopsis)
    if replacing or not amendments or not synopsis_replaces_everything(synopsis):
        return replacing
    adopted = [key for key, amendment in amendments.items() if amendment.fate == Fate.ADOPTED]
    return frozenset((adopted or list(amendments))[-1:])
