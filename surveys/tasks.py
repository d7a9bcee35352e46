"""What the worker does for surveys by the clock."""

from celery import shared_task
from django.utils import timezone


@shared_task
def write_invitations() -> None:
    """At once, and every minute: those who were invited and have no message yet."""
    from mailing.queueing import queue
    from surveys.services.invitations import write_invitations as write

    if write(now=timezone.now()):
        queue(write_invitations)


@shared_task
def remind() -> None:
    """Every weekday morning: those who were invited to a survey and have not answered."""
    from surveys.services.invitations import remind as remind_window

    now = timezone.now()
    while remind_window(now=now):
        pass
