"""Why a partner should hear from us soon, each reason in words. Every room adds what it knows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.models import Membership

NEW_CONTACT = timedelta(days=365)


@dataclass(frozen=True)
class Reason:
    """One reason, and how much it weighs: 5 is a request to get in touch, 1 is a hint."""

    words: str | Promise
    weight: int


# Reasons by organization. A room's function takes the organizations' numbers and the moment.
Reasons = dict[int, list[Reason]]


def gathered(found: Iterable[tuple[int, Reason]]) -> Reasons:
    """Pairs of organization and reason, by organization."""
    reasons: Reasons = {}
    for organization, reason in found:
        reasons.setdefault(organization, []).append(reason)
    return reasons


def reasons(organizations: Collection[int], now: datetime) -> Reasons:
    """A primary contact who is new in the role within a year, or none at all."""
    contacts = Membership.objects.current().filter(
        organization__in=organizations, role=Membership.Role.PRIMARY_CONTACT
    )
    newest: dict[int, bool] = {}
    since = (now - NEW_CONTACT).date()
    for organization, started_on, joined_on in contacts.values_list(
        "organization", "started_on", "organization__joined_on"
    ):
        # The first contact of a partner that has just joined is no change.
        is_new = started_on >= since and started_on > joined_on
        newest[organization] = newest.get(organization, False) or is_new
    none = Reason(_("has no primary contact"), 4)
    new = Reason(_("the primary contact changed in the last 12 months"), 2)
    return gathered(
        [(organization, none) for organization in organizations if organization not in newest]
        + [(organization, new) for organization, is_new in newest.items() if is_new]
    )
