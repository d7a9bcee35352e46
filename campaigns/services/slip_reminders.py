"""Reminders to those whose witness slip is missing from the official list, and what they answer when it is over."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import slip_emails
from campaigns.models import ActionTaken, CallToAction
from campaigns.permissions import organization_for
from campaigns.services.actions import credited_partner
from campaigns.services.errors import StateError
from campaigns.services.slip_mail import queue_notices
from legislation.models import Hearing, HearingDocument, RecordedSlip, ReportedSlip
from legislation.services.slips import report_slips
from legislation.slip_matches import recorded_partners
from legislation.slip_windows import is_gone, slip_window
from partners.caching import empty_page_cache_on_commit
from partners.models import Organization, Person

# Nobody is reminded of one hearing twice within this time, whoever presses the button.
PAUSE = timedelta(hours=12)


def can_remind(hearing: Hearing, now: datetime) -> bool:
    """Whether a slip that is missing can still be filed for sure."""
    window = slip_window(hearing, now)
    return window.is_open and now < window.sure_until


@transaction.atomic
def remind_missing(*, hearing: Hearing, now: datetime) -> int:
    """Writes once to each person who pledged or reported a slip for a partner that is not on the list; how many.

    Never to partners on record, not within 12 hours of the last reminder, and raises `StateError` where slips
    cannot be filed any more.
    """
    held = Hearing.objects.select_for_update(of=("self",), no_key=True).get(pk=hearing.pk)
    if not can_remind(held, now):
        raise StateError(_("Slips for this hearing cannot be filed now, so nobody is reminded."))
    by_person: dict[int, list[ReportedSlip]] = defaultdict(list)
    for slip in missing_slips(held):
        by_person[slip.person_id].append(slip)
    listed = RecordedSlip.objects.filter(hearing=held).aggregate(last=Max("imported_at"))["last"]
    messages = []
    for slips in by_person.values():
        if any(slip.reminded_at and slip.reminded_at > now - PAUSE for slip in slips):
            continue
        messages.append(slip_emails.missing(slips[0].person, slips, held, listed))
        for slip in slips:
            slip.reminded_at = now
            slip.save(update_fields=["reminded_at"])
    return queue_notices(messages, expires_at=slip_window(held, now).sure_until)


def missing_slips(hearing: Hearing) -> list[ReportedSlip]:
    """Slips for this posting that speak for a partner and that the official list does not show. Three queries."""
    on_record = {
        (organization, document)
        for organization, filed in recorded_partners(hearing=hearing).items()
        for document, _position in filed
    }
    slips = (
        ReportedSlip.objects.filter(
            document__hearing=hearing,
            document__removed_at=None,
            posting_on=timezone.localdate(hearing.starts_at),
            organization__status=Organization.Status.ACTIVE,
        )
        .exclude(person__email="")
        .select_related("person", "organization", "document")
        .order_by("person", "pk")
    )
    return [slip for slip in slips if (slip.organization_id, slip.document_id) not in on_record]


# --- After the hearing ------------------------------------------------------------------------------------------


def open_pledges(person: Person, hearing: Hearing) -> list[ReportedSlip]:
    """What somebody pledged for this posting and has not said they filed."""
    slips = ReportedSlip.objects.filter(
        person=person,
        document__hearing=hearing,
        posting_on=timezone.localdate(hearing.starts_at),
        filed_at=None,
    )
    return list(slips.select_related("document__hearing", "organization").order_by("pk"))


@transaction.atomic
def report_late(*, person: Person, hearing: Hearing, now: datetime) -> list[ReportedSlip]:
    """“Yes, I filed it”, said after the hearing: the pledges become reports, and count as an action on their call.

    Said twice, nothing changes. Raises `NotAllowed` where the person may not name the partner any more, and
    `StateError` where the hearing did not take place.
    """
    if hearing.state == Hearing.State.CANCELLED or is_gone(hearing):
        raise StateError(_("This hearing did not take place."))
    by_partner: dict[Organization | None, list[ReportedSlip]] = defaultdict(list)
    for slip in open_pledges(person, hearing):
        by_partner[slip.organization].append(slip)
    reported: list[ReportedSlip] = []
    for organization, slips in by_partner.items():
        positions: dict[HearingDocument, str] = {slip.document: slip.position for slip in slips}
        reported += report_slips(
            person=person,
            organization=organization,
            positions=positions,
            testimony=slips[0].testimony,
            consent_text=slips[0].consent_text,
            source_code=slips[0].source_code,
            now=now,
        )
    if reported:
        _count(person, hearing, reported, now)
        empty_page_cache_on_commit()
    return reported


def _count(person: Person, hearing: Hearing, slips: list[ReportedSlip], now: datetime) -> None:
    """The action on the call that asked for these slips, closed as it may be meanwhile."""
    documents = [slip.document_id for slip in slips]
    source = next((slip.source_code for slip in slips if slip.source_code), "")
    calls = CallToAction.objects.filter(
        kind=CallToAction.Kind.SLIP, hearing=hearing, slip_asks__document__in=documents
    ).exclude(status=CallToAction.Status.DRAFT)
    for call in calls.distinct():
        ActionTaken.objects.get_or_create(
            call_to_action=call,
            person=person,
            defaults={
                "organization": organization_for(call, person),
                "consent_text": call.consent_text,
                "source_code": source,
                "credited": credited_partner(source),
                "verified": ActionTaken.Verified.MAILBOX,
                "acted_at": now,
            },
        )
