"""Legislators, committees and hearings."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from legislation.api import rows
from legislation.api.paging import Listing, Moment, PageNumber, PerPage, listing, page_of
from legislation.api.schemas import Hearing, OrganizationDetail, OrganizationRow, Person
from legislation.models import Committee, CommitteeMembership, Legislator
from legislation.models import Hearing as HearingModel

router = Router()

Chamber = Annotated[str, Query("", description="lower, upper, and for committees joint")]
Current = Annotated[bool, Query(True, description="Only those of today; false gives all")]
Since = Annotated[Moment | None, Query(None, description="Hearings from then on; without it from now on")]


@router.get("/legislators", response=Listing[Person], summary="Legislators", tags=["Legislators"])
def legislators(
    request: HttpRequest,
    page: PageNumber,
    per_page: PerPage,
    chamber: Chamber,
    current: Current,
    district: int | None = None,
) -> dict[str, Any]:
    """Members by name."""
    found = Legislator.objects.current() if current else Legislator.objects.all()
    if chamber:
        found = found.filter(chamber=chamber)
    if district is not None:
        found = found.filter(district=district)
    shown = page_of(found.order_by("family_name", "given_name", "pk"), page, per_page)
    return listing(shown, [rows.person_row(person) for person in shown.object_list])


@router.get("/legislators/ocd-person/{key}", response=Person, summary="One legislator", tags=["Legislators"])
def legislator(request: HttpRequest, key: str) -> dict[str, Any]:
    """A member, past or present, by Open Civic Data id."""
    return rows.person_row(get_object_or_404(Legislator, ocd_id=f"ocd-person/{key}"))


@router.get("/committees", response=Listing[OrganizationRow], summary="Committees", tags=["Committees"])
def committees(
    request: HttpRequest, page: PageNumber, per_page: PerPage, chamber: Chamber, current: Current
) -> dict[str, Any]:
    """Committees by chamber and name."""
    found = Committee.objects.current() if current else Committee.objects.all()
    if chamber:
        found = found.filter(chamber=chamber)
    shown = page_of(found.order_by("chamber", "name", "pk"), page, per_page)
    return listing(shown, [rows.committee_row(committee) for committee in shown.object_list])


@router.get(
    "/committees/ocd-organization/{key}",
    response=OrganizationDetail,
    summary="One committee with its members",
    tags=["Committees"],
)
def committee(request: HttpRequest, key: str) -> dict[str, Any]:
    """A committee by Open Civic Data id."""
    found = get_object_or_404(Committee, ocd_id=f"ocd-organization/{key}")
    seats = CommitteeMembership.objects.filter(committee=found).select_related("legislator")
    return rows.committee_row(found) | {
        "memberships": [
            {
                "name": seat.name,
                "role": seat.role,
                "person_id": seat.legislator.ocd_id if seat.legislator else None,
            }
            for seat in seats.order_by("position", "pk")
        ]
    }


@router.get("/hearings", response=Listing[Hearing], summary="Committee hearings", tags=["Hearings"])
def hearings(
    request: HttpRequest,
    page: PageNumber,
    per_page: PerPage,
    chamber: Chamber,
    since: Since,
    committee: Annotated[str, Query("", description="A committee's short name")],
) -> dict[str, Any]:
    """Hearings, the soonest first, with what they take up and whether witness slips are open."""
    found = HearingModel.objects.shown().filter(starts_at__gte=since or timezone.now()).with_documents()
    if chamber:
        found = found.filter(chamber=chamber)
    if committee:
        found = found.filter(committee__slug=committee)
    shown = page_of(found.order_by("starts_at", "pk"), page, per_page)
    return listing(shown, [rows.hearing_row(hearing) for hearing in shown.object_list])
