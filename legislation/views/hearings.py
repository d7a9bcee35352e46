"""Committee hearings: the list, the month, one hearing, and calendars to subscribe to."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from legislation.calendars import calendar_response, hearing_calendar, kept_since, webcal
from legislation.models import Bill, Committee, Follow, Hearing, HearingDocument
from legislation.pages.hearings import (
    HearingFilter,
    add_windows,
    committees_to_choose,
    document_rows,
    may_change_soon,
    month_of,
)
from legislation.querysets import HearingQuerySet
from legislation.slip_windows import slip_window
from legislation.structured_data import hearing_event
from legislation.tokens import open_calendar
from mailing.errors import BadToken
from partners.caching import cached_page
from partners.months import is_known

HEARINGS_PER_PAGE = 25


@login_not_required
@require_safe
@cached_page
def hearing_list(request: HttpRequest) -> HttpResponse:
    """Hearings from today on, with the state of their slips."""
    now = timezone.now()
    asked = HearingFilter.parse(request.GET)
    page = Paginator(asked.queryset(request.user, now).with_documents(), HEARINGS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    page.object_list = add_windows(list(page.object_list), now)
    context = {
        "filter": asked,
        "page_obj": page,
        "committees": committees_to_choose(now, asked.committee),
        "chambers": Hearing.HearingChamber.choices,
        "today": timezone.localdate(now),
        "calendar_path": reverse("legislation:hearings_ics"),
        "webcal_url": webcal(reverse("legislation:hearings_ics")),
    }
    return render(request, "legislation/hearing_list.html", context)


@login_not_required
@require_safe
@cached_page
def hearing_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The hearings of one month as a table of weeks, and the same as a list."""
    if not is_known(year, month):
        raise Http404(_("There is no such month."))
    context = {"month": month_of(year, month), "today": timezone.localdate()}
    return render(request, "legislation/hearing_month.html", context)


@login_not_required
@require_safe
def hearing(request: HttpRequest, pk: int) -> HttpResponse:
    """What is heard, where and when; until when slips are taken, and which are on record."""
    now = timezone.now()
    found = get_object_or_404(Hearing.objects.with_documents(), pk=pk)
    window = slip_window(found, now)
    page = _hearing_page if may_change_soon(window, found, now) else cached_page(_hearing_page)
    return page(request, found)


def _hearing_page(request: HttpRequest, found: Hearing) -> HttpResponse:
    now = timezone.now()
    rows = document_rows(found)
    context = {
        "hearing": found,
        "window": slip_window(found, now),
        "rows": rows,
        "slips_on_record": any(row.total for row in rows),
        "is_over": found.is_over(now),
        "now": now,
        "json_ld": hearing_event(found),
        "webcal_url": webcal(reverse("legislation:hearing_ics", args=[found.pk])),
    }
    return render(request, "legislation/hearing_detail.html", context)


# --- Calendars -------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
@cached_page
def hearing_ics(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One hearing for a calendar."""
    found = get_object_or_404(Hearing.objects.with_documents(), pk=pk)
    calendar = hearing_calendar([found], name=found.committee_title)
    return calendar_response(request, calendar, filename=f"hearing-{pk}")


@login_not_required
@require_safe
@cached_page
def hearings_ics(request: HttpRequest) -> HttpResponseBase:
    """All hearings, to subscribe to."""
    return _feed(request, Hearing.objects.all(), _("Illinois committee hearings"), "hearings")


@login_not_required
@require_safe
@cached_page
def committee_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A committee's hearings, to subscribe to."""
    committee = get_object_or_404(Committee, slug=slug)
    return _feed(request, committee.hearings.all(), _("Hearings: %s") % committee, committee.slug)


@login_not_required
@require_safe
@cached_page
def bill_calendar(request: HttpRequest, session: int, identifier: str) -> HttpResponseBase:
    """A bill's hearings, to subscribe to."""
    bill = get_object_or_404(Bill, session=session, identifier=identifier.upper())
    name = f"{session}-{bill.identifier.lower()}"
    return _feed(request, _of_bills([bill.pk]), _("Hearings: %s") % bill.label, name)


@login_not_required
@require_safe
@never_cache
def followed_ics(request: HttpRequest, token: str) -> HttpResponseBase:
    """Hearings of the bills and committees somebody follows. The address is the proof, as calendar programs know no other."""
    try:
        user = open_calendar(token)
    except BadToken as error:
        raise Http404(_("This calendar's address is no longer valid.")) from error
    follows = Follow.objects.visible_to(user)
    bills = _of_bills(follows.filter(bill__isnull=False).values("bill"))
    committees = Hearing.objects.filter(
        committee__in=follows.filter(committee__isnull=False).values("committee")
    )
    return _feed(request, bills | committees, _("Hearings I follow"), "followed-hearings")


def _of_bills(bills: object) -> HearingQuerySet:
    """Hearings whose notice names one of the bills."""
    heard = HearingDocument.objects.filter(bill__in=bills, removed_at=None)
    return Hearing.objects.filter(pk__in=heard.values("hearing"))


def _feed(request: HttpRequest, hearings: HearingQuerySet, name: str, filename: str) -> HttpResponseBase:
    shown = hearings.filter(starts_at__gte=kept_since(timezone.now())).with_documents()
    return calendar_response(
        request, hearing_calendar(shown.order_by("starts_at", "pk"), name=name), filename=filename
    )
