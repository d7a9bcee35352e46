"""Every write of the mail engine that touches more than one row or changes a state."""

from mailing.composing.compile import RenderedMessage
from mailing.errors import BadToken, CompileError, ExpiredToken, StateError
from mailing.services.consent import (
    confirm_subscription,
    subscribe,
    subscribe_confirmed,
    unsubscribe,
)
from mailing.services.filling import Filled, Recipient, RecipientSelect, add_recipients, fill_mailing
from mailing.services.links import record_click
from mailing.services.mailings import (
    Written,
    cancel_mailing,
    choose_variant,
    compile_mailing,
    pause_mailing,
    resume_mailing,
    start_mailing,
)
from mailing.services.outbox import (
    Draft,
    Precedence,
    count_as_sent,
    queue_message,
    queue_messages,
    send_again,
)
from mailing.services.preferences import save_preferences
from mailing.services.rendering import render_delivery, render_preview, render_sent_preview
from mailing.services.suppression import keep_suppression, lift_suppression, suppress
from mailing.services.taking_back import take_back
from mailing.services.tallies import Progress, change_state, mailing_progress, mailing_tally
from mailing.services.unknown import Resolved, resolve_unknown

__all__ = [
    "BadToken",
    "CompileError",
    "Draft",
    "ExpiredToken",
    "Filled",
    "Precedence",
    "Progress",
    "Recipient",
    "RecipientSelect",
    "RenderedMessage",
    "Resolved",
    "StateError",
    "Written",
    "add_recipients",
    "cancel_mailing",
    "change_state",
    "choose_variant",
    "compile_mailing",
    "confirm_subscription",
    "count_as_sent",
    "fill_mailing",
    "keep_suppression",
    "lift_suppression",
    "mailing_progress",
    "mailing_tally",
    "pause_mailing",
    "queue_message",
    "queue_messages",
    "record_click",
    "render_delivery",
    "render_preview",
    "render_sent_preview",
    "resolve_unknown",
    "resume_mailing",
    "save_preferences",
    "send_again",
    "start_mailing",
    "subscribe",
    "subscribe_confirmed",
    "suppress",
    "take_back",
    "unsubscribe",
]
