"""Witness slips: a guide to filing them, and what people say that they filed."""

from campaigns.kinds.base import CallKind
from campaigns.models import CallToAction


class WitnessSlip(CallKind):
    kind = CallToAction.Kind.SLIP
