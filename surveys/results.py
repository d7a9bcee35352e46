"""What came of a survey: counts, shares and means. What of them may be shown stands in `shown_results`."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from surveys.branching import meets
from surveys.models import Answer, Question, Survey
from surveys.question_fields import SCALE

# Fewer people than this could be told apart, so their number is not published.
SMALLEST = 10
_Kind = Question.Kind
# Promoters, passives and detractors, as "how likely to recommend" counts them.
NPS_GROUPS = (range(9, 11), range(7, 9), range(7))
COUNTED = (_Kind.CHOICE, _Kind.SEVERAL, _Kind.SCALE, _Kind.NPS, _Kind.MATRIX)
# How often each kept value was given to a question.
Counts = Mapping[int, Sequence[tuple[Any, int]]]


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
class Part:
    """One line of a table, or a whole question: how many answered it, and what."""

    label: str
    answered: int
    cells: list[Cell]

    @property
    def too_few(self) -> bool:
        return self.answered < SMALLEST


@dataclass(frozen=True)
class QuestionResult:
    """One question's result: how many were asked and answered, and what they said."""

    question: Question
    asked: int
    answered: int
    cells: list[Cell] = field(default_factory=list)
    mean: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    # Of a table, one for each line.
    lines: list[Part] = field(default_factory=list)
    # For "how likely to recommend": promoters less detractors, in points from -100 to 100.
    score: Decimal | None = None
    # With its numbers, what another question withholds could be worked out.
    is_held_back: bool = False

    @property
    def coverage(self) -> float:
        """Answered of asked, in percent."""
        return percent(self.answered, self.asked)

    @property
    def is_text(self) -> bool:
        return self.question.kind in (_Kind.SHORT, _Kind.LONG)

    @property
    def too_few(self) -> bool:
        """Whether so few answered that nothing of it can be published."""
        return self.answered < SMALLEST or self.is_held_back

    @property
    def parts(self) -> list[Part]:
        """The lines of a table; of everything else with cells the one part there is."""
        return self.lines or ([Part("", self.answered, self.cells)] if self.cells else [])

    @property
    def is_thinned(self) -> bool:
        """Whether some of its numbers are withheld."""
        return any(cell.is_withheld for part in self.parts for cell in part.cells)


@dataclass(frozen=True)
class Coverage:
    """How many were invited, and how many of them answered."""

    invited: int
    answered: int

    @property
    def percent(self) -> float:
        return percent(self.answered, self.invited)


def percent(part: int, whole: int) -> float:
    """A share in percent, with one decimal."""
    return round(100 * part / whole, 1) if whole else 0.0


def coverage(survey: Survey, occasion: str | None = None) -> Coverage:
    """Answered ÷ invited. Who answered without an invitation counts in neither."""
    sent = survey.invitations.sent().on(occasion)
    return Coverage(**sent.aggregate(invited=Count("id"), answered=Count("id", filter=Q(answered=True))))


def survey_results(survey: Survey, occasion: str | None = None) -> list[QuestionResult]:
    """The result of every question, in the survey's order; with an occasion only of its answers."""
    questions = list(survey.questions.all())
    given = _given(survey, occasion)
    people = _People(survey, occasion, questions, given)
    results = []
    for question in questions:
        values = given.get(question.pk, [])
        answered = sum(n for _value, n in values)
        results.append(_result(question, max(people.asked(question), answered), answered, values))
    return results


def _given(survey: Survey, occasion: str | None) -> Counts:
    """How often each value was given, by question; counted in the database, where equal ones are one row."""
    answers = Answer.objects.filter(question__survey=survey)
    if occasion is not None:
        answers = answers.filter(response__occasion=occasion)
    short = answers.exclude(question__kind__in=(_Kind.SHORT, _Kind.LONG, _Kind.FILE))
    given: dict[int, list[tuple[Any, int]]] = {}
    for pk, value, n in short.values_list("question", "value").annotate(n=Count("id")).order_by():
        given.setdefault(pk, []).append((value, n))
    written = answers.filter(question__kind__in=(_Kind.SHORT, _Kind.LONG, _Kind.FILE))
    for pk, n in written.values_list("question").annotate(n=Count("id")).order_by():
        given[pk] = [("", n)]
    return given


