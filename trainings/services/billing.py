"""Invoices: what a registration costs, and what is taken off again when a seat is given back or a fee is reduced."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from mailing.services import Precedence, queue_message
from partners.errors import NotAllowed
from partners.fiscal_year import CHICAGO
from partners.history import changed_by
from partners.models import User
from trainings import money_emails
from trainings.models import (
    CreditNote,
    Enrollment,
    Invoice,
    InvoiceLine,
    NumberSeries,
    Registration,
    ScholarshipAward,
    ScholarshipRequest,
    Session,
)
from trainings.models.money import ZERO
from trainings.refunds import CENT, refund_share
from trainings.services import awards

# Invoices are due after so many days.
DUE_AFTER = timedelta(days=30)


@transaction.atomic
def bill(*, registration: Registration, now: datetime) -> Invoice | None:
    """Writes and sends the invoice for everybody of a registration who has a seat and is not on an invoice yet.

    Whoever waits for the answer to a scholarship request is left out until it is there. None where nothing costs.
    """
    held = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("session__course", "contact", "organization")
        .get(pk=registration.pk)
    )
    rows = [(row, amount) for row, amount in _unbilled(held) if amount > ZERO]
    if not rows:
        return None
    invoice = Invoice.objects.create(
        number=next_number("INV", now),
        registration=held,
        billed_to=_billed_to(held),
        about=Truncator(_about(held.session)).chars(300),
        total=sum((amount for _row, amount in rows), ZERO),
        issued_at=now,
        due_on=(now.astimezone(CHICAGO) + DUE_AFTER).date(),
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, enrollment=row, words=_line_words(row), amount=amount)
        for row, amount in rows
    )
    queue_message(**money_emails.invoice_sent(invoice))
    return invoice


@transaction.atomic
def credit(*, enrollment: Enrollment, now: datetime) -> Decimal:
    """Takes a seat that was given back off its invoice, by the course's rule; what was taken off.

    A scholarship for the seat goes back to its fund. A session that we called off costs nobody anything.
    """
    awards.give_back(enrollment=enrollment, now=now)
    line = _live_line(enrollment)
    if line is None:
        return ZERO
    session = Session.objects.select_related("course").get(pk=enrollment.session_id)
    invoice = Invoice.objects.select_for_update().get(pk=line.invoice_id)
    amount = (_left_of(line) * refund_share(session, now)).quantize(CENT, ROUND_HALF_UP)
    if amount <= ZERO:
        return ZERO
    take_off(
        invoice=invoice,
        amount=amount,
        reason=CreditNote.Reason.CANCELLED,
        words=_("Seat given back: %s") % line.words,
        enrollment=enrollment,
        by=None,
        now=now,
    )
    return amount


@transaction.atomic
def reduce_fee(*, enrollment: Enrollment, amount: Decimal, by: User | None, now: datetime) -> Decimal:
    """Takes a scholarship off the invoice on which the seat stands already; what was taken off."""
    line = _live_line(enrollment)
    if line is None:
        return ZERO
    invoice = Invoice.objects.select_for_update().get(pk=line.invoice_id)
    amount = min(amount, _left_of(line))
    if amount <= ZERO:
        return ZERO
    take_off(
        invoice=invoice,
        amount=amount,
        reason=CreditNote.Reason.REDUCED,
        words=_("Reduced fee: %s") % line.words,
        enrollment=enrollment,
        by=by,
        now=now,
    )
    return amount


def take_off(
    *,
    invoice: Invoice,
    amount: Decimal,
    reason: CreditNote.Reason,
    words: str,
    enrollment: Enrollment | None,
    by: User | None,
    now: datetime,
) -> CreditNote:
    """Writes a credit note and sends it. The caller holds the invoice locked."""
    if invoice.state in {Invoice.State.VOID, Invoice.State.REFUNDED}:
        raise NotAllowed(_("Nothing can be taken off this invoice any more."))
    if not ZERO < amount <= invoice.total - invoice.credited:
        raise NotAllowed(_("No more can be taken off than what is left of the invoice."))
    note = CreditNote.objects.create(
        number=next_number("CN", now),
        invoice=invoice,
        enrollment=enrollment,
        reason=reason,
        words=Truncator(words).chars(300),
        amount=amount,
        issued_at=now,
        issued_by=by,
    )
    invoice.credited += amount
    if invoice.state == Invoice.State.OPEN and invoice.credited == invoice.total:
        invoice.state = Invoice.State.CREDITED
    changed_by(invoice, by)
    invoice.save(update_fields=["credited", "state"])
    queue_message(**money_emails.credited(invoice, note), precedence=Precedence.NOTICE)
    return note


def next_number(prefix: str, now: datetime) -> str:
    """The next number of the year, such as `INV-2026-0001`. Its row stays locked until the transaction ends."""
    year = now.astimezone(CHICAGO).year
    NumberSeries.objects.get_or_create(prefix=prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}-{year}-{series.last:04d}"


def _unbilled(registration: Registration) -> Sequence[tuple[Enrollment, Decimal]]:
    """Who of a registration is to be billed, and how much: their price less what a scholarship gives."""
    billed = InvoiceLine.objects.filter(invoice__registration=registration).exclude(invoice__state="void")
    asking = ScholarshipRequest.objects.filter(enrollment__registration=registration, state="asked")
    rows = (
        registration.enrollments.seated()
        .filter(price__gt=0)
        .exclude(pk__in=billed.values("enrollment"))
        .exclude(pk__in=asking.values("enrollment"))
        .select_related("person", "session__course", "tier")
        .order_by("pk")
    )
    given = dict(
        ScholarshipAward.objects.filter(request__enrollment__registration=registration)
        .exclude(state="returned")
        .values_list("request__enrollment", "amount")
    )
    return [(row, row.price - given.get(row.pk, ZERO)) for row in rows]


def _live_line(enrollment: Enrollment) -> InvoiceLine | None:
    """The line on which an enrollment is billed."""
    lines = InvoiceLine.objects.filter(enrollment=enrollment)
    return lines.exclude(invoice__state__in=["void", "refunded"]).order_by("-pk").first()


def _left_of(line: InvoiceLine) -> Decimal:
    """What is left of a line after its credit notes. The caller holds the invoice locked."""
    notes = CreditNote.objects.filter(invoice=line.invoice_id)
    own = notes.filter(enrollment=line.enrollment_id).aggregate(sum=Sum("amount"))["sum"] or ZERO
    invoice = Invoice.objects.get(pk=line.invoice_id)
    return min(line.amount - own, invoice.total - invoice.credited)


def _billed_to(registration: Registration) -> str:
    organization, contact = registration.organization, registration.contact
    lines = [contact.name]
    if organization:
        place = f"{organization.city}, Illinois {organization.zip_code}".strip()
        lines = [organization.name, contact.name, organization.street, place]
    return "\n".join(line for line in [*lines, contact.email] if line)


def _about(session: Session) -> str:
    day = date_format(session.starts_at.astimezone(CHICAGO), "F j, Y")
    return _("%(course)s, %(day)s") % {"course": session.course.title, "day": day}


def _line_words(row: Enrollment) -> str:
    words = _("%(person)s: %(about)s") % {"person": row.person.name, "about": _about(row.session)}
    return Truncator(words).chars(300)
