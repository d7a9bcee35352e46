"""Equity at the staff desk: the panel by council and quarter and of each event, whom to invite next, indicator P4."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from meetings.admin.equity_words import ShownCell, gap_words, shown
from meetings.admin.event_equity import event_equity
from meetings.equity import COMPARED, YEARS_BACK, Look, Panel, Panels, event_panel, panels, quarters_of
from meetings.indicators import CouncilAttendance, council_attendance, p4_rows, publishable
from meetings.models import Event, EventInvitation
from partners.admin.base import PartnersAdmin, ReadOnlyMixin, desk_page
from partners.fiscal_year import FiscalYear
from partners.models import Area
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download
from partners.underrepresented import DEFINITION, Reason


@admin.register(EventInvitation)
class EventInvitationAdmin(ReadOnlyMixin, PartnersAdmin):
    """Who was invited to what because they were missing; and the pages that say who is missing."""

    list_filter = ["event__kind", ("event__area", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["organization__name", "person__last_name", "person__email", "event__title"]
    date_hierarchy = "invited_at"
    readonly_fields = ["why"]
    actions_list = ["equity", "p4"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "council/<int:area>/", council_equity, "council"),
            desk_page(self, "event/<int:pk>/", event_equity, "of_event"),
            desk_page(self, "p4/print/", p4_print, "p4_print"),
            desk_page(self, "p4.<str:kind>", p4_file, "p4_file"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventInvitation]:
        return super().get_queryset(request).select_related("organization", "person", "event")

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return ["organization", "person", "event", *self._reasons(request), "invited_at"]

    def get_fields(self, request: HttpRequest, obj: EventInvitation | None = None) -> list[str]:
        return ["organization", "person", "event", *self._reasons(request), "invited_at", "invited_by"]

    def _reasons(self, request: HttpRequest) -> list[str]:
        """Why they were asked stands only before those who may read profile answers."""
        return ["why"] if request.user.has_perm("partners.view_profileanswer") else []

    @display(description=gettext_lazy("why"))
    def why(self, invitation: EventInvitation) -> str:
        labels = dict(Reason.choices)
        return "; ".join(str(labels[reason]) for reason in invitation.reasons if reason in labels)

    @action(description=gettext_lazy("Equity panel"), icon="balance", permissions=["view"], url_path="equity")
    def equity(self, request: HttpRequest) -> HttpResponse:
        """Councils by quarter, and kinds of events: of one fiscal year, or of five."""
        year, now, all_years = (
            FiscalYear.read(request.GET.get("year", "")),
            timezone.now(),
            request.GET.get("years") == "5",
        )
        years = [FiscalYear(year.year - back) for back in range(YEARS_BACK, -1, -1)] if all_years else [year]
        periods = [*quarters_of(years), *([] if all_years else [year.period])]
        areas = list(Area.objects.all())
        looks = [Look(period) for period in periods]
        looks += [Look(year.period, (kind,)) for kind in COMPARED]
        found = panels(looks, now)
        rows = [(area, _line(found, len(periods), area.pk)) for area in areas]
        context = _context(self, request, _("Who comes, beside who could")) | {
            "year": year,
            "years": FiscalYear.recent(),
            "all_years": all_years,
            "periods": periods,
            "rows": rows,
            "total": _line(found, len(periods), None),
            "kinds": [
                (kind.label, shown(panel), panel.partners)
                for place, kind in enumerate(COMPARED)
                for panel in [found.get((len(periods) + place, None), Panel())]
            ],
            "definition": DEFINITION,
        }
        return TemplateResponse(request, "meetings/admin/equity.html", context)

    @action(
        description=gettext_lazy("Council attendance (P4)"),
        icon="groups",
        permissions=["view"],
        url_path="p4",
    )
    def p4(self, request: HttpRequest) -> HttpResponse:
        """Indicator P4 with its definition."""
        context = _context(self, request, _("Attendees at Local Area Council meetings (P4)")) | {
            "found": _asked_attendance(request),
            "year": FiscalYear.read(request.GET.get("year", "")),
            "years": FiscalYear.recent(),
            "query": request.GET.urlencode(),
        }
        return TemplateResponse(request, "meetings/admin/p4.html", context)


# --- Pages ------------------------------------------------------------------------------------------------------


def council_equity(desk: ModelAdmin, request: HttpRequest, area: int) -> HttpResponse:
    """One council: its quarters and its meetings of a fiscal year."""
    must_see(desk, request)
    council, year, now = (
        get_object_or_404(Area, pk=area),
        FiscalYear.read(request.GET.get("year", "")),
        timezone.now(),
    )
    periods = [*year.quarters, year.period]
    found = panels([Look(period) for period in periods], now)
    events = Event.objects.filter(
        area=council, kind=Event.Kind.COUNCIL, starts_at__gte=year.start, starts_at__lt=year.end
    ).exclude(state__in=[Event.State.CANCELLED, Event.State.DRAFT])
    whole = found.get((len(periods) - 1, council.pk), Panel())
    context = _context(desk, request, _("%s: who comes, beside who could") % council) | {
        "council": council,
        "year": year,
        "years": FiscalYear.recent(),
        "periods": periods,
        "line": _line(found, len(periods), council.pk),
        "panel": whole,
        "gap_words": gap_words(whole.gap),
        # A council meets four times a year.
        "events": [
            (event, panel, gap_words(panel.gap))
            for event in events.order_by("starts_at")[:12]
            for panel in [event_panel(event, now)]
        ],
        "definition": DEFINITION,
        "reads_answers": request.user.has_perm("partners.view_profileanswer"),
    }
    return TemplateResponse(request, "meetings/admin/council_equity.html", context)


def p4_print(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """P4 on paper."""
    must_see(desk, request)
    context = {
        "found": _asked_attendance(request),
        "now": timezone.now(),
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "meetings/admin/p4_print.html", context)


def p4_file(desk: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """P4 as a spreadsheet: `kind` is csv or xlsx."""
    must_see(desk, request)
    found = _asked_attendance(request)
    name = f"council-attendance-{found.period.label.lower()}"
    if kind == "csv":
        return csv_download(f"{name}.csv", p4_rows(found))
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", p4_rows(found), title=_("Councils (P4)"))
    raise Http404


# --- Parts ------------------------------------------------------------------------------------------------------


def must_see(desk: ModelAdmin, request: HttpRequest) -> None:
    """These pages are for staff who may see invitations to events, and the events."""
    if not (desk.has_view_permission(request) and may_look(request.user, Event)):
        raise PermissionDenied


def _asked_attendance(request: HttpRequest) -> CouncilAttendance:
    year = FiscalYear.read(request.GET.get("year", ""))
    found = council_attendance(year.period, timezone.now(), parts=year.quarters)
    return publishable(found) if request.GET.get("for") == "publication" else found


def _line(found: Panels, number: int, area: int | None) -> list[ShownCell]:
    return [shown(found.get((place, area), Panel())) for place in range(number)]


def _context(desk: ModelAdmin, request: HttpRequest, title: str) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "title": title, "desk_title": title}
