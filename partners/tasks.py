"""What the worker does for partners by itself."""

from celery import shared_task


@shared_task
def purge_abandoned_applications() -> int:
    """Deletes requests to join that nobody finished within 30 days."""
    from partners.services import discard_abandoned_applications

    return discard_abandoned_applications()
