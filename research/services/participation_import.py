"""People who took part, as a CSV file: read, looked through line by line, and entered in one step.

The file is kept nowhere. It travels in the page between the preview and the entry, for it may join a name with what
somebody told about themselves, and the portal must not.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.gatherings.reports.decoding import Row, rows_of
from partners.models import County, Organization, ProfileAnswer, SubSector
from research.models import Participant, ParticipantDemographics, Participation, Phase, ResearchProject
from research.services.participation import EnteredBefore, Told, Who, enter, hold_project, shake

COLUMNS = (
    "number",
    "phase",
    "method",
    "day",
    "role",
    "county",
    "service area",
    "organization",
    "name",
    "email",
    "race",
    "ability",
    "age",
)
NEEDED = ("phase", "method", "day", "role")
MOST_BYTES = 500_000
MOST_LINES = 2000
_DECLINED = "prefer not to say"


@dataclass
class Line:
    """One line of the file: where it stands, whom it is about, and what is wrong with it."""

    number: int
    code: str
    what: str
    problem: str = ""
    is_known: bool = False


@dataclass
class Preview:
    """What entering a file does, or did."""

    lines: list[Line] = field(default_factory=list)

    @property
    def good(self) -> int:
        return sum(1 for line in self.lines if not line.problem)

    @property
    def is_known(self) -> bool:
        """Whether every line was entered before."""
        return bool(self.lines) and all(line.is_known for line in self.lines)

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.problem]


class _Undo(Exception):
    pass


def preview_import(*, project: ResearchProject, text: str, today: date, with_names: bool) -> Preview:
    """What the file would do: everything is tried, nothing is kept. Raises `NotAllowed` for a file without sense."""
    found = Preview()
    try:
        with transaction.atomic():
            found = _enter_all(project, text, today, with_names=with_names, is_trial=True)
            raise _Undo
    except _Undo:
        return found


@transaction.atomic
def import_participations(*, project: ResearchProject, text: str, today: date, with_names: bool) -> Preview:
    """Enters every line that has no problem. The same file again enters nothing twice."""
    return _enter_all(project, text, today, with_names=with_names, is_trial=False)


def _enter_all(
    project: ResearchProject, text: str, today: date, *, with_names: bool, is_trial: bool
) -> Preview:
    rows = _read(text)
    project = hold_project(project)
    reader = _Reader(project, with_names=with_names)
    # Lines without a number are told by where they stand in this very file.
    file = uuid5(NAMESPACE_OID, f"{project.pk} {hashlib.sha256(text.encode()).hexdigest()}")
    found, has_told = Preview(), False
    for number, row in rows:
        line = Line(number, row["number"], f"{row['phase']}, {row['method']}, {row['day']}")
        try:
            with transaction.atomic():
                entry = reader.entry(row)
                told = entry.who.told
                if is_trial:
                    reader.check_told(entry)
                    entry = entry.without_told()
                enter(
                    project,
                    phase=entry.phase,
                    who=entry.who,
                    method=entry.method,
                    on=entry.on,
                    today=today,
                    entry=uuid5(file, str(number)),
                )
                has_told = has_told or bool(told)
        except NotAllowed as refusal:
            line.problem, line.is_known = str(refusal), isinstance(refusal, EnteredBefore)
        found.lines.append(line)
    if has_told and not is_trial:
        shake(project=project)
    return found


def _read(text: str) -> list[tuple[int, dict[str, str]]]:
    """The file's lines by column, with their numbers. Columns may be missing and stand in any order."""
    if len(text.encode()) > MOST_BYTES:
        raise NotAllowed(_("The file is larger than 500 KB."))
    read = rows_of(text)
    if read and read[-1].line < sum(1 for _line in StringIO(text, newline="")):
        # A cell without an end, as after a quotation mark that nothing closes: who stands in it is not known.
        raise NotAllowed(_("This is not a CSV file."))
    head, *rows = [row for row in read if not row.is_blank] or [Row(0, [])]
    heads = [cell.lower() for cell in head.cells]
    missing = [name for name in NEEDED if name not in heads]
    if missing:
        raise NotAllowed(_("The file lacks the columns: %(names)s.") % {"names": ", ".join(missing)})
    if unknown := [head for head in heads if head not in COLUMNS]:
        raise NotAllowed(_("These columns are not known: %(names)s.") % {"names": ", ".join(unknown)[:300]})
    if len(rows) > MOST_LINES:
        raise NotAllowed(_("The file has more than %(n)d lines. Split it.") % {"n": MOST_LINES})
    return [
        (row.line, {**dict.fromkeys(COLUMNS, ""), **dict(zip(heads, row.cells, strict=False))})
        for row in rows
    ]


