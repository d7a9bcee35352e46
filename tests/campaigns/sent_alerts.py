"""An alert that went out, as the conditions about alerts read it."""

from django.utils import timezone

from campaigns.models import ActionAlert
from mailing.addresses import hash_address
from mailing.models import Batch, Delivery, Mailing
from partners.models import Person
from tests.factories.alerts import AlertTopicFactory


def sent_alert(call, reached, failed=()):
    """An alert about `call` with a row for each address; the rows by address."""
    now = timezone.now()
    mailing = Mailing.objects.create(topic=AlertTopicFactory(), name="Alert", send_at=now, state="done")
    batch = Batch.objects.create(mailing=mailing, state="done")
    alert = ActionAlert.objects.create(
        call_to_action=call, subject="Act", mailing=mailing, state="sent", approved_at=now, send_at=now
    )
    rows = {
        email: Delivery.objects.create(
            mailing=mailing,
            batch=batch,
            email=email,
            address_hash=hash_address(email),
            recipient=Person.objects.get(email=email).pk,
            state="accepted" if email in reached else "failed",
            accepted_at=now if email in reached else None,
        )
        for email in [*reached, *failed]
    }
    return alert, rows
