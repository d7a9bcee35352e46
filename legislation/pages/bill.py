"""What a bill's page reads: a fixed number of reads, however much a bill has gathered."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from legislation.models import (
    AppropriationAsk,
    Bill,
    BillDocument,
    BillRelation,
    BillTracking,
    HearingDocument,
    OrganizationPosition,
    RecordedSlip,
    RollCall,
    SyncRun,
    Vote,
)
from legislation.pages.bill_history import History, bill_history
from legislation.pages.bill_sponsors import BillSponsors, bill_sponsors
from legislation.pages.stage_track import Track, stage_track
from legislation.pages.vote_pictures import PartyBar, party_bars
from legislation.slip_windows import SlipWindow, slip_window
from partners.fiscal_year import FiscalYear
from partners.models import Organization

# So many roll calls have their picture on the bill's page; the others stand in a table.
PICTURES = 4


@dataclass
class RollCallCard:
    """A roll call with its picture; the older ones without."""

    roll_call: RollCall
    bars: list[PartyBar]


@dataclass
class HearingRow:
    """A hearing on the bill with the documents it takes up and the window for slips."""

    document: HearingDocument
    amendments: list[str]
    window: SlipWindow


@dataclass
class Relative:
    """Another measure of the same idea. `bill` is None where it is not in our records; then `relation` names it."""

    relation: BillRelation
    bill: Bill | None
    is_later: bool


@dataclass
class PartnerStances:
    """Partners on record for one position: how many, and those that stand in the public directory."""

    position: str
    label: str
    number: int
    listed: list[Organization]


@dataclass
class AskRow:
    """One fiscal year of an appropriation ask: amounts in dollars, None where nobody said."""

    label: str
    asked: int | None
    governor: int | None
    enacted: int | None


@dataclass
class BillPage:
    """Everything that a bill's page shows."""

    bill: Bill
    tracking: BillTracking | None
    credited: list[Organization]
    track: Track
    history: History
    sponsors: BillSponsors
    roll_calls: list[RollCallCard]
    documents: list[BillDocument]
    next_hearing: HearingRow | None
    past_hearings: list[HearingRow]
    relatives: list[Relative]
    asks: list[tuple[AppropriationAsk, list[AskRow]]]
    stances: list[PartnerStances]
    slips: list[tuple[str, int]]
    last_read: datetime | None

    @property
    def replacing(self) -> list[BillDocument]:
        """The texts that replace everything."""
        return [document for document in self.documents if document.replaces_everything]

    @property
    def pictured(self) -> list[RollCallCard]:
        return self.roll_calls[:PICTURES]

    @property
    def slips_number(self) -> int:
        return sum(number for _label, number in self.slips)


def load_bill_page(session: int, identifier: str) -> BillPage | None:
    """The page of one bill; None where there is no such bill."""
    bill = (
        Bill.objects.filter(session=session, identifier=identifier)
        .select_related("tracking", "committee")
        .defer("search")
        .annotate(last_read=_last_read(), **_slip_counts())
        .first()
    )
    if bill is None:
        return None
    now = timezone.now()
    tracking = bill.public_tracking
    actions = list(bill.actions.filter(removed_on__isnull=True).order_by("position", "id"))
    coming, past = _hearings(bill, now)
    return BillPage(
        bill=bill,
        tracking=tracking,
        credited=list(tracking.credited.listed().order_by("name")) if tracking else [],
        track=stage_track(bill, actions),
        history=bill_history(actions),
        sponsors=bill_sponsors(
            bill, list(bill.sponsorships.select_related("legislator")), timezone.localdate(now)
        ),
        roll_calls=_roll_calls(bill),
        documents=list(bill.documents.all()),
        next_hearing=coming,
        past_hearings=past,
        relatives=_relatives(bill),
        asks=_asks(bill),
        stances=_stances(bill),
        slips=_slips(bill),
        last_read=bill.last_read,  # type: ignore[attr-defined]
    )


def _hearings(bill: Bill, now: datetime) -> tuple[HearingRow | None, list[HearingRow]]:
    """The next hearing, and those that were or are cancelled, the newest first."""
    documents = (
        HearingDocument.objects.filter(bill=bill, removed_at=None)
        .exclude(hearing__state="moved", hearing__moved_from__isnull=True)
        .select_related("hearing__committee")
        .order_by("hearing__starts_at", "amendment")
    )
    rows: dict[int, HearingRow] = {}
    for document in documents:
        row = rows.get(document.hearing_id)
        if row is None:
            row = rows[document.hearing_id] = HearingRow(document, [], slip_window(document.hearing, now))
        if document.amendment:
            row.amendments.append(document.amendment)
    coming = [
        row
        for row in rows.values()
        if row.window.state != "cancelled" and not row.document.hearing.is_over(now)
    ]
    next_hearing = coming[0] if coming else None
    return next_hearing, [row for row in reversed(rows.values()) if row is not next_hearing]