# --- A line -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Entry:
    phase: Phase
    who: Who
    method: str
    on: date

    def without_told(self) -> "_Entry":
        who = Who(**{**self.who.__dict__, "told": Told()})
        return _Entry(self.phase, who, self.method, self.on)


class _Reader:
    """Reads lines of one project's file; what they name is looked up once."""

    def __init__(self, project: ResearchProject, *, with_names: bool) -> None:
        self.with_names = with_names
        self.phases = {phase.kind: phase for phase in project.phases.all()}
        self.counties = {county.name.lower(): county for county in County.objects.all()}
        self.sub_sectors = _named(SubSector.objects.all(), lambda row: (row.name, row.slug))
        self.organizations = _named(
            Organization.objects.only("name", "slug"), lambda row: (row.name, row.slug)
        )
        self.told = {
            code.lower()
            for code in Participant.objects.filter(project=project, has_told=True).values_list(
                "code", flat=True
            )
        }

    def entry(self, row: Mapping[str, str]) -> _Entry:
        """The line as we would enter it. Raises `NotAllowed` with what is wrong."""
        if not self.with_names and (row["name"] or row["email"]):
            raise NotAllowed(_("You may not enter names and addresses. Leave these columns out."))
        kind = _choice(row["phase"], Phase.Kind.choices, _("phase"), needed=True)
        if kind not in self.phases:
            raise NotAllowed(_("The project has no phase “%(word)s”.") % {"word": row["phase"]})
        who = Who(
            code=_short(row["number"], 20, _("number")),
            role=_choice(row["role"], Participant.Role.choices, _("role"), needed=True),
            county=_known(row["county"], self.counties, _("county")),
            sub_sector=_known(row["service area"], self.sub_sectors, _("service area")),
            organization=_known(row["organization"], self.organizations, _("organization")),
            name=_short(row["name"], 120, _("name")),
            email=_address(row["email"]),
            told=_told(row),
        )
        method = _choice(row["method"], Participation.Method.choices, _("method"), needed=True)
        return _Entry(self.phases[kind], who, method, _day(row["day"]))

    def check_told(self, entry: _Entry) -> None:
        """That nobody is told about twice, without putting anything into the box."""
        code = entry.who.code.lower()
        if entry.who.told and code:
            if code in self.told:
                raise NotAllowed(
                    _("What %(code)s told about themselves was entered before.") % {"code": entry.who.code}
                )
            self.told.add(code)


def _named(rows: Any, names: Callable[[Any], Sequence[str]]) -> dict[str, Any]:
    return {name.lower(): row for row in rows for name in names(row)}


def _choice(word: str, choices: Sequence[tuple[str, Any]], what: str, *, needed: bool = False) -> str:
    """The value behind a word, which may be the value itself or what is shown for it."""
    if not word and not needed:
        return ""
    for value, label in choices:
        if word.lower() in {value.lower(), str(label).lower()}:
            return value
    options = ", ".join(str(label) for _value, label in choices)
    raise NotAllowed(
        _("“%(word)s” is no %(what)s. Known: %(options)s.")
        % {"word": word[:60], "what": what, "options": options}
    )


def _known(word: str, rows: Mapping[str, Any], what: str) -> Any:
    if not word:
        return None
    found = rows.get(word.lower().removesuffix(" county")) or rows.get(word.lower())
    if found is None:
        raise NotAllowed(_("No %(what)s is called “%(word)s”.") % {"what": what, "word": word[:60]})
    return found


def _short(word: str, most: int, what: str) -> str:
    if len(word) > most:
        raise NotAllowed(_("The %(what)s is too long.") % {"what": what})
    return word


def _address(word: str) -> str:
    try:
        if word:
            validate_email(word)
    except ValidationError:
        raise NotAllowed(_("“%(word)s” is no e-mail address.") % {"word": word[:60]}) from None
    return word


def _day(word: str) -> date:
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(word, form).date()
        except ValueError:
            continue
    raise NotAllowed(_("“%(word)s” is no day. Write it like 2026-03-05.") % {"word": word[:40]})


def _told(row: Mapping[str, str]) -> Told:
    """Several races stand between semicolons or bars; one “prefer not to say” declines all."""
    words = [row["race"], row["ability"], row["age"]]
    if any(word.lower() == _DECLINED for word in words):
        if any(word and word.lower() != _DECLINED for word in words):
            raise NotAllowed(_("Enter answers or “prefer not to say”, not both."))
        return Told(declined=True)
    races = [race.strip() for race in row["race"].replace("|", ";").split(";") if race.strip()]
    return Told(
        races=[_choice(race, ProfileAnswer.Race.choices, _("race or ethnicity")) for race in races],
        ability=_choice(row["ability"], ProfileAnswer.Ability.choices, _("ability status")),
        age=_choice(row["age"], ParticipantDemographics.Age.choices, _("age")),
    )
