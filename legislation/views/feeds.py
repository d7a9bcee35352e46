"""Feeds of news: of one bill, of a search, of a legislator's bills, of a committee's."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from legislation.feeds import about_bill, feed, respond
from legislation.models import Bill, BillEvent, Committee, Legislator, Sponsorship
from legislation.search.bills import BillSearch
from partners.caching import cached_page


@login_not_required
@require_safe
@cached_page
def bill_feed(request: HttpRequest, session: int, identifier: str, as_json: bool = False) -> HttpResponseBase:
    """What happened to one bill, also before we watched it."""
    bill = get_object_or_404(Bill.objects.for_rows(), session=session, identifier=identifier.upper())
    told = feed(
        title=about_bill(bill),
        home=bill.get_absolute_url(),
        address=request.path,
        events=BillEvent.objects.filter(bill=bill),
    )
    return respond(request, told, as_json=as_json)


@login_not_required
@require_safe
@cached_page
def bills_feed(request: HttpRequest, as_json: bool = False) -> HttpResponseBase:
    """News of the bills that a search finds; without one, of all bills."""
    search = BillSearch.parse(request.GET)
    events = BillEvent.objects.news()
    if search.is_active:
        events = events.filter(bill__in=search.filtered().values("pk"))
    query = f"?{search.canonical_query()}" if search.canonical_query() else ""
    told = feed(
        title=_("News of bills: %(search)s") % {"search": search.describe()},
        home=f"{reverse('legislation:bill_list')}{query}",
        address=f"{request.path}{query}",
        events=events,
    )
    return respond(request, told, as_json=as_json)


@login_not_required
@require_safe
@cached_page
def legislator_feed(request: HttpRequest, slug: str, as_json: bool = False) -> HttpResponseBase:
    """News of the bills that a legislator's name stands on."""
    legislator = get_object_or_404(Legislator, slug=slug)
    bills = Sponsorship.objects.active().filter(legislator=legislator).order_by().values("bill")
    told = feed(
        title=_("News of bills of %(name)s") % {"name": f"{legislator.title} {legislator}".strip()},
        home=legislator.get_absolute_url(),
        address=request.path,
        events=BillEvent.objects.news().filter(bill__in=bills),
    )
    return respond(request, told, as_json=as_json)


@login_not_required
@require_safe
@cached_page
def committee_feed(request: HttpRequest, slug: str, as_json: bool = False) -> HttpResponseBase:
    """News of the bills that lie in a committee, and of its hearings."""
    committee = get_object_or_404(Committee, slug=slug)
    told = feed(
        title=_("News of bills in committee: %(name)s") % {"name": committee},
        home=committee.get_absolute_url(),
        address=request.path,
        events=BillEvent.objects.news().filter(
            Q(bill__committee=committee) | Q(hearing__committee=committee)
        ),
    )
    return respond(request, told, as_json=as_json)
