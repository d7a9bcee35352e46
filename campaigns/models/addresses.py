"""Short names that stand in a page's address."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Addresses below `stories/` and `take-action/` that are not a story's or a call's.
not_reserved = RegexValidator(
    r"^(feed|confirm|issues|people|share)$",
    _("This short name is an address of the portal itself. Choose another."),
    code="reserved",
    inverse_match=True,
)
