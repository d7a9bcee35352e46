"""The condition "is in a saved segment": its rules stand in its place whenever it is used."""

from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, register
from campaigns.audience.options import ModelOptions
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import FALSE, RowIs, Test
from campaigns.models import Segment


def _never(leaf: Leaf) -> Test:
    """Segments are put in place by `campaigns.audience.saved.expand` before anything is asked; one that is gone has nobody."""
    return RowIs(FALSE)


register(
    Condition(
        "segment",
        _("Saved segment"),
        _("Saved segments"),
        _never,
        ModelOptions(Segment),
        hint=_("Its rules as they are when the audience is used; a later change of the segment counts."),
    ),
)
