"""Writing to legislators and calling them, found by the visitor's address or profile."""

from campaigns.kinds.base import CallKind
from campaigns.models import CallToAction


class EmailLegislators(CallKind):
    kind = CallToAction.Kind.EMAIL


class PhoneLegislators(CallKind):
    kind = CallToAction.Kind.PHONE
