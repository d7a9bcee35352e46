"""Pages of the staff desk about witness slips: windows without a call, and the board of one hearing."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import CallToAction
from campaigns.open_windows import left_behind, open_windows
from campaigns.services.errors import StateError
from campaigns.services.slip_calls import draft_slip_call
from campaigns.services.slip_reminders import can_remind, missing_slips, remind_missing
from campaigns.slip_board import board_of
from campaigns.slip_standing import Board
from campaigns.staff_views import change_url, desk_context
from legislation.models import Bill, Hearing
from partners.admin.base import desk_page
from partners.permissions import may_look
from partners.spreadsheets import csv_download

NAME = "legislation_hearing"


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """The addresses that are no buttons of a list or a hearing, for `HearingAdmin.get_urls`."""
    return [
        desk_page(admin, "<int:pk>/slips.csv", board_file, "slip_board_file"),
        desk_page(admin, "<int:pk>/slips/remind/", remind, "slip_remind"),
        desk_page(admin, "<int:pk>/slips/draft/<int:bill>/", draft, "slip_draft"),
    ]


def may_see(request: HttpRequest) -> bool:
    """Whether somebody may look at who pledged and filed: staff who see hearings and calls to action."""
    return may_look(request.user, Hearing) and may_look(request.user, CallToAction)


def _must(holds: bool) -> None:
    if not holds:
        raise PermissionDenied


def _hearing(pk: int) -> Hearing:
    hearing = Hearing.objects.select_related("committee").filter(pk=pk).first()
    if hearing is None:
        raise Http404(_("This record does not exist any more."))
    return hearing


# --- Windows without a call -------------------------------------------------------------------------------------


def windows(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Tracked bills whose slips can be filed and that no call asks for; and calls whose hearing is off."""
    now = timezone.now()
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Slip windows open"),
        "desk_title": _("Slip windows open"),
        "windows": open_windows(now),
        "left_behind": left_behind(now),
        "may_draft": request.user.has_perm("campaigns.add_calltoaction"),
        "back_url": reverse(f"admin:{NAME}_changelist"),
    }
    return TemplateResponse(request, "admin/desk/slip_windows.html", context)


def draft(admin: ModelAdmin, request: HttpRequest, pk: int, bill: int) -> HttpResponse:
    """Writes the draft of a call for slips and leads to its form. POST only."""
    _must(request.user.has_perm("campaigns.add_calltoaction"))
    back = HttpResponseRedirect(reverse(f"admin:{NAME}_slip_windows"))
    found = Bill.objects.filter(pk=bill).first()
    if request.method != "POST" or found is None:
        return back
    try:
        call, is_new = draft_slip_call(hearing=_hearing(pk), bill=found, by=request.user, now=timezone.now())
    except StateError as refusal:
        messages.error(request, str(refusal))
        return back
    if is_new:
        messages.success(request, _("The draft is written. Read it, change what you like, then publish it."))
    else:
        messages.info(request, _("There is a call for these slips already."))
    return HttpResponseRedirect(change_url(call))


# --- The board --------------------------------------------------------------------------------------------------


def board(admin: ModelAdmin, request: HttpRequest, hearing: Hearing) -> HttpResponse:
    """Who pledged, who says they filed, who is on the official list, and who is missing."""
    now = timezone.now()
    found = board_of(hearing, now)
    may_remind = request.user.has_perm("campaigns.change_calltoaction")
    to_remind = (
        {slip.person_id for slip in missing_slips(hearing)}
        if may_remind and found.missing and can_remind(hearing, now)
        else set()
    )
    context = desk_context(admin, request, hearing, _("Slip board"))
    context |= {
        "board": found,
        "calls": CallToAction.objects.filter(hearing=hearing).order_by("pk"),
        "people_to_remind": len(to_remind),
        "reminding_is_over": found.missing and not can_remind(hearing, now),
    }
    return TemplateResponse(request, "admin/desk/slip_board.html", context)


def board_file(admin: ModelAdmin, request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The same as a table for a spreadsheet: a line for each partner and document."""
    _must(may_see(request))
    hearing = _hearing(pk)
    rows = _rows(board_of(hearing, timezone.now()))
    return csv_download(f"slips-{timezone.localdate(hearing.starts_at)}-{hearing.pk}.csv", rows)


def _rows(found: Board) -> Iterator[list[object]]:
    yield [
        _("Document"),
        _("Organization"),
        _("Local Area Council"),
        _("House district"),
        _("Pledged"),
        _("Says it filed"),
        _("Position as told"),
        _("Position on the official list"),
        _("Missing"),
    ]
    for document in found.documents:
        for row in document.rows:
            yield [
                document.document.label,
                row.organization.name,
                row.organization.area.name,
                row.house or "",
                _("yes") if row.pledged else "",
                _("yes") if row.reported else "",
                row.position_words,
                row.recorded_words,
                _("yes") if row.missing else "",
            ]


def remind(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Writes to those who are missing. POST only."""
    _must(may_see(request) and request.user.has_perm("campaigns.change_calltoaction"))
    hearing = _hearing(pk)
    if request.method == "POST":
        try:
            reminded = remind_missing(hearing=hearing, now=timezone.now())
        except StateError as refusal:
            messages.error(request, str(refusal))
        else:
            words = ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", reminded)
            nobody = _("Everybody who is missing was reminded within the last 12 hours.")
            messages.success(request, words % {"n": reminded} if reminded else nobody)
    return HttpResponseRedirect(reverse(f"admin:{NAME}_slip_board", args=[pk]))
