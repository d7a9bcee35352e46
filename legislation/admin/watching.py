"""Pages behind the list of tracked bills: the watch list, several bills at once, relatives, cosponsors (P1)."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legislation.exports import cosponsor_rows, watch_rows
from legislation.forms.tracking import BulkForm, PastedNumbersForm, WatchForm
from legislation.indicators import cosponsors
from legislation.models import Bill, BillRelation, BillTracking
from legislation.services.tracking import link_bills, read_pasted, set_trackings, track_bills
from legislation.watch_list import WatchList, since_moment, watch_list
from partners.admin.base import desk_page
from partners.errors import NotAllowed
from partners.fiscal_year import FiscalYear
from partners.posted import posted
from partners.spreadsheets import csv_download, xlsx_download

NAME = "legislation_billtracking"
SHOWN_AT_ONCE = 100


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """The addresses that are no buttons of a list."""
    return [
        desk_page(admin, "watch-list/print/", watch_print, "watch_print"),
        desk_page(admin, "watch-list.<str:kind>", watch_file, "watch_file"),
        desk_page(admin, "p1.<str:kind>", cosponsor_file, "cosponsor_file"),
        desk_page(admin, "<int:pk>/relate/", relate, "relate"),
    ]


def _context(admin: ModelAdmin, request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.admin_site.each_context(request), "opts": admin.opts, "title": title, "desk_title": title}


def _must_see(admin: ModelAdmin, request: HttpRequest) -> None:
    if not admin.has_view_permission(request):
        raise PermissionDenied


# --- Watch list -------------------------------------------------------------------------------------------------


def _watched(request: HttpRequest) -> WatchList:
    form = WatchForm(request.GET)
    now = timezone.now()
    owner = request.user if form.only_mine else None
    return watch_list(now=now, since=since_moment(now, form.chosen_day), owner=owner)


def watch(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Every tracked bill, the most urgent first, with what changed since the last working day or a chosen one."""
    watched = _watched(request)
    context = _context(admin, request, _("Watch list"))
    context |= {"watched": watched, "query": request.GET.urlencode(), "today": timezone.localdate()}
    return TemplateResponse(request, "admin/desk/watch_list.html", context)


def watch_print(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    _must_see(admin, request)
    context = {"watched": _watched(request), "now": timezone.now(), "query": request.GET.urlencode()}
    return TemplateResponse(request, "admin/desk/watch_list_print.html", context)


def watch_file(admin: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a spreadsheet: `kind` is csv or xlsx."""
    _must_see(admin, request)
    name = f"watch-list-{timezone.localdate().isoformat()}"
    return _file(kind, name, watch_rows(_watched(request)), _("Watch list"))


def _file(kind: str, name: str, rows: Any, title: str) -> HttpResponseBase:
    if kind == "csv":
        return csv_download(f"{name}.csv", rows)
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", rows, title=title)
    raise Http404


# --- Several at once --------------------------------------------------------------------------------------------


def track_these(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Numbers are pasted; the answer says which bills are meant; a second press tracks them."""
    form = PastedNumbersForm(posted(request), initial={"owner": request.user.pk})
    pasted = None
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        pasted = read_pasted(answers["numbers"], session=answers["session"])
        if "track" in request.POST:
            begun = track_bills(
                bills=pasted.new,
                by=request.user,
                position=answers["position"],
                priority=answers["priority"],
                owner=answers["owner"],
                is_public=answers["is_public"],
            )
            words = ngettext("%(n)d bill is tracked now.", "%(n)d bills are tracked now.", len(begun))
            messages.success(request, words % {"n": len(begun)})
            return HttpResponseRedirect(reverse(f"admin:{NAME}_changelist"))
    context = _context(admin, request, _("Track several bills"))
    context |= {"form": form, "pasted": pasted}
    return TemplateResponse(request, "admin/desk/track_these.html", context)


def set_for_selected(
    admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[BillTracking]
) -> HttpResponse | None:
    """Asks what to set for the selected bills, then sets it."""
    confirmed = "confirmed" in request.POST
    form = BulkForm(request.POST if confirmed else None)
    if confirmed and form.is_valid():
        ids = list(queryset.values_list("pk", flat=True))
        try:
            changed = set_trackings(ids=ids, by=request.user, changes=form.changes)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            words = ngettext("%(n)d bill is changed.", "%(n)d bills are changed.", changed)
            messages.success(request, words % {"n": changed})
        return None
    context = _context(admin, request, _("Set for several bills"))
    context |= {
        "form": form,
        "trackings": queryset[:SHOWN_AT_ONCE],
        "number": queryset.count(),
        "action": request.POST.get("action", ""),
        "ids": request.POST.getlist("_selected_action"),
        "across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/desk/set_trackings.html", context)


# --- Relatives --------------------------------------------------------------------------------------------------


def relate(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Links a suggested bill to a tracked one. POST only."""
    tracking = admin.get_object(request, str(pk))
    if tracking is None:
        raise Http404(_("This record does not exist any more."))
    if not admin.has_change_permission(request, tracking):
        raise PermissionDenied
    back = reverse(f"admin:{NAME}_change", args=[pk])
    number, kind = request.POST.get("bill", ""), request.POST.get("kind", "")
    other = Bill.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if request.method != "POST" or other is None or kind not in BillRelation.Kind.values:
        return HttpResponseRedirect(back)
    try:
        link_bills(bill=tracking.bill, other=other, kind=kind)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(bill)s is linked.") % {"bill": other.label})
    return HttpResponseRedirect(f"{back}#relatives")


# --- P1 ---------------------------------------------------------------------------------------------------------


def cosponsor_page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Indicator P1 with its definition."""
    year, current = FiscalYear.read(request.GET.get("year", "")), FiscalYear.current()
    context = _context(admin, request, _("Cosponsors of legislation (P1)"))
    context |= {
        "found": cosponsors(year, timezone.localdate()),
        "is_current": year == current,
        "years": FiscalYear.recent(),
    }
    return TemplateResponse(request, "admin/desk/cosponsors.html", context)


def cosponsor_file(admin: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a spreadsheet: `kind` is csv or xlsx."""
    _must_see(admin, request)
    found = cosponsors(FiscalYear.read(request.GET.get("year", "")), timezone.localdate())
    return _file(kind, f"cosponsors-{found.year.label.lower()}", cosponsor_rows(found), _("Cosponsors (P1)"))
