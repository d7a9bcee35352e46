"""The list of legislators: what a visitor asked for, and the seats that match, vacant ones included."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from legislation.chambers import SEATS, Chamber
from legislation.models import Legislator
from legislation.pages.representation import CHAMBER_WORDS, CHAMBERS, Seat

MAX_WORDS_LENGTH = 80


class LegislatorFilter:
    """Words of a name, a chamber, a party, a district. A value that makes no sense is left out."""

    def __init__(self, query: QueryDict, parties: list[str]) -> None:
        self.words = " ".join(query.get("q", "").replace("\x00", "").split())[:MAX_WORDS_LENGTH]
        self.chamber = CHAMBERS.get(query.get("chamber", ""))
        self.party = party if (party := query.get("party", "")) in parties else ""
        district = query.get("district", "").strip()
        self.district = (
            int(district) if district.isascii() and district.isdigit() and len(district) < 4 else None
        )

    @property
    def is_active(self) -> bool:
        return bool(self.words or self.chamber or self.party or self.district)

    @property
    def chamber_word(self) -> str:
        """The chamber as the address writes it."""
        return CHAMBER_WORDS[self.chamber] if self.chamber else ""

    @property
    def query(self) -> str:
        """The filter as an address's query."""
        facts = {
            "q": self.words,
            "chamber": self.chamber_word,
            "party": self.party,
            "district": self.district or "",
        }
        return urlencode({name: value for name, value in facts.items() if value})

    def matches(self, legislator: Legislator) -> bool:
        if self.chamber and legislator.chamber != self.chamber:
            return False
        if self.party and legislator.party != self.party:
            return False
        return not self.district or legislator.district == self.district

    def shows_vacancy(self, chamber: str, number: int) -> bool:
        """Whether a seat that nobody holds fits what was asked."""
        if self.words or self.party or (self.chamber and self.chamber != chamber):
            return False
        return not self.district or self.district == number


@dataclass(frozen=True)
class ChamberList:
    """One chamber's part of the list: members by name, then the vacant seats."""

    chamber: Chamber
    seats: list[Seat]
    members: int
    vacant: int


@dataclass(frozen=True)
class LegislatorList:
    filter: LegislatorFilter
    parties: list[str]
    chambers: list[ChamberList]
    known: int  # members who sit today, whether they match or not

    @property
    def found(self) -> int:
        return sum(len(part.seats) for part in self.chambers)


def legislator_list(query: QueryDict) -> LegislatorList:
    """Two reads with words, else one, for any number of members."""
    sitting = list(Legislator.objects.current().order_by("family_name", "given_name", "pk"))
    parties = sorted({legislator.party for legislator in sitting if legislator.party})
    asked = LegislatorFilter(query, parties)
    named = _named(asked.words) if asked.words else None
    chambers = []
    for chamber, number in SEATS.items():
        held = {legislator.district for legislator in sitting if legislator.chamber == chamber}
        members = [
            Seat(chamber, legislator.district or 0, legislator)
            for legislator in sitting
            if legislator.chamber == chamber
            and asked.matches(legislator)
            and (named is None or legislator.pk in named)
        ]
        vacant = [
            Seat(chamber, seat, None)
            for seat in range(1, number + 1)
            if held and seat not in held and asked.shows_vacancy(chamber, seat)
        ]
        if members or vacant:
            chambers.append(ChamberList(chamber, members + vacant, len(members), len(vacant)))
    return LegislatorList(asked, parties, chambers, len(sitting))


def _named(words: str) -> set[int]:
    """Members whose name, in any spelling we know, holds every word."""
    found = Legislator.objects.current()
    for word in words.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(other_names__icontains=word))
    return set(found.values_list("pk", flat=True))
