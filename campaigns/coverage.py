"""The coverage map: partners, actions and legislators' positions by district, as a map, a table and a file.

Actions lie where the person's own ZIP code lies, or else that of the organization they acted for.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.models import ActionTaken, Campaign
from campaigns.querysets import ActionTakenQuerySet
from legislation.chambers import Chamber
from legislation.forms.asking import bills_to_ask_about
from legislation.models import Bill
from legislation.pages.cosponsor_targets import helpful_chamber
from legislation.pages.coverage import (
    ACTION_STEPS,
    STEPS,
    Coverage,
    CoveredDistrict,
    coverage,
    standing_legend,
    step_legend,
    step_of,
)
from legislation.pages.representation import CHAMBER_WORDS, CHAMBERS
from legislation.pages.stances import Standing
from legislation.places.coverage_maps import FilledMap, Legend, coverage_maps
from legislation.places.of_partners import UNPLACED, zip_places
from partners.fiscal_year import FiscalYear, Period

YEARS_BACK = 3
_STANDING_ORDER = {standing: place for place, standing in enumerate([*Standing.values, "vacant"])}


class Measure(TextChoices):
    """What a coverage map is colored by."""

    PARTNERS = "partners", gettext_lazy("active partners")
    ACTIONS = "actions", gettext_lazy("actions taken")
    BILL = "bill", gettext_lazy("where the legislator stands on a bill")


@dataclass
class DistrictActions:
    """What people of one district did: actions, and people and organizations, each counted once."""

    actions: int = 0
    people: set[int] = field(default_factory=set)
    organizations: set[int] = field(default_factory=set)


@dataclass
class ActionsByDistrict:
    """Actions of a period in the districts of a chamber. `placed` of all `actions` have a ZIP code that we know."""

    districts: dict[int, DistrictActions]
    actions: int = 0
    placed: int = 0

    @property
    def unplaced(self) -> int:
        return self.actions - self.placed


def actions_by_district(chamber: Chamber, actions: ActionTakenQuerySet) -> ActionsByDistrict:
    """Three queries for any number of actions."""
    where = Left(Coalesce(NullIf("person__zip_code", Value("")), "organization__zip_code", Value("")), 5)
    rows = list(actions.order_by().values_list(where, "person_id", "organization_id"))
    places = zip_places(zip_code for zip_code, _person, _organization in rows)
    found = ActionsByDistrict(defaultdict(DistrictActions), len(rows))
    for zip_code, person, organization in rows:
        number = places.get(zip_code, UNPLACED).likeliest(chamber)
        if number is None:
            continue
        district = found.districts[number]
        district.actions += 1
        district.people.add(person)
        if organization is not None:
            district.organizations.add(organization)
        found.placed += 1
    return found


class CoverageFilter:
    """What somebody asked for. A value that makes no sense is left out. Three queries."""

    SORTS = ("district", "name", "party", "partners", "value")

    def __init__(self, query: QueryDict) -> None:
        self.bills = list(bills_to_ask_about())
        self.campaigns = list(Campaign.objects.public().order_by("title"))
        asked = query.get("measure", "")
        self.measure = Measure(asked) if asked in Measure.values else Measure.PARTNERS
        self.bill = self._chosen_bill(query.get("bill", ""))
        helpful = helpful_chamber(self.bill) if self.bill else Chamber.LOWER
        self.chamber = CHAMBERS.get(query.get("chamber", ""), helpful)
        self.period, self.campaign = self._chosen_period(query.get("period", ""))
        sort = query.get("sort", "")
        self.descending = sort.startswith("-")
        self.sort = sort.removeprefix("-") if sort.removeprefix("-") in self.SORTS else ""

    def _chosen_bill(self, number: str) -> Bill | None:
        """The bill that was asked for; where the map is about a bill, else the first."""
        chosen = next((bill for bill in self.bills if str(bill.pk) == number), None)
        if chosen is None and self.measure == Measure.BILL and self.bills:
            return self.bills[0]
        return chosen if self.measure == Measure.BILL else None

    def _chosen_period(self, word: str) -> tuple[Period, Campaign | None]:
        campaign = next((row for row in self.campaigns if f"campaign-{row.pk}" == word), None)
        year = next((year for year in self.years if year.label == word), FiscalYear.current())
        return year.period, campaign

    @property
    def years(self) -> list[FiscalYear]:
        current = FiscalYear.current().year
        return [FiscalYear(current - back) for back in range(YEARS_BACK)]

    @property
    def chamber_word(self) -> str:
        return CHAMBER_WORDS[self.chamber]

    @property
    def period_word(self) -> str:
        return f"campaign-{self.campaign.pk}" if self.campaign else self.period.label

    @property
    def period_label(self) -> str:
        return str(self.campaign) if self.campaign else self.period.label

    @property
    def query(self) -> str:
        """The choice as an address's query, without the order of the table."""
        facts: dict[str, Any] = {"measure": self.measure.value, "chamber": self.chamber_word}
        if self.measure == Measure.ACTIONS:
            facts["period"] = self.period_word
        if self.bill:
            facts["bill"] = self.bill.pk
        return urlencode(facts)

    def actions(self) -> ActionTakenQuerySet:
        if self.campaign:
            return ActionTaken.objects.filter(call_to_action__campaign=self.campaign)
        return ActionTaken.objects.between(self.period.start, self.period.end)


