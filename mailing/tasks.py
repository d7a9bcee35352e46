"""What workers and beat do for the mail engine. Each may run twice, late, or at once with itself."""

from celery import shared_task
from django.utils import timezone

from mailing.queueing import queue

# Older messages in the queue are worth nothing: the next pump has queued newer ones.
STALE_AFTER = 60
NOTICES_A_TURN = 5000


@shared_task
def send_outbox() -> int:
    """Sends the single messages that somebody waits for. Short turns, in the queue that people wait for."""
    from mailing.services.outbox_sending import send_due_messages

    return send_due_messages(answers_only=True)


@shared_task
def send_notices() -> int:
    """Sends digests and other news, answers in between; asks for its next turn while there are more."""
    from mailing.services.outbox_sending import send_due_messages

    done = send_due_messages(limit=NOTICES_A_TURN)
    if done >= NOTICES_A_TURN:
        queue(send_notices, expires=STALE_AFTER)
    return done


@shared_task
def pump_mailings() -> None:
    """Starts, expires and finishes mailings, and calls as many workers as they need."""
    from mailing.services.pumping import pump

    for _worker in range(pump(now=timezone.now())):
        queue(send_batches, expires=STALE_AFTER)


@shared_task
def send_batches() -> None:
    """One worker's turn at whatever mailings are under way; it asks for the next turn by itself."""
    from mailing.services.sending import send_batches as send

    if send():
        queue(send_batches, expires=STALE_AFTER)


@shared_task
def renew_statistics() -> None:
    """After a large mailing was filled: lets PostgreSQL count again what it holds."""
    from mailing.services.filling import analyze

    analyze()


@shared_task
def settle_expired_leases() -> dict[str, int]:
    """Takes messages back from workers that are gone, and drops those whose time is over."""
    from mailing.services.alarms import tell_staff_unknowns
    from mailing.services.installation import note_sweep
    from mailing.services.outbox_sending import drop_overdue_outbox, settle_expired_outbox
    from mailing.services.sweeping import settle_expired_leases as settle

    now = timezone.now()
    settled = settle(now=now) | {
        "outbox_unknown": settle_expired_outbox(now=now),
        "outbox_expired": drop_overdue_outbox(now=now),
    }
    tell_staff_unknowns(now=now, deliveries=settled["unknown"], messages=settled["outbox_unknown"])
    note_sweep()
    return settled


@shared_task
def purge_unconfirmed_subscriptions() -> int:
    """Forgets addresses whose owner never confirmed a sign-up."""
    from mailing.services.consent import purge_unconfirmed

    return purge_unconfirmed(now=timezone.now())


@shared_task
def send_weekly_summaries() -> int:
    """Writes this week's summaries; people who have theirs already get no second one."""
    from mailing.services.summaries import send_weekly_summaries as send

    return send(now=timezone.now())
