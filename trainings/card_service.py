"""The card service (Stripe): its pages for paying, refunds, and the proof that a message is its own.

Off until both keys are set. Card numbers are typed on the service's page and never come here.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings

from trainings.models import Invoice

CURRENCY = "usd"
RETRIES = 1


class CardServiceDown(Exception):
    """The card service did not answer in time, or not as expected."""


class NotFromCardService(Exception):
    """A message that the card service did not sign."""


@dataclass(frozen=True)
class CardPage:
    """A page on which an invoice can be paid, as the card service made it."""

    session_id: str
    url: str
    expires_at: datetime


def is_on() -> bool:
    """Whether people can pay by card: only with both keys, since a payment that nobody tells us of helps nobody."""
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)


def open_page(invoice: Invoice, *, amount: Decimal, back: str, key: str) -> CardPage:
    """A new page for the amount. `back` is our own page, to which it leads. `key` makes a repeated call the same one."""
    facts = {"invoice": invoice.number}
    try:
        made = _client().v1.checkout.sessions.create(
            {
                "mode": "payment",
                "client_reference_id": invoice.number,
                "customer_email": invoice.registration.contact.email,
                "success_url": f"{back}?from=card",
                "cancel_url": back,
                "metadata": facts,
                # The payment and its refunds carry the invoice's number too.
                "payment_intent_data": {"metadata": facts},
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": CURRENCY,
                            "unit_amount": cents(amount),
                            "product_data": {"name": f"{invoice.number}: {invoice.about}"[:250]},
                        },
                    }
                ],
            },
            options={"idempotency_key": key},
        )
        url, ends = str(made.url or ""), int(made.expires_at)
    except (stripe.StripeError, AttributeError, TypeError, ValueError) as error:
        raise CardServiceDown from error
    if not url.startswith(f"{settings.STRIPE_CHECKOUT_ORIGIN}/"):
        raise CardServiceDown
    return CardPage(str(made.id), url, datetime.fromtimestamp(ends, UTC))


def close_page(session_id: str) -> bool:
    """Ends a page, so that it takes no payment any more; False where the service says that it cannot."""
    try:
        _client().v1.checkout.sessions.expire(session_id)
    except stripe.InvalidRequestError:
        return False
    except stripe.StripeError as error:
        raise CardServiceDown from error
    return True


def refund(payment_intent: str, *, amount: Decimal, key: str) -> None:
    """Asks the service to give a part of a payment back. That it did, its message says."""
    try:
        _client().v1.refunds.create(
            {"payment_intent": payment_intent, "amount": cents(amount)}, options={"idempotency_key": key}
        )
    except stripe.StripeError as error:
        raise CardServiceDown from error


def read_message(body: bytes, signature: str) -> dict[str, Any]:
    """A message that the service signed, as plain data. Raises `NotFromCardService`."""
    try:
        text = body.decode("utf-8")
        stripe.WebhookSignature.verify_header(
            text, signature, settings.STRIPE_WEBHOOK_SECRET, stripe.Webhook.DEFAULT_TOLERANCE
        )
        message = json.loads(text)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise NotFromCardService from error
    if not isinstance(message, dict):
        raise NotFromCardService
    return message


def cents(amount: Decimal) -> int:
    """Dollars as the service counts them."""
    return int((amount * 100).to_integral_value())


def dollars(count: object) -> Decimal | None:
    """What the service counts, in dollars; None for what is no number."""
    return Decimal(count) / 100 if isinstance(count, int) and not isinstance(count, bool) else None


def _client() -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=settings.STRIPE_TIMEOUT),
    )
