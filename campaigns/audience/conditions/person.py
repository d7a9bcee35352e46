"""Conditions about the person."""

from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, Frees, register
from campaigns.audience.options import FixedOptions, ModelOptions
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import PersonIn, Test, either
from campaigns.models import ContactList, ContactListEntry
from partners.models import Membership, Person

GROUP = _("Person")


def _login(leaf: Leaf) -> Test:
    has = PersonIn(Person.objects.filter(user__isnull=False, user__is_active=True).values("pk"))
    return either({"yes": has, "no": ~has}[one] for one in leaf.values)


def _named(leaf: Leaf) -> Test:
    return PersonIn(Person.objects.filter(pk__in=leaf.numbers).values("pk"))


def _on_list(leaf: Leaf) -> Test:
    return PersonIn(ContactListEntry.objects.filter(contact_list__in=leaf.numbers).values("person"))


def _outside(leaf: Leaf) -> Test:
    members = Membership.objects.current().filter(organization__status="active")
    return ~PersonIn(members.values("person"))


register(
    Condition(
        "contact_list",
        _("Contact list"),
        GROUP,
        _on_list,
        ModelOptions(ContactList),
        frees=Frees.ANYBODY,
        hint=_("Everybody on the list, whether or not they belong to a partner organization."),
    ),
    Condition(
        "person",
        _("Person named directly"),
        GROUP,
        _named,
        ModelOptions(
            Person,
            search=("first_name", "last_name", "email"),
            label=lambda person: f"{person.name or '–'} ({person.email})",
            many=True,
        ),
        frees=Frees.ANYBODY,
        may_vanish=True,
    ),
    Condition(
        "login",
        _("Has a login"),
        GROUP,
        _login,
        FixedOptions(lambda: [("yes", _("yes")), ("no", _("no"))]),
    ),
    Condition(
        "outside",
        _("Belongs to no partner today"),
        GROUP,
        _outside,
        needs_value=False,
        frees=Frees.ANYBODY,
        hint=_("People we know who have no current membership in an active organization."),
    ),
)
