"""Paying an invoice by card: opening the card service's page, and believing nothing but its signed messages."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.models import User
from trainings import card_service
from trainings.models import Checkout, CreditNote, Invoice, PaymentEvent
from trainings.models.money import ZERO
from trainings.services.billing import take_off
from trainings.services.payments import give_back, settle

_Outcome = PaymentEvent.Outcome
_PAID = {"checkout.session.completed", "checkout.session.async_payment_succeeded"}
_ENDED = {"checkout.session.expired", "checkout.session.async_payment_failed"}
_REFUNDED = "charge.refunded"


def open_checkout(*, invoice: Invoice, back: str, now: datetime) -> Checkout:
    """The card service's page for what is left of an invoice: the one that is open already, or a new one.

    Raises `NotAllowed`, `CardServiceDown`. The service is asked outside of any transaction.
    """
    invoice = Invoice.objects.select_related("registration__contact").get(pk=invoice.pk)
    if not card_service.is_on() or invoice.due <= ZERO:
        raise NotAllowed(_("There is nothing to pay by card on this invoice."))
    for earlier in invoice.checkouts.filter(state=Checkout.State.OPEN):
        if earlier.amount == invoice.due and earlier.expires_at > now:
            return earlier
        # An old page must not take an old amount.
        if earlier.expires_at > now and not card_service.close_page(earlier.session_id):
            raise NotAllowed(_("A payment is on its way already. This page will show it soon."))
        earlier.state = Checkout.State.ENDED
        earlier.save(update_fields=["state"])
    amount = invoice.due
    page = card_service.open_page(invoice, amount=amount, back=back, key=f"{invoice.number}-{uuid4()}")
    return _keep(invoice, page, amount, now)


@transaction.atomic
def _keep(invoice: Invoice, page: card_service.CardPage, amount: Decimal, now: datetime) -> Checkout:
    """Notes a new page. Of two opened at once the first one counts; nobody ever sees the other's address."""
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    earlier = invoice.checkouts.filter(state=Checkout.State.OPEN).first()
    if earlier is not None:
        return earlier
    return Checkout.objects.create(
        invoice=invoice,
        session_id=page.session_id,
        url=page.url,
        amount=amount,
        opened_at=now,
        expires_at=page.expires_at,
    )


@transaction.atomic
def receive(*, message: Mapping[str, Any], now: datetime) -> PaymentEvent | None:
    """Takes up one signed message of the card service; None where it was taken up before."""
    number, kind = str(message.get("id") or "")[:120], str(message.get("type") or "")[:80]
    if not number:
        return None
    event, is_new = PaymentEvent.objects.get_or_create(
        event_id=number, defaults={"kind": kind, "outcome": _Outcome.IGNORED, "received_at": now}
    )
    if not is_new:
        return None
    data = message.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if isinstance(thing, dict):
        _take_up(event, kind, thing, now)
    return event


def _take_up(event: PaymentEvent, kind: str, thing: dict[str, Any], now: datetime) -> None:
    event.payment_intent = _text(thing.get("payment_intent"))
    event.currency = _text(thing.get("currency"))[:3]
    if kind in _PAID:
        event.amount = card_service.dollars(thing.get("amount_total"))
        event.outcome, event.note = _payment(event, thing, now)
    elif kind in _ENDED:
        event.outcome = _ended(event, thing)
    elif kind == _REFUNDED:
        event.amount = card_service.dollars(thing.get("amount_refunded"))
        event.invoice = _invoice_of(thing, event.payment_intent)
        event.outcome, event.note = _refund(event, now)
    event.note = Truncator(event.note).chars(300)
    event.save()


def _payment(event: PaymentEvent, thing: dict[str, Any], now: datetime) -> tuple[str, str]:
    """A page says that it was paid: checked against what we asked for, never against what it says alone."""
    page = Checkout.objects.filter(session_id=_text(thing.get("id"))).first()
    if page is None:
        return _Outcome.IGNORED, ""
    event.invoice = invoice = Invoice.objects.select_for_update().get(pk=page.invoice_id)
    if thing.get("payment_status") != "paid":
        return _Outcome.IGNORED, _("The bank has not paid yet; another message will say it.")
    page = Checkout.objects.select_for_update().get(pk=page.pk)
    if page.state == Checkout.State.PAID:
        return _Outcome.HANDLED, _("This payment was noted before.")
    if event.currency != page.currency or event.amount != page.amount:
        return _Outcome.TROUBLE, _("The amount or the currency is not what the invoice asks for.")
    page.state = Checkout.State.PAID
    page.save(update_fields=["state"])
    if invoice.state not in {Invoice.State.OPEN, Invoice.State.CREDITED}:
        return _Outcome.TROUBLE, _("The invoice was paid or made void before. Give this payment back.")
    invoice.payment_intent = event.payment_intent
    settle(invoice, amount=page.amount, how=Invoice.How.CARD, by=None, now=now)
    _make_up_for_refunds(invoice, now)
    return _Outcome.HANDLED, ""


