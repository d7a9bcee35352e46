"""Invitations to an event: who comes, and what they need."""

from campaigns.kinds.base import CallKind
from campaigns.models import CallToAction


class Invitation(CallKind):
    kind = CallToAction.Kind.RSVP
