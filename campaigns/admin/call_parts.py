"""The parts of a call's form that only some kinds have: each kind's inlines, in the order in which they stand."""

from django.contrib.admin.options import InlineModelAdmin

from campaigns.admin.call_events import CallEventInline
from campaigns.admin.call_letters import SignOnLetterInline
from campaigns.admin.call_slips import SlipAskInline
from campaigns.admin.call_targets import EmailTargetsInline, MessageVariantInline, PhoneTargetsInline
from campaigns.models import CallToAction

_Kind = CallToAction.Kind

# A kind's parts come from its own module, such as `call_slips.py`; this is the one place where they meet.
PARTS: dict[str, list[type[InlineModelAdmin]]] = {
    _Kind.EMAIL: [EmailTargetsInline, MessageVariantInline],
    _Kind.PHONE: [PhoneTargetsInline],
    _Kind.SLIP: [SlipAskInline],
    _Kind.SIGN_ON: [SignOnLetterInline],
    _Kind.STORY: [],
    _Kind.SURVEY: [],
    _Kind.RSVP: [CallEventInline],
}


def parts_of(kind: str) -> list[type[InlineModelAdmin]]:
    """The inlines of a kind; most have none."""
    return PARTS.get(kind, [])
