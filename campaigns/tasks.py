"""What the worker does for campaigns by the clock."""

from celery import shared_task
from django.utils import timezone


@shared_task
def publish_due() -> None:
    """Every 30 seconds: due stories, pages of calls that opened or closed, the state of alerts."""
    from campaigns.services.alerts import settle_alerts
    from campaigns.services.calls import refresh_pages_after_crossing
    from campaigns.services.stories import publish_due as publish_stories

    now = timezone.now()
    publish_stories(now=now)
    refresh_pages_after_crossing(now=now)
    settle_alerts(now=now)


@shared_task
def purge_unconfirmed() -> None:
    """Every night: erases answers that nobody confirmed within a week."""
    from campaigns.services.actions import purge_unconfirmed as purge

    purge(now=timezone.now())
