"""Rows of the database as the API tells them. Nothing here reads; nothing private is among it."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst

from legislation.models import (
    Bill,
    BillEvent,
    Committee,
    Hearing,
    HearingDocument,
    Legislator,
    RollCall,
    Sponsorship,
    Vote,
)
from legislation.models.district import division_id
from legislation.news_words import news_words
from legislation.pages.bill import PartnerStances
from legislation.pages.vote_pictures import PARTS
from legislation.slip_windows import slip_window

Row = dict[str, Any]


def address(path: str) -> str:
    """A page of the portal by its public address."""
    return f"{settings.SITE_URL}{path}"


def bill_row(bill: Bill) -> Row:
    """A measure as a row of a list."""
    tracking = bill.public_tracking
    ours = None
    if tracking:
        ours = {
            "position": tracking.position,
            "priority": tracking.priority,
            "plain_title": tracking.plain_title,
            "summary": tracking.summary,
        }
    return {
        "id": bill.ocd_id,
        "session": bill.assembly.ordinal,
        "identifier": bill.label,
        "title": bill.title,
        "classification": [bill.kind],
        "from_organization": bill.chamber,
        "stage": bill.stage,
        "stage_date": bill.stage_on,
        "current_chamber": bill.current_chamber,
        "committee": bill.committee_name,
        "first_action_date": bill.introduced_on,
        "latest_action_date": bill.last_action_on,
        "latest_action_description": bill.last_action,
        "public_act": bill.public_act,
        "replaces_everything": bill.replaces_everything,
        "coalition": ours,
        "updated_at": bill.changed_at,
        "url": address(bill.get_absolute_url()),
    }


def sponsorship_row(row: Sponsorship) -> Row:
    """A name on a measure."""
    return {
        "name": row.name,
        "classification": row.role,
        "primary": row.role == Sponsorship.Role.CHIEF,
        "organization": row.chamber,
        "person_id": row.legislator.ocd_id if row.legislator else None,
        "added_on": row.added_on,
        "removed_on": row.removed_on,
    }


def roll_call_row(row: RollCall, bill: Bill) -> Row:
    """A roll call without its names."""
    return {
        "id": row.pk,
        "motion_text": row.motion,
        "start_date": row.date,
        "organization": row.chamber,
        "classification": row.scope,
        "committee": row.committee.name if row.committee else "",
        "result": "pass" if row.passed else "fail",
        "counts": [
            {
                "option": part,
                "value": getattr(row, f"stated_{part}"),
                "by_name": getattr(row, f"named_{part}"),
            }
            for part in PARTS
        ],
        "counts_agree": row.counts_agree,
        "url": address(f"{bill.get_absolute_url()}votes/{row.pk}/"),
    }


def vote_row(vote: Vote) -> Row:
    """One member's vote, in Open Civic Data's words."""
    words = {"Y": "yes", "N": "no", "P": "present", "NV": "not voting", "E": "excused", "A": "absent"}
    return {
        "option": words[vote.option],
        "voter_name": vote.legislator.name if vote.legislator else vote.name,
        "voter_id": vote.legislator.ocd_id if vote.legislator else None,
    }


def person_row(person: Legislator) -> Row:
    """A legislator."""
    seat = person.chamber and person.district
    return {
        "id": person.ocd_id,
        "slug": person.slug,
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "party": person.party,
        "current": person.is_current,
        "org_classification": person.chamber,
        "district": person.district,
        "division_id": division_id(person.chamber, person.district or 0) if seat else None,
        "url": address(person.get_absolute_url()),
    }


def committee_row(committee: Committee) -> Row:
    """A committee."""
    return {
        "id": committee.ocd_id,
        "slug": committee.slug,
        "name": committee.name,
        "parent": committee.chamber,
        "current": committee.is_current,
        "url": address(committee.get_absolute_url()),
    }


def stance_row(stance: PartnerStances) -> Row:
    """Partners on record; names only of those that stand in the public directory."""
    return {
        "position": stance.position,
        "number": stance.number,
        "organizations": [organization.name for organization in stance.listed],
    }


def bill_hearing_row(document: HearingDocument) -> Row:
    """A hearing as a bill's detail tells it."""
    hearing = document.hearing
    return {
        "id": hearing.pk,
        "committee": hearing.committee_title,
        "start_date": hearing.starts_at,
        "status": hearing.state,
        "amendment": document.amendment,
        "url": address(hearing.get_absolute_url()),
    }


def hearing_row(hearing: Hearing) -> Row:
    """A hearing with what it takes up."""
    return {
        "id": hearing.pk,
        "name": hearing.committee_title,
        "organization": hearing.chamber,
        "organization_id": hearing.committee.ocd_id if hearing.committee else None,
        "start_date": hearing.starts_at,
        "status": hearing.state,
        "location": hearing.location,
        "slips": slip_window(hearing, timezone.now()).state,
        "agenda": [
            {
                "identifier": document.bill.label if document.bill else document.identifier,
                "bill_id": document.bill.ocd_id if document.bill else None,
                "amendment": document.amendment,
            }
            for document in hearing.documents.all()
        ],
        "url": address(hearing.get_absolute_url()),
    }


def event_row(event: BillEvent) -> Row:
    """One change that we saw."""
    return {
        "id": event.pk,
        "kind": event.kind,
        "bill_id": event.bill.ocd_id,
        "bill_identifier": event.bill.label,
        "before": event.before,
        "after": event.after,
        "words": capfirst(news_words(event)),
        "happened_on": event.happened_on,
        "observed_at": event.observed_at,
        "url": address(event.bill.get_absolute_url()),
    }
