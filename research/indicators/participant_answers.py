"""What participants of research told about themselves, by project: always without small numbers, for staff too.

Only of projects that are released. While people are entered, a page before and after one of them would tell what they
told.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.models import ProfileAnswer
from research.models import Participant, ParticipantDemographics, ResearchProject
from surveys.results import SMALLEST
from surveys.suppression import withheld_cells, withheld_of_several

_REST, _ALL = "rest", "all"


@dataclass(frozen=True)
class Answer:
    """How many told one thing; None is withheld."""

    label: str | Promise
    people: int | None


@dataclass(frozen=True)
class Question:
    """One question and its answers; without answers nothing of it can be told."""

    label: str | Promise
    answers: list[Answer]


@dataclass(frozen=True)
class ToldOf:
    """What the participants of one project told. `told` is None where it is too small a number."""

    pk: int
    project: str
    participants: int
    told: int | None
    questions: list[Question]

    @property
    def coverage(self) -> float | None:
        """Who was asked and answered ÷ all participants."""
        if self.told is None or not self.participants:
            return None
        return round(100 * self.told / self.participants, 1)


def told_of_projects(titles: Mapping[int, str]) -> list[ToldOf]:
    """The boxes of those projects that are released, in the order of their titles. Three queries."""
    released = set(
        ResearchProject.objects.filter(pk__in=titles, status="released").values_list("pk", flat=True)
    )
    rows: dict[int, list[ParticipantDemographics]] = defaultdict(list)
    for row in ParticipantDemographics.objects.filter(project__in=released):
        rows[row.project_id].append(row)
    counts = {
        project: (people, told)
        for project, people, told in Participant.objects.filter(project__in=released)
        .order_by()
        .values_list("project")
        .annotate(people=Count("pk"), told=Count("pk", filter=Q(has_told=True)))
    }
    return [
        _told(pk, title, *counts.get(pk, (0, 0)), rows[pk])
        for pk, title in sorted(titles.items(), key=lambda pair: pair[1])
        if pk in released
    ]


def _told(pk: int, title: str, people: int, told: int, rows: Sequence[ParticipantDemographics]) -> ToldOf:
    # Few who told, or few who did not: both are withheld, and with them every answer.
    if told < SMALLEST or 0 < people - told < SMALLEST:
        return ToldOf(pk, title, people, None if told else 0, [])
    asked: list[tuple[Promise, Sequence[tuple[str, str | Promise]], list[Sequence[str]], bool]] = [
        (_("Race or ethnicity"), ProfileAnswer.Race.choices, [row.races for row in rows], True),
        (_("Ability status"), ProfileAnswer.Ability.choices, [_one(row.ability) for row in rows], False),
        (_("Age"), ParticipantDemographics.Age.choices, [_one(row.age) for row in rows], False),
    ]
    questions = [
        _question(label, choices, answers, several=several) for label, choices, answers, several in asked
    ]
    return ToldOf(pk, title, people, told, questions)


def _one(answer: str) -> list[str]:
    return [answer] if answer else []


def _question(
    label: str | Promise,
    choices: Sequence[tuple[str, str | Promise]],
    answers: Sequence[Sequence[str]],
    *,
    several: bool,
) -> Question:
    """One question's answers, those who did not answer it among them."""
    told = len(answers)
    counts = Counter(one for answer in answers for one in answer)
    rest = sum(1 for answer in answers if not answer)
    numbers = {value: counts[value] for value, _label in choices} | {_REST: rest, _ALL: told}
    parts = [value for value, _label in choices] + [_REST]
    hidden = withheld_cells(numbers, [], [(_ALL, parts)])
    if several:
        few = withheld_of_several([numbers[part] for part in parts], told)
        hidden |= {parts[place] for place in few}
    if _ALL in hidden:
        # How many told is shown elsewhere: nothing of this question can be.
        return Question(label, [])
    shown = [*choices, (_REST, _("prefers not to say, or left it out"))]
    return Question(
        label, [Answer(name, None if value in hidden else numbers[value]) for value, name in shown]
    )
