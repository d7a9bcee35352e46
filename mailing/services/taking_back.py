"""Taking mail back that waits: somebody unsubscribed, was suppressed or erased after the rows were written."""

from django.db import transaction

from mailing.models import Delivery, Topic
from mailing.services.tallies import take_rows_back


@transaction.atomic
def take_back(*, address_hash: str, topic: Topic | None = None, why: str) -> int:
    """Keeps all waiting mail of an address from going out, of one topic or of all; how many rows that were.

    Write the refusal first, in the same transaction: a batch that is claimed at this moment sees either the
    refusal or this. What a worker is handing over right now cannot be called back.
    """
    waiting = Delivery.objects.waiting().filter(address_hash=address_hash)
    if topic is not None:
        waiting = waiting.filter(mailing__topic=topic)
    return take_rows_back(list(waiting.values_list("pk", flat=True)), why=why)
