"""Histories for invented measures, in the words the General Assembly prints, and their roll calls."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from legislation.chambers import Chamber, GeneralAssembly
from legislation.records import ActionRecord, LegislatorRecord, RollCallRecord, VoteRecord
from portal.demo.legislature.texts import MeasureText

# How many days one day of the histories below stands for: bills take their time.
PACE = 4
# How far a measure may get, in order.
STEPS = (
    "introduced",
    "in_committee",
    "passed_committee",
    "second_reading",
    "passed_chamber",
    "crossed",
    "passed_both",
    "sent_to_governor",
    "public_act",
)
# What ends a measure, and the last step before.
ENDS = {"re_referred": "in_committee", "tabled": "second_reading", "vetoed": "sent_to_governor"}
OTHER = {"lower": "upper", "upper": "lower"}
TITLE = {"lower": "Rep.", "upper": "Sen."}
HOUSE = {"lower": "House", "upper": "Senate"}
DESK = {"lower": "Clerk", "upper": "Secretary"}
RULES = {"lower": "Rules Committee", "upper": "Assignments"}
SENT_BACK = {
    "lower": "Rule 19(a) / Re-referred to Rules Committee",
    "upper": "Rule 3-9(a) / Re-referred to Assignments",
}
SENATE_COMMITTEES = {
    "Human Services": "Health and Human Services",
    "Adoption & Child Welfare": "Child Welfare",
    "Mental Health & Addiction": "Behavioral and Mental Health",
    "Labor & Commerce": "Labor",
    "Education Policy": "Education",
    "Revenue & Finance": "Revenue",
    "Housing": "Executive",
}


@dataclass
class History:
    """A measure's lines and roll calls as they come about. Days run on from `day`."""

    text: MeasureText
    rng: Random
    assembly: GeneralAssembly
    chief: LegislatorRecord
    members: dict[str, list[LegislatorRecord]]
    second_sponsor: LegislatorRecord | None = None
    cosponsors: list[str] = field(default_factory=list)
    actions: list[ActionRecord] = field(default_factory=list)
    roll_calls: list[RollCallRecord] = field(default_factory=list)
    day: date = date.min

    @property
    def origin(self) -> str:
        prefix = self.text.identifier[:2]
        return Chamber.UPPER.value if prefix[0] == "S" or prefix == "AM" else Chamber.LOWER.value

    def line(self, chamber: str, words: str, *, days: int = 0) -> None:
        """Prints a line, `days` after the one before."""
        self.day += timedelta(days=PACE * days)
        self.actions.append(ActionRecord(chamber, self.day, words))

    def committee(self, chamber: str) -> str:
        name = self.text.committee
        return SENATE_COMMITTEES.get(name, name) if chamber == "upper" else f"{name} Committee"

    def vote(self, chamber: str, motion: str, voters: int) -> str:
        """Takes a vote that passes; returns its count as printed, such as `012-003-000`."""
        seated = self.members[chamber]
        present = seated if voters > len(seated) else self.rng.sample(seated, voters)
        votes = []
        for person in present:
            chance = self.rng.random()
            against = 0.08 if person.party == "Democratic" else 0.55
            option = "no" if chance < against else "not voting" if chance > 0.97 else "yes"
            votes.append(VoteRecord(name=self._printed(person, seated), option=option))
        counts = {
            option: sum(vote.option == option for vote in votes) for option in ("yes", "no", "not voting")
        }
        number = len(self.roll_calls) + 1
        self.roll_calls.append(
            RollCallRecord(
                key=f"https://assembly.example/votes/{self.assembly.number}/{self.text.identifier}-{number}",
                session=self.assembly.number,
                identifier=self.text.identifier,
                chamber=chamber,
                date=self.day,
                motion=motion,
                passed=True,
                counts=counts,
                votes=tuple(votes),
            )
        )
        return f"{counts['yes']:03d}-{counts['no']:03d}-000"

    @staticmethod
    def _printed(person: LegislatorRecord, seated: list[LegislatorRecord]) -> str:
        """Roll calls print surnames, with an initial where several share one."""
        shared = sum(other.family_name == person.family_name for other in seated) > 1
        return f"{person.family_name}, {person.given_name[0]}." if shared else person.family_name


def write(history: History) -> None:
    """Fills in the lines up to the measure's fate."""
    fate = history.text.fate
    prefix = history.text.identifier.rstrip("0123456789")
    if prefix == "AM":
        _appointment(history, fate)
    elif prefix in {"HR", "SR", "HJR"}:
        _resolution(history, fate)
    else:
        last = ENDS.get(fate, fate)
        for step in _bill(history):
            if step == last:
                break
        _end(history, fate)


