"""Pledges to file a witness slip under a call, and taking back what was said of one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import ActionTaken, CallToAction
from campaigns.permissions import can_answer, organization_for
from campaigns.services.errors import CallClosed, PartnersOnly
from campaigns.slip_asks import asks_of
from legislation.models import ReportedSlip
from legislation.services import slips as reports
from partners.errors import NotAllowed
from partners.models import Organization, Person


@transaction.atomic
def pledge_slips(
    *,
    call_to_action: CallToAction,
    person: Person,
    organization: Organization | None,
    source_code: str = "",
    consent_text: str = "",
    now: datetime | None = None,
) -> list[ReportedSlip]:
    """“I will file it”: on each document the call asks for. It is no completed action.

    `consent_text` is what the person read, by default what the call says now. Raises `CallClosed`, `PartnersOnly` or
    `NotAllowed`.
    """
    now = now or timezone.now()
    call = CallToAction.objects.select_for_update(of=("self",), no_key=True).get(pk=call_to_action.pk)
    if not call.is_open(now):
        raise CallClosed(_("This call to action is not open."))
    if not can_answer(call, organization_for(call, person)):
        raise PartnersOnly(_("This call to action is for people of partner organizations."))
    return reports.pledge_slips(
        person=person,
        organization=organization,
        positions={ask.document: ask.position for ask in asks_of(call)},
        consent_text=consent_text or call.consent_text,
        source_code=source_code,
        now=now,
    )


@transaction.atomic
def take_back_slip(*, slip: ReportedSlip, person: Person, now: datetime | None = None) -> None:
    """“I did not file it”: while a call that asks for it is open. An action without any slip left was none.

    What was told funders after a call closed stays as it was. Raises `NotAllowed`.
    """
    now = now or timezone.now()
    calls = CallToAction.objects.filter(slip_asks__document=slip.document_id).distinct()
    locked = CallToAction.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=calls.values("pk")
    )
    running = [call for call in locked.order_by("pk") if call.is_open(now)]
    if slip.filed_at and not running:
        raise NotAllowed(_("The call to action is over. Write to us, and we will correct it."))
    reports.take_back(slip=slip, person=person)
    for call in running:
        left = ReportedSlip.objects.filed().filter(person=person, document__asks__call_to_action=call)
        if not left.exists():
            for action in ActionTaken.objects.filter(call_to_action=call, person=person):
                action.delete()
