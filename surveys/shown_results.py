"""What of a survey's results may be seen, so that nobody can be told apart.

Small numbers are withheld, and with them what it takes that they cannot be worked out from the others. What the
public sees, staff see too where the survey is anonymous.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Count

from surveys.models import Question, Survey
from surveys.results import COUNTED, SMALLEST, Cell, Part, QuestionResult, survey_results
from surveys.suppression import withheld, withheld_of_several

_Kind = Question.Kind


def public_summary(survey: Survey, occasion: str | None = None) -> list[QuestionResult]:
    """The results of questions with answers to choose from, without numbers by which people could be told apart."""
    shown = shown_results(survey_results(survey, occasion))
    return [result for result in shown if result.question.kind in COUNTED]


def staff_results(survey: Survey, occasion: str | None = None) -> list[QuestionResult]:
    """The results as staff see them: all of them, or of an anonymous survey what everybody may see."""
    results = survey_results(survey, occasion)
    return shown_results(results) if survey.is_anonymous else results


def shown_results(results: Sequence[QuestionResult]) -> list[QuestionResult]:
    """Results without what would tell people apart.

    How many were asked a question that depends on another is a number of that other question: where that one
    withholds something, this one shows nothing.
    """
    shown: dict[int, QuestionResult] = {}
    for result in results:
        earlier = shown.get(result.question.shown_if_id or 0)
        if earlier is not None and (earlier.too_few or earlier.is_thinned):
            result = replace(result, is_held_back=True)
        shown[result.question.pk] = _shown(result)
    return list(shown.values())


def _shown(result: QuestionResult) -> QuestionResult:
    if result.too_few:
        return replace(
            result, cells=[], mean=None, least=None, most=None, lines=[], score=None, asked=0, answered=0
        )
    is_several = result.question.kind == _Kind.SEVERAL
    cells = _thinned(result.cells, result.answered, is_several=is_several)
    hides = any(cell.is_withheld for cell in cells)
    lines = [
        Part(line.label, line.answered, _thinned(line.cells, line.answered))
        if not line.too_few
        else Part(line.label, 0, [])
        for line in result.lines
    ]
    # With the mean or the score at hand, numbers that were left out could be worked out again; the lowest and
    # the highest are single people's.
    return replace(
        result,
        cells=cells,
        lines=lines,
        mean=None if hides else result.mean,
        score=None if hides else result.score,
        least=None,
        most=None,
    )


def _thinned(cells: Sequence[Cell], answered: int, *, is_several: bool = False) -> list[Cell]:
    counts = [cell.count for cell in cells]
    hidden = withheld_of_several(counts, answered) if is_several else withheld(counts)
    return [
        Cell(cell.label, 0, 0.0, is_withheld=True) if place in hidden else cell
        for place, cell in enumerate(cells)
    ]


def occasions_to_show(survey: Survey) -> list[tuple[str, int]]:
    """The occasions whose results can be looked at by themselves, with how many answered on each.

    Of an anonymous survey those with ten answers or more, and only where what is left of the total is nobody, or
    ten at least.
    """
    rows = survey.responses.values_list("occasion").annotate(n=Count("id")).order_by("occasion")
    counts = list(rows)
    if not survey.is_anonymous:
        return counts if len(counts) > 1 else []
    small = sum(n for _occasion, n in counts if n < SMALLEST)
    if 0 < small < SMALLEST or len(counts) < 2:
        return []
    return [(occasion, n) for occasion, n in counts if n >= SMALLEST]