class _People:
    """How many were asked each question: those who came after it was added, and gave the answer it depends on."""

    def __init__(
        self, survey: Survey, occasion: str | None, questions: Sequence[Question], given: Counts
    ) -> None:
        responses = survey.responses.on(occasion)
        self.given = given
        moments = responses.values_list("responded_at", flat=True)
        self.moments = sorted(moment for moment in moments if moment is not None)
        # Nobody knows when an anonymous answer came.
        self.always = len(moments) - len(self.moments)
        self.first_asked = _first_asked(questions)

    def asked(self, question: Question) -> int:
        if question.shown_if_id is not None:
            earlier = self.given.get(question.shown_if_id, [])
            return sum(n for value, n in earlier if meets(question, value))
        since = self.first_asked.get(question.pk)
        return self.always + len(self.moments) - (bisect_left(self.moments, since) if since else 0)


def _first_asked(questions: Sequence[Question]) -> dict[int, datetime]:
    """Since when each question stands in its survey: whoever answered before was not asked."""
    history: Any = Question.history
    rows = history.filter(id__in=[question.pk for question in questions], history_type="+")
    return dict(rows.values_list("id").annotate(at=Min("history_date")).order_by())


def _result(
    question: Question, asked: int, answered: int, values: Sequence[tuple[Any, int]]
) -> QuestionResult:
    numbers = _numbers(question, values)
    count = sum(numbers.values())
    mean = sum((number * n for number, n in numbers.items()), Decimal(0)) / count if count else None
    is_nps = question.kind == _Kind.NPS
    return QuestionResult(
        question=question,
        asked=asked,
        answered=answered,
        cells=_cells(question, values, answered),
        mean=None if is_nps else mean,
        least=min(numbers, default=None),
        most=max(numbers, default=None),
        lines=_lines(question, values),
        score=_score(numbers) if is_nps else None,
    )


def _numbers(question: Question, values: Sequence[tuple[Any, int]]) -> Counter[Decimal]:
    numbers: Counter[Decimal] = Counter()
    if question.kind not in (_Kind.NUMBER, _Kind.SCALE, _Kind.NPS):
        return numbers
    for value, n in values:
        try:
            numbers[Decimal(str(value))] += n
        except InvalidOperation:
            continue
    return numbers


def _score(numbers: Counter[Decimal]) -> Decimal | None:
    total = sum(numbers.values())
    fans = sum(n for number, n in numbers.items() if number >= 9)
    critics = sum(n for number, n in numbers.items() if number <= 6)
    return (Decimal(100 * (fans - critics)) / total).quantize(Decimal(1)) if total else None


def _cells(question: Question, values: Sequence[tuple[Any, int]], answered: int) -> list[Cell]:
    if question.kind not in COUNTED or question.kind == _Kind.MATRIX:
        return []
    tally: Counter[str] = Counter()
    for value, n in values:
        for chosen in value if isinstance(value, list) else [value]:
            tally[str(chosen)] += n
    if question.kind == _Kind.NPS:
        counts = [sum(tally[str(step)] for step in steps) for steps in NPS_GROUPS]
    elif question.kind == _Kind.SCALE:
        counts = [tally[str(step)] for step in SCALE]
    else:
        counts = [tally[option] for option in question.options]
    return [
        Cell(label, n, percent(n, answered)) for label, n in zip(answer_labels(question), counts, strict=True)
    ]


def answer_labels(question: Question) -> list[str]:
    """The answers that are counted, in the page's language and their order."""
    if question.kind == _Kind.NPS:
        return [_("9 and 10"), _("7 and 8"), _("0 to 6")]
    if question.kind == _Kind.SCALE:
        return [str(step) for step in SCALE]
    return [label for _option, label in question.shown_options]


def _lines(question: Question, values: Sequence[tuple[Any, int]]) -> list[Part]:
    """A table's lines, each counted by itself."""
    if question.kind != _Kind.MATRIX:
        return []
    tally: Counter[tuple[str, str]] = Counter()
    for value, n in values:
        for row, chosen in value.items() if isinstance(value, dict) else ():
            tally[row, chosen] += n
    lines = []
    for row, shown in question.shown_rows:
        counts = [(label, tally[row, option]) for option, label in question.shown_options]
        answered = sum(n for _label, n in counts)
        lines.append(Part(shown, answered, [Cell(label, n, percent(n, answered)) for label, n in counts]))
    return lines
