"""Conditions about somebody's place in an organization, and where they are represented."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from campaigns.audience.fields import Condition, Frees, register
from campaigns.audience.options import FixedOptions
from campaigns.audience.places import PLACE_ZIP, district_choices, zip_codes_of
from campaigns.audience.rules import Leaf
from campaigns.audience.sql import RowIs, Sql, Test, either
from legislation.chambers import Chamber
from partners.models import Membership

GROUP = _("Membership")
PLACE = _("District")


def _role(leaf: Leaf) -> Test:
    return RowIs(Sql("membership.role = ANY(%s)", (list(leaf.values),)))


def _joined(leaf: Leaf) -> Test:
    parts = []
    if leaf.since:
        parts.append(Sql("membership.started_on >= %s", (leaf.since,)))
    if leaf.before:
        parts.append(Sql("membership.started_on < %s", (leaf.before,)))
    return RowIs(Sql.joined(parts, " AND "))


def _state(leaf: Leaf) -> Test:
    tests = {"current": "membership.ended_on IS NULL", "ended": "membership.ended_on IS NOT NULL"}
    # Somebody without any membership has neither a current nor an ended one.
    return either(RowIs(Sql(f"(membership.id IS NOT NULL AND {tests[one]})")) for one in leaf.values)


def _district(chamber: Chamber) -> Callable[[Leaf], Test]:
    def find(leaf: Leaf) -> Test:
        zips = zip_codes_of(chamber, {int(number) for number in leaf.values})
        return RowIs(
            Sql.fill("coalesce({zip} = ANY({zips}), FALSE)", zip=PLACE_ZIP, zips=Sql("%s::text[]", (zips,))),
            needs_person=True,
        )

    return find


_ESTIMATE = _(
    "By the ZIP code of the person, or else of the organization. A ZIP code may lie in several districts; "
    "then the person counts for each of them."
)

register(
    Condition(
        "role",
        _("Role"),
        GROUP,
        _role,
        FixedOptions(lambda: Membership.Role.choices),
        is_about_membership=True,
    ),
    Condition(
        "member_since",
        _("Became a member"),
        GROUP,
        _joined,
        is_about_membership=True,
        dated=True,
        hint=_("When the person's place in the organization began."),
    ),
    Condition(
        "membership",
        _("Membership status"),
        GROUP,
        _state,
        FixedOptions(
            lambda: [("current", _("current")), ("ended", _("ended"))],
        ),
        is_about_membership=True,
        frees=Frees.ENDED,
        hint=_("Beside this condition, people whose membership ended can be reached too."),
    ),
    Condition(
        "house_district",
        _("House district"),
        PLACE,
        _district(Chamber.LOWER),
        FixedOptions(lambda: district_choices(Chamber.LOWER)),
        hint=_ESTIMATE,
    ),
    Condition(
        "senate_district",
        _("Senate district"),
        PLACE,
        _district(Chamber.UPPER),
        FixedOptions(lambda: district_choices(Chamber.UPPER)),
        hint=_ESTIMATE,
    ),
)
