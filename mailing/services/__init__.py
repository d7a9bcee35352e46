"""Every write of the mail engine that touches more than one row or changes a state."""

from mailing.compile import RenderedMessage
from mailing.errors import BadToken, CompileError, ExpiredToken, StateError
from mailing.services.consent import (
    confirm_subscription,
    lift_suppression,
    set_preferences,
    subscribe,
    subscribe_confirmed,
    suppress,
    unsubscribe,
)
from mailing.services.links import record_click
from mailing.services.mailings import (
    Recipient,
    add_recipients,
    cancel_mailing,
    compile_mailing,
    pause_mailing,
    resume_mailing,
    start_mailing,
)
from mailing.services.outbox import Draft, queue_message, queue_messages, send_again
from mailing.services.rendering import render, render_delivery, render_preview, render_sent_preview

__all__ = [
    "BadToken",
    "CompileError",
    "Draft",
    "ExpiredToken",
    "Recipient",
    "RenderedMessage",
    "StateError",
    "add_recipients",
    "cancel_mailing",
    "compile_mailing",
    "confirm_subscription",
    "lift_suppression",
    "pause_mailing",
    "queue_message",
    "queue_messages",
    "record_click",
    "render",
    "render_delivery",
    "render_preview",
    "render_sent_preview",
    "resume_mailing",
    "send_again",
    "set_preferences",
    "start_mailing",
    "subscribe",
    "subscribe_confirmed",
    "suppress",
    "unsubscribe",
]
