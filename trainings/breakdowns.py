"""Breakdown B, by which people who train are counted: by where their organization is, what it does, and who leads it.

Facts are those of today, except what leaders told about themselves: that counts for 12 months.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legislation.chambers import Chamber
from legislation.places.of_partners import UNPLACED, ZipPlace, zip_places
from partners.models import Organization, ProfileAnswer
from partners.profile import FRESH_FOR
from surveys.results import SMALLEST
from surveys.suppression import withheld, withheld_of_several

_Marker = ProfileAnswer.Marker
NO_ORGANIZATION = gettext_lazy("no organization")


class Group(NamedTuple):
    """One line of a breakdown; `order` sorts it among the others."""

    order: int
    label: str

    @classmethod
    def last(cls, label: str | Promise, *, after: int = 0) -> "Group":
        """A line for those without a group, below the others."""
        return cls(100_000 + after, str(label))


@dataclass(frozen=True)
class Way:
    """One way to break numbers down: which groups each organization belongs to."""

    label: str | Promise
    groups: Mapping[int, Sequence[Group]]

    def of(self, organization: int | None) -> Sequence[Group]:
        """The groups of somebody from this organization, or from none that we know."""
        if organization is None:
            return [Group.last(NO_ORGANIZATION, after=1)]
        return self.groups[organization]


def ways(organizations: Collection[int]) -> list[Way]:
    """The ways, over these organizations. Two queries, and those that ZIP codes take."""
    rows = list(
        Organization.objects.filter(pk__in=organizations)
        .select_related("area", "county")
        .prefetch_related("sub_sectors")
    )
    places = zip_places(row.zip_code[:5] for row in rows)
    return [
        Way(
            label,
            {
                row.pk: groups(row, places.get(row.zip_code[:5], UNPLACED)) or [Group.last(unknown)]
                for row in rows
            },
        )
        for label, unknown, groups in _WAYS
    ]


def _district(place: ZipPlace, chamber: Chamber) -> list[Group]:
    number = place.likeliest(chamber)
    if number is None:
        return []
    words = _("House %(district)s") if chamber == Chamber.LOWER else _("Senate %(district)s")
    return [Group(number, words % {"district": number})]


def _budget(partner: Organization) -> list[Group]:
    bands = Organization.BudgetBand.values
    if partner.budget_band not in bands:
        return []
    return [Group(bands.index(partner.budget_band), str(partner.get_budget_band_display()))]


# The ways whose lines add up to none of another way.
COARSE = (
    gettext_lazy("Local Area Council"),
    gettext_lazy("Senate district, estimated"),
    gettext_lazy("Sub-sector"),
    gettext_lazy("Annual budget"),
)
_NOT_SAID, _NO_DISTRICT = gettext_lazy("not said"), gettext_lazy("no district known")
_WAYS: list[tuple[Promise, Promise, Callable[[Organization, ZipPlace], list[Group]]]] = [
    (
        gettext_lazy("Local Area Council"),
        _NOT_SAID,
        lambda partner, place: [Group(partner.area.order, partner.area.name)],
    ),
    (gettext_lazy("County"), _NOT_SAID, lambda partner, place: [Group(0, partner.county.name)]),
    (
        gettext_lazy("House district, estimated"),
        _NO_DISTRICT,
        lambda partner, place: _district(place, Chamber.LOWER),
    ),
    (
        gettext_lazy("Senate district, estimated"),
        _NO_DISTRICT,
        lambda partner, place: _district(place, Chamber.UPPER),
    ),
    (
        gettext_lazy("Sub-sector"),
        _NOT_SAID,
        lambda partner, place: [Group(field.order, field.name) for field in partner.sub_sectors.all()],
    ),
    (gettext_lazy("Annual budget"), _NOT_SAID, lambda partner, place: _budget(partner)),
]


# --- Who leads them ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeaderGroup:
    """People whose organization's leader belongs to a group, and those organizations; None is withheld."""

    label: str | Promise
    people: int | None
    organizations: int | None


@dataclass(frozen=True)
class LeaderIdentity:
    """One question about leaders. Without `groups` so few organizations answered that nothing can be told."""

    label: str | Promise
    groups: list[LeaderGroup]
    answered: int
    organizations: int

    @property
    def coverage_percent(self) -> float | None:
        """Organizations that answered ÷ all that took part."""
        return round(100 * self.answered / self.organizations, 1) if self.organizations else None


def leader_identities(visits: Collection[tuple[int, int]], at: datetime) -> list[LeaderIdentity]:
    """By race or ethnicity and by ability status, always without small numbers, as known at `at`. One query.

    `visits` are pairs of person and organization.
    """
    organizations = {organization for _person, organization in visits}
    told = leaders_told(organizations, at)
    return [
        _identity(label, choices, told[marker], visits, len(organizations))
        for marker, label, choices in LEADER_QUESTIONS
    ]


# Marker, its name, and the answers one can choose.
LEADER_QUESTIONS: list[tuple[str, str | Promise, Sequence[tuple[str, str | Promise]]]] = [
    (_Marker.LEADER_RACE.value, _Marker.LEADER_RACE.label, ProfileAnswer.Race.choices),
    (_Marker.LEADER_ABILITY.value, _Marker.LEADER_ABILITY.label, ProfileAnswer.Ability.choices),
]


def leaders_told(organizations: Collection[int], at: datetime) -> dict[str, dict[int, list[str]]]:
    """By marker and organization: what its leader told within 12 months before `at`. One query."""
    fresh = ProfileAnswer.objects.filter(
        organization__in=organizations,
        marker__in=[marker for marker, _label, _choices in LEADER_QUESTIONS],
        answered_at__gte=at - FRESH_FOR,
        answered_at__lte=at,
    )
    told: dict[str, dict[int, list[str]]] = {marker: {} for marker, _label, _choices in LEADER_QUESTIONS}
    for organization, marker, values in fresh.newest().values_list("organization", "marker", "values"):
        told[marker][organization] = values
    return told


def _identity(
    label: str | Promise,
    choices: Sequence[tuple[str, str | Promise]],
    told: Mapping[int, Sequence[str]],
    visits: Collection[tuple[int, int]],
    organizations: int,
) -> LeaderIdentity:
    def people_of(chosen: Collection[int]) -> int:
        return len({person for person, organization in visits if organization in chosen})

    answered, people = len(told), people_of(told.keys())
    if min(answered, people) < SMALLEST:
        return LeaderIdentity(label, [], answered, organizations)
    members = [{pk for pk, values in told.items() if value in values} for value, _name in choices]
    # Who preferred not to say, or said it in own words: a group too, when the others are taken from the total.
    rest = set(told).difference(*members)
    counts = [(people_of(chosen), len(chosen)) for chosen in members]
    hidden = hidden_groups([number for number, _organizations in counts], people_of(rest), people)
    hidden |= hidden_groups([number for _people, number in counts], len(rest), answered)
    groups = [
        LeaderGroup(name, None, None) if place in hidden else LeaderGroup(name, *counts[place])
        for place, (_value, name) in enumerate(choices)
    ]
    return LeaderIdentity(label, groups, answered, organizations)


def hidden_groups(counts: Sequence[int], rest: int, answered: int) -> set[int]:
    """Lines to keep back, of `answered` in all and `rest` in no line; a leader may belong to several groups."""
    return withheld([*counts, rest]) | withheld_of_several(counts, answered)
