"""Forgetting an address: nothing readable of it stays with the mail, only the hash that keeps mail from it."""

from dataclasses import dataclass

from django.db import transaction

from mailing.addresses import hash_address, normalize_address
from mailing.models import Delivery, DeliveryEvent, OutboxMessage, Preference, Subscription, Suppression
from mailing.services.consent import lock_address
from mailing.services.suppression import suppress_hash

# Who asked, where it was not a person on the staff.
OWNER = "owner"


@dataclass(frozen=True)
class Erased:
    """How much was forgotten."""

    deliveries: int
    subscriptions: int
    messages: int


@transaction.atomic
def erase_address(*, email: str, by: str) -> Erased:
    """Forgets an address everywhere in the mail engine. Doing it twice does no harm.

    Deliveries stay as numbers without name or address, so that past alerts still add up. A suppression stays by
    hash alone: whoever imports the address again cannot mail it. Only the mailbox's own new yes lifts it. `by` is
    the staff member's address, or `OWNER`.
    """
    email = normalize_address(email)
    address_hash = hash_address(email)
    lock_address(address_hash)
    _stop_for_good(address_hash, by)
    deliveries = Delivery.objects.filter(address_hash=address_hash).exclude(email="")
    events = DeliveryEvent.objects.filter(address_hash=address_hash)
    events.exclude(reason="").update(reason="")
    Preference.objects.filter(address_hash=address_hash).delete()
    subscriptions, _by_model = Subscription.objects.of_address(address_hash).delete()
    messages, _by_model = OutboxMessage.objects.filter(to=email).delete()
    return Erased(
        deliveries=deliveries.update(email="", slots={}, response=""),
        subscriptions=subscriptions,
        messages=messages,
    )


def _stop_for_good(address_hash: str, by: str) -> None:
    """The suppression that outlives the address, and nothing readable in it. What waits is taken back."""
    suppression = suppress_hash(address_hash=address_hash, hint="", reason=Suppression.Reason.ERASED)
    suppression.hint, suppression.note = "", "" if by == OWNER else by[:300]
    if suppression.reason != Suppression.Reason.STAFF:
        suppression.reason = Suppression.Reason.ERASED
    suppression.save(update_fields=["hint", "note", "reason"])
