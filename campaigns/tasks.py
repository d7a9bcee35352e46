"""What the worker does for campaigns by the clock."""

from celery import shared_task
from django.utils import timezone


@shared_task
def publish_due() -> None:
    """Every 30 seconds: due stories, pages of calls that opened or closed, the state of alerts and their reminders."""
    from campaigns.services.alerts import settle_alerts
    from campaigns.services.calls import refresh_pages_after_crossing
    from campaigns.services.reminders import take_back_who_acted
    from campaigns.services.stories import publish_due as publish_stories

    now = timezone.now()
    publish_stories(now=now)
    refresh_pages_after_crossing(now=now)
    settle_alerts(now=now)
    take_back_who_acted(now=now)


@shared_task
def follow_legislature() -> None:
    """Every minute: calls whose hearing or bill changed, and what people with a witness slip must hear of it."""
    from campaigns.services.following import follow_legislature as follow
    from campaigns.services.hearing_news import tell_people

    now = timezone.now()
    follow(now=now)
    tell_people(now=now)


@shared_task
def judge_tests() -> None:
    """Every minute: A/B tests whose hours have passed."""
    from campaigns.services.ab_tests import judge_due_tests

    judge_due_tests(now=timezone.now())


@shared_task
def send_reminders() -> None:
    """Every five minutes: reminders whose day has come, of alerts and of events."""
    from campaigns.services.events import remind_of_events
    from campaigns.services.meeting_places import follow_meetings
    from campaigns.services.reminders import send_due_reminders

    follow_meetings(now=timezone.now())
    send_due_reminders(now=timezone.now())
    remind_of_events(now=timezone.now())


@shared_task
def write_reports() -> None:
    """At once, and every minute: results of calls that staff had written to those who acted."""
    from campaigns.services.reporting import write_reports as write
    from mailing.queueing import queue

    if write(now=timezone.now()):
        queue(write_reports)


@shared_task
def advance_series() -> None:
    """Every three minutes: people who have come to a step of a series."""
    from campaigns.services.series import advance_series as advance

    advance(now=timezone.now())


@shared_task
def mail_legislators() -> None:
    """Every minute: people's messages to legislators that have their turn, and what became of the earlier ones."""
    from campaigns.services.legislator_mail import hand_over_waiting, settle_handed_over

    settle_handed_over()
    hand_over_waiting(now=timezone.now())


@shared_task
def ask_about_replies() -> None:
    """Every hour of the day: those who wrote to legislators two weeks ago."""
    from campaigns.services.legislator_mail import ask_about_replies as ask

    ask(now=timezone.now())


@shared_task
def purge_unconfirmed() -> None:
    """Every night: erases answers that nobody confirmed within a week, and uploads of contact lists that are over."""
    from campaigns.services.actions import purge_unconfirmed as purge
    from campaigns.services.contact_lists import purge_contact_imports

    purge(now=timezone.now())
    purge_contact_imports(now=timezone.now())
