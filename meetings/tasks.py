"""What the worker does for events by the clock."""

from celery import shared_task
from django.utils import timezone


@shared_task
def remind() -> None:
    """Every minute: reminders of events whose time has come."""
    from meetings.services.reminding import remind as write_reminders

    write_reminders(now=timezone.now())


@shared_task
def tell_of_changes() -> None:
    """At once, and every minute: those who have a place at an event that was moved or cancelled."""
    from mailing.queueing import queue
    from meetings.services.events import tell_of_changes as tell

    if tell(now=timezone.now()):
        queue(tell_of_changes)


@shared_task
def warn_of_ending_terms() -> None:
    """Every morning: terms of seats that end in 90 or 30 days."""
    from meetings.services.seats_at_tables import warn_of_ending_terms as warn

    warn(now=timezone.now())


@shared_task
def after_events() -> None:
    """Every five minutes: those who were there are asked how it was, and owners of follow-ups that are due reminded."""
    from meetings.services.afterwards import ask_for_feedback, remind_of_follow_ups

    now = timezone.now()
    ask_for_feedback(now=now)
    remind_of_follow_ups(now=now)


@shared_task
def remove_old_reports() -> None:
    """Every night: the people in attendance reports that are older than a year."""
    from meetings.services.imports import remove_old_rows

    remove_old_rows(now=timezone.now())
