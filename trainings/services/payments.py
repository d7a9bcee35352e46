"""Money that comes and goes outside of the card service: entered by staff. And the reminders of what is overdue."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mailing.services import Precedence, queue_message
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from trainings import money_emails
from trainings.models import CreditNote, Invoice, ScholarshipRequest
from trainings.models.money import ZERO
from trainings.services.billing import bill, take_off

REMINDERS = 2
BETWEEN_REMINDERS = timedelta(days=14)
_State = Invoice.State


@transaction.atomic
def mark_paid(*, invoice: Invoice, how: str, note: str, by: User, now: datetime) -> Invoice:
    """Notes that the whole rest of an open invoice came by check or bank transfer."""
    held = _held(invoice)
    if held.state != _State.OPEN:
        raise NotAllowed(_("Only an open invoice can be marked as paid."))
    if how not in {Invoice.How.CHECK, Invoice.How.TRANSFER}:
        raise NotAllowed(_("Payments by card are entered by the card service's own message."))
    return settle(held, amount=held.due, how=how, note=note, by=by, now=now)


def settle(
    invoice: Invoice, *, amount: Decimal, how: str, note: str = "", by: User | None, now: datetime
) -> Invoice:
    """Makes an invoice paid and thanks for it. The caller holds it locked and knows that the money is there."""
    invoice.state, invoice.paid, invoice.paid_at, invoice.paid_by = _State.PAID, amount, now, by
    invoice.paid_how, invoice.paid_note = how, note
    changed_by(invoice, by)
    invoice.save()
    queue_message(**money_emails.paid(invoice))
    return invoice


@transaction.atomic
def void(*, invoice: Invoice, reason: str, write_anew: bool, by: User, now: datetime) -> Invoice | None:
    """Makes an unpaid invoice void; with `write_anew` what is still to be billed comes on a new one, returned."""
    held = _held(invoice)
    if held.state not in {_State.OPEN, _State.CREDITED}:
        raise NotAllowed(_("Only an invoice that nobody paid can be made void."))
    held.state, held.voided_at, held.voided_by, held.void_reason = _State.VOID, now, by, reason
    changed_by(held, by)
    held.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
    if write_anew:
        return bill(registration=held.registration, now=now)
    queue_message(**money_emails.voided(held), precedence=Precedence.NOTICE)
    return None


@transaction.atomic
def correct(*, invoice: Invoice, amount: Decimal, words: str, by: User, now: datetime) -> CreditNote:
    """Takes something off an invoice because staff decided so; the words stand on the credit note."""
    return take_off(
        invoice=_held(invoice),
        amount=amount,
        reason=CreditNote.Reason.CORRECTION,
        words=words,
        enrollment=None,
        by=by,
        now=now,
    )


@transaction.atomic
def note_refund(*, invoice: Invoice, by: User, now: datetime) -> Decimal:
    """Notes that staff gave back what is owed by check or bank transfer; how much."""
    held = _held(invoice)
    amount = held.owed_back
    if amount <= ZERO:
        raise NotAllowed(_("Nothing is to be given back on this invoice. Take something off it first."))
    if held.paid_how == Invoice.How.CARD:
        raise NotAllowed(_("What was paid by card goes back over the card service."))
    give_back(held, to=held.refunded + amount, by=by, now=now)
    return amount


def give_back(invoice: Invoice, *, to: Decimal, by: User | None, now: datetime) -> None:
    """Raises what was given back to this sum and says so to the payer. The caller holds the invoice locked."""
    invoice.refunded, invoice.refunded_at, invoice.refunded_by = to, now, by
    if invoice.refunded == invoice.paid:
        invoice.state = _State.REFUNDED
    changed_by(invoice, by)
    invoice.save(update_fields=["refunded", "refunded_at", "refunded_by", "state"])
    queue_message(**money_emails.refunded(invoice))


def remind_overdue(*, now: datetime) -> int:
    """Reminds of overdue invoices, twice at most and two weeks apart; how many mails were written.

    Nobody is reminded while they wait for the answer to a scholarship request.
    """
    waiting = ScholarshipRequest.objects.filter(state="asked").values("enrollment__invoice_lines__invoice")
    overdue = Invoice.objects.overdue(now).filter(reminders__lt=REMINDERS, total__gt=F("credited"))
    due = overdue.exclude(reminded_at__gt=now - BETWEEN_REMINDERS).exclude(
        pk__in=waiting.filter(enrollment__invoice_lines__invoice__isnull=False)
    )
    return sum(_remind(pk, now) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int, now: datetime) -> int:
    invoice = Invoice.objects.select_for_update().get(pk=pk)
    just_told = invoice.reminded_at is not None and invoice.reminded_at > now - BETWEEN_REMINDERS
    if invoice.due <= ZERO or invoice.reminders >= REMINDERS or just_told:
        return 0
    invoice.reminders, invoice.reminded_at = invoice.reminders + 1, now
    invoice.save(update_fields=["reminders", "reminded_at"])
    queue_message(**money_emails.overdue(invoice), precedence=Precedence.NOTICE)
    return 1


def _held(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_for_update(of=("self",)).select_related("registration").get(pk=invoice.pk)
