"""What alerts and their reminders share on their way out: what was submitted, compiled and follows its mailing."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.audience import TOPIC, WHY, Audience
from campaigns.messages.contents import build_contents
from campaigns.messages.merge import read_in_general, used_fields
from campaigns.models import ActionAlert, AlertBlock, CallToAction
from campaigns.services.errors import StateError
from mailing import services as mailing_services
from mailing.models import Mailing, Topic

# How the state of the compiled mailing reads as the state of the alert.
STATES = {
    Mailing.State.READY: ActionAlert.State.SCHEDULED,
    Mailing.State.SENDING: ActionAlert.State.SENDING,
    Mailing.State.PAUSED: ActionAlert.State.PAUSED,
    Mailing.State.DONE: ActionAlert.State.SENT,
    Mailing.State.CANCELLED: ActionAlert.State.CANCELLED,
    Mailing.State.EXPIRED: ActionAlert.State.EXPIRED,
}
UNDER_WAY = frozenset({Mailing.State.READY, Mailing.State.SENDING, Mailing.State.PAUSED})
# The result tells these apart; the reason why somebody gets the message goes along for their page about it.
_FOR_RESULTS = {"house_district", "senate_district", "organization", "first_name", WHY}
# How an alert goes out. A change of any of these is a change of what was submitted.
_OPTIONS = (
    "include_subscribers",
    "in_recipients_window",
    "rate_per_minute",
    "test",
    "test_percent",
    "test_hours",
    "reminder_days",
)


class AlertRefused(StateError):
    """The step is not possible now. `problems` says why, in words for staff."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def alert_state(mailing: Mailing) -> ActionAlert.State:
    """The state an alert has by its mailing."""
    return STATES[Mailing.State(mailing.state)]


def digest_of(alert: ActionAlert, send_at: datetime | None) -> str:
    """A fingerprint of everything somebody submits: each message, the audience's rules, how and when it goes out.

    Saved segments count with the rules they have now, and the words of the call to action count too.
    """
    built = build_contents(alert)
    said = [
        [astuple(content) for content in built.contents],
        repr(Audience.of(alert).node),
        [getattr(alert, name) for name in _OPTIONS],
        alert.call_to_action_id,
        str(send_at.timestamp()) if send_at else "",
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def compile_alert(alert: ActionAlert, *, send_at: datetime) -> Mailing:
    """The alert as a mailing without recipients. Raises `AlertRefused` where it cannot be compiled."""
    built = build_contents(alert)
    try:
        return mailing_services.compile_mailing(
            topic=Topic.objects.get(slug=TOPIC),
            name=read_in_general(alert.subject)[:200],
            contents=built.contents,
            send_at=send_at,
            expires_at=alert.call_to_action.mail_until,
            personal_links=built.personal_links,
            rate_per_minute=alert.rate_per_minute,
            in_recipients_window=alert.in_recipients_window,
        )
    except mailing_services.CompileError as error:
        raise AlertRefused([str(error)]) from error


def copy_blocks(blocks: Iterable[AlertBlock], to: ActionAlert, first: int = 0) -> None:
    """Writes the blocks once more, for another alert, in their order from `first` on."""
    for order, block in enumerate(blocks, start=first):
        block.pk, block.alert, block.order = None, to, order
        block._state.adding = True
        block.save()


def audience_select(alert: ActionAlert) -> mailing_services.RecipientSelect:
    """Everybody the alert is for, with the merge fields it uses and what the result is broken down by."""
    used = {each.name for each in used_fields(alert, list(alert.blocks.all()))}
    return Audience.of(alert).select(used | _FOR_RESULTS)


def locked_alert(alert: ActionAlert) -> ActionAlert:
    """The alert as it is now, which nobody else changes until the transaction ends."""
    return ActionAlert.objects.select_for_update(of=["self"]).get(pk=alert.pk)


def held_call(alert: ActionAlert) -> CallToAction:
    """The alert's call, which stays open until the transaction ends: closing it waits."""
    call = (
        CallToAction.objects.select_for_update(of=["self"])
        .select_related("hearing")
        .get(pk=alert.call_to_action_id)
    )
    if call.status != CallToAction.Status.PUBLISHED:
        raise AlertRefused([_("The call to action is not published.")])
    return call
