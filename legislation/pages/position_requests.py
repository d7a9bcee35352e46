"""Whom to ask for their position on a bill, with the reason; and who was asked and has answered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.chambers import Chamber
from legislation.models import Bill, CommitteeMembership, Legislator, OrganizationPosition, PositionRequest
from legislation.pages.cosponsor_targets import helpful_chamber
from legislation.pages.stances import Standing, member_stances
from legislation.places.district_plans import district_name
from legislation.places.of_partners import PlacedPartner, placed_partners
from partners.models import Membership, Person

# Nobody is asked about the same bill twice within this time, nor reminded within that.
ASK_AGAIN = timedelta(days=14)
REMIND_AFTER = timedelta(days=5)
MOST_TIMES = 3


class Rule(models.TextChoices):
    """Which partners matter most for a bill on this day."""

    COMMITTEE = "committee", gettext_lazy("in the districts of the committee that has the bill now")
    NOT_SPONSORS = (
        "not_sponsors",
        gettext_lazy("in the districts of members who do not have their name on it yet"),
    )
    EVERYWHERE = "everywhere", gettext_lazy("everywhere")


@dataclass(frozen=True)
class Candidate:
    """A partner who would be asked, why, and by whom it is read: its primary contacts."""

    partner: PlacedPartner
    reason: str
    contacts: tuple[Person, ...]
    times: int = 0


@dataclass
class Candidates:
    """Who would be asked by a rule, and how many partners that fit are left out, by cause."""

    rule: Rule
    rows: list[Candidate] = field(default_factory=list)
    with_position: int = 0
    asked_lately: int = 0
    without_contact: int = 0
    unplaced: int = 0

    @property
    def mails(self) -> int:
        return sum(len(row.contacts) for row in self.rows)


@dataclass
class Requests:
    """Everybody who was asked about a bill. `due` of them may be reminded now."""

    rows: list[PositionRequest]
    due: int

    @property
    def to_write(self) -> int:
        """Requests whose mail the worker has still to write."""
        return len([row for row in self.rows if row.mail])

    @property
    def answered(self) -> int:
        # `answer` is an annotation of `with_answers`, which no model declares.
        return len([row for row in self.rows if row.answer])  # type: ignore[attr-defined]

    @property
    def silent(self) -> int:
        return len(self.rows) - self.answered


def candidates(bill: Bill, rule: Rule, now: datetime) -> Candidates:
    """Active partners whom the rule finds, without a position on the bill, not asked lately. Ten queries at most."""
    found = Candidates(rule)
    reasons = _reasons_by_district(bill, rule)
    holding = _with_position(bill)
    asked = dict(PositionRequest.objects.filter(bill=bill).values_list("organization", "asked_at"))
    times = dict(PositionRequest.objects.filter(bill=bill).values_list("organization", "times"))
    contacts = primary_contacts_of()
    for partner in placed_partners():
        reason = _("All partners are asked.") if rule == Rule.EVERYWHERE else _reason(partner, reasons)
        if not reason:
            found.unplaced += not partner.seat.houses
        elif partner.pk in holding:
            found.with_position += 1
        elif partner.pk in asked and asked[partner.pk] > now - ASK_AGAIN:
            found.asked_lately += 1
        elif partner.pk not in contacts:
            found.without_contact += 1
        else:
            row = Candidate(partner, reason, tuple(contacts[partner.pk]), times.get(partner.pk, 0))
            found.rows.append(row)
    return found


def requests_of(bill: Bill, now: datetime) -> Requests:
    """Who was asked about a bill: those without an answer first. Two queries."""
    rows = list(
        PositionRequest.objects.filter(bill=bill)
        .with_answers()
        .select_related("organization", "asked_by__person")
        .order_by("organization__name")
    )
    rows.sort(key=lambda row: row.answer)  # type: ignore[attr-defined]
    return Requests(rows, len(due_for_reminder(bill, now)))


def due_for_reminder(bill: Bill, now: datetime) -> list[PositionRequest]:
    """Requests without an answer that are old enough, and not sent too often. One query."""
    waiting = PositionRequest.objects.filter(
        bill=bill, asked_at__lte=now - REMIND_AFTER, times__lt=MOST_TIMES
    ).unanswered()
    return list(waiting.select_related("organization"))


def primary_contacts_of(organizations: Iterable[int] | None = None) -> dict[int, list[Person]]:
    """The primary contacts of today by partner; of all partners, or of these. One query."""
    memberships = Membership.objects.current().filter(
        role=Membership.Role.PRIMARY_CONTACT, organization__status="active"
    )
    if organizations is not None:
        memberships = memberships.filter(organization__in=organizations)
    found: dict[int, list[Person]] = defaultdict(list)
    for membership in memberships.select_related("person").order_by("pk"):
        found[membership.organization_id].append(membership.person)
    return dict(found)


# --- Parts ------------------------------------------------------------------------------------------------------


def _with_position(bill: Bill) -> set[int]:
    """Partners with a position on the bill that holds, or waits for their primary contact."""
    rows = OrganizationPosition.objects.filter(bill=bill, state__in=["on_record", "proposed"])
    return set(rows.values_list("organization", flat=True))


def _reasons_by_district(bill: Bill, rule: Rule) -> Mapping[tuple[str, int], str]:
    """By (chamber, district), why its partners matter."""
    if rule == Rule.COMMITTEE:
        why = _("%(district)s: %(name)s is on the committee")
        seats = CommitteeMembership.objects.filter(committee=bill.committee_id or 0)
        members = Legislator.objects.current().filter(pk__in=seats.values("legislator"))
    elif rule == Rule.NOT_SPONSORS:
        why = _("%(district)s: %(name)s does not have their name on it yet")
        sponsors = [pk for pk, row in member_stances(bill).items() if row.standing == Standing.SPONSOR]
        members = Legislator.objects.current().filter(chamber=helpful_chamber(bill)).exclude(pk__in=sponsors)
    else:
        return {}
    return {
        (member.chamber, member.district or 0): why
        % {"district": district_name(member.chamber, member.district or 0), "name": member.name}
        for member in members
    }


def _reason(partner: PlacedPartner, reasons: Mapping[tuple[str, int], str]) -> str:
    """The first reason that one of the partner's places gives, its own seat before its people's."""
    for place in partner.places:
        for chamber in Chamber.values:
            for number in place.districts(chamber):
                if (chamber, number) in reasons:
                    return reasons[chamber, number][:200]
    return ""