def _bill(history: History) -> Iterator[str]:
    """Takes a bill one step on at a time."""
    first, second = history.origin, OTHER[history.origin]
    filed = "Filed with the Clerk" if first == "lower" else "Filed with Secretary"
    history.line(first, f"{filed} by {TITLE[first]} {history.chief.name}")
    history.line(first, "First Reading", days=2)
    history.line(first, f"Referred to {RULES[first]}")
    yield "introduced"
    yield from _through(history, first, "passed_chamber")
    history.line(second, f"Arrive{'d' if second == 'lower' else ''} in {HOUSE[second]}", days=1)
    history.line(second, "Placed on Calendar Order of First Reading")
    if history.second_sponsor:
        history.line(
            second, f"Chief {HOUSE[second]} Sponsor {TITLE[second]} {history.second_sponsor.name}", days=1
        )
    history.line(second, "First Reading")
    history.line(second, f"Referred to {RULES[second]}")
    history.line(second, f"Assigned to {history.committee(second)}", days=3)
    yield "crossed"
    for _step in _through(history, second, "", assigned=True):
        pass
    history.line(first, "Passed Both Houses")
    yield "passed_both"
    history.line(first, "Sent to the Governor", days=12)
    yield "sent_to_governor"
    history.line(first, "Governor Approved", days=20)
    history.line(first, f"Effective Date January 1, {history.day.year + 1}")
    number = 100 + sum(map(ord, history.text.identifier)) % 800
    history.line(first, f"Public Act . . . . . . . . . {history.assembly.number}-{number:04d}")
    yield "public_act"


def _through(history: History, chamber: str, end: str, *, assigned: bool = False) -> Iterator[str]:
    """A chamber's committee, second and third reading."""
    committee = history.committee(chamber)
    short = " - Short Debate" if chamber == "lower" else ""
    if not assigned:
        history.line(chamber, f"Assigned to {committee}", days=5)
        yield "in_committee"
    count = history.vote(chamber, history.text.committee if chamber == "lower" else committee, 11)
    passed = "Do Pass / Short Debate" if chamber == "lower" else "Do Pass"
    history.line(chamber, f"{passed} {committee};  {count}", days=4)
    history.line(chamber, f"Placed on Calendar 2nd Reading{short}")
    yield "passed_committee"
    history.line(chamber, f"Second Reading{short}", days=3)
    history.line(chamber, f"Placed on Calendar Order of 3rd Reading{short}")
    yield "second_reading"
    count = history.vote(chamber, "Third Reading", 200)
    words = "Third Reading - Short Debate - Passed" if chamber == "lower" else "Third Reading - Passed;"
    history.line(chamber, f"{words} {count}", days=2)
    yield end


def _end(history: History, fate: str) -> None:
    first = history.origin
    if fate == "re_referred":
        history.line(first, SENT_BACK[first], days=20)
    elif fate == "tabled":
        history.line(first, f"Tabled By Sponsor {TITLE[first]} {history.chief.name}", days=6)
    elif fate == "vetoed":
        history.line(first, "Governor Vetoed", days=25)


def _resolution(history: History, fate: str) -> None:
    chamber = history.origin
    filed = "Filed with the Clerk" if chamber == "lower" else "Filed with Secretary"
    history.line(chamber, f"{filed} by {TITLE[chamber]} {history.chief.name}")
    history.line(chamber, f"Referred to {RULES[chamber]}", days=1)
    if fate != "adopted":
        return
    history.line(chamber, "Placed on Calendar Order of Resolutions", days=6)
    history.line(chamber, "Resolution Adopted", days=3)
    if history.text.identifier.startswith("HJR"):
        history.line("upper", "Arrive in Senate", days=1)
        history.line("upper", "Resolution Adopted; 055-000-000", days=8)
        history.line("lower", "Adopted Both Houses")


def _appointment(history: History, fate: str) -> None:
    history.line("upper", f"Received by the Senate Sen. {history.chief.name}")
    history.line("upper", "Assigned to Executive Appointments", days=4)
    if fate == "confirmed":
        history.line("upper", "Recommends Do Consent Executive Appointments;  011-000-000", days=9)
        history.line("upper", f"Do Consent Passed {history.vote('upper', 'Third Reading', 100)}", days=5)
        history.line("upper", "Appointment Confirmed")
