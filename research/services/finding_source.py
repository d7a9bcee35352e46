"""Keeps what looks at findings' sources found, and does the weekly round."""

import math
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from partners.caching import empty_page_cache_on_commit
from research.link_checks import Look, Looker
from research.models import Finding, SourceCheck
from research.querysets.finding import FindingQuerySet

# A round that broke off and was begun again does not ask sources a second time within these hours.
FRESH_FOR = timedelta(hours=12)


def due_for_check(now: datetime) -> FindingQuerySet:
    """Published findings with an address whose page was not looked at lately: what was never tried, then the oldest.

    So a page at which a round broke off does not stand in the way of the others.
    """
    oldest = F("source_tried_at").asc(nulls_first=True)
    findings = Finding.objects.published().exclude(source_url="").order_by(oldest, "pk")
    fresh = Q(source_check__url=F("source_url"), source_check__checked_at__gt=now - FRESH_FOR)
    return findings.exclude(pk__in=Finding.objects.filter(fresh).values("pk"))


def check_sources(
    *,
    now: datetime,
    looker: Looker | None = None,
    clock: Callable[[], datetime] = timezone.now,
    seconds: float = math.inf,
) -> bool:
    """Looks at sources that are due, each address once, and keeps each result at once. Whether some are left.

    Begins none after `seconds`. May run twice, late, or at once with itself: what another round looked at meanwhile
    is left out.
    """
    end = time.monotonic() + seconds
    with nullcontext(looker) if looker else Looker() as eyes:
        for url in dict.fromkeys(due_for_check(now).values_list("source_url", flat=True)):
            findings = list(due_for_check(clock()).filter(source_url=url))
            if findings:
                look_at(findings=findings, url=url, looker=eyes, clock=clock)
            if time.monotonic() >= end:
                return due_for_check(clock()).exists()
    return False


def check_source(*, finding: Finding, looker: Looker | None = None) -> None:
    """Looks at one finding's source now, however lately it was looked at."""
    if finding.source_url:
        with nullcontext(looker) if looker else Looker() as eyes:
            look_at(findings=[finding], url=finding.source_url, looker=eyes, clock=timezone.now)


def look_at(*, findings: list[Finding], url: str, looker: Looker, clock: Callable[[], datetime]) -> None:
    """One look, kept for every finding that names the address. No row is held while the other site takes its time."""
    # An update leaves alone when the finding itself was changed, and is kept also when the look kills the worker.
    Finding.objects.filter(pk__in=[finding.pk for finding in findings]).update(source_tried_at=clock())
    seen = looker.look(url)
    for finding in findings:
        keep_look(finding=finding, url=url, look=seen, now=clock())


@transaction.atomic
def keep_look(*, finding: Finding, url: str, look: Look, now: datetime) -> SourceCheck | None:
    """Keeps one look. Nothing is kept when the finding names another address by now, or is gone."""
    held = Finding.objects.select_for_update(of=("self",)).filter(pk=finding.pk, source_url=url).first()
    if held is None:
        return None
    check = SourceCheck.objects.filter(finding=held).first()
    if check is None or check.url != url:
        SourceCheck.objects.filter(finding=held).delete()
        check = SourceCheck(finding=held, url=url)
    was_dead = check.is_dead
    if look.failed:
        _count_failure(check, now)
    else:
        check.first_failed_at, check.failed_days = None, 0
        if look.outcome != SourceCheck.Outcome.UNSURE:
            check.last_seen_at = now
    check.checked_at, check.outcome = now, look.outcome
    check.status_code, check.moved_to = look.status, look.moved_to
    check.save()
    if check.is_dead != was_dead:
        empty_page_cache_on_commit()
    return check


def _count_failure(check: SourceCheck, now: datetime) -> None:
    """A day counts once, however often it was looked at that day."""
    if check.first_failed_at is None:
        check.first_failed_at, check.failed_days = now, 1
    elif timezone.localdate(check.checked_at) != timezone.localdate(now):
        check.failed_days += 1
