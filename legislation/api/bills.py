"""Bills, their roll calls and their changes."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from legislation.api import rows
from legislation.api.paging import Listing, Moment, PageNumber, PerPage, listing, page_of
from legislation.api.schemas import BillDetail, BillEvent, BillSummary, VoteEventDetail
from legislation.models import Bill, HearingDocument
from legislation.models import BillEvent as Event
from legislation.models.bill import spaced
from legislation.pages.bill import BillPage, load_bill_page
from legislation.pages.roll_call import load_roll_call_page
from legislation.search.bills import BillSearch
from legislation.search.page import bill_page

router = Router()


class BillQuery(Schema):
    """The same filters as the list of bills has."""

    q: str = Field(
        "", max_length=200, description="Number in any spelling, words, “quoted phrases”, -without"
    )
    session: int | None = Field(None, description="General Assembly, such as 104")
    chamber: str = Field("", description="Chamber of origin: lower or upper")
    kind: str = Field("", description="bill, resolution, joint_resolution, appointment …")
    stage: str = Field("", description="One or several stages, with commas, such as in_committee,crossed")
    subject: str = Field("", description="A subject's short name")
    position: str = Field("", description="Our position: support, oppose, neutral or any")
    priority: str = Field("", description="Our priority: lead, support, monitor or any")
    committee: str = Field("", description="Short name of the committee it lies in")
    sponsor: str = Field("", description="A legislator's short name")
    hearing: bool = Field(False, description="Only with a hearing in the next 14 days")
    changed: int | None = Field(None, ge=1, le=730, description="Something happened in so many days")
    partners: bool = Field(False, description="Only with partners on record")
    sort: str = Field("", description="relevance, recent or number")
    updated_since: Moment | None = Field(
        None, description="Only what we saw changing since; then ordered by updated_at"
    )

    def search(self) -> BillSearch:
        """As the list reads it; values that no list knows are left out."""
        asked = self.dict(exclude={"updated_since"}, exclude_none=True)
        for name in ("hearing", "partners"):
            asked[name] = "1" if asked[name] else ""
        return BillSearch.parse(asked)


@router.get("/bills", response=Listing[BillSummary], summary="Bills, searched and filtered", tags=["Bills"])
def bills(
    request: HttpRequest, asked: Query[BillQuery], page: PageNumber, per_page: PerPage
) -> dict[str, Any]:
    """A page of bills. Without `sort` the best match comes first, and without words the latest action."""
    search = asked.search()
    if asked.updated_since:
        found = search.filtered().filter(changed_at__gte=asked.updated_since).for_rows()
        shown = page_of(found.order_by("changed_at", "pk"), page, per_page)
    else:
        shown = bill_page(search, page, per_page).page_obj
    return listing(shown, [rows.bill_row(bill) for bill in shown.object_list])


@router.get(
    "/bills/ocd-bill/{key}", response=BillDetail, summary="One bill by its Open Civic Data id", tags=["Bills"]
)
def bill_by_id(request: HttpRequest, key: str) -> dict[str, Any]:
    """Everything about one measure; the whole id stands in the address."""
    bill = Bill.objects.filter(ocd_id=f"ocd-bill/{key}").values_list("session", "identifier").first()
    if bill is None:
        raise Http404
    return _detail(*bill)


@router.get(
    "/bills/{int:session}/{identifier}",
    response=BillDetail,
    summary="One bill by its number",
    tags=["Bills"],
)
def bill(request: HttpRequest, session: int, identifier: str) -> dict[str, Any]:
    """Everything about one measure, such as `/bills/104/HB1075`."""
    return _detail(session, identifier.replace(" ", "").upper())


@router.get(
    "/bills/{int:session}/{identifier}/votes/{int:pk}",
    response=VoteEventDetail,
    summary="One roll call with every vote by name",
    tags=["Bills"],
)
def vote(request: HttpRequest, session: int, identifier: str, pk: int) -> dict[str, Any]:
    """Counts as stated and as the names add up, which may disagree."""
    page = load_roll_call_page(session, identifier.replace(" ", "").upper(), pk)
    if page is None:
        raise Http404
    return rows.roll_call_row(page.roll_call, page.bill) | {
        "bill_id": page.bill.ocd_id,
        "bill_identifier": page.bill.label,
        "votes": [rows.vote_row(vote) for vote in page.votes],
    }


Since = Annotated[Moment | None, Query(None, description="Only what we saw since")]


@router.get("/events", response=Listing[BillEvent], summary="Changes of bills that we saw", tags=["Events"])
def events(
    request: HttpRequest, page: PageNumber, per_page: PerPage, since: Since, kind: str = "", bill_id: str = ""
) -> dict[str, Any]:
    """News of bills, the newest first. `kind`, such as stage or hearing_posted, and `bill_id` narrow it."""
    found = Event.objects.news().select_related("bill__tracking").defer("bill__search", "bill__synopsis")
    if since:
        found = found.filter(observed_at__gte=since)
    if kind:
        found = found.filter(kind=kind)
    if bill_id:
        found = found.filter(bill__ocd_id=bill_id)
    shown = page_of(found, page, per_page)
    return listing(shown, [rows.event_row(event) for event in shown.object_list])


def _detail(session: int, identifier: str) -> dict[str, Any]:
    page = load_bill_page(session, identifier)
    if page is None:
        raise Http404
    bill = page.bill
    sponsorships = bill.sponsorships.select_related("legislator").order_by("position", "id")
    hearings = (
        HearingDocument.objects.filter(bill=bill, removed_at=None)
        .select_related("hearing__committee")
        .order_by("-hearing__starts_at", "amendment")
    )
    return rows.bill_row(bill) | {
        "abstract": bill.synopsis,
        "effective_date": bill.effective_on,
        "furthest_stage": bill.furthest_stage,
        "sponsorships": [rows.sponsorship_row(row) for row in sponsorships],
        "actions": _actions(bill),
        "documents": _documents(page),
        "votes": [rows.roll_call_row(card.roll_call, bill) for card in page.roll_calls],
        "hearings": [rows.bill_hearing_row(document) for document in hearings],
        "related_bills": _related(page),
        "partner_positions": [rows.stance_row(stance) for stance in page.stances],
        "sources": [{"url": bill.source_url}] if bill.source_url else [],
    }


def _actions(bill: Bill) -> list[dict[str, Any]]:
    printed = bill.actions.filter(removed_on=None).order_by("position", "id")
    return [
        {
            "order": place,
            "date": row.happened_on,
            "description": row.description,
            "organization": row.chamber,
            "stage": row.stage,
        }
        for place, row in enumerate(printed, start=1)
    ]


def _documents(page: BillPage) -> list[dict[str, Any]]:
    found = []
    for row in page.documents:
        links = [("text/html", row.html_url), ("application/pdf", row.pdf_url)]
        found.append(
            {
                "note": row.note,
                "classification": row.kind,
                "date": row.date,
                "fate": row.fate,
                "replaces_everything": row.replaces_everything,
                "links": [{"url": url, "media_type": kind} for kind, url in links if url],
            }
        )
    return found


def _related(page: BillPage) -> list[dict[str, Any]]:
    """In Open Civic Data's words companion and prior-session; what came back later is our later-session."""
    found = []
    for row in page.relatives:
        other = row.bill
        kind = "prior-session"
        if row.relation.kind == "companion":
            kind = "companion"
        elif row.is_later:
            kind = "later-session"
        found.append(
            {
                "identifier": other.label if other else spaced(row.relation.identifier),
                "legislative_session": (other or row.relation).assembly.ordinal,
                "relation_type": kind,
                "title": other.title if other else row.relation.title,
                "outcome": "" if row.is_later else row.relation.outcome,
            }
        )
    return found
