"""A hearing with a call for slips and people who pledged or filed, for tests of what happens to them."""

from datetime import timedelta

from django.utils import timezone

from campaigns.models import SlipAsk
from legislation.models import RecordedSlip, ReportedSlip, SlipMatch
from mailing.models import OutboxMessage
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import BillTrackingFactory, HearingDocumentFactory, HearingFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory


def slip_call(*, starts_in=timedelta(days=3), chamber="lower", **call):
    """A published call for slips on a tracked bill before a hearing, closing when the window does."""
    CoalitionFactory()
    hearing = HearingFactory(chamber=chamber, starts_at=timezone.now() + starts_in)
    tracking = BillTrackingFactory()
    document = HearingDocumentFactory(hearing=hearing, bill=tracking.bill)
    facts = {"kind": "slip", "hearing": hearing, "bill": tracking.bill, "closes_at": hearing.starts_at}
    opens = min(timezone.now(), hearing.starts_at) - timedelta(days=2)
    made = CallToActionFactory(**({"opens_at": opens} | facts | call))
    SlipAsk.objects.create(call_to_action=made, document=document, position="proponent")
    return made


def said(
    call, *, filed=False, pledged=True, membership=None, posting_on=None, position="proponent", own=False
):
    """Somebody's slip for their partner (or `own`, for themself), as they told us."""
    membership = membership or MembershipFactory()
    now = timezone.now()
    return ReportedSlip.objects.create(
        person=membership.person,
        organization=None if own else membership.organization,
        member_of=membership.organization,
        document=call.slip_asks.get().document,
        posting_on=posting_on or timezone.localdate(call.hearing.starts_at),
        position=position,
        pledged_at=now if pledged else None,
        filed_at=now if filed else None,
        consent_text="We keep it.",
    )


def listed(document, organization, *, position="proponent", state="sure", scheduled_at=None, **slip):
    """A slip on the official list that names a partner."""
    recorded = RecordedSlip.objects.create(
        bill=document.bill,
        amendment=document.amendment,
        hearing=document.hearing,
        committee_name=document.hearing.committee_name,
        scheduled_at=scheduled_at or document.hearing.starts_at,
        name=slip.get("name", f"Somebody of {organization.name}"),
        firm=organization.name,
        position=position,
        imported_at=timezone.now(),
    )
    decided = {"decided_at": timezone.now()} if state in {"confirmed", "rejected"} else {}
    SlipMatch.objects.create(
        slip=recorded, organization=organization, text=organization.name, score=100, state=state, **decided
    )
    return recorded


def mailed(words=""):
    """Addresses of the messages whose subject holds the words, in order."""
    found = OutboxMessage.objects.filter(subject__contains=words).order_by("to")
    return list(found.values_list("to", flat=True))
