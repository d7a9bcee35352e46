"""What the mail engine refuses, and why."""


class StateError(ValueError):
    """The step is not possible from the state the mailing or message is in now."""


class CompileError(ValueError):
    """A text cannot become a mailing, such as for a slot nobody fills."""


class BadToken(ValueError):
    """A link's token is not ours, or what it points to is gone."""


class ExpiredToken(BadToken):
    """A link's token is ours and too old."""