def _ended(event: PaymentEvent, thing: dict[str, Any]) -> str:
    page = Checkout.objects.select_for_update().filter(session_id=_text(thing.get("id"))).first()
    if page is None:
        return _Outcome.IGNORED
    event.invoice = page.invoice
    if page.state == Checkout.State.OPEN:
        page.state = Checkout.State.ENDED
        page.save(update_fields=["state"])
    return _Outcome.HANDLED


def _refund(event: PaymentEvent, now: datetime) -> tuple[str, str]:
    """A refund as the service counts it: all that was given back of a payment so far, in whatever order it tells us."""
    if event.invoice is None:
        return _Outcome.IGNORED, ""
    invoice = Invoice.objects.select_for_update().get(pk=event.invoice.pk)
    if not invoice.payment_intent:
        return _Outcome.WAITING, ""
    if event.payment_intent != invoice.payment_intent:
        return _Outcome.TROUBLE, _("This refund is of another payment than the one that is noted.")
    if event.amount is None or event.currency != card_service.CURRENCY or event.amount > invoice.paid:
        return _Outcome.TROUBLE, _("The amount or the currency is not what was paid.")
    if event.amount <= invoice.refunded:
        return _Outcome.HANDLED, ""
    _take_off_what_was_given(invoice, event.amount, now)
    give_back(invoice, to=event.amount, by=None, now=now)
    return _Outcome.HANDLED, ""


def _take_off_what_was_given(invoice: Invoice, refunded: Decimal, now: datetime) -> None:
    """A refund that was begun at the card service has no credit note yet: the invoice and the money must agree."""
    missing = refunded - (invoice.paid + invoice.credited - invoice.total)
    if missing > ZERO:
        take_off(
            invoice=invoice,
            amount=min(missing, invoice.total - invoice.credited),
            reason=CreditNote.Reason.CORRECTION,
            words=_("Given back over the card service"),
            enrollment=None,
            by=None,
            now=now,
        )


def _make_up_for_refunds(invoice: Invoice, now: datetime) -> None:
    """Refunds whose message came before that of their payment."""
    waiting = PaymentEvent.objects.select_for_update().filter(
        payment_intent=invoice.payment_intent, outcome=_Outcome.WAITING
    )
    for event in waiting.order_by("amount"):
        event.invoice = invoice
        event.outcome, event.note = _refund(event, now)
        event.save()


def _invoice_of(thing: Mapping[str, Any], payment_intent: str) -> Invoice | None:
    """The invoice of a payment: by the payment, or by the number we gave it along."""
    if payment_intent:
        found = Invoice.objects.filter(payment_intent=payment_intent).first()
        if found is not None:
            return found
    facts = thing.get("metadata")
    number = _text(facts.get("invoice")) if isinstance(facts, dict) else ""
    return Invoice.objects.filter(number=number).first() if number else None


def ask_for_refund(*, invoice: Invoice) -> Decimal:
    """Has the card service give back what is owed; its message notes it then. Returns how much.

    Raises `NotAllowed`, `CardServiceDown`.
    """
    invoice = Invoice.objects.get(pk=invoice.pk)
    amount = invoice.owed_back
    if invoice.paid_how != Invoice.How.CARD or not invoice.payment_intent or amount <= ZERO:
        raise NotAllowed(_("Nothing is to be given back over the card service."))
    # Asked twice for the same sum, the service gives it back once.
    key = f"{invoice.number}-back-{card_service.cents(invoice.refunded + amount)}"
    card_service.refund(invoice.payment_intent, amount=amount, key=key)
    return amount


@transaction.atomic
def settle_trouble(*, event: PaymentEvent, by: User, now: datetime) -> None:
    """Notes that a person looked into a message that needed one."""
    held = PaymentEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if held.outcome != _Outcome.TROUBLE or held.settled_at:
        raise NotAllowed(_("This message does not wait for anybody."))
    held.settled_at, held.settled_by = now, by
    held.save(update_fields=["settled_at", "settled_by"])


def _text(value: object) -> str:
    return value.replace("\x00", "")[:120] if isinstance(value, str) else ""
