"""Stories that people share, and what they allow us to do with them."""

from campaigns.kinds.base import CallKind
from campaigns.models import CallToAction


class ShareStory(CallKind):
    kind = CallToAction.Kind.STORY
