"""What workers and beat do for the legislature. Each may run twice, late, or at once with itself."""

from celery import shared_task
from django.utils import timezone


@shared_task(time_limit=1800)
def run_sync(run_id: int) -> None:
    """Reads a source; asks for the next turn by itself when there is more."""
    from legislation.models import SyncRun
    from legislation.services.sync_work import run_sync as work
    from mailing.queueing import queue

    run = work(run_id=run_id)
    if run is not None and run.state == SyncRun.State.WAITING:
        queue(run_sync, run_id)


@shared_task
def request_nightly() -> None:
    """Every night: asks for everything the clock fetches, and closes General Assemblies that ended."""
    from legislation.services.sessions import close_finished_sessions
    from legislation.services.sync import forget_uploads, request_scheduled

    now = timezone.now()
    request_scheduled(now=now, hourly=False)
    forget_uploads(now=now)
    close_finished_sessions(today=timezone.localdate())


@shared_task(time_limit=1800)
def rematch_slips() -> None:
    """Every night: reads the recorded slips again, for partners that came, were renamed or got another name."""
    from legislation.services.slip_matching import rematch_slips as rematch

    rematch()


@shared_task
def request_hourly() -> None:
    """Every hour: the same while the General Assembly usually sits."""
    from legislation.services.sync import request_scheduled

    request_scheduled(now=timezone.now(), hourly=True)


@shared_task
def take_up_forgotten() -> None:
    """Every minute: runs that broke off or wait."""
    from legislation.services.sync import take_up_forgotten as take_up

    take_up(now=timezone.now())


@shared_task
def tell_followers() -> None:
    """Every 30 seconds: news to those who want it at once, warnings of replaced texts, pages of slip windows."""
    from legislation.services.hearings import refresh_pages_after_crossing
    from legislation.services.notices import send_notices
    from legislation.services.replacements import warn_of_replacement

    now = timezone.now()
    refresh_pages_after_crossing(now=now)
    send_notices(now=now)
    warn_of_replacement(now=now)


@shared_task
def write_position_requests() -> None:
    """At once, and every minute: the mails that ask partners for their position on a bill."""
    from legislation.services.asking import write_position_requests as write

    write()


@shared_task
def send_digests() -> None:
    """Every morning at 7: the day's digests, and on Mondays the week's."""
    from legislation.services.notices import send_digests as send

    send(now=timezone.now())
