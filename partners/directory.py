"""The public directory's reads: few, and each of a few columns, because everybody opens this page."""

from dataclasses import dataclass
from html import escape
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from partners.models import Area, County, Organization, SubSector
from partners.querysets import OrganizationQuerySet

PER_PAGE = 24
MAX_WORDS_LENGTH = 100


class Choice(NamedTuple):
    """One value of a filter: `number` in the database, `key` in the address, `name` on the page."""

    number: int
    key: str
    name: str


def load_choices() -> dict[str, list[Choice]]:
    """Areas, counties and sub-sectors in their order, in one read."""
    areas = Area.objects.order_by().values_list(Value("area"), "order", "id", "slug", "name")
    counties = County.objects.order_by().values_list(Value("county"), Value(0), "id", "fips", "name")
    fields = SubSector.objects.order_by().values_list(Value("field"), "order", "id", "slug", "name")
    choices: dict[str, list[Choice]] = {"area": [], "county": [], "field": []}
    rows = areas.union(counties, fields, all=True)
    for kind, _place, number, key, name in sorted(rows, key=itemgetter(0, 1, 4)):
        choices[kind].append(Choice(number, key, name))
    return choices


class DirectoryFilter:
    """What a visitor asked for. Words are searched; a value no list knows is left out."""

    def __init__(self, query: QueryDict) -> None:
        self.choices = load_choices()
        self.words = query.get("q", "").replace("\x00", "").strip()[:MAX_WORDS_LENGTH]
        self.area = self._known("area", query.get("area", ""))
        self.county = self._known("county", query.get("county", ""))
        self.field = self._known("field", query.get("field", ""))
        self.page = query.get("page", "1")

    def _known(self, kind: str, key: str) -> str:
        return key if any(choice.key == key for choice in self.choices[kind]) else ""

    @property
    def is_active(self) -> bool:
        return bool(self.words or self.area or self.county or self.field)

    @cached_property
    def query(self) -> str:
        """The filter as an address's query, without the page."""
        facts = {"q": self.words, "area": self.area, "county": self.county, "field": self.field}
        return urlencode({name: value for name, value in facts.items() if value})

    def options(self, kind: str) -> SafeString:
        """The `<option>`s of one filter, the chosen one marked. Escaped here: a template loop takes much longer."""
        chosen = getattr(self, kind)
        return mark_safe(  # noqa: S308 - escaped right here
            "".join(
                f'<option value="{escape(choice.key)}"'
                f"{' selected' if choice.key == chosen else ''}>{escape(choice.name)}</option>"
                for choice in self.choices[kind]
            )
        )

    @property
    def area_options(self) -> SafeString:
        return self.options("area")

    @property
    def county_options(self) -> SafeString:
        return self.options("county")

    @property
    def field_options(self) -> SafeString:
        return self.options("field")

    def apply(self, organizations: OrganizationQuerySet) -> OrganizationQuerySet:
        if self.words:
            organizations = organizations.found(self.words)
        if self.area:
            organizations = organizations.filter(area__slug=self.area)
        if self.county:
            organizations = organizations.filter(county__fips=self.county)
        if self.field:
            organizations = organizations.filter(sub_sectors__slug=self.field)
        return organizations


@dataclass
class DirectoryPage:
    """One page of the directory. `partners` counts active partners, listed or not; `found` the matches."""

    filter: DirectoryFilter
    rows: Page
    partners: int
    found: int


class _Counted(Paginator):
    """A paginator that is told how many rows there are."""

    def __init__(self, rows: QuerySet[Organization, Any], per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


def directory_page(query: QueryDict) -> DirectoryPage:
    """Four reads without a filter, five with one, for any number of partners."""
    asked = DirectoryFilter(query)
    counts = Organization.objects.active().aggregate(
        partners=Count("id"), listed=Count("id", filter=Q(is_listed=True))
    )
    listed = asked.apply(Organization.objects.listed())
    found = listed.count() if asked.is_active else counts["listed"]
    columns = listed.order_by("name", "id").values("id", "name", "slug", "city", "area_id")
    rows = _Counted(columns, PER_PAGE, found).get_page(asked.page)
    rows.object_list = _rows(list(rows.object_list), asked.choices)
    return DirectoryPage(filter=asked, rows=rows, partners=counts["partners"], found=found)


def _rows(found: list[dict], choices: dict[str, list[Choice]]) -> list[dict]:
    """Adds to each row its address, the name of its area, and `fields`, the names of its sub-sectors in order."""
    through = Organization.sub_sectors.through.objects
    pairs = through.filter(organization_id__in=[row["id"] for row in found]) if found else through.none()
    chosen = set(pairs.values_list("organization_id", "subsector_id"))
    areas = {area.number: area.name for area in choices["area"]}
    base = reverse("partners:directory")
    for row in found:
        row["url"] = f"{base}{row['slug']}/"
        row["area_name"] = areas.get(row["area_id"], "")
        row["fields"] = ", ".join(
            field.name for field in choices["field"] if (row["id"], field.number) in chosen
        )
    return found
