"""A survey's answers as a spreadsheet: one line per person."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from tablib import Dataset

from partners.spreadsheets import neutral_cell
from surveys.models import Question, Survey
from surveys.questions import shown_answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = list[object]


def response_rows(survey: Survey) -> Iterator[Row]:
    """The heads, then everybody's answers, the first one first."""
    questions: list[Question] = list(survey.questions.all())
    yield [
        _("answered (Chicago time)"),
        _("first name"),
        _("last name"),
        _("e-mail address"),
        _("organization at that time"),
        *(question.text for question in questions),
    ]
    responses = (
        survey.responses.select_related("person", "organization")
        .prefetch_related("answers")
        .order_by("responded_at", "pk")
    )
    for response in responses.iterator(500):
        given = {answer.question_id: shown_answer(answer.value) for answer in response.answers.all()}
        yield [
            timezone.localtime(response.responded_at).strftime("%Y-%m-%d %H:%M"),
            response.person.first_name,
            response.person.last_name,
            response.person.email,
            response.organization.name if response.organization else "",
            *(given.get(question.pk, "") for question in questions),
        ]


def xlsx_download(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Rows, the first being the heads, as an Excel file called `name`. No cell is a formula."""
    neutral = [[neutral_cell(cell) for cell in row] for row in rows]
    book = Dataset(*neutral[1:], headers=neutral[0])
    return HttpResponse(
        book.export("xlsx"),
        content_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
