"""Asking: partners for their position on a bill, and what they tell us of their talks with legislators."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from legislation import asking_emails as emails
from legislation.models import Bill, BillTracking, Legislator, LegislatorAsk, PositionRequest
from legislation.pages.partner_positions import FINISHED
from legislation.pages.position_requests import Rule, candidates, due_for_reminder, primary_contacts_of
from legislation.permissions import can_ask_partners, can_propose_for
from mailing.queueing import queue_after_commit
from mailing.services import Draft, queue_messages
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Organization, User

REQUESTS_AT_A_TIME = 100
MOST_NOTE = LegislatorAsk._meta.get_field("note").max_length


@transaction.atomic
def request_positions(
    *, tracking: BillTracking, rule: Rule, organizations: Collection[int], by: User, now: datetime
) -> list[PositionRequest]:
    """Asks those of `organizations` whom the rule still finds; the worker writes one mail to each primary contact.

    The tracked bill is locked, so a double click and a colleague's press come one after the other and ask nobody twice.
    """
    tracking = _lock(tracking, by)
    found = candidates(tracking.bill, rule, now)
    chosen = set(organizations)
    rows = [row for row in found.rows if row.partner.pk in chosen]
    earlier = {
        request.organization_id: request
        for request in PositionRequest.objects.filter(
            bill=tracking.bill, organization__in=[row.partner.pk for row in rows]
        )
    }
    asked = []
    for row in rows:
        request = earlier.get(row.partner.pk) or PositionRequest(
            bill=tracking.bill, organization_id=row.partner.pk, times=0
        )
        request.reason = row.reason
        _ask(request, PositionRequest.Mail.REQUEST, by, now)
        asked.append(request)
    _save(asked)
    return asked


@transaction.atomic
def remind_of_requests(*, tracking: BillTracking, by: User, now: datetime) -> list[PositionRequest]:
    """Asks those again who have not answered for some days. Pressed twice, it writes once."""
    tracking = _lock(tracking, by)
    contacts = primary_contacts_of()
    due = [row for row in due_for_reminder(tracking.bill, now) if row.organization_id in contacts]
    for request in due:
        _ask(request, PositionRequest.Mail.REMINDER, by, now)
    _save(due)
    return due


def write_position_requests() -> int:
    """Writes the mails of requests and reminders that wait; how many partners that were. Doing it twice adds none."""
    done = 0
    while written := _write_some():
        done += written
    return done


@transaction.atomic
def log_ask(
    *,
    organization: Organization,
    bill: Bill,
    legislator: Legislator,
    asked_on: date,
    stance: str,
    will_sponsor: bool = False,
    note: str = "",
    by: User,
) -> LegislatorAsk:
    """Writes down that somebody of a partner asked a legislator. The same told twice is one conversation."""
    facts = {
        "organization": _lock_organization(organization, by),
        "bill": bill,
        "legislator": legislator,
        "asked_on": asked_on,
        "stance": stance,
        "will_sponsor": will_sponsor,
        "note": note.strip()[:MOST_NOTE],
    }
    ask = LegislatorAsk.objects.filter(**facts).first()
    if ask is None:
        ask = LegislatorAsk(entered_by=by, **facts)
        changed_by(ask, by)
        ask.save()
    return ask


@transaction.atomic
def correct_ask(
    *, ask: LegislatorAsk, asked_on: date, stance: str, will_sponsor: bool, note: str, by: User
) -> LegislatorAsk:
    """Changes what was written down; the history keeps the earlier words."""
    row = _own_ask(ask, by)
    row.asked_on, row.stance, row.will_sponsor = asked_on, stance, will_sponsor
    row.note = note.strip()[:MOST_NOTE]
    changed_by(row, by)
    row.save()
    return row


@transaction.atomic
def remove_ask(*, ask: LegislatorAsk, by: User) -> None:
    """Takes a conversation back that was entered by mistake; the history keeps it."""
    row = _own_ask(ask, by)
    changed_by(row, by)
    row.delete()


# --- Steps ------------------------------------------------------------------------------------------------------


def _lock(tracking: BillTracking, by: User) -> BillTracking:
    if not can_ask_partners(by):
        raise NotAllowed(_("You may not ask partners for positions."))
    row = BillTracking.objects.select_for_update(of=("self",)).select_related("bill").get(pk=tracking.pk)
    if problem := problem_of(row):
        raise NotAllowed(problem)
    return row


def problem_of(tracking: BillTracking) -> str:
    """Why partners cannot be asked about a bill now; empty where they can."""
    if not tracking.is_public:
        return _(
            "Our position is not public, so partners would find nothing about the bill. Publish it first."
        )
    if tracking.bill.stage in FINISHED:
        return _("Nothing can change on this bill any more: %s.") % tracking.bill.stage_label
    return ""


def _ask(request: PositionRequest, mail: str, by: User, now: datetime) -> None:
    request.asked_at, request.asked_by, request.mail = now, by, mail
    request.times += 1


def _save(requests: Sequence[PositionRequest]) -> None:
    from legislation.tasks import write_position_requests

    PositionRequest.objects.bulk_create([row for row in requests if row.pk is None])
    earlier = [row for row in requests if row.pk is not None]
    PositionRequest.objects.bulk_update(earlier, ["reason", "asked_at", "asked_by", "times", "mail"])
    queue_after_commit(write_position_requests)


@transaction.atomic
def _write_some() -> int:
    """The mails of some requests together with the mark that they are written; how many requests that were.

    What another worker holds is its own. Who has answered by now is asked nothing.
    """
    rows = PositionRequest.objects.to_write().select_for_update(of=("self",), skip_locked=True)
    requests = list(rows.select_related("organization", "bill__tracking").order_by("pk")[:REQUESTS_AT_A_TIME])
    numbers = [request.pk for request in requests]
    unanswered = set(PositionRequest.objects.filter(pk__in=numbers).unanswered().values_list("pk", flat=True))
    contacts = primary_contacts_of([request.organization_id for request in requests])
    queue_messages(
        drafts=[
            Draft(**emails.position_requested(request, contact), precedence=emails.NOTICE)
            for request in requests
            for contact in contacts.get(request.organization_id, ())
            if request.pk in unanswered and not _problem(request)
        ]
    )
    PositionRequest.objects.filter(pk__in=numbers).update(mail=PositionRequest.Mail.NONE)
    return len(requests)


def _problem(request: PositionRequest) -> str:
    """Why nobody should read about the bill any more; empty where they should."""
    tracking = getattr(request.bill, "tracking", None)
    return problem_of(tracking) if tracking else _("We do not follow this bill any more.")


def _lock_organization(organization: Organization, by: User) -> Organization:
    row = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)
    if not can_propose_for(by, row):
        raise NotAllowed(_("Primary contacts and advocates of a partner write down whom it asked."))
    return row


def _own_ask(ask: LegislatorAsk, by: User) -> LegislatorAsk:
    row = LegislatorAsk.objects.select_for_update(of=("self",)).select_related("organization").get(pk=ask.pk)
    if row.organization is None or not can_propose_for(by, row.organization):
        raise NotAllowed(_("Primary contacts and advocates of the partner that asked can change this."))
    return row
