"""For partners and staff: the coverage map, and whom to ask for their name on a bill."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.coverage import coverage_file_name, coverage_page, coverage_rows
from campaigns.models import CallToAction
from legislation.models import Bill
from legislation.pages.bill_positions import load_bill
from legislation.pages.cosponsor_targets import STANDINGS, cosponsor_targets, target_rows
from legislation.permissions import works_with_us
from partners.spreadsheets import csv_download

ASKING_KINDS = [CallToAction.Kind.EMAIL, CallToAction.Kind.PHONE]


def _must_work_with_us(request: HttpRequest) -> None:
    if not works_with_us(request.user):
        raise PermissionDenied


@never_cache
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Districts by partners, by actions or by their legislator's position, as a map and as a table."""
    _must_work_with_us(request)
    return render(request, "campaigns/coverage.html", {"page": coverage_page(request.GET)})


@never_cache
@require_safe
def coverage_csv(request: HttpRequest) -> HttpResponseBase:
    """The table for a spreadsheet."""
    _must_work_with_us(request)
    page = coverage_page(request.GET)
    return csv_download(coverage_file_name(page.filter), coverage_rows(page))


@never_cache
@require_safe
def targets(request: HttpRequest, session: int, identifier: str) -> HttpResponse:
    """Who does not have their name on a bill yet, and who could ask them."""
    _must_work_with_us(request)
    bill = _bill(session, identifier)
    context = {
        "bill": bill,
        "page": cosponsor_targets(bill, request.GET, request.user),
        "standings": STANDINGS,
        "calls": _open_calls(request, bill),
    }
    return render(request, "campaigns/targets.html", context)


@never_cache
@require_safe
def targets_csv(request: HttpRequest, session: int, identifier: str) -> HttpResponseBase:
    """The list for a spreadsheet."""
    _must_work_with_us(request)
    bill = _bill(session, identifier)
    page = cosponsor_targets(bill, request.GET, request.user)
    name = f"{bill.identifier.lower()}-{page.filter.chamber_word}-targets.csv"
    return csv_download(name, target_rows(page))


def _bill(session: int, identifier: str) -> Bill:
    bill = load_bill(session, identifier.upper()[:20])
    if bill is None:
        raise Http404
    return bill


def _open_calls(request: HttpRequest, bill: Bill) -> list[CallToAction]:
    """Calls about this bill by which one can write to legislators or call them now."""
    calls = CallToAction.objects.visible_to(request.user).open(timezone.now())
    return list(calls.filter(bill=bill, kind__in=ASKING_KINDS))
