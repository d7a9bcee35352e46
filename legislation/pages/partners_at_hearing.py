"""Partners before one hearing, for a partner's primary contact: who of those with a public position is on record there.

It compares two public things: the positions on each bill's page and the General Assembly's list of slips. What people
told us about their slips stays with them and with staff, and nobody's name is read here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst

from legislation.models import Bill, Hearing, HearingDocument, OrganizationPosition, RecordedSlip
from legislation.slip_matches import recorded_partners
from legislation.slip_windows import SlipWindow, slip_window
from partners.models import Organization

# So long after a hearing a partner's page of positions leads to it.
LOOK_BACK = timedelta(days=30)
MOST_HEARINGS = 3


@dataclass
class PartnerAtHearing:
    """One partner with a public position on a bill. `filed`: its slips on the official list, as words."""

    organization: Organization
    position: str
    position_words: str
    is_own: bool
    filed: list[str] = field(default_factory=list)


@dataclass
class BillAtHearing:
    """One bill before the hearing, and every partner with a public position on it."""

    bill: Bill
    labels: list[str]  # the documents on the notice: the bill, amendments to it
    partners: list[PartnerAtHearing] = field(default_factory=list)

    @property
    def on_record(self) -> list[PartnerAtHearing]:
        return [partner for partner in self.partners if partner.filed]

    @property
    def missing(self) -> list[PartnerAtHearing]:
        return [partner for partner in self.partners if not partner.filed]


@dataclass
class PartnersAtHearing:
    """The page. Before the official list is in (`has_list`), nobody is missing."""

    hearing: Hearing
    window: SlipWindow
    bills: list[BillAtHearing]
    has_list: bool


def partners_at_hearing(
    hearing: Hearing, organization: Organization, now: datetime
) -> PartnersAtHearing | None:
    """For the bills before the hearing on which `organization` is on record; None where there is none. Six queries."""
    documents: dict[int, list[HearingDocument]] = defaultdict(list)
    own = OrganizationPosition.objects.on_record().filter(organization=organization)
    notice = HearingDocument.objects.filter(hearing=hearing, removed_at=None, bill__in=own.values("bill"))
    for document in notice.select_related("bill").defer("bill__search", "bill__synopsis").order_by("pk"):
        documents[document.bill_id or 0].append(document)
    if not documents:
        return None
    found = {
        number: BillAtHearing(some[0].bill, [document.label for document in some])
        for number, some in documents.items()
        if some[0].bill
    }
    _fill(found, hearing, organization, [document for some in documents.values() for document in some])
    day = timezone.localdate(hearing.starts_at)
    listed = RecordedSlip.objects.filter(hearing=hearing).order_by().values_list("scheduled_at", flat=True)
    has_list = any(timezone.localdate(at) == day for at in listed.distinct())
    return PartnersAtHearing(hearing, slip_window(hearing, now), list(found.values()), has_list)


def _fill(
    found: dict[int, BillAtHearing],
    hearing: Hearing,
    organization: Organization,
    documents: Iterable[HearingDocument],
) -> None:
    """The partners with a public position on each bill, and what each has on the official list."""
    bills = {document.pk: document for document in documents}
    filed: dict[tuple[int, int], list[str]] = defaultdict(list)
    for filer, slips in recorded_partners(hearing=hearing).items():
        for number, position in sorted(slips):
            if number in bills:
                document = bills[number]
                words = f"{document.label}: {capfirst(RecordedSlip.Position(position).label)}"
                filed[filer, document.bill_id or 0].append(words)
    positions = OrganizationPosition.objects.on_record().filter(
        Q(organization__is_listed=True) | Q(organization=organization), bill__in=found
    )
    for row in positions.select_related("organization").order_by("organization__name", "pk"):
        partner = PartnerAtHearing(
            organization=row.organization,
            position=row.position,
            position_words=row.get_position_display(),
            is_own=row.organization_id == organization.pk,
            filed=filed[row.organization_id, row.bill_id],
        )
        found[row.bill_id].partners.append(partner)


def hearings_of(bills: Iterable[int], now: datetime) -> dict[int, list[Hearing]]:
    """The hearings of bills that are to come or were a short time ago, the latest first, by bill. One query."""
    found: dict[int, list[Hearing]] = defaultdict(list)
    documents = HearingDocument.objects.filter(
        bill__in=list(bills),
        removed_at=None,
        hearing__in=Hearing.objects.standing(),
        hearing__starts_at__gt=now - LOOK_BACK,
    )
    for document in documents.select_related("hearing__committee").order_by("-hearing__starts_at", "pk"):
        hearings = found[document.bill_id or 0]
        if document.hearing not in hearings and len(hearings) < MOST_HEARINGS:
            hearings.append(document.hearing)
    return dict(found)
