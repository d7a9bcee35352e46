"""What people type into a slip's firm and representation fields, with the partners that it names; all made up."""

from dataclasses import dataclass, field
from pathlib import Path

from legislation.naming.firms import Finding, FirmIndex, Partner

HERE = Path(__file__).parent / "firms"


@dataclass(frozen=True)
class Case:
    """One slip's two fields and the short codes of the partners it names."""

    firm: str
    representation: str
    named: frozenset[str]


@dataclass
class Figures:
    """What the matcher made of a set, in pairs of a slip and a partner."""

    named: int = 0
    sure: int = 0
    sure_right: int = 0
    found_right: int = 0
    asked: int = 0
    asked_right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the automatic matches, how many are right."""
        return self.sure_right / self.sure if self.sure else 1.0

    @property
    def recall(self) -> float:
        """Of the partners that are named, how many were found, automatically or for review."""
        return self.found_right / self.named if self.named else 1.0

    def __str__(self) -> str:
        return (
            f"{self.named} named; automatic {self.sure_right}/{self.sure} right ({self.precision:.3f}), "
            f"found {self.found_right} ({self.recall:.3f}), review {self.asked_right}/{self.asked} right"
        )


def _lines(name: str) -> list[list[str]]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [
        [part.strip() for part in line.split("||")]
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]


def roster(*files: str) -> dict[str, Partner]:
    """The made-up partners by their short codes."""
    found = {}
    lines = [line for file in files or ("roster.txt",) for line in _lines(file)]
    for number, (code, name, city, *aliases) in enumerate(lines, 1):
        others = tuple(alias.strip() for alias in "".join(aliases).split(";") if alias.strip())
        found[code] = Partner(number, name, others, (city,))
    return found


def cases(*files: str) -> list[Case]:
    return [
        Case(firm, representation, frozenset(" ".join(codes).split()))
        for name in files
        for firm, representation, *codes in _lines(name)
    ]


def measure(set_of_cases: list[Case], partners: dict[str, Partner]) -> Figures:
    """Runs the matcher over a set."""
    codes = {partner.id: code for code, partner in partners.items()}
    index = FirmIndex(partners.values())
    figures = Figures()
    for case in set_of_cases:
        _count(figures, case, index.match(case.firm, case.representation), codes)
    return figures


def _count(figures: Figures, case: Case, findings: list[Finding], codes: dict[int, str]) -> None:
    sure = {codes[one.organization] for one in findings if one.is_sure}
    asked = {codes[one.organization] for one in findings if not one.is_sure}
    figures.named += len(case.named)
    figures.sure += len(sure)
    figures.sure_right += len(sure & case.named)
    figures.found_right += len((sure | asked) & case.named)
    figures.asked += len(asked)
    figures.asked_right += len(asked & case.named)
    words = f"{case.firm!r} / {case.representation!r}"
    figures.wrong += [f"{words}: {code}" for code in sorted(sure - case.named)]
    figures.missed += [f"{words}: {code}" for code in sorted(case.named - sure - asked)]
