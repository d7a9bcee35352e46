"""Letters that organizations sign, through somebody who may speak for them."""

from campaigns.kinds.base import CallKind
from campaigns.models import CallToAction


class SignOn(CallKind):
    kind = CallToAction.Kind.SIGN_ON
