"""What each kind of call to action asks, keeps, and says. A page, a service and the desk ask `of(call)` and no more."""

from campaigns.kinds.base import CallKind, DetailsForm
from campaigns.kinds.legislators import EmailLegislators, PhoneLegislators
from campaigns.kinds.rsvp import Invitation
from campaigns.kinds.sign_on import SignOn
from campaigns.kinds.slip import WitnessSlip
from campaigns.kinds.statement import Petition, Pledge
from campaigns.kinds.story import ShareStory
from campaigns.kinds.survey import TakeSurvey
from campaigns.models import CallToAction

__all__ = ["CallKind", "DetailsForm", "of"]

_KINDS: dict[str, CallKind] = {
    kind.kind: kind
    for kind in (
        Petition(),
        Pledge(),
        EmailLegislators(),
        PhoneLegislators(),
        WitnessSlip(),
        SignOn(),
        ShareStory(),
        TakeSurvey(),
        Invitation(),
    )
}


def of(call: CallToAction) -> CallKind:
    """The kind of a call."""
    return _KINDS[call.kind]
