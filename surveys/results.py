"""What came of a survey: counts, shares and means for staff, and what of them may be published."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from partners.models import Organization
from surveys.models import Answer, Question, Survey
from surveys.questions import SCALE

# Fewer people than this could be told apart, so their number is not published.
SMALLEST = 10
_Kind = Question.Kind
_COUNTED = (_Kind.CHOICE, _Kind.SEVERAL, _Kind.SCALE)


@dataclass(frozen=True)
class Cell:
    """How many chose one answer, and their share of those who answered the question, in percent."""

    label: str
    count: int
    share: float
    is_withheld: bool = False

    @property
    def is_small(self) -> bool:
        """Whether people could be told apart by this number."""
        return 0 < self.count < SMALLEST


@dataclass(frozen=True)
class QuestionResult:
    """One question's result: how many were asked and answered, and what they said."""

    question: Question
    asked: int
    answered: int
    cells: list[Cell]
    mean: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def coverage(self) -> float:
        """Answered of asked, in percent."""
        return _percent(self.answered, self.asked)

    @property
    def is_text(self) -> bool:
        return self.question.kind in (_Kind.SHORT, _Kind.LONG)

    @property
    def too_few(self) -> bool:
        """Whether so few answered that nothing of it can be published."""
        return self.answered < SMALLEST

    @property
    def is_thinned(self) -> bool:
        """Whether some of its numbers are withheld."""
        return any(cell.is_withheld for cell in self.cells)


@dataclass(frozen=True)
class OrganizationAnswers:
    """A partner whose people answered."""

    pk: int
    name: str
    slug: str
    people: int
    last_at: datetime


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def survey_results(survey: Survey) -> list[QuestionResult]:
    """The result of every question, in the survey's order."""
    questions = list(survey.questions.all())
    moments = sorted(survey.responses.values_list("responded_at", flat=True))
    first_asked = _first_asked(questions)
    answered = dict(
        Answer.objects.filter(question__survey=survey)
        .values_list("question")
        .annotate(n=Count("id"))
        .order_by()
    )
    tallies = _tallies(survey)
    numbers = _numbers(survey)
    results = []
    for question in questions:
        since = first_asked.get(question.pk)
        asked = len(moments) - (bisect_left(moments, since) if since else 0)
        tally, n = tallies.get(question.pk, Counter()), answered.get(question.pk, 0)
        mean, least, most = _measures(question, tally, numbers.get(question.pk, []))
        cells = _cells(question, tally, n)
        results.append(QuestionResult(question, max(asked, n), n, cells, mean, least, most))
    return results


def _first_asked(questions: Sequence[Question]) -> dict[int, datetime]:
    """Since when each question stands in its survey: whoever answered before was not asked."""
    history: Any = Question.history
    rows = history.filter(id__in=[question.pk for question in questions], history_type="+")
    return dict(rows.values_list("id").annotate(at=Min("history_date")).order_by())


def _tallies(survey: Survey) -> dict[int, Counter[str]]:
    """How often each answer was chosen, by question; counted in the database, where equal ones are one row."""
    tallies: dict[int, Counter[str]] = {}
    rows = (
        Answer.objects.filter(question__survey=survey, question__kind__in=_COUNTED)
        .values_list("question", "value")
        .annotate(n=Count("id"))
        .order_by()
    )
    for pk, value, n in rows:
        tally = tallies.setdefault(pk, Counter())
        for chosen in value if isinstance(value, list) else [value]:
            tally[str(chosen)] += n
    return tallies


def _numbers(survey: Survey) -> dict[int, list[Decimal]]:
    numbers: dict[int, list[Decimal]] = {}
    rows = Answer.objects.filter(question__survey=survey, question__kind=_Kind.NUMBER)
    for pk, value in rows.values_list("question", "value").iterator(2000):
        try:
            numbers.setdefault(pk, []).append(Decimal(str(value)))
        except InvalidOperation:
            continue
    return numbers


def _cells(question: Question, tally: Counter[str], answered: int) -> list[Cell]:
    if question.kind not in _COUNTED:
        return []
    options = [str(step) for step in SCALE] if question.kind == _Kind.SCALE else question.options
    return [Cell(option, tally[option], _percent(tally[option], answered)) for option in options]


def _measures(
    question: Question, tally: Counter[str], numbers: list[Decimal]
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The mean, the lowest and the highest of a scale or of numbers."""
    if question.kind == _Kind.SCALE:
        numbers = [Decimal(step) for step, n in tally.items() for _each in range(n)]
    if not numbers:
        return None, None, None
    return sum(numbers, Decimal(0)) / len(numbers), min(numbers), max(numbers)


# --- What may be published --------------------------------------------------------------------------------------


def public_summary(survey: Survey) -> list[QuestionResult]:
    """The results of questions with answers to choose from, without numbers by which people could be told apart."""
    return [_publishable(result) for result in survey_results(survey) if result.question.kind in _COUNTED]


def _publishable(result: QuestionResult) -> QuestionResult:
    if result.too_few:
        return replace(result, cells=[], mean=None, least=None, most=None)
    counts = [cell.count for cell in result.cells]
    several = result.question.kind == _Kind.SEVERAL
    hidden = withheld_of_several(counts, result.answered) if several else withheld(counts)
    cells = [
        Cell(cell.label, 0, 0.0, is_withheld=True) if place in hidden else cell
        for place, cell in enumerate(result.cells)
    ]
    # With the mean at hand, numbers that were left out could be worked out again.
    return replace(result, cells=cells, mean=None if hidden else result.mean, least=None, most=None)


def withheld(counts: Sequence[int]) -> set[int]:
    """Which of the numbers that together make up a known total are kept back.

    The small ones, and with them as many of the next larger ones as it takes that no small number is what is
    missing from the total (complementary suppression): at least two, and together at least ten people.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALLEST}
    if not hidden:
        return hidden
    larger = [place for place, count in enumerate(counts) if count >= SMALLEST]
    for place in sorted(larger, key=counts.__getitem__):
        if len(hidden) > 1 and sum(counts[hid] for hid in hidden) >= SMALLEST:
            break
        hidden.add(place)
    return hidden


def withheld_of_several(counts: Sequence[int], answered: int) -> set[int]:
    """The same where people choose any of several: an answer is kept back when few chose it, or all but a few."""
    return {
        place for place, count in enumerate(counts) if 0 < count < SMALLEST or 0 < answered - count < SMALLEST
    }


# --- Organizations and texts ------------------------------------------------------------------------------------


def answering_organizations(survey: Survey) -> list[OrganizationAnswers]:
    """The partners whose people answered, by name."""
    rows = (
        survey.responses.filter(organization__isnull=False)
        .values("organization", "organization__name", "organization__slug")
        .annotate(people=Count("id"), last_at=Max("responded_at"))
        .order_by("organization__name")
    )
    return [
        OrganizationAnswers(
            row["organization"],
            row["organization__name"],
            row["organization__slug"],
            row["people"],
            row["last_at"],
        )
        for row in rows
    ]


def active_organizations() -> int:
    """How many partners there are to answer."""
    return Organization.objects.filter(status=Organization.Status.ACTIVE).count()


def text_answers(question: Question) -> QuerySet[Answer]:
    """What people wrote, the newest first."""
    return question.answers.select_related("response__organization").order_by("-response__responded_at", "pk")
