"""Addresses that must get no bulk mail: stopped, reviewed by staff, let through again."""

import re
import uuid

from django.db import transaction
from django.utils import timezone

from mailing.addresses import hash_address, normalize_address
from mailing.composing.compile import clean
from mailing.models import DeliveryEvent, Suppression
from mailing.services.taking_back import take_back

# Who is named as the reporter of what a person on the staff decided.
STAFF = "staff"


@transaction.atomic
def suppress(*, email: str, reason: str, note: str = "") -> Suppression:
    """Keeps bulk mail from an address from now on, waiting mail too. An earlier reason stays."""
    email = normalize_address(email)
    return suppress_hash(address_hash=hash_address(email), hint=shorten(email), reason=reason, note=note)


@transaction.atomic
def suppress_hash(*, address_hash: str, hint: str, reason: str, note: str = "") -> Suppression:
    """The same for an address of which only the hash may be known."""
    suppression, _created = Suppression.objects.get_or_create(
        address_hash=address_hash, defaults={"hint": hint, "reason": reason, "note": note[:300]}
    )
    take_back(address_hash=address_hash, why=reason)
    return suppression


@transaction.atomic
def lift_suppression(*, suppression: Suppression, by: str) -> None:
    """Staff decide that an address may get mail again; `by` is their own address, which is kept with the date."""
    DeliveryEvent.objects.create(
        provider=STAFF,
        event_id=uuid.uuid4().hex,
        kind=DeliveryEvent.Kind.LIFTED,
        address_hash=suppression.address_hash,
        reason=f"{suppression.get_reason_display()}. {suppression.note}".strip(" .")[:500],
        happened_at=timezone.now(),
        by=by,
    )
    suppression.delete()


@transaction.atomic
def keep_suppression(*, suppression: Suppression, by: str) -> Suppression:
    """Staff looked at a stopped address and leave it stopped. The first one who looked stays named."""
    locked = Suppression.objects.select_for_update().get(pk=suppression.pk)
    if locked.reviewed_at is None:
        locked.reviewed_at, locked.reviewed_by = timezone.now(), by
        locked.save(update_fields=["reviewed_at", "reviewed_by"])
    return locked


def is_stopped(email: str) -> bool:
    """Whether an address gets no bulk mail at all."""
    return Suppression.objects.filter(address_hash=hash_address(email)).exists()


def shorten(email: str) -> str:
    """The address as a hint: `m…@example.org`."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"[:120]


def without_addresses(reason: str, *addresses: str) -> str:
    """A receiver's words on one line, with the addresses shortened: they are kept longer than the address."""
    reason = clean(reason)
    for address in filter(None, addresses):
        reason = re.sub(re.escape(address), shorten(address), reason, flags=re.IGNORECASE)
    return reason[:500]
