"""What machines that read pages are told of bills and hearings (schema.org)."""

from django.conf import settings
from django.utils.safestring import SafeString

from legislation.models import Bill, Hearing
from legislation.slip_windows import is_gone
from partners.structured_data import json_ld


def hearing_event(hearing: Hearing) -> SafeString:
    """A hearing as an Event. Source: https://schema.org/Event"""
    gone = hearing.state == Hearing.State.CANCELLED or is_gone(hearing)
    status = "EventCancelled" if gone else "EventRescheduled" if hearing.moved_from else "EventScheduled"
    event: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": hearing.committee_title,
        "startDate": hearing.starts_at.isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "url": f"{settings.SITE_URL}{hearing.get_absolute_url()}",
        "location": {"@type": "Place", "name": hearing.location or "Illinois General Assembly"},
        "organizer": {"@type": "GovernmentOrganization", "name": "Illinois General Assembly"},
    }
    if hearing.moved_from:
        event["previousStartDate"] = hearing.moved_from.isoformat()
    return json_ld(event)


def bill_legislation(bill: Bill) -> SafeString:
    """A measure as Legislation. Source: https://schema.org/Legislation"""
    measure: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": bill.ocd_id,
        "name": bill.shown_title,
        "legislationIdentifier": f"{bill.label} ({bill.assembly})",
        "legislationType": str(bill.get_kind_display()),
        "legislationJurisdiction": {"@type": "AdministrativeArea", "name": "Illinois"},
        "legislationPassedBy": {"@type": "GovernmentOrganization", "name": "Illinois General Assembly"},
        "url": f"{settings.SITE_URL}{bill.get_absolute_url()}",
    }
    if bill.synopsis:
        measure["abstract"] = bill.synopsis[:500]
    if bill.introduced_on:
        measure["legislationDate"] = bill.introduced_on.isoformat()
    if bill.source_url:
        measure["sameAs"] = bill.source_url
    if bill.stage == Bill.Stage.PUBLIC_ACT:
        measure["legislationLegalForce"] = "https://schema.org/InForce"
    return json_ld(measure)