def _roll_calls(bill: Bill) -> list[RollCallCard]:
    roll_calls = list(bill.roll_calls.select_related("committee"))
    pictured = [roll_call.pk for roll_call in roll_calls[:PICTURES]]
    counts: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    votes = Vote.objects.filter(roll_call__in=pictured).order_by()
    for pk, party, option, number in votes.values_list("roll_call", "legislator__party", "option").annotate(
        number=Count("pk")
    ):
        counts[pk][party or "", option] += number
    return [RollCallCard(roll_call, party_bars(counts[roll_call.pk])) for roll_call in roll_calls]


def _relatives(bill: Bill) -> list[Relative]:
    """Lineage in both directions: what this bill names, and which bills name it."""
    relations = list(
        BillRelation.objects.filter(Q(bill=bill) | Q(session=bill.session, identifier=bill.identifier))
        .select_related("bill__tracking")
        .defer("bill__search", "bill__synopsis")
    )
    named = Q(pk__in=[])
    for relation in relations:
        if relation.bill_id == bill.pk:
            named |= Q(session=relation.session, identifier=relation.identifier)
    known = {(other.session, other.identifier): other for other in Bill.objects.filter(named).for_rows()}
    found: dict[tuple[int, str], Relative] = {}
    for relation in relations:
        if relation.bill_id == bill.pk:
            key = (relation.session, relation.identifier)
            found[key] = Relative(relation, known.get(key), is_later=False)
        else:
            key = (relation.bill.session, relation.bill.identifier)
            found.setdefault(key, Relative(relation, relation.bill, is_later=True))
    return [found[key] for key in sorted(found, key=lambda key: (-key[0], key[1]))]


def _asks(bill: Bill) -> list[tuple[AppropriationAsk, list[AskRow]]]:
    """Money asked for with this bill, year by year. One read."""
    asks: dict[int, AppropriationAsk] = {}
    years: dict[int, dict[int, dict[str, int]]] = {}
    rows = AppropriationAsk.objects.public().filter(bills=bill).order_by("order", "name", "figures__year")
    for pk, name, slug, purpose, year, step, amount in rows.values_list(
        "pk", "name", "slug", "purpose", "figures__year", "figures__step", "figures__amount"
    ):
        asks[pk] = AppropriationAsk(pk=pk, name=name, slug=slug, purpose=purpose)
        steps = years.setdefault(pk, {})
        if year:
            steps.setdefault(year, {})[step] = int(amount)
    return [
        (
            ask,
            [
                AskRow(
                    FiscalYear(year).label, steps.get("asked"), steps.get("governor"), steps.get("enacted")
                )
                for year, steps in years[pk].items()
            ],
        )
        for pk, ask in asks.items()
    ]


def _stances(bill: Bill) -> list[PartnerStances]:
    """Every position counts; names are told of partners that stand in the directory."""
    rows = list(
        OrganizationPosition.objects.on_record()
        .filter(bill=bill)
        .select_related("organization")
        .order_by("organization__name")
    )
    found = []
    for value, label in OrganizationPosition.Position.choices:
        held = [row.organization for row in rows if row.position == value]
        if held:
            listed = [organization for organization in held if organization.is_listed]
            found.append(PartnerStances(value, str(label), len(held), listed))
    return found


def _last_read() -> Subquery:
    """When a source was last read to its end for the bill's General Assembly."""
    runs = SyncRun.objects.filter(state="done", session=OuterRef("session"), finished_at__isnull=False)
    return Subquery(runs.order_by("-finished_at").values("finished_at")[:1])


def _slip_counts() -> dict[str, Coalesce]:
    """Recorded witness slips by position, to be read with the bill."""
    counts = {}
    for position in RecordedSlip.Position.values:
        slips = RecordedSlip.objects.filter(bill=OuterRef("pk"), position=position).order_by()
        number = slips.values("bill").annotate(number=Count("pk")).values("number")
        counts[f"slips_{position}"] = Coalesce(Subquery(number), 0)
    return counts


def _slips(bill: Bill) -> list[tuple[str, int]]:
    """Recorded witness slips by position; never mixed with what people told us. Empty where there are none."""
    counts = [
        (str(label), getattr(bill, f"slips_{position}")) for position, label in RecordedSlip.Position.choices
    ]
    return counts if any(number for _label, number in counts) else []
