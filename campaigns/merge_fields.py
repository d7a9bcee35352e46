"""What a message may say of its reader: the merge fields, and where each comes from.

Written `{{ first_name }}`, or with words for those whose value we do not know: `{{ first_name|Friend }}`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class MergeField:
    """One fact about the reader. `source` says where it comes from and who has none, in words for staff."""

    name: str
    label: str | Promise
    source: str | Promise
    example: str
    fallback: str = ""

    @property
    def written(self) -> str:
        """As staff write it, with words for readers of whom we do not know it."""
        return f"{{{{ {self.name}|{self.fallback} }}}}" if self.fallback else f"{{{{ {self.name} }}}}"


_BY_ZIP = _(
    "From the ZIP code of the person, or else of the organization; empty where that ZIP code lies in several districts."
)

MERGE_FIELDS: dict[str, MergeField] = {
    one.name: one
    for one in (
        MergeField(
            "first_name", _("first name"), _("Empty for addresses without a name."), "Maria", "Friend"
        ),
        MergeField("last_name", _("last name"), _("Empty for addresses without a name."), "Gomez"),
        MergeField(
            "organization",
            _("organization"),
            _(
                "The one they are with; of several, where they are the primary contact. Subscribers have none."
            ),
            "Prairie Path Services",
            "your organization",
        ),
        MergeField(
            "area", _("Local Area Council"), _("Of the organization."), "Lake and McHenry", "your area"
        ),
        MergeField("county", _("county"), _("Of the organization."), "Lake", "your county"),
        MergeField("house_district", _("House district"), _BY_ZIP, "58", "your district"),
        MergeField("senate_district", _("Senate district"), _BY_ZIP, "29", "your district"),
        MergeField(
            "representative", _("State Representative"), _BY_ZIP, "Alex Sample", "your State Representative"
        ),
        MergeField("senator", _("State Senator"), _BY_ZIP, "Robin Sample", "your State Senator"),
    )
}
