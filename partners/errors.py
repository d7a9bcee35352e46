"""What a service says when it refuses."""


class NotAllowed(ValueError):
    """The rules do not allow this step from here. The message is for the person who tried it."""


class AlreadyDecided(NotAllowed):
    """Somebody decided on this join request before."""


class InvitationClosed(NotAllowed):
    """The invitation was used or withdrawn, or its time is over."""
