"""A/B tests of alerts: two groups get two variants, and the rest gets the one that brought more actions."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import ActionAlert
from campaigns.results.variants import A, B, Comparison, variant_numbers
from campaigns.services.sending import AlertRefused, locked_alert
from mailing import services as mailing_services
from mailing.models import Batch, Delivery, Mailing
from partners.history import changed_by
from partners.models import User

# So much of the two groups must have been handed over before the hours count for anything.
GROUPS_OUT = 0.9
# Close to the deadline the rest goes out with what is known, or it would get nothing.
BEFORE_DEADLINE = timedelta(hours=2)
_GOING = frozenset({Mailing.State.SENDING})


def judge_due_tests(*, now: datetime) -> int:
    """Decides every test whose hours have passed and sends the rest; returns how many."""
    alerts = ActionAlert.objects.filter(
        state=ActionAlert.State.SENDING, test_judged_at__isnull=True, mailing__state__in=_GOING
    ).exclude(test="")
    return sum(_judge_if_due(pk, now) for pk in list(alerts.values_list("pk", flat=True)))


@transaction.atomic
def judge_test(*, alert: ActionAlert, by: User, now: datetime, variant: str = "") -> ActionAlert:
    """Decides a test before its time: for `variant`, or for what brought more so far. The rest goes out at once."""
    locked = locked_alert(alert)
    if not locked.test or locked.mailing is None:
        raise AlertRefused([_("This alert has no test that is under way.")])
    if locked.test_judged_at:
        raise AlertRefused([_("This test has been decided already.")])
    return _decide(locked, now, by=by, variant=variant)


def due_at(alert: ActionAlert) -> datetime | None:
    """When a test is decided by itself; None before it began."""
    mailing = alert.mailing
    if mailing is None or mailing.started_at is None:
        return None
    judged = mailing.started_at + timedelta(hours=alert.test_hours)
    return min(judged, mailing.expires_at - BEFORE_DEADLINE) if mailing.expires_at else judged


@transaction.atomic
def _judge_if_due(pk: int, now: datetime) -> bool:
    alert = (
        ActionAlert.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("mailing")
        .filter(pk=pk, state=ActionAlert.State.SENDING, test_judged_at__isnull=True)
        .first()
    )
    if alert is None or alert.mailing is None or alert.mailing.state not in _GOING:
        return False
    due = due_at(alert)
    if due is None or due > now:
        return False
    hurry = alert.mailing.expires_at is not None and alert.mailing.expires_at - BEFORE_DEADLINE <= now
    if not hurry and _share_out(alert.mailing) < GROUPS_OUT:
        return False
    try:
        _decide(alert, now)
    except AlertRefused:
        return False  # It ended at this very moment; the result says that the test was not decided.
    return True


def _share_out(mailing: Mailing) -> float:
    """Which share of both groups has been handed over, 0 to 1."""
    waiting = total = 0
    for tally in Batch.objects.filter(mailing=mailing, variant__in=[A, B]).values_list("tally", flat=True):
        total += sum(tally.values())
        waiting += tally.get(Delivery.State.PENDING, 0) + tally.get(Delivery.State.DEFERRED, 0)
    return 1 - waiting / total if total else 1.0


def _decide(alert: ActionAlert, now: datetime, *, by: User | None = None, variant: str = "") -> ActionAlert:
    """Writes the winner with the numbers it rests on, and lets the rest go."""
    # Held until the end: the mailing neither expires nor is cancelled between the decision and its effect.
    mailing = Mailing.objects.select_for_update(of=["self"]).filter(alert=alert).first()
    if mailing is None or mailing.state not in {Mailing.State.SENDING, Mailing.State.PAUSED}:
        raise AlertRefused([_("This alert is not on its way, so there is nothing to decide.")])
    numbers: Comparison = variant_numbers(mailing)
    winner = variant or numbers.ahead
    alert.test_winner, alert.test_judged_at = winner, now
    alert.test_result = numbers.stored() | ({"by": "staff"} if variant else {})
    changed_by(alert, by)
    alert.save(update_fields=["test_winner", "test_judged_at", "test_result"])
    mailing_services.choose_variant(mailing=mailing, variant=winner)
    return alert
