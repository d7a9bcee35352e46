"""What a service refuses, in words that a page can show."""


class StateError(ValueError):
    """This is not possible in the present state."""


class CallClosed(StateError):
    """The call to action can't be answered now: not published, not open yet, or over."""


class PartnersOnly(StateError):
    """Only people of partner organizations may answer this call."""


class LinkUsed(StateError):
    """The confirmation link was used before, or its answer was erased after a week."""


class IsFirstStep(Exception):
    """What waits behind a link only announces an answer, and is recorded in another way than an action."""


class AnswerRefused(StateError):
    """This answer can't be taken, for the reason it says: the organization signed already, no seat is left."""
