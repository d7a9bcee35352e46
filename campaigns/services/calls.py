"""The life of a call to action: published, closed with its outcome, archived."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import kinds
from campaigns.models import CallToAction
from campaigns.services.errors import StateError
from partners.caching import empty_page_cache, empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User

# Beat asks every 30 seconds; twice that leaves no crossing unseen.
CROSSING = timedelta(seconds=60)


def _locked(call_to_action: CallToAction, by: User | None) -> CallToAction:
    call = CallToAction.objects.select_for_update(of=("self",)).get(pk=call_to_action.pk)
    changed_by(call, by)
    return call


def problems_of(call: CallToAction, *, now: datetime | None = None) -> list[str]:
    """What stands against publishing a draft, in sentences; nothing when it is complete."""
    problems = list(kinds.of(call).problems(call))
    if call.closes_at <= (now or timezone.now()):
        problems.append(_("Its deadline has passed. Set a later one first."))
    if call.hearing_is_off and call.kind != CallToAction.Kind.SLIP:  # A call for slips says it itself.
        problems.append(_("Its hearing was cancelled or replaced. Choose another one, or none."))
    if call.ends_with_stage and call.bill is None:
        problems.append(_("It ends when its bill moves on: name the bill."))
    return problems


@transaction.atomic
def publish_call(
    *, call_to_action: CallToAction, by: User | None = None, now: datetime | None = None
) -> CallToAction:
    """Puts a draft on the site. It can be answered from `opens_at` to `closes_at`.

    Raises `StateError` that says all that is missing.
    """
    call = _locked(call_to_action, by)
    if call.status != CallToAction.Status.DRAFT:
        raise StateError(_("Only a draft can be published."))
    problems = problems_of(call, now=now)
    if problems:
        raise StateError(" ".join(problems))
    call.status = CallToAction.Status.PUBLISHED
    call.bill_stage = call.bill.stage if call.bill and call.ends_with_stage else ""
    call.save(update_fields=["status", "bill_stage"])
    empty_page_cache_on_commit()
    return call


@transaction.atomic
def close_call(*, call_to_action: CallToAction, outcome: str, by: User) -> CallToAction:
    """Ends a published call and tells what came of it. Nobody can act from here on."""
    call = _locked(call_to_action, by)
    if call.status != CallToAction.Status.PUBLISHED:
        raise StateError(_("Only a published call to action can be closed."))
    if not outcome.strip():
        raise StateError(_("Say what came of it."))
    call.status = CallToAction.Status.CLOSED
    call.outcome = outcome.strip()
    call.save(update_fields=["status", "outcome"])
    empty_page_cache_on_commit()
    return call


@transaction.atomic
def archive_call(
    *, call_to_action: CallToAction, successor: CallToAction | None = None, by: User | None = None
) -> CallToAction:
    """Takes a closed call off the lists. Its page leads to the successor, or else to its campaign, or else stays."""
    call = _locked(call_to_action, by)
    if call.status != CallToAction.Status.CLOSED:
        raise StateError(_("Close the call to action with its outcome first."))
    if successor is not None:
        _check_successor(call, successor)
    call.status = CallToAction.Status.ARCHIVED
    call.successor = successor
    call.save(update_fields=["status", "successor"])
    empty_page_cache_on_commit()
    return call


def _check_successor(call: CallToAction, successor: CallToAction) -> None:
    """A successor has a page, and following successors never leads back."""
    if successor.status == CallToAction.Status.DRAFT:
        raise StateError(_("The call that continues this one is still a draft."))
    following: CallToAction | None = successor
    seen: set[int] = set()
    while following is not None and following.pk not in seen:
        if following.pk == call.pk:
            raise StateError(_("The calls would lead visitors in a circle."))
        seen.add(following.pk)
        following = following.successor


def refresh_pages_after_crossing(*, now: datetime) -> bool:
    """Empties the page cache when a call has just opened or closed by the clock, or a day has just begun."""
    since = now - CROSSING
    crossed = CallToAction.objects.public().filter(
        Q(opens_at__gt=since, opens_at__lte=now) | Q(closes_at__gt=since, closes_at__lte=now)
    )
    # At midnight the deadlines' "3 days left" change, and on Mondays the Issue of the Week.
    new_day = timezone.localdate(since) != timezone.localdate(now)
    if new_day or crossed.exists():
        empty_page_cache()
        return True
    return False
