"""The invented legislature as records, the same that any source yields."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import msgspec
from django.utils import timezone

from legislation.chambers import Chamber, GeneralAssembly
from legislation.records import (
    ActionRecord,
    AnyRecord,
    DocumentRecord,
    HearingDocumentRecord,
    HearingRecord,
    MeasureRecord,
    RollCallRecord,
    SponsorshipRecord,
)
from portal.demo.legislature.districts import districts
from portal.demo.legislature.histories import TITLE, History, write
from portal.demo.legislature.members import committees, members
from portal.demo.legislature.other_texts import MEASURES
from portal.demo.legislature.texts import MeasureText

CHICAGO = ZoneInfo("America/Chicago")
# A measure whose amendment replaces all of it, for the warning on its page.
REPLACED = "HB2955"
REPLACED_TEXT = (
    "\n\nHouse Committee Amendment No. 1\nReplaces everything after the enacting clause. Doubles the fees instead, "
    "and lets the Department set further fees by rule."
)
# Whose last line came in last night, for "what changed since yesterday".
FRESH = {"HB4410", "SB2210", "HB1891", "SB1733"}


class SampleLegislature:
    """176 members, 20 committees, some forty measures with votes, and hearings of the days to come."""

    def __init__(self, *, now: datetime, seed: int) -> None:
        self.now = now
        self.today = timezone.localdate(now)
        self.assembly = GeneralAssembly.of(self.today)
        rng = Random(seed)
        self.members = members(rng, self.assembly)
        self.committees = committees(rng, self.members)
        self.by_chamber = {
            chamber.value: [p for p in self.members if p.terms and p.terms[0].chamber == chamber.value]
            for chamber in Chamber
        }
        self.histories = [self._history(text, Random(f"{seed} {text.identifier}")) for text in MEASURES]

    def people(self) -> Iterator[AnyRecord]:
        """Districts, members and committees."""
        yield from districts()
        yield from self.members
        yield from self.committees

    def measures(self, *, last_night: bool) -> Iterator[AnyRecord]:
        """Measures and roll calls; without `last_night` as they stood the day before."""
        for history in self.histories:
            fresh = history.text.identifier in FRESH or history.text.identifier == REPLACED
            yield self._measure(history, cut=fresh and not last_night)
            yield from history.roll_calls

    def hearings(self, *, last_night: bool) -> Iterator[HearingRecord]:
        """Notices of the coming week; one moves over night."""
        houses = [text for text in MEASURES if text.fate in {"in_committee", "crossed"} and text.position]
        for number, text in enumerate(houses):
            moved = number == 1 and last_night
            day = self._workday(2 + number + (4 if moved else 0))
            yield self._hearing(
                number, text, datetime.combine(day, time(9 + 2 * (number % 4)), CHICAGO), moved
            )

    # --- Parts -------------------------------------------------------------------------------------------------

    def _hearing(self, number: int, text: MeasureText, starts_at: datetime, moved: bool) -> HearingRecord:
        history = next(history for history in self.histories if history.text is text)
        chamber = history.actions[-1].chamber
        return HearingRecord(
            key=f"sample-{number}",
            chamber=chamber,
            committee=history.committee(chamber).removesuffix(" Committee"),
            starts_at=starts_at,
            session=self.assembly.number,
            posted_at=self.now - timedelta(days=2),
            location="Room 114, Capitol, Springfield, IL",
            subject="",
            cancelled=False,
            changed=moved,
            documents=(HearingDocumentRecord(text.identifier),),
        )

    def _workday(self, days: int) -> date:
        day = self.today + timedelta(days=days)
        return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))

    def _history(self, text: MeasureText, rng: Random) -> History:
        prefix = text.identifier[:2]
        origin = "upper" if prefix[0] == "S" or prefix == "AM" else "lower"
        second = "lower" if origin == "upper" else "upper"
        history = History(
            text=text,
            rng=rng,
            assembly=self.assembly,
            chief=rng.choice(self.by_chamber[origin]),
            second_sponsor=rng.choice(self.by_chamber[second]),
            members=self.by_chamber,
            day=self.today,
        )
        write(history)
        self._sponsors(history, origin)
        # The last line lies `days_ago` back, and nothing before the General Assembly convened.
        back = history.actions[-1].date - (self.today - timedelta(days=text.days_ago))
        history.actions = [
            msgspec.structs.replace(line, date=max(line.date - back, self.assembly.first))
            for line in history.actions
        ]
        history.roll_calls = [self._placed(vote, back) for vote in history.roll_calls]
        return history

    def _placed(self, vote: RollCallRecord, back: timedelta) -> RollCallRecord:
        return msgspec.structs.replace(vote, date=max(vote.date - back, self.assembly.first))

    def _sponsors(self, history: History, chamber: str) -> None:
        """Lines of members who join over time; the last of a long list leaves again."""
        rng, lines = history.rng, history.actions
        others = [person for person in self.by_chamber[chamber] if person is not history.chief]
        joining = rng.sample(others, rng.randint(2, 24 if history.text.position else 6))
        history.cosponsors = [person.name for person in joining]
        for number, person in enumerate(joining):
            where = rng.randrange(1, len(lines) + 1)
            words = "Added Chief Co-Sponsor" if number < 2 else "Added Co-Sponsor"
            day = lines[where - 1].date
            lines.insert(where, ActionRecord(chamber, day, f"{words} {TITLE[chamber]} {person.name}"))
        if len(joining) > 8:
            gone = history.cosponsors.pop()
            lines.append(ActionRecord(chamber, lines[-1].date, f"Removed Co-Sponsor {TITLE[chamber]} {gone}"))

    def _measure(self, history: History, *, cut: bool) -> MeasureRecord:
        text, chamber = history.text, history.origin
        lines = history.actions
        synopsis = text.synopsis
        documents = [self._document(text, "Introduced")]
        if any("Third Reading" in line.description for line in lines):
            documents.append(self._document(text, "Engrossed"))
        if text.identifier == REPLACED and not cut:
            synopsis += REPLACED_TEXT
            documents.append(self._document(text, "House Amendment 001"))
            day = lines[-1].date
            lines = [
                *lines,
                ActionRecord("lower", day, f"House Committee Amendment No. 1 Filed with Clerk by Rep. {history.chief.name}"),
                ActionRecord("lower", day, "House Committee Amendment No. 1 Referred to Rules Committee"),
            ]  # fmt: skip
        elif cut:
            # Without the lines of the last day.
            lines = [line for line in lines if line.date < lines[-1].date] or lines[:1]
        sponsors = [SponsorshipRecord(history.chief.name, "chief", chamber)]
        sponsors += [SponsorshipRecord(name, "cosponsor", chamber) for name in history.cosponsors]
        if any(line.description.startswith("Chief ") for line in lines) and history.second_sponsor:
            second = "lower" if chamber == "upper" else "upper"
            sponsors.append(SponsorshipRecord(history.second_sponsor.name, "chief", second))
        return MeasureRecord(
            session=self.assembly.number,
            identifier=text.identifier,
            title=text.title,
            synopsis=synopsis,
            sponsorships=tuple(sponsors),
            actions=tuple(lines),
            documents=tuple(documents),
        )

    def _document(self, text: MeasureText, note: str) -> DocumentRecord:
        return DocumentRecord(note=note, url="", media_type="text/html")
