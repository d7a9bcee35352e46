"""Indicator R1, research participants: its one definition, in code and in words."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.fiscal_year import FiscalYear
from research.indicators.participant_answers import ToldOf, told_of_projects
from research.models import Participant, Participation, Phase

PARTICIPANTS_DEFINITION = gettext_lazy(
    "People who took part in a phase of a research project on a day of the period: each once per project and once on "
    "every line, so lines of phases, methods and quarters do not add up to their total. Somebody who takes part in two "
    "projects is a participant of both. County, service area and role are those of the participant, not of an "
    "organization. Coverage: participants whose county or service area is known ÷ all."
)
ANSWERS_DEFINITION = gettext_lazy(
    "What participants told about themselves, by project, since its beginning and once it is released: nothing joins an "
    "answer to a person or a day, so it cannot be told by quarter, and while people are still entered, two views of one "
    "project would tell what one of them told. Somebody may belong to several races or ethnicities. Answers of fewer "
    "than ten are withheld from everybody, with as many others as it takes that none can be worked out. Coverage: "
    "participants who were asked and answered ÷ all of the project."
)


UNKNOWN = gettext_lazy("not known")


class Took(NamedTuple):
    """One participation, as far as R1 looks at it."""

    participant: object
    project: int
    phase: str
    method: str
    county: str | None
    sub_sector: str | None
    role: str
    on: date


@dataclass(frozen=True)
class Column:
    """One project, or several together."""

    label: str | Promise
    projects: frozenset[int]


@dataclass(frozen=True)
class Row:
    """A group: its participants in each column, and last in all together; None is withheld."""

    label: str | Promise
    people: list[int | None]
    # Those of whom it is not known.
    is_unknown: bool = False


@dataclass(frozen=True)
class Table:
    """R1 broken down one way. `adds_up` where everybody stands on one line alone. No rows: all is withheld."""

    label: str | Promise
    rows: list[Row]
    adds_up: bool = True


@dataclass(frozen=True)
class ResearchParticipants:
    """Indicator R1 of a fiscal year by project, and broken down. `total` has each column, then all."""

    year: FiscalYear
    columns: list[Column]
    total: list[int | None]
    tables: list[Table]
    told: list[ToldOf]
    for_publication: bool = False
    definition: str | Promise = field(default=PARTICIPANTS_DEFINITION)
    answers_definition: str | Promise = field(default=ANSWERS_DEFINITION)

    @property
    def people(self) -> int:
        """Participants of all projects; none where the number is withheld."""
        return self.total[-1] or 0

    def coverage(self, table: Table) -> float | None:
        """Participants of whom it is known ÷ all; None where a withheld number could be worked out from it."""
        if not table.rows or not table.adds_up:
            return None
        unknown = next((row.people[-1] for row in table.rows if row.is_unknown), 0)
        return None if unknown is None else _percent(self.people - unknown, self.people)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def research_participants(year: FiscalYear, now: datetime) -> ResearchParticipants:
    """R1 of a fiscal year; quarters to come are left out. Five queries."""
    found = Participation.objects.during(year.period, now).order_by()
    titles = dict(found.values_list("participant__project", "participant__project__title").distinct())
    rows = [
        Took(*row)
        for row in found.values_list(
            "participant",
            "participant__project",
            "phase__kind",
            "method",
            "participant__county__name",
            "participant__sub_sector__name",
            "participant__role",
            "participated_on",
        )
    ]
    columns = [
        Column(title, frozenset([pk])) for pk, title in sorted(titles.items(), key=lambda pair: pair[1])
    ]
    return broken_down(year, now, rows, columns, told_of_projects(titles))


def broken_down(
    year: FiscalYear, now: datetime, rows: Sequence[Took], columns: list[Column], told: list[ToldOf]
) -> ResearchParticipants:
    """R1 of participations by columns."""
    return ResearchParticipants(
        year=year,
        columns=columns,
        total=_line(rows, columns),
        tables=[
            Table(
                label,
                [Row(name, _line(group, columns), name is UNKNOWN) for name, group in groups(rows)],
                adds_up,
            )
            for label, groups, adds_up in _ways(year, now)
        ],
        told=told,
    )


def _line(rows: Collection[Took], columns: Sequence[Column]) -> list[int | None]:
    """Unique participants in each column, then in all."""
    counts = [len({row.participant for row in rows if row.project in column.projects}) for column in columns]
    return [*counts, len({row.participant for row in rows})]


# --- The ways to break it down ----------------------------------------------------------------------------------

Groups = Callable[[Iterable[Took]], list[tuple[str | Promise, list[Took]]]]


def _ways(year: FiscalYear, now: datetime) -> list[tuple[str | Promise, Groups, bool]]:
    begun = [quarter for quarter in year.quarters if quarter.start <= now]

    def quarters(rows: Iterable[Took]) -> list[tuple[str | Promise, list[Took]]]:
        rows = list(rows)
        return [
            (quarter.label, [row for row in rows if quarter.first <= row.on <= quarter.last])
            for quarter in begun
        ]

    return [
        (_("Quarter"), quarters, False),
        (_("Phase"), _chosen("phase", Phase.Kind.choices), False),
        (_("Method"), _chosen("method", Participation.Method.choices), False),
        (_("Role"), _chosen("role", Participant.Role.choices), True),
        (_("County"), _named("county"), True),
        (_("Service area"), _named("sub_sector"), True),
    ]


def _chosen(name: str, choices: Sequence[tuple[str, str | Promise]]) -> Groups:
    """By a field with choices, in their order; what nobody has is left out."""

    def groups(rows: Iterable[Took]) -> list[tuple[str | Promise, list[Took]]]:
        rows = list(rows)
        found = [(label, [row for row in rows if getattr(row, name) == value]) for value, label in choices]
        return [(label, group) for label, group in found if group]

    return groups


def _named(name: str) -> Groups:
    """By a name, in the order of the alphabet; those without one last."""

    def groups(rows: Iterable[Took]) -> list[tuple[str | Promise, list[Took]]]:
        rows = list(rows)
        names = sorted({getattr(row, name) for row in rows} - {None})
        found: list[tuple[str | Promise, list[Took]]] = [
            (one, [row for row in rows if getattr(row, name) == one]) for one in names
        ]
        unknown = [row for row in rows if getattr(row, name) is None]
        return [*found, (UNKNOWN, unknown)] if unknown else found

    return groups
