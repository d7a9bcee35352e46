"""What the worker does for trainings by the clock."""

from celery import shared_task
from django.utils import timezone


@shared_task
def keep_seats() -> None:
    """Every minute: offers whose time is over go on to the next in line, and free seats to those who wait."""
    from trainings.services.sessions import refresh_pages_after_crossing
    from trainings.services.waiting import expire_offers, fill_freed_seats

    now = timezone.now()
    expire_offers(now=now)
    fill_freed_seats(now=now)
    refresh_pages_after_crossing(now=now)


@shared_task
def remind() -> None:
    """Every minute: reminders a week, a day and an hour before a session."""
    from trainings.services.telling import remind as write

    write(now=timezone.now())


@shared_task
def tell_of_changes() -> None:
    """At once, and every minute: those who have a place in a session that was moved or cancelled."""
    from mailing.queueing import queue
    from trainings.services.telling import tell_of_changes as tell

    if tell(now=timezone.now()):
        queue(tell_of_changes)


@shared_task
def look_after_money() -> None:
    """Every morning: scholarships become used or go back, overdue invoices are reminded of, old reasons erased."""
    from trainings.services.awards import count_used
    from trainings.services.payments import remind_overdue
    from trainings.services.scholarships import forget_words

    now = timezone.now()
    count_used(now=now)
    remind_overdue(now=now)
    forget_words(now=now)


@shared_task
def send_group_digests() -> None:
    """Every morning: the weekly mail of those whose week is over."""
    from trainings.services.digests import send_digests

    send_digests(now=timezone.now())


@shared_task
def follow_up_sessions() -> None:
    """Every quarter of an hour: surveys to those who were there, completions whose survey came in."""
    from trainings.services.completion import ask_how_it_was, settle_open

    now = timezone.now()
    ask_how_it_was(now=now)
    settle_open(now=now)


@shared_task(time_limit=1800)
def pack_certificates(package_id: int) -> None:
    """When staff ask: packs all certificates of a session into one file."""
    from trainings.services.certificate_packages import work

    work(package_id=package_id)


@shared_task
def take_up_packages() -> None:
    """Every minute: packages of certificates that broke off or were never begun."""
    from trainings.services.certificate_packages import take_up_forgotten

    take_up_forgotten(now=timezone.now())


@shared_task
def remove_old_packages() -> None:
    """Every night: files of certificates that lay ready for a week."""
    from trainings.services.certificate_packages import remove_old

    remove_old(now=timezone.now())
