"""How far an alert is at this moment, in one exact sentence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import ActionAlert
from mailing.models import Mailing
from mailing.services import Progress, mailing_progress

State = ActionAlert.State


@dataclass(frozen=True)
class AlertProgress:
    """The bar's numbers (messages) and the sentence over it. `live` while they may still change by themselves."""

    words: str
    handled: int = 0
    total: int = 0
    percent: int = 0
    rate: int = 0
    time_left: str = ""
    live: bool = False


def progress_of(alert: ActionAlert, measured: Progress | None, now: datetime) -> AlertProgress:
    """Where the alert stands. `measured` comes from `measure`, nothing for an alert that was never compiled."""
    if measured is None:
        return AlertProgress(_never_sent(alert))
    live = alert.state in {State.SCHEDULED, State.SENDING, State.PAUSED}
    going = alert.state == State.SENDING
    held = bool(alert.test) and alert.test_judged_at is None
    return AlertProgress(
        words=_words(alert, measured, now),
        handled=measured.handled,
        total=measured.total,
        percent=100 * measured.handled // measured.total if measured.total else 0,
        rate=round(measured.rate_per_minute or 0) if going else 0,
        time_left=duration(measured.seconds_left)
        if going and not held and measured.seconds_left is not None
        else "",
        live=live,
    )


def measure(alert: ActionAlert, now: datetime) -> Progress | None:
    """The engine's figures for the alert's mailing."""
    return mailing_progress(alert.mailing, now) if alert.mailing is not None else None


def duration(seconds: float) -> str:
    """A stretch of time as people say it: "about 12 minutes"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 90:
        return ngettext("about %(n)d minute", "about %(n)d minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 36:
        return ngettext("about %(n)d hour", "about %(n)d hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("about %(n)d day", "about %(n)d days", days) % {"n": days}


def shown(number: int) -> str:
    """A number as people read it: 12,000."""
    return number_format(number, force_grouping=True)


def _never_sent(alert: ActionAlert) -> str:
    if alert.state == State.WAITING:
        return _("Waits for a second person's approval.")
    if alert.state == State.CANCELLED:
        return _("Cancelled before anything was sent.")
    return _("A draft: nothing has been sent.")


def _words(alert: ActionAlert, measured: Progress, now: datetime) -> str:
    numbers = {"done": shown(measured.handled), "all": shown(measured.total)}
    match alert.state:
        case State.SCHEDULED:
            return _("Scheduled for %(at)s, to %(all)s.") % {**numbers, "at": _moment(alert.send_at)}
        case State.SENDING:
            return _going_words(alert, numbers, now)
        case State.PAUSED:
            return _paused_words(alert) % numbers
        case State.CANCELLED:
            return _("Cancelled at %(done)s of %(all)s.") % numbers
        case State.EXPIRED:
            return _("Stopped at %(done)s of %(all)s: the time to act was over.") % numbers
        case _:
            return _("Sent: %(done)s of %(all)s handled.") % numbers


def _going_words(alert: ActionAlert, numbers: dict[str, Any], now: datetime) -> str:
    if alert.test and alert.test_judged_at is None:
        return (
            _("The A/B test is going on: %(done)s of %(all)s handled. The rest waits for its result.")
            % numbers
        )
    return _("Going out: %(done)s of %(all)s handled.") % numbers


def _paused_words(alert: ActionAlert) -> str:
    """Who or what paused it, with room for the numbers."""
    if alert.call_to_action.hearing_is_off:
        return _("Paused at %(done)s of %(all)s: its hearing was cancelled or replaced by another.")
    pause_reason = alert.mailing.pause_reason if alert.mailing else ""
    if pause_reason == Mailing.PauseReason.RELAY:
        return _("Paused at %(done)s of %(all)s: no mail server answers. It goes on by itself.")
    if pause_reason == Mailing.PauseReason.RESTORED:
        return _(
            "Paused at %(done)s of %(all)s: the database was restored from a backup. Look before it goes on."
        )
    return _("Paused by staff at %(done)s of %(all)s.")


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "l, F j, Y, g:i a") if at else ""
