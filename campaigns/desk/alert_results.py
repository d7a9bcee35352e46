"""How far an alert is and what came of it: the page that refreshes itself, and its files."""

from datetime import datetime
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.desk import alert_decisions, lobbying
from campaigns.models import ActionAlert
from campaigns.results.breakdown import ROWS, WAYS, parts_of
from campaigns.results.exports import (
    XLSX_ROWS,
    funnel_rows,
    parts_rows,
    recipient_rows,
    streamed_xlsx,
)
from campaigns.results.funnel import funnel_of, reports_come, total
from campaigns.results.progress import measure, progress_of
from campaigns.results.steps import P2_DEFINITION, main_steps, reminder_funnels, side_steps
from campaigns.results.trouble import problem_rows, reasons
from campaigns.results.variants import comparison
from campaigns.services import ab_tests
from campaigns.services.lobbying import cost_of
from campaigns.services.reminders import next_reminder_at
from campaigns.staff_views import desk_context
from mailing.services import mailing_tally
from partners.services.identity import get_coalition
from partners.spreadsheets import csv_download

PROBLEMS_SHOWN = 200
# Complaints per accepted message in percent: from here on providers complain, and block.
COMPLAINTS_HIGH = 0.1


def result(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The alert's numbers. htmx asks for the part that moves alone."""
    now = timezone.now()
    moving = _moving(admin, request, alert, now)
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "admin/desk/alert_result_live.html", moving)
    context = desk_context(admin, request, alert, _("Result")) | moving
    problems = list(problem_rows(alert)[: PROBLEMS_SHOWN + 1])
    cost = cost_of(alert.reminder_of or alert, get_coalition().staff_hour_cost)
    context |= _parts(request, alert) | {
        "problems": problems[:PROBLEMS_SHOWN],
        "more_problems": len(problems) > PROBLEMS_SHOWN,
        "reasons": reasons(alert) if problems else [],
        "cost": cost,
        "per_action": cost.per_action(context["actions"]),
        "files": _files(alert, context["audience"]),
    }
    return TemplateResponse(request, "admin/desk/alert_result.html", context)


def _moving(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert, now: datetime) -> dict[str, Any]:
    """What changes while the alert goes out."""
    measured = measure(alert, now)
    own = funnel_of(alert, measured.tally if measured else None)
    reminders = reminder_funnels(alert)
    together = bool(reminders) and request.GET.get("reminders") == "1"
    shown = total([own, *(funnel for _one, _name, funnel in reminders)]) if together else own
    tested = comparison(alert)
    return {
        "alert": alert,
        "progress": progress_of(alert, measured, now),
        "audience": own.audience,
        "actions": own.acted + sum(funnel.acted for _one, _name, funnel in reminders),
        "funnel": shown,
        "steps": main_steps(shown, reports=bool(shown.reported) or reports_come()),
        "tiles": [step for step in side_steps(shown) if step.value or step.key in {"failed", "bounced"}],
        "complaints_high": shown.complaint_rate >= COMPLAINTS_HIGH,
        "together": together,
        "p2_definition": P2_DEFINITION,
        "reminders": reminders,
        "next_reminder_at": next_reminder_at(alert, now),
        "test": tested,
        "test_due_at": ab_tests.due_at(alert) if tested and not alert.test_judged_at else None,
        "may_work": admin.has_work_permission(request),
        "here": reverse("admin:campaigns_actionalert_result", args=[alert.pk]),
    }


def _parts(request: HttpRequest, alert: ActionAlert) -> dict[str, Any]:
    """The numbers broken down in the way that was asked for."""
    key = request.GET.get("by", "organization")
    key = key if key in WAYS else "organization"
    rows = parts_of(alert, key)
    return {
        "way": WAYS[key],
        "ways": [way for way in WAYS.values() if alert.test or way.key != "variant"],
        "parts": rows[:ROWS],
        "more_parts": max(0, len(rows) - ROWS),
    }


def _files(alert: ActionAlert, audience: int) -> list[tuple[str, str]]:
    """What can be downloaded: its name and address."""

    def address(what: str, kind: str) -> str:
        return reverse("admin:campaigns_actionalert_file", args=[alert.pk, what, kind])

    files = [
        (_("All recipients (CSV)"), address("recipients", "csv")),
        (_("Numbers (CSV)"), address("numbers", "csv")),
        (_("Numbers (XLSX)"), address("numbers", "xlsx")),
    ]
    if audience <= XLSX_ROWS:
        files.insert(1, (_("All recipients (XLSX)"), address("recipients", "xlsx")))
    return files


def download(
    admin: ModelAdmin, request: HttpRequest, pk: int, what: str, kind: str
) -> StreamingHttpResponse | FileResponse:
    """The recipients, the numbers or one breakdown, as a CSV or XLSX file."""
    alert = alert_decisions.existing(admin, request, pk)
    if not admin.has_view_permission(request, alert):
        raise PermissionDenied
    if kind not in {"csv", "xlsx"}:
        raise Http404
    name = f"alert-{alert.pk}-{what}.{kind}"
    if what == "recipients":
        if kind == "xlsx" and _count(alert) > XLSX_ROWS:
            raise Http404(_("So many recipients fit in a CSV file only."))
        rows = recipient_rows(alert)
    elif what == "numbers":
        rows = funnel_rows(alert)
    elif what in WAYS:
        rows = parts_rows(alert, what)
    else:
        raise Http404
    return csv_download(name, rows) if kind == "csv" else streamed_xlsx(name, rows)


def _count(alert: ActionAlert) -> int:
    return sum(mailing_tally(alert.mailing_id).values()) if alert.mailing_id else 0


def result_urls(admin: ModelAdmin) -> list[URLPattern]:
    """The addresses of everything about results, for `ActionAlertAdmin.get_urls`."""
    view = admin.admin_site.admin_view

    def desk(address: str, page: Any, name: str) -> URLPattern:
        def shown(request: HttpRequest, **found: Any) -> HttpResponse:
            return page(admin, request, **found)

        return path(address, view(shown), name=f"campaigns_actionalert_{name}")

    return [
        desk("<int:pk>/<slug:what>.<slug:kind>", download, "file"),
        desk("<int:pk>/unknown/", alert_decisions.unknown, "unknown"),
        desk("<int:pk>/unknown/<slug:decision>/", alert_decisions.decide_all, "unknown_all"),
        desk("<int:pk>/decide-test/", alert_decisions.decide_test, "decide_test"),
        desk("<int:pk>/stop-reminders/", alert_decisions.stop_reminders, "stop_reminders"),
        desk("<int:pk>/cost/", alert_decisions.record_cost, "cost"),
        desk("lobbying/", lobbying.report, "lobbying"),
        desk("lobbying/<int:year>.<slug:kind>", lobbying.download, "lobbying_file"),
    ]
