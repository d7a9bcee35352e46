"""A hearing that is off and was posted anew: which slips must be filed again, and where."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from campaigns.open_windows import OFF_FOR_SLIPS
from legislation.models import Hearing, HearingDocument, ReportedSlip
from legislation.reported_slips import SlipStanding, standings
from legislation.slip_windows import is_gone
from partners.models import Person

# A posting that comes later than this after the hearing it would replace is another story.
REPLACED_WITHIN = timedelta(days=30)


def is_off(hearing: Hearing) -> bool:
    """Whether a hearing was cancelled, or another posting took its place."""
    return hearing.state == Hearing.State.CANCELLED or is_gone(hearing)


def postings_anew(documents: Iterable[HearingDocument], now: datetime) -> dict[int, Hearing]:
    """By the number of each document whose hearing is off: where the same committee takes its bill up instead, soonest
    first. The documents come with their hearings. One query, and none where every hearing stands.
    """
    off = [
        document
        for document in documents
        if document.bill_id
        and is_off(document.hearing)
        and document.hearing.starts_at > now - REPLACED_WITHIN
    ]
    if not off:
        return {}
    standing = HearingDocument.objects.filter(
        bill__in={document.bill_id for document in off},
        removed_at=None,
        hearing__in=Hearing.objects.upcoming(now).order_by(),
    )
    coming = list(standing.select_related("hearing__committee").order_by("hearing__starts_at", "hearing"))
    found: dict[int, Hearing] = {}
    for document in off:
        places = (
            one.hearing
            for one in coming
            if one.bill_id == document.bill_id and _is_same(one.hearing, document.hearing)
        )
        if posting := next(places, None):
            found[document.pk] = posting
    return found


def _is_same(posting: Hearing, old: Hearing) -> bool:
    """Whether a posting is of the same committee, in the same chamber and General Assembly, and another one."""
    if posting.pk == old.pk or (posting.session, posting.chamber) != (old.session, old.chamber):
        return False
    by_number = old.committee_id is not None and posting.committee_id == old.committee_id
    return by_number or posting.committee_name == old.committee_name


def shown_standings(slips: Iterable[ReportedSlip], now: datetime) -> list[SlipStanding]:
    """How it stands with these slips, which come `with_hearing()`: also whether they must be filed for a new posting."""
    rows = list(slips)
    found = postings_anew((slip.document for slip in rows), now)
    if not found:
        return standings(rows, now)
    said = ReportedSlip.objects.filter(
        person__in={slip.person_id for slip in rows}, document__hearing__in=set(found.values())
    )
    done = set(said.values_list("person", "document__hearing", "document__bill"))
    # Of several postings that are off, the last one's slip is shown as the one to file again.
    newest = {
        (slip.person_id, slip.organization_id, slip.document.bill_id): slip.document.hearing_id
        for slip in sorted(rows, key=lambda slip: slip.document.hearing.starts_at)
        if slip.document_id in found
    }
    anew = {
        slip.pk: posting
        for slip in rows
        if newest.get((slip.person_id, slip.organization_id, slip.document.bill_id))
        == slip.document.hearing_id
        and (posting := found.get(slip.document_id))
        and (slip.person_id, posting.pk, slip.document.bill_id) not in done
    }
    return standings(rows, now, anew=anew)


def slips_for_an_old_posting(person: Person | None, hearing: Hearing, now: datetime) -> list[SlipStanding]:
    """What somebody told us for a posting that this hearing replaces, and not yet for this one."""
    if person is None:
        return []
    same = Q(document__hearing__session=hearing.session, document__hearing__chamber=hearing.chamber)
    bills = hearing.documents.filter(removed_at=None, bill__isnull=False).values("bill")
    rows = ReportedSlip.objects.filter(
        OFF_FOR_SLIPS,
        same,
        person=person,
        document__bill__in=bills,
        document__hearing__starts_at__gt=now - REPLACED_WITHIN,
    )
    return [found for found in shown_standings(rows.with_hearing(), now) if found.posting == hearing]
