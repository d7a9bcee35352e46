"""Scholarships: asking for one, deciding, and forgetting the reasons. Only reviewers and the asker learn of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from mailing.services import Precedence, queue_message
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Person, User
from trainings import money_emails
from trainings.models import (
    Enrollment,
    Invoice,
    Registration,
    ScholarshipFund,
    ScholarshipRequest,
)
from trainings.models.money import ZERO
from trainings.services.awards import award
from trainings.services.billing import bill, reduce_fee

# How long what somebody wrote about their reasons is kept after the decision.
WORDS_KEPT = timedelta(days=365)
LONGEST = 1000
_State = ScholarshipRequest.State
_OPEN = ("registered", "waitlisted", "offered")


@dataclass(frozen=True)
class HelpWanted:
    """What somebody asks for while they register, for each person: the whole fee (None) or a part of it."""

    amount: Decimal | None
    why: str = ""


def can_ask_for(registration: Registration, now: datetime) -> list[Enrollment]:
    """The people of a registration for whose fee help can be asked: not paid yet, and not asked before."""
    if registration.session.is_over(now):
        return []
    paid = Invoice.objects.filter(registration=registration, state__in=["paid", "refunded"])
    rows = registration.enrollments.filter(status__in=_OPEN, price__gt=0)
    asked = ScholarshipRequest.objects.filter(enrollment__registration=registration).exclude(
        state="withdrawn"
    )
    return list(
        rows.exclude(invoice_lines__invoice__in=paid)
        .exclude(pk__in=asked.values("enrollment"))
        .select_related("person")
        .order_by("pk")
    )


@transaction.atomic
def ask(
    *,
    registration: Registration,
    enrollments: Collection[Enrollment],
    asker: Person,
    amount: Decimal | None,
    why: str,
    now: datetime,
) -> list[ScholarshipRequest]:
    """Asks for the whole fee (`amount` None) or a part of it, for each of these people of one registration."""
    held = (
        Registration.objects.select_for_update(of=("self",)).select_related("session").get(pk=registration.pk)
    )
    free = {row.pk: row for row in can_ask_for(held, now)}
    chosen = [free[row.pk] for row in enrollments if row.pk in free]
    if not chosen:
        raise NotAllowed(_("You asked already, or there is no fee to help with."))
    requests = []
    for row in chosen:
        asked = row.price if amount is None else min(amount, row.price)
        if asked <= ZERO:
            raise NotAllowed(_("Ask for at least one dollar."))
        requests.append(
            ScholarshipRequest.objects.create(
                enrollment=row, asker=asker, asked_amount=asked, reason=why[:LONGEST], asked_at=now
            )
        )
    queue_message(**money_emails.scholarship_asked(requests))
    waiting = money_emails.scholarship_waiting()
    if waiting is not None:
        queue_message(**waiting, precedence=Precedence.NOTICE)
    return requests


def ask_while_registering(*, registration: Registration, wanted: HelpWanted, now: datetime) -> None:
    """Asks for everybody of a registration that is being written; nothing where no fee is asked for."""
    rows = can_ask_for(registration, now)
    if rows:
        ask(
            registration=registration,
            enrollments=rows,
            asker=registration.contact,
            amount=wanted.amount,
            why=wanted.why,
            now=now,
        )


@transaction.atomic
def approve(
    *,
    request: ScholarshipRequest,
    fund: ScholarshipFund,
    amount: Decimal,
    words: str,
    by: User,
    now: datetime,
) -> ScholarshipRequest:
    """Awards the whole fee or a part of it out of a fund. What is left of the fee is billed, or the invoice lowered."""
    held = _waiting(request)
    if not ZERO < amount <= held.enrollment.price:
        raise NotAllowed(_("Award at least a cent, and no more than the fee."))
    if held.enrollment.status not in {*_OPEN, "attended"}:
        raise NotAllowed(_("This person has given the seat back."))
    given = award(request=held, fund=fund, amount=amount, by=by, now=now)
    _decide(held, _State.APPROVED, words, by, now)
    reduce_fee(enrollment=held.enrollment, amount=amount, by=by, now=now)
    _bill_rest(held, now)
    queue_message(**money_emails.scholarship_approved(held, given))
    return held


@transaction.atomic
def decline(*, request: ScholarshipRequest, words: str, by: User, now: datetime) -> ScholarshipRequest:
    """Says no, in words that the person reads; the fee is billed then."""
    held = _waiting(request)
    if not words.strip():
        raise NotAllowed(_("Write why; the person will read it."))
    _decide(held, _State.DECLINED, words, by, now)
    queue_message(**money_emails.scholarship_declined(held))
    _bill_rest(held, now)
    return held


@transaction.atomic
def withdraw(*, request: ScholarshipRequest, now: datetime) -> ScholarshipRequest:
    """The asker takes the request back; their words go at once."""
    held = _waiting(request)
    held.reason = ""
    _decide(held, _State.WITHDRAWN, "", None, now)
    _bill_rest(held, now)
    return held


def forget_words(*, now: datetime, person: Person | None = None) -> int:
    """Erases what people wrote: a year after the decision, or at once for one person; of how many requests."""
    rows = ScholarshipRequest.objects.exclude(reason="", answer="")
    if person is None:
        rows = rows.filter(decided_at__lt=now - WORDS_KEPT)
    else:
        rows = rows.filter(enrollment__person=person) | rows.filter(asker=person)
    return rows.update(reason="", answer="")


@transaction.atomic
def erase_words(*, request: ScholarshipRequest) -> None:
    """Erases what was written with one decided request, because the person asked for it."""
    held = ScholarshipRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if held.state == _State.ASKED:
        raise NotAllowed(_("Decide about this request first."))
    held.reason = held.answer = ""
    held.save(update_fields=["reason", "answer"])


def _waiting(request: ScholarshipRequest) -> ScholarshipRequest:
    rows = ScholarshipRequest.objects.select_for_update(of=("self",)).select_related(
        "enrollment__person", "enrollment__session__course", "enrollment__registration", "asker"
    )
    held = rows.get(pk=request.pk)
    if held.state != _State.ASKED:
        raise NotAllowed(_("This request was decided before."))
    return held


def _decide(
    request: ScholarshipRequest, state: ScholarshipRequest.State, words: str, by: User | None, now: datetime
) -> None:
    request.state, request.answer = state, words[:LONGEST]
    request.decided_at, request.decided_by = now, by
    changed_by(request, by)
    request.save()


def _bill_rest(request: ScholarshipRequest, now: datetime) -> None:
    if request.enrollment.registration:
        bill(registration=request.enrollment.registration, now=now)
