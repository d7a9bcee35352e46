"""Results as they are published: written down once, and read back for the public page."""

from decimal import Decimal
from typing import Any

from surveys.models import PublishedResults, Question
from surveys.results import Cell, Part, QuestionResult, answer_labels


def written_down(results: list[QuestionResult]) -> list[dict[str, Any]]:
    """Results as JSON keeps them. Answers are kept as the survey keeps them, so that each language finds its own."""
    return [
        {
            "question": result.question.pk,
            "asked": result.asked,
            "answered": result.answered,
            "is_held_back": result.too_few,
            "mean": None if result.mean is None else str(round(result.mean, 4)),
            "score": None if result.score is None else str(result.score),
            "parts": [
                [part.answered, [[cell.count, cell.share, cell.is_withheld] for cell in part.cells]]
                for part in result.parts
            ],
        }
        for result in results
    ]


def read_back(published: PublishedResults) -> list[QuestionResult]:
    """The results of a publication, with the words of its questions in the page's language."""
    questions = {question.pk: question for question in published.survey.questions.all()}
    results = []
    for kept in published.results:
        question = questions.get(kept["question"])
        if question is None:
            continue
        parts = _parts(question, kept["parts"])
        is_table = question.kind == Question.Kind.MATRIX
        results.append(
            QuestionResult(
                question=question,
                asked=kept["asked"],
                answered=kept["answered"],
                cells=[] if is_table or not parts else parts[0].cells,
                lines=parts if is_table else [],
                mean=None if kept["mean"] is None else Decimal(kept["mean"]),
                score=None if kept["score"] is None else Decimal(kept["score"]),
                is_held_back=kept["is_held_back"],
            )
        )
    return results


def _parts(question: Question, kept: list[Any]) -> list[Part]:
    rows = [shown for _row, shown in question.shown_rows] or [""]
    labels = answer_labels(question)
    return [
        Part(row, answered, [Cell(label, *cell) for label, cell in zip(labels, cells, strict=False)])
        for row, (answered, cells) in zip(rows, kept, strict=False)
    ]
