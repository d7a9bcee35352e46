"""Committees: the list by chamber, and a committee's page with its people, hearings and bills."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from legislation.models import Committee, CommitteeMembership, Hearing
from legislation.pages.committee_roles import RosterSeat, roster
from legislation.slip_windows import SlipWindow, slip_window
from partners.caching import cached_page

BILLS_PER_PAGE = 20
HEARINGS_SHOWN = 8


@dataclass(frozen=True)
class CommitteeRow:
    """A committee in the list, with who leads it and its subcommittees."""

    committee: Committee
    leaders: list[RosterSeat]
    subcommittees: list[Committee]


@dataclass(frozen=True)
class ChamberCommittees:
    """One chamber's committees by name."""

    chamber: str
    label: str
    rows: list[CommitteeRow]


@login_not_required
@require_safe
@cached_page
def committees(request: HttpRequest) -> HttpResponse:
    """Committees of today by chamber, subcommittees under their parent."""
    found = list(
        Committee.objects.current()
        .annotate(seats=Count("memberships"))
        .prefetch_related(Prefetch("memberships", CommitteeMembership.objects.select_related("legislator")))
        .order_by("name")
    )
    ids = {committee.pk for committee in found}
    parts = []
    for chamber, label in Committee.CommitteeChamber.choices:
        rows = [
            CommitteeRow(
                committee,
                [one for one in roster(committee.memberships.all()) if one.is_leading],
                [part for part in found if part.parent_id == committee.pk],
            )
            for committee in found
            if committee.chamber == chamber and committee.parent_id not in ids
        ]
        if rows:
            parts.append(ChamberCommittees(chamber, label, rows))
    return render(request, "legislation/committee_list.html", {"chambers": parts})


@login_not_required
@require_safe
@cached_page
def committee(request: HttpRequest, slug: str) -> HttpResponse:
    """A committee: who sits on it, what it hears next, and what lies before it."""
    found = get_object_or_404(Committee.objects.select_related("parent"), slug=slug)
    seats = roster(found.memberships.select_related("legislator"))
    return render(
        request,
        "legislation/committee_detail.html",
        {
            "committee": found,
            "leaders": [one for one in seats if one.is_leading],
            "members": [one for one in seats if not one.is_leading],
            "subcommittees": found.subcommittees.current().order_by("name"),
            "hearings": _hearings(found),
            "bills": Paginator(
                found.bills.for_rows().order_by("-session", "-last_action_on", "prefix", "number"),
                BILLS_PER_PAGE,
            ).get_page(request.GET.get("page")),
        },
    )


def _hearings(committee: Committee) -> list[tuple[Hearing, SlipWindow]]:
    """What is to come, the soonest first, each with its window for witness slips."""
    now = timezone.now()
    coming = committee.hearings.upcoming(now).annotate(measures=Count("documents"))
    return [(hearing, slip_window(hearing, now)) for hearing in coming[:HEARINGS_SHOWN]]
