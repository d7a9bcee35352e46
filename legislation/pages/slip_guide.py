"""What to copy into the General Assembly's form for a witness slip: its fields in their order, filled as far as we know."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from legislation.models import Hearing, ReportedSlip
from legislation.permissions import primary_contacts
from legislation.reported_slips import SlipStanding, is_of_today, standings
from partners.models import Organization, Person

# As the General Assembly's form and list have them, in every language.
SELF, STATE = "Self", "IL"


@dataclass(frozen=True)
class CopyField:
    """One field of the official form: `name` is ours, `autocomplete` what a browser may know where we do not."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    autocomplete: str = "off"
    kind: str = "text"


def copy_fields(
    person: Person | None, organization: Organization | None, *, with_contact: bool
) -> list[CopyField]:
    """The fields for a slip in the name of `organization`, or for oneself where there is none.

    Without `with_contact` a person's own phone, address and ZIP code stay empty: whoever came over a link in a mail
    may not be the one it was written to.
    """
    known = person if with_contact else None
    return [
        CopyField("name", _("Name"), person.name if person else "", autocomplete="name"),
        *_place(known, organization),
        *_capacity(person, organization),
        CopyField("email", _("E-mail"), known.email if known else "", autocomplete="email", kind="email"),
        CopyField("phone", _("Phone"), _phone(known, organization), autocomplete="tel", kind="tel"),
        CopyField(
            "representation",
            _("Representation"),
            organization.name if organization else SELF,
            hint=_("For whom the slip speaks."),
        ),
    ]


def _place(person: Person | None, organization: Organization | None) -> list[CopyField]:
    """Where the organization sits, else where the person lives: of that we know the ZIP code at most."""
    street, city, zip_code = "", "", person.zip_code if person else ""
    if organization:
        street, city, zip_code = organization.street, organization.city, organization.zip_code
    return [
        CopyField("address", _("Address"), street, autocomplete="street-address"),
        CopyField("city", _("City"), city, autocomplete="address-level2"),
        CopyField("state", _("State"), STATE, autocomplete="address-level1"),
        CopyField("zip", _("ZIP code"), zip_code, autocomplete="postal-code"),
    ]


def _capacity(person: Person | None, organization: Organization | None) -> list[CopyField]:
    if organization is None:
        own = _("“Self”, because you speak for yourself.")
        return [
            CopyField("firm", _("Firm, business or agency"), SELF, hint=own),
            CopyField("title", _("Title"), hint=_("Leave it empty where you speak for yourself.")),
        ]
    title = person.title if person else ""
    return [
        CopyField("firm", _("Firm, business or agency"), organization.name, autocomplete="organization"),
        CopyField("title", _("Title"), title, autocomplete="organization-title"),
    ]


def _phone(person: Person | None, organization: Organization | None) -> str:
    own = person.phone if person else ""
    return own or (organization.phone if organization else "")


@dataclass(frozen=True)
class OwnSlips:
    """What somebody told us of one hearing: of the posting that holds, and of earlier ones."""

    filed: list[SlipStanding]
    pledged: list[SlipStanding]
    earlier: list[SlipStanding]

    @property
    def must_file_again(self) -> bool:
        """Whether a slip was filed for an earlier day, and none for the day that holds."""
        return not self.filed and any(found.state == "again" for found in self.earlier)


def own_slips(person: Person | None, hearing: Hearing, now: datetime) -> OwnSlips:
    """What a person told us of a hearing. One query, and none for somebody we do not know."""
    if person is None:
        return OwnSlips([], [], [])
    rows = ReportedSlip.objects.filter(person=person, document__hearing=hearing).with_hearing()
    found = standings(rows.order_by("document__identifier", "document__amendment", "pk"), now)
    today = [standing for standing in found if is_of_today(standing.slip)]
    return OwnSlips(
        filed=[standing for standing in today if standing.slip.filed_at],
        pledged=[standing for standing in today if not standing.slip.filed_at],
        earlier=[standing for standing in found if not is_of_today(standing.slip)],
    )


def who_may_name(organization: Organization | None) -> str:
    """The names of those who can say that they filed for a partner; empty where it has no primary contact."""
    return ", ".join(person.name for person in primary_contacts(organization)) if organization else ""
