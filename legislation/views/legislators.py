"""Legislators: the list with every seat, and a member's page with the record behind the scorecard."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Min, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from legislation.models import Bill, Legislator, Sponsorship
from legislation.pages.committee_roles import RosterSeat, roster
from legislation.pages.legislators import legislator_list
from legislation.pages.representation import Seat, seats_of_district
from legislation.places.geography import current_atlas, zip_areas
from legislation.places.maps import Drawing, district_map
from legislation.querysets import BillQuerySet
from legislation.scorecard import LEAST_COUNTED, scorecard
from partners.caching import cached_page

BILLS_PER_PAGE = 20


@login_not_required
@require_safe
@cached_page
def legislators(request: HttpRequest) -> HttpResponse:
    """Every seat of both chambers, by name, vacant ones named."""
    return render(request, "legislation/legislator_list.html", {"list": legislator_list(request.GET)})


@login_not_required
@require_safe
@cached_page
def legislator(request: HttpRequest, slug: str) -> HttpResponse:
    """A member, past or present: district, offices, committees, bills, votes on our priorities, agreement."""
    member = get_object_or_404(Legislator.objects.prefetch_related("offices", "terms"), slug=slug)
    names = list(Sponsorship.objects.active().filter(legislator=member).order_by())
    roles = dict.fromkeys(Sponsorship.Role.values, 0)
    for role in {name.bill_id: name.role for name in names}.values():
        roles[role] += 1
    bills = Paginator(sponsored_bills(member), BILLS_PER_PAGE)
    bills.count = sum(roles.values())  # Known already: one query less.
    return render(
        request,
        "legislation/legislator_detail.html",
        {
            "legislator": member,
            "seats": _seats(member),
            "map": _map(member),
            "committees": _committees(member),
            "card": scorecard(member, names=names),
            "least_counted": LEAST_COUNTED,
            "roles": roles,
            "bills": bills.get_page(request.GET.get("page")),
        },
    )


def _committees(member: Legislator) -> list[RosterSeat]:
    """The member's committees of today, those they lead first."""
    seats = member.committee_memberships.filter(committee__is_current=True)
    return roster(seats.select_related("committee", "legislator").order_by("committee__name"))


def sponsored_bills(member: Legislator) -> BillQuerySet:
    """Bills that carry the member's name today: this General Assembly first, chief sponsorships first."""
    rank = Case(
        When(sponsorships__role=Sponsorship.Role.CHIEF, then=Value(0)),
        When(sponsorships__role=Sponsorship.Role.CHIEF_COSPONSOR, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = Bill.objects.filter(sponsorships__legislator=member, sponsorships__removed_on__isnull=True)
    return (
        found.annotate(rank=Min(rank))
        .order_by("-session", "rank", "-last_action_on", "prefix", "number")
        .for_rows()
    )


def _seats(member: Legislator) -> list[Seat]:
    """The member's own seat and those that share its place; none for a member of the past."""
    if not member.is_current or not member.district:
        return []
    return seats_of_district(member.chamber, member.district)


def _map(member: Legislator) -> Drawing | None:
    atlas = current_atlas()
    if atlas is None or not member.is_current or not member.district:
        return None
    return district_map(atlas, member.chamber, member.district, zip_areas(atlas))
