"""What the worker does for research, by the clock and on request. Each may run twice, late, or at once with itself."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone


@shared_task(time_limit=600)
def check_sources() -> None:
    """Every week, and when staff ask: whether the pages that findings name as sources are still there.

    Goes on in turns of a minute, so that other work has its place between them.
    """
    from mailing.queueing import queue
    from research.services.finding_source import check_sources as check

    if settings.SOURCE_CHECKS and check(now=timezone.now(), seconds=60):
        queue(check_sources)


@shared_task(time_limit=300)
def check_source(finding_id: int) -> None:
    """When staff ask: the same for one finding."""
    from research.models import Finding
    from research.services.finding_source import check_source as check

    finding = Finding.objects.filter(pk=finding_id).first()
    if finding is not None and settings.SOURCE_CHECKS:
        check(finding=finding)


@shared_task
def release_due() -> None:
    """Every half minute: reports whose embargo is over come out."""
    from research.services.report import release_due as release

    release(now=timezone.now())


@shared_task
def send_due_announcements() -> None:
    """Every minute: announcements that staff scheduled go out, or say why not."""
    from research.services.distribution_mail import send_due_announcements as send

    send(now=timezone.now())


@shared_task(time_limit=600)
def make_district_sheets(run_id: int) -> None:
    """When staff ask: makes the fact sheets of all districts, from where the run stands."""
    from research.services.fact_sheet_runs import work

    work(run_id=run_id)


@shared_task
def take_up_fact_sheets() -> None:
    """Every minute: makings of fact sheets that broke off or were never begun."""
    from research.services.fact_sheet_runs import take_up_forgotten

    take_up_forgotten(now=timezone.now())


@shared_task
def mark_stale_fact_sheets() -> None:
    """Every night: counts a fiscal year that is over, and marks fact sheets that are out of date."""
    from research.services.fact_sheet_figures import count_finished_year
    from research.services.fact_sheet_stale import mark_stale

    now = timezone.now()
    count_finished_year(now=now)
    mark_stale(now=now)


@shared_task
def suggest_citations() -> None:
    """Every night: press mentions that name a report are suggested as its citations."""
    from research.services.citation import suggest_citations as suggest

    suggest()
