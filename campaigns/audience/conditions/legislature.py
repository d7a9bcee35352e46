"""Conditions about bills: on which an organization is on record, and who follows them."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, register
from campaigns.audience.options import ModelOptions
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import OrganizationIn, PersonIn, Test
from legislation.models import Bill, Follow, OrganizationPosition
from partners.models import Person

GROUP = _("Bills")


def _on_record(position: str = "") -> Callable[[Leaf], Test]:
    def find(leaf: Leaf) -> Test:
        # Whether the organization is active the audience itself asks, so that lapsed ones can be found as well.
        held = OrganizationPosition.objects.filter(state="on_record", bill__in=leaf.numbers)
        held = held.filter(position=position) if position else held
        return OrganizationIn(held.values("organization"))

    return find


def _follows(leaf: Leaf) -> Test:
    followers = Follow.objects.filter(bill__in=leaf.numbers)
    return PersonIn(Person.objects.filter(user__in=followers.values("user")).values("pk"))


def _bill_name(bill: Any) -> str:
    return f"{bill} ({bill.session}): {bill.title}"[:90]


def _bills(of: Callable[[Any], Any]) -> ModelOptions:
    return ModelOptions(
        Bill,
        search=("identifier", "title"),
        label=_bill_name,
        rows=lambda rows: of(rows).defer("search", "synopsis").order_by("-session", "prefix", "number"),
    )


_WITH_POSITIONS = _bills(
    lambda rows: rows.filter(pk__in=OrganizationPosition.objects.filter(state="on_record").values("bill"))
)

register(
    Condition(
        "on_record",
        _("Organization is on record on the bill"),
        GROUP,
        _on_record(),
        _WITH_POSITIONS,
        is_about_membership=True,
        hint=_("With whatever position."),
    ),
    Condition(
        "supports",
        _("Organization supports the bill"),
        GROUP,
        _on_record("support"),
        _WITH_POSITIONS,
        is_about_membership=True,
    ),
    Condition(
        "opposes",
        _("Organization opposes the bill"),
        GROUP,
        _on_record("oppose"),
        _WITH_POSITIONS,
        is_about_membership=True,
    ),
    Condition(
        "follows",
        _("Follows the bill"),
        GROUP,
        _follows,
        _bills(lambda rows: rows.filter(pk__in=Follow.objects.filter(bill__isnull=False).values("bill"))),
        hint=_("People with a login who asked for news of it."),
    ),
)
