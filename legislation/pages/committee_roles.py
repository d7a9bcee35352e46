"""Roles on a committee, as sources print them: how they rank, and what they are called."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from legislation.models import CommitteeMembership

# Whoever leads a committee, in this order; every other role is a seat among the members.
_LEADING = ("co-chair", "chair", "vice", "spokes", "ranking")


@dataclass(frozen=True)
class RosterSeat:
    """A seat on a committee as a page shows it."""

    seat: CommitteeMembership
    role: str
    is_leading: bool


def roster(seats: Iterable[CommitteeMembership]) -> list[RosterSeat]:
    """Chair, vice chair, spokesperson, then members by family name. Wants `legislator` read along."""
    in_order = sorted(seats, key=lambda seat: (_rank(seat.role), _family_name(seat)))
    return [RosterSeat(seat, role_words(seat.role), _rank(seat.role) < len(_LEADING)) for seat in in_order]


def role_words(role: str) -> str:
    """The role in our words; one we do not know as it is printed."""
    known = {
        "chair": _("Chair"),
        "co-chair": _("Co-chair"),
        "vice-chair": _("Vice chair"),
        "vice chair": _("Vice chair"),
        "member": _("Member"),
        "minority spokesperson": _("Minority spokesperson"),
        "republican spokesperson": _("Republican spokesperson"),
        "democratic spokesperson": _("Democratic spokesperson"),
        "ranking member": _("Ranking member"),
    }
    return known.get(role.strip().casefold()) or capfirst(role)


def _rank(role: str) -> int:
    words = role.casefold()
    if "vice" in words:
        return _LEADING.index("vice")
    return next((rank for rank, start in enumerate(_LEADING) if start in words), len(_LEADING))


def _family_name(seat: CommitteeMembership) -> str:
    return seat.legislator.family_name if seat.legislator else seat.name.split()[-1]
