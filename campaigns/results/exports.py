"""An alert's result to take along: every recipient, the funnel, and each breakdown."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from campaigns.models import ActionAlert, ActionTaken
from campaigns.results.breakdown import WAYS, parts_of
from campaigns.results.funnel import Funnel, percent
from campaigns.results.steps import Step, family_funnels, steps_of
from mailing.models import Click, Delivery, DeliveryEvent
from mailing.querysets import CLICK_COUNTS_AFTER
from partners.spreadsheets import XLSX, neutral_cell

Row = list[object]
# Beyond this, writing a spreadsheet takes longer than a page may; a CSV file has no such end.
XLSX_ROWS = 100_000
PORTION = 2000


def with_outcomes(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Adds `acted`, `clicked` and `reason`, the receiving side's words on a bounce or complaint."""
    late_visit = Click.objects.filter(
        delivery=OuterRef("pk"), clicked_at__gte=OuterRef("accepted_at") + CLICK_COUNTS_AFTER
    )
    action = Exists(ActionTaken.objects.filter(via=OuterRef("pk")))
    return deliveries.annotate(
        acted=action, clicked=Q(Exists(late_visit)) | Q(action), reason=reported_reason()
    )


def reported_reason() -> Subquery:
    """What the receiving side said last of a delivery that bounced or was reported as spam."""
    events = DeliveryEvent.objects.filter(
        delivery=OuterRef("pk"), kind__in=["bounced", "soft_bounced", "complained", "rejected"]
    )
    return Subquery(events.order_by("-happened_at", "-pk").values("reason")[:1])


def recipient_rows(alert: ActionAlert) -> Iterator[Row]:
    """The heads, then every recipient with what happened, in bounded memory."""
    yield [
        _("e-mail address"),
        _("first name"),
        _("organization"),
        _("House district"),
        _("Senate district"),
        _("language"),
        _("variant"),
        _("state"),
        _("accepted (Chicago time)"),
        _("clicked"),
        _("acted"),
        _("mail server's answer"),
        _("receiving side's words"),
    ]
    if alert.mailing_id is None:
        return
    found = with_outcomes(Delivery.objects.filter(mailing=alert.mailing_id))
    rows: Iterator[Any] = found.annotate(variant=F("batch__variant")).order_by("pk").iterator(PORTION)
    for row in rows:
        yield [
            row.email,
            row.slots.get("first_name", ""),
            row.slots.get("organization", ""),
            row.slots.get("house_district", ""),
            row.slots.get("senate_district", ""),
            row.language,
            row.variant,
            row.get_state_display(),
            _minute(row.accepted_at),
            _("yes") if row.clicked else "",
            _("yes") if row.acted else "",
            row.response,
            row.reason or "",
        ]


def funnel_rows(alert: ActionAlert) -> Iterator[Row]:
    """One line per step of the funnel and per kind of trouble; a column for the alert and each of its reminders."""
    family = family_funnels(alert)
    total = sum((funnel for _label, funnel in family), Funnel())
    yield [
        _("step"),
        *(label for label, _funnel in family),
        _("together"),
        _("in percent"),
        _("what it counts"),
    ]
    columns = [steps_of(funnel) for _label, funnel in family]
    for place, step in enumerate(steps_of(total)):
        yield _line(step, [column[place] for column in columns], total)


def parts_rows(alert: ActionAlert, key: str) -> Iterator[Row]:
    """One line per organization, district, domain, variant or language."""
    yield [
        str(WAYS[key].label),
        _("audience"),
        _("accepted"),
        _("delivered"),
        _("failed"),
        _("clicked"),
        _("acted"),
    ]
    for part in parts_of(alert, key):
        yield [
            part.label,
            part.audience,
            part.accepted,
            part.delivered,
            part.failed,
            part.clicked,
            part.acted,
        ]


def streamed_xlsx(name: str, rows: Iterable[Sequence[object]]) -> FileResponse:
    """Rows as an Excel file called `name`, written row by row to the disk. No cell is ever a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=neutral_cell(value)) for value in row]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
        sheet.append(cells)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when it was read.
    book.save(file)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type=XLSX,
        headers={"Cache-Control": "private, no-store"},
    )


def _line(step: Step, columns: list[Step], total: Funnel) -> Row:
    return [
        str(step.label),
        *(column.value for column in columns),
        step.value,
        percent(step.value, total.audience),
        str(step.note),
    ]


def _minute(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
