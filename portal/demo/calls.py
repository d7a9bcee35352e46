"""Writes the demonstration's calls to action, and afterwards what came of those that are over."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from campaigns.models import ActionTaken, CallToAction, Campaign
from portal.demo.call_texts import CALLS, CONSENT, CONSENT_PARTNERS


def at(day: datetime, hour: int, *, days: int = 0) -> datetime:
    """That many days after a moment's day, at a full hour in Illinois."""
    return _hour(timezone.localdate(day) + timedelta(days=days), hour)


def _hour(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def write_calls(*, campaigns: dict[str, Campaign], now: datetime, scale: float) -> dict[str, CallToAction]:
    """All calls to action, by short name, with their dates around `now` and goals in step with `scale`."""
    written: dict[str, CallToAction] = {}
    for text in CALLS:
        written[text.slug] = CallToAction.objects.create(
            slug=text.slug,
            title=text.title,
            kind=text.kind,
            campaign=campaigns[text.campaign],
            ask=text.ask,
            why=text.why,
            statement=text.statement,
            audience=text.audience,
            status=text.status,
            opens_at=_hour(text.dates[0], 8) if text.dates else at(now, 8, days=-text.opened),
            closes_at=_hour(text.dates[1], 17) if text.dates else at(now, 17, days=text.closes),
            goal=max(5, round(text.goal * scale / 5) * 5),
            consent_text=CONSENT if text.audience == "everyone" else CONSENT_PARTNERS,
            next_step=text.next_step,
            next_step_url=settings.SITE_URL + text.next_path if text.next_path else "",
        )
    return written


def write_outcomes(calls: Mapping[str, CallToAction]) -> None:
    """Says of each closed call what came of it, with the numbers its rows give."""
    for text in CALLS:
        if not text.outcome:
            continue
        call = calls[text.slug]
        totals = ActionTaken.objects.filter(call_to_action=call).totals()
        closed = timezone.localdate(call.closes_at)
        call.outcome = text.outcome.format(
            people=f"{totals['people']:,}",
            organizations=f"{totals['organizations']:,}",
            goal=f"{call.goal:,}",
            closed=f"{closed:%B} {closed.day}, {closed.year}",
        )
        call.save()
