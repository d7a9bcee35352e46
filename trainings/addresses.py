"""Short names that a course cannot have, because the address below `/trainings/` is another page's."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

RESERVED = (
    "past",
    "sessions",
    "door",
    "registered",
    "registrations",
    "places",
    "fees",
    "invoices",
    "scholarships",
    "resources",
    "facilitators",
    "you-said-we-did",
    "interviews",
)

not_reserved = RegexValidator(
    rf"^({'|'.join(RESERVED)})$",
    _("Another page has this address. Choose a longer short name."),
    code="reserved",
    inverse_match=True,
)
