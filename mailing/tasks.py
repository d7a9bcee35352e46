"""What workers and beat do for the mail engine. Each may run twice, late, or at once with itself."""

from celery import shared_task
from django.utils import timezone

from mailing.queueing import queue

# Older messages in the queue are worth nothing: the next pump has queued newer ones.
STALE_AFTER = 60


@shared_task
def send_outbox() -> int:
    """Sends the single messages that wait."""
    from mailing.services.outbox import send_due_messages

    return send_due_messages()


@shared_task
def pump_mailings() -> None:
    """Starts, expires and finishes mailings, and calls as many workers to each as it needs."""
    from mailing.services.mailings import pump
    from mailing.services.sending import workers_wanted

    now = timezone.now()
    for mailing_id in pump(now=now):
        for _worker in range(workers_wanted(mailing_id=mailing_id, now=now)):
            queue(send_mailings, mailing_id, expires=STALE_AFTER)


@shared_task
def send_mailings(mailing_id: int) -> None:
    """One worker's turn at a mailing; it asks for the next turn by itself."""
    from mailing.services.sending import send_mailing

    if send_mailing(mailing_id=mailing_id):
        queue(send_mailings, mailing_id, expires=STALE_AFTER)


@shared_task
def settle_expired_leases() -> dict[str, int]:
    """Takes messages back from workers that are gone."""
    from mailing.services.sending import settle_expired_leases as settle

    return settle(now=timezone.now())


@shared_task
def purge_unconfirmed_subscriptions() -> int:
    """Forgets addresses whose owner never confirmed a sign-up."""
    from mailing.services.consent import purge_unconfirmed

    return purge_unconfirmed(now=timezone.now())