@dataclass
class CoverageRow:
    """One line of the table. `value` sorts it by what the map shows, `words` says it."""

    district: CoveredDistrict
    value: int
    words: str
    key: str
    actions: DistrictActions | None = None


@dataclass
class Heading:
    """A column that the table can be sorted by: its label, the address that does, and how it is sorted now."""

    label: str
    query: str
    order: str
    is_number: bool = False


@dataclass
class CoveragePage:
    """The map, the table and the districts without a partner."""

    filter: CoverageFilter
    coverage: Coverage
    rows: list[CoverageRow]
    maps: list[FilledMap]
    legend: list[Legend]
    actions: ActionsByDistrict | None

    @property
    def headings(self) -> list[Heading]:
        labels = [
            ("district", _("District"), True),
            ("name", _("Legislator"), False),
            ("party", _("Party"), False),
            ("partners", _("Partners"), True),
        ]
        if self.filter.measure == Measure.ACTIONS:
            labels.append(("value", _("Actions"), True))
        elif self.filter.measure == Measure.BILL:
            labels.append(("value", _("Where they stand"), False))
        return [self._heading(*label) for label in labels]

    def _heading(self, name: str, label: str, is_number: bool) -> Heading:
        current = self.filter.sort == name
        turned = current and not self.filter.descending
        order = ("descending" if self.filter.descending else "ascending") if current else ""
        return Heading(label, f"{self.filter.query}&sort={'-' if turned else ''}{name}", order, is_number)


def coverage_page(query: QueryDict) -> CoveragePage:
    """Everything the page shows. Fifteen queries at most, for any number of partners and actions."""
    asked = CoverageFilter(query)
    found = coverage(asked.chamber, asked.bill)
    actions = (
        actions_by_district(asked.chamber, asked.actions()) if asked.measure == Measure.ACTIONS else None
    )
    rows = [_row(asked, district, actions) for district in found.districts]
    classes = {row.district.number: row.key for row in rows}
    words = {
        row.district.number: f"{row.district.number}: {row.district.member}. {row.words}" for row in rows
    }
    legend = (
        standing_legend(classes)
        if asked.measure == Measure.BILL
        else step_legend(classes, ACTION_STEPS if actions else STEPS)
    )
    maps = coverage_maps(asked.chamber, classes, words)
    return CoveragePage(asked, found, _sorted(rows, asked), maps, legend, actions)


def _row(asked: CoverageFilter, district: CoveredDistrict, actions: ActionsByDistrict | None) -> CoverageRow:
    if actions is not None:
        done = actions.districts.get(district.number, DistrictActions())
        words = ngettext("%(n)d action", "%(n)d actions", done.actions) % {"n": done.actions}
        return CoverageRow(district, done.actions, words, step_of(done.actions, ACTION_STEPS), done)
    if asked.measure == Measure.BILL:
        key = district.standing
        words = district.stance.words if district.stance else _("vacant seat")
        return CoverageRow(district, _STANDING_ORDER[key], capfirst(words), key)
    number = len(district.partners.seats)
    words = ngettext("%(n)d partner", "%(n)d partners", number) % {"n": number}
    return CoverageRow(district, number, words, step_of(number, STEPS))


def _sorted(rows: list[CoverageRow], asked: CoverageFilter) -> list[CoverageRow]:
    keys: dict[str, Any] = {
        "district": lambda row: row.district.number,
        "name": lambda row: _name(row.district),
        "party": lambda row: row.district.party,
        "partners": lambda row: row.district.partners.number,
        "value": lambda row: row.value,
    }
    # Sorting is stable, so that equal rows stay in the order of their numbers.
    return sorted(rows, key=keys[asked.sort or "district"], reverse=asked.descending)


def _name(district: CoveredDistrict) -> tuple[str, str]:
    member = district.legislator
    # Vacant seats come last.
    return (member.family_name, member.given_name) if member else ("\uffff", "")


def coverage_rows(page: CoveragePage) -> Iterator[list[object]]:
    """The table for a spreadsheet: all three measures as far as they were asked for."""
    heads = [
        _("Chamber"),
        _("District"),
        _("Legislator"),
        _("Party"),
        _("Partners with their seat in the district"),
        _("Partners with people in the district"),
        _("Partners whose ZIP code may reach into it"),
    ]
    if page.actions is not None:
        heads += [_("Actions"), _("People who acted"), _("Organizations that acted"), _("Period")]
    if page.filter.bill is not None:
        heads += [_("Where they stand"), _("Bill")]
    yield list(heads)
    for row in page.rows:
        yield _line(page.filter, row)


def _line(asked: CoverageFilter, row: CoverageRow) -> list[object]:
    district, partners = row.district, row.district.partners
    line: list[object] = [
        str(asked.chamber.label),
        district.number,
        district.member,
        district.party,
        len(partners.seats),
        len(partners.people),
        len(partners.reaching),
    ]
    if row.actions is not None:
        done = row.actions
        line += [done.actions, len(done.people), len(done.organizations), asked.period_label]
    if asked.bill is not None:
        line += [row.words, asked.bill.label]
    return line


def coverage_file_name(asked: CoverageFilter) -> str:
    return f"coverage-{asked.chamber_word}-{asked.measure.value}-{timezone.localdate().isoformat()}.csv"
