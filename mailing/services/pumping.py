"""What the clock does with mailings: starts, pauses, resumes, ends them, and calls as many workers as they need."""

from contextlib import suppress
from datetime import datetime

from django.conf import settings

from mailing.errors import StateError
from mailing.models import Batch, Mailing
from mailing.querysets import MailingQuerySet
from mailing.services import alarms
from mailing.services.installation import check_installation, note_pump
from mailing.services.mailings import (
    STOPPABLE,
    close_batches,
    expire,
    finish_if_done,
    pause_mailing,
    resume_mailing,
    start_due,
)
from mailing.wire import all_relays_down_since, ask_relays_again

S = Mailing.State


def pump(*, now: datetime) -> int:
    """Brings all mailings up to date and returns how many more workers should take turns."""
    may_flow = check_installation(now=now)
    note_pump()
    known = Mailing.objects.known_format()
    for number in _numbers(known.filter(state__in=STOPPABLE, expires_at__lte=now)):
        expire(mailing_id=number, now=now)
    for number in _numbers(known.with_batches_left_open()):
        while not close_batches(mailing_id=number):
            pass
    if not may_flow:
        return 0
    _mind_the_mail_servers(now)
    for number in _numbers(known.due(now).filter(state=S.READY)):
        start_due(mailing_id=number, now=now)
    for number in _numbers(known.filter(state=S.SENDING, standing=False)):
        finish_if_done(mailing_id=number, now=now)
    return turns_wanted(now=now)


def turns_wanted(*, now: datetime) -> int:
    """One worker for each batch that is due, within the limit, less those at work."""
    due = Batch.objects.to_send(now).filter(mailing__in=Mailing.objects.known_format().may_be_sent(now))
    at_work = Batch.objects.in_flight().filter(lease_until__gt=now).count()
    return max(0, due[: settings.MAILING_MAX_WORKERS].count() - at_work)


def _mind_the_mail_servers(now: datetime) -> None:
    """Pauses everything once no mail server has taken anything for a minute, and goes on when one does again."""
    # Also when nothing waits: one that came back is seen to be back, and staff hear of it.
    if ask_relays_again(now=now):
        paused = Mailing.objects.known_format().filter(state=S.PAUSED, pause_reason=Mailing.PauseReason.RELAY)
        for mailing in paused:
            # Staff may have been faster, with whatever they decided.
            with suppress(StateError):
                resume_mailing(mailing=mailing)
    down_since = all_relays_down_since()
    if down_since is not None and now - down_since >= alarms.PATIENCE:
        for mailing in Mailing.objects.known_format().filter(state=S.SENDING):
            with suppress(StateError):
                pause_mailing(mailing=mailing, by=Mailing.PauseReason.RELAY)
    alarms.tell_staff_relay_down(now=now)
    alarms.tell_staff_relay_up(now=now)


def _numbers(mailings: MailingQuerySet) -> list[int]:
    return list(mailings.order_by("send_at", "pk").values_list("pk", flat=True))
