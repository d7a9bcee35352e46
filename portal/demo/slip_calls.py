"""Calls for witness slips on the hearings to come: who pledged, who says they filed, and one hearing that moved since."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import Q

from campaigns.models import ActionTaken, CallToAction
from campaigns.services.actions import take_action
from campaigns.services.slip_calls import draft_slip_call
from campaigns.services.slips import pledge_slips
from campaigns.slip_asks import asks_of
from legislation.models import Hearing, HearingDocument, ReportedSlip
from legislation.reported_slips import posting_days
from partners.models import Membership, Organization, Person, User
from portal.embedded.demo_logins import DEMO_LOGINS

CALLS = 2
# Of a hundred partners, so many pledge a slip; of a hundred that pledged, so many say that they filed it.
PLEDGING, FILING = 30, 60
MOST_PLEDGES, OUTSIDERS = 120, 4


def write_slip_calls(*, staff: User, seed: int, now: datetime) -> list[CallToAction]:
    """Calls for slips on the next hearings of bills that we support. Wants the legislature and our positions."""
    rng = Random(f"{seed}:slips")
    calls = [_publish(document, staff, now) for document in _documents(now)]
    for call in calls:
        _tell(rng, call, now)
    return calls


def _documents(now: datetime) -> list[HearingDocument]:
    """A bill of ours before each of the next hearings that leave some time."""
    hearings = Hearing.objects.standing().filter(starts_at__gt=now + timedelta(hours=30), posted_at__lte=now)
    documents = HearingDocument.objects.filter(
        Q(bill__tracking__position="support") & ~Q(bill__tracking__priority="monitor"),
        hearing__in=hearings,
        removed_at=None,
    )
    rows = documents.select_related("bill", "hearing").order_by("hearing__starts_at", "pk")
    first = {document.hearing_id: document for document in reversed(rows)}
    # The soonest, and then one that moved: the people of that one file again.
    coming = sorted(first.values(), key=lambda document: document.hearing.starts_at)
    later = sorted(coming[1:], key=lambda document: document.hearing.moved_from is None)
    return [*coming[:1], *later[: CALLS - 1]]


def _publish(document: HearingDocument, staff: User, now: datetime) -> CallToAction:
    assert document.bill is not None  # Looked for by its bill.
    call, _is_new = draft_slip_call(hearing=document.hearing, bill=document.bill, by=staff, now=now)
    call.opens_at = document.hearing.posted_at or now - timedelta(days=1)
    # Complete as drafted. Publishing would ask the clock, and the demonstration has a moment of its own.
    call.status = CallToAction.Status.PUBLISHED
    call.save()
    return call


def _tell(rng: Random, call: CallToAction, now: datetime) -> None:
    """Primary contacts pledge and report for their organizations, and some of the public for themselves."""
    contacts = list(
        Membership.objects.current()
        .filter(organization__status=Organization.Status.ACTIVE, role=Membership.Role.PRIMARY_CONTACT)
        .exclude(person__email__in=[login.email for login in DEMO_LOGINS])
        .select_related("person", "organization")
        .order_by("pk")
    )
    wanted = min(MOST_PLEDGES, len(contacts) * PLEDGING // 100)
    for place in rng.sample(contacts, wanted):
        pledge_slips(call_to_action=call, person=place.person, organization=place.organization, now=now)
        if rng.randrange(100) < FILING:
            _file(rng, call, place.person, place.organization, now)
    outsiders = Person.objects.filter(memberships=None, user=None, actions__isnull=False).order_by("pk")
    for person in outsiders.distinct()[:OUTSIDERS]:
        _file(rng, call, person, None, now)


def _file(
    rng: Random, call: CallToAction, person: Person, organization: Organization | None, now: datetime
) -> None:
    """Says that they filed. Where the hearing moved since, it was for the day before the move."""
    assert call.hearing is not None  # Drafted with one.
    positions = {str(ask.document_id): ask.position for ask in asks_of(call)}
    take_action(
        call_to_action=call,
        person=person,
        details={
            "organization": organization.pk if organization else None,
            "positions": positions,
            "testimony": ReportedSlip.Testimony.RECORD,
            "posting_on": min(posting_days(call.hearing)).isoformat(),
        },
        verified=ActionTaken.Verified.LOGIN if organization else ActionTaken.Verified.MAILBOX,
        now=now,
        reference="A-" + "".join(rng.choices("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=8)),
    )
