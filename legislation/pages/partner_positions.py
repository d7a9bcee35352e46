"""What a partner's page of positions shows: on record, waiting, asked for, and what was before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from legislation.models import (
    Bill,
    BillEvent,
    BillTracking,
    Hearing,
    OrganizationPosition,
    PositionRequest,
)
from legislation.pages.partners_at_hearing import hearings_of
from partners.models import Organization, User

_State = OrganizationPosition.State
# Nothing that a position could still change.
FINISHED = {
    Bill.Stage.SIGNED,
    Bill.Stage.PUBLIC_ACT,
    Bill.Stage.ADOPTED,
    Bill.Stage.CONFIRMED,
    Bill.Stage.VETOED,
    Bill.Stage.TABLED,
    Bill.Stage.DEAD,
}
MOST_ASKED = 50
MOST_HISTORY = 100


@dataclass
class Stance:
    """One position with the amendments that replaced the bill's text after it was taken."""

    position: OrganizationPosition
    replaced: list[BillEvent] = field(default_factory=list)
    may_withdraw: bool = False
    # Hearings of the bill now, for which a page says which partners are on record.
    hearings: list[Hearing] = field(default_factory=list)


@dataclass
class AskedBill:
    """A bill the coalition works on, without a position of this partner. `request`: we wrote to the partner."""

    tracking: BillTracking
    request: PositionRequest | None


@dataclass
class PartnerPositions:
    """The page of one partner. `asked`: bills without a position of this partner, those we wrote about first."""

    on_record: list[Stance]
    waiting: list[Stance]
    history: list[OrganizationPosition]
    asked: list[AskedBill]

    @property
    def to_look_at(self) -> list[Stance]:
        """Positions on texts that were replaced since."""
        return [stance for stance in [*self.on_record, *self.waiting] if stance.replaced]


def partner_positions(
    organization: Organization, user: User | AnonymousUser, now: datetime
) -> PartnerPositions:
    """Everything of one partner that `user` may see. Five queries, however much there is."""
    rows = list(
        OrganizationPosition.objects.visible_to(user)
        .filter(organization=organization)
        .select_related(
            "bill__tracking",
            "proposed_by__person",
            "decided_by__person",
            "withdrawn_by__person",
            "organization",
        )
        .defer("bill__search", "bill__synopsis")
        .order_by("-proposed_at", "-pk")
    )
    holding = [row for row in rows if row.state in {_State.ON_RECORD, _State.PROPOSED}]
    replaced = replaced_since(holding)
    stances = {row.pk: Stance(row, replaced.get(row.pk, [])) for row in holding}
    heard = hearings_of({row.bill_id for row in holding if row.state == _State.ON_RECORD}, now)
    for stance in stances.values():
        stance.hearings = heard.get(stance.position.bill_id, [])
    return PartnerPositions(
        on_record=_by_number(stances[row.pk] for row in holding if row.state == _State.ON_RECORD),
        waiting=_by_number(stances[row.pk] for row in holding if row.state == _State.PROPOSED),
        history=[row for row in rows if row.pk not in stances][:MOST_HISTORY],
        asked=_asked(organization, holding)[:MOST_ASKED],
    )


def _asked(organization: Organization, holding: list[OrganizationPosition]) -> list[AskedBill]:
    """Open bills that we follow in public and the partner has no position on."""
    open_bills = (
        BillTracking.objects.filter(is_public=True)
        .exclude(bill__stage__in=FINISHED)
        .exclude(bill__in=[row.bill_id for row in holding])
        .select_related("bill")
        .defer("bill__search", "bill__synopsis", "talking_points")
    )
    trackings = list(open_bills.by_priority())
    requests = {
        request.bill_id: request
        for request in PositionRequest.objects.filter(
            organization=organization, bill__in=[tracking.bill_id for tracking in trackings]
        )
    }
    rows = [AskedBill(tracking, requests.get(tracking.bill_id)) for tracking in trackings]
    return sorted(rows, key=lambda row: row.request is None)


def replaced_since(positions: list[OrganizationPosition]) -> dict[int, list[BillEvent]]:
    """By position: amendments that replaced the bill's text after the position was taken. One query."""
    events: dict[int, list[BillEvent]] = defaultdict(list)
    replacing = BillEvent.objects.filter(
        kind=BillEvent.Kind.REPLACED, is_news=True, bill__in=[position.bill_id for position in positions]
    )
    for event in replacing.order_by("observed_at", "pk"):
        events[event.bill_id].append(event)
    return {
        position.pk: [
            event
            for event in events[position.bill_id]
            if event.observed_at > (position.decided_at or position.proposed_at)
        ]
        for position in positions
    }


def _by_number(stances: Iterable[Stance]) -> list[Stance]:
    return sorted(
        stances,
        key=lambda stance: (
            -stance.position.bill.session,
            stance.position.bill.prefix,
            stance.position.bill.number,
        ),
    )
