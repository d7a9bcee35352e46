"""The partners on record on one bill, for the public: counted by stance, narrowed by place and field of work."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.db.models.functions import Left
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import SEATS, Chamber
from legislation.models import Bill, OrganizationPosition
from legislation.pages.representation import CHAMBER_WORDS, CHAMBERS
from legislation.places.of_partners import UNPLACED, zip_places
from legislation.querysets import OrganizationPositionQuerySet
from partners.directory import Choice, load_choices
from partners.models import Organization

PER_PAGE = 40
MOST_HISTORY = 200
_State = OrganizationPosition.State


class PositionFilter:
    """What a visitor asked for. A value that no list knows is left out. `district` is such as `house-92`."""

    def __init__(self, query: QueryDict) -> None:
        self.choices = load_choices()
        self.position = (
            value if (value := query.get("position", "")) in OrganizationPosition.Position.values else ""
        )
        self.area = self._known("area", query.get("area", ""))
        self.county = self._known("county", query.get("county", ""))
        self.field = self._known("field", query.get("field", ""))
        self.chamber, self.number = _district(query.get("district", ""))

    def _known(self, kind: str, key: str) -> str:
        return key if any(choice.key == key for choice in self.choices[kind]) else ""

    @property
    def areas(self) -> list[Choice]:
        return self.choices["area"]

    @property
    def counties(self) -> list[Choice]:
        return self.choices["county"]

    @property
    def fields(self) -> list[Choice]:
        return self.choices["field"]

    @property
    def district(self) -> str:
        return f"{CHAMBER_WORDS[self.chamber]}-{self.number}" if self.chamber else ""

    @property
    def chambers(self) -> list[tuple[str, str, list[int]]]:
        """Each chamber with its word for addresses, its name and its districts, for the list of choices."""
        return [
            (CHAMBER_WORDS[chamber], str(chamber.label), list(range(1, seats + 1)))
            for chamber, seats in SEATS.items()
        ]

    @property
    def is_active(self) -> bool:
        return bool(self.position or self.narrows)

    @property
    def narrows(self) -> bool:
        """Whether something besides the stance is asked for."""
        return bool(self.area or self.county or self.field or self.chamber)

    @cached_property
    def query(self) -> str:
        """The filter as an address's query."""
        return urlencode(self._facts(self.position))

    def with_position(self, position: str) -> str:
        """The same filter with another stance, as an address's query."""
        return urlencode(self._facts(position))

    def _facts(self, position: str) -> dict[str, str]:
        facts = {
            "position": position,
            "area": self.area,
            "county": self.county,
            "field": self.field,
            "district": self.district,
        }
        return {name: value for name, value in facts.items() if value}

    def apply(self, rows: OrganizationPositionQuerySet) -> OrganizationPositionQuerySet:
        """The rows that match, of any stance."""
        if self.area:
            rows = rows.filter(organization__area__slug=self.area)
        if self.county:
            rows = rows.filter(organization__county__fips=self.county)
        if self.field:
            rows = rows.filter(organization__sub_sectors__slug=self.field)
        if self.chamber:
            rows = rows.filter(organization__in=_partners_in(rows, self.chamber, self.number))
        return rows


def _district(word: str) -> tuple[Chamber | None, int]:
    chamber_word, _dash, number = word.partition("-")
    chamber = CHAMBERS.get(chamber_word)
    if chamber is None or not (number.isascii() and number.isdigit() and len(number) < 4):
        return None, 0
    return (chamber, int(number)) if 1 <= int(number) <= SEATS[chamber] else (None, 0)


def _partners_in(rows: OrganizationPositionQuerySet, chamber: str, number: int) -> list[int]:
    """Partners on record whose ZIP code may lie in a district."""
    zips = list(rows.order_by().values_list("organization", Left("organization__zip_code", 5)).distinct())
    places = zip_places(zip_code for _pk, zip_code in zips)
    return [pk for pk, zip_code in zips if number in places.get(zip_code, UNPLACED).districts(chamber)]


@dataclass
class StanceCount:
    """How many partners hold one stance, and the list's address with only these."""

    position: str
    number: int
    query: str


@dataclass
class BillPositions:
    """The page. `unnamed` partners are on record too and stand in no public directory."""

    bill: Bill
    filter: PositionFilter
    counts: list[StanceCount]
    rows: Page
    unnamed: int

    @property
    def total(self) -> int:
        return sum(count.number for count in self.counts)

    @property
    def supporters(self) -> int:
        return next(count.number for count in self.counts if count.position == "support")


def load_bill(session: int, identifier: str) -> Bill | None:
    """The bill with our position."""
    bills = Bill.objects.filter(session=session, identifier=identifier)
    return bills.select_related("tracking").defer("search", "synopsis").first()


def bill_positions(bill: Bill, query: QueryDict) -> BillPositions:
    """Who is on record. Six queries, three more with a district, for any number of partners."""
    asked = PositionFilter(query)
    on_record = OrganizationPosition.objects.on_record().filter(bill=bill)
    named = asked.apply(on_record.filter(organization__is_listed=True))
    numbers = dict(named.order_by().values_list("position").annotate(Count("pk", distinct=True)))
    counts = [
        StanceCount(value, numbers.get(value, 0), asked.with_position(value))
        for value in OrganizationPosition.Position.values
    ]
    rows = Paginator(_shown(named, asked.position), PER_PAGE).get_page(query.get("page"))
    unnamed = on_record.filter(organization__is_listed=False).count()
    return BillPositions(bill, asked, counts, rows, unnamed)


def _shown(rows: OrganizationPositionQuerySet, position: str) -> OrganizationPositionQuerySet:
    if position:
        rows = rows.filter(position=position)
    return rows.select_related("organization__county", "organization__area").order_by(
        "organization__name", "pk"
    )


def position_history(bill: Bill) -> list[OrganizationPosition]:
    """What was proposed, declined, changed and withdrawn, the latest first: for staff."""
    rows = OrganizationPosition.objects.filter(bill=bill).filter(
        ~Q(state=_State.ON_RECORD) | ~Q(organization__status=Organization.Status.ACTIVE)
    )
    people = rows.select_related("organization", "proposed_by__person", "decided_by__person")
    return list(people.order_by("-proposed_at", "-pk")[:MOST_HISTORY])


def position_rows(bill: Bill, query: QueryDict) -> Iterator[list[object]]:
    """The list as a table for a spreadsheet, with the same filter."""
    asked = PositionFilter(query)
    named = OrganizationPosition.objects.on_record().filter(bill=bill, organization__is_listed=True)
    rows = list(_shown(asked.apply(named), asked.position).prefetch_related("organization__sub_sectors"))
    places = zip_places(row.organization.zip_code[:5] for row in rows)
    yield _heads()
    for row in rows:
        own = row.organization
        place = places.get(own.zip_code[:5], UNPLACED)
        yield [
            own.name,
            row.get_position_display(),
            row.statement,
            timezone.localdate(row.decided_at).isoformat() if row.decided_at else "",
            own.city,
            own.county.name,
            own.area.name,
            ", ".join(field.name for field in own.sub_sectors.all()),
            place.likeliest(Chamber.LOWER) or "",
            place.likeliest(Chamber.UPPER) or "",
        ]


def _heads() -> list[object]:
    return [
        _("Organization"),
        _("Position"),
        _("Why, in their words"),
        _("On record since"),
        _("City"),
        _("County"),
        _("Local Area Council"),
        _("Fields of work"),
        _("House district (estimated from the ZIP code)"),
        _("Senate district (estimated from the ZIP code)"),
    ]
