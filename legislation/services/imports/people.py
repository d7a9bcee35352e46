"""Takes in legislators with their seats and offices, and committees with their rosters."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import SEATS
from legislation.models import Legislator, Office, Term
from legislation.naming.names import people_changed
from legislation.naming.printed_names import SHORT_FORM, KnownSpellings, PrintedName
from legislation.naming.seats import Seat
from legislation.records import LegislatorRecord, Rejected, TermRecord
from legislation.services.imports.addresses import fitting_address
from legislation.services.imports.base import Importer
from legislation.services.imports.committees import CommitteeImporter
from legislation.services.imports.slugs import free_slug
from legislation.services.names import rematch_everything

__all__ = ["CommitteeImporter", "LegislatorImporter"]

OCD_PERSON = "ocd-person/"
_TEXTS = ("name", "given_name", "family_name", "party", "email", "image_url", "website", "ilga_url")
_HOUSES = {"lower": "house", "upper": "senate"}


class LegislatorImporter(Importer[LegislatorRecord]):
    """Stores members. Their terms say who sits where on the day of the import; a seat has one holder.

    An empty text in a record means that the source does not say; nobody is deleted because a file lacks them.
    """

    kind = "legislator"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._conflicts: list[Rejected] = []
        self._changed = False

    def key(self, record: LegislatorRecord) -> str:
        return record.key

    def weight(self, record: LegislatorRecord) -> int:
        return len(record.terms or ()) + len(record.offices or ()) + len(record.other_names)

    @property
    def today(self) -> date:
        return timezone.localdate(self.observed_at)

    def undone(self) -> None:
        self._conflicts, self._changed = [], False

    def write(self, records: list[LegislatorRecord]) -> None:
        people = _People()
        for record in sorted(records, key=self.key):
            if reason := objection(record):
                self.summary.reject(self.kind, self.key(record), f"{record.name}: {reason}"[:500])
                continue
            row = people.find(record)
            if row is not None and record.key in self.outdated:
                self.summary.count(self.kind, "unchanged")
            elif row is None:
                people.add(self._create(record))
                self.summary.count(self.kind, "added")
            else:
                changed = self._update(row, record)
                self.summary.count(self.kind, "changed" if changed else "unchanged")

    def _store(self, batch: Any) -> None:
        """Settles the seats in the batch's transaction, also when no record is new: terms begin and end by the clock."""
        super()._store(batch)
        self._settle()
        if self._changed:
            self._changed = False
            people_changed()
            rematch_everything()

    def _create(self, record: LegislatorRecord) -> Legislator:
        seat = latest_seat(_seats(record.terms or ()), self.today)
        where = f"{_HOUSES[seat.chamber]} {seat.district}" if seat else ""
        row = Legislator(
            ocd_id=record.key,
            slug=free_slug(Legislator, record.name, where),
            other_names=list(record.other_names),
        )
        for name in _TEXTS:
            setattr(row, name, _fitting(name, getattr(record, name)))
        row.save()
        self._terms(row, record)
        self._offices(row, record)
        self._changed = True
        return row

    def _update(self, row: Legislator, record: LegislatorRecord) -> bool:
        """Whether anything in our records is different now."""
        fields: dict[str, Any] = {}
        if row.ocd_id == record.key or record.key.startswith(OCD_PERSON):
            fields = {name: _fitting(name, getattr(record, name)) or getattr(row, name) for name in _TEXTS}
            fields["ocd_id"] = record.key
            fields["other_names"] = list(record.other_names) or row.other_names
        elif record.name not in {row.name, *row.other_names}:
            # A source with ids of its own adds its spelling to a member whom a fuller one describes.
            fields["other_names"] = [*row.other_names, record.name]
        different = [name for name, value in fields.items() if getattr(row, name) != value]
        for name in different:
            setattr(row, name, fields[name])
        if different:
            row.save(update_fields=different)
        own = row.ocd_id == record.key
        terms = own and self._terms(row, record)
        offices = own and self._offices(row, record)
        self._changed |= terms or bool(
            {"name", "given_name", "family_name", "other_names", "ocd_id"} & {*different}
        )
        return bool(different or terms or offices)

    def _terms(self, row: Legislator, record: LegislatorRecord) -> bool:
        if record.terms is None:
            return False
        old = [Seat(*values) for values in row.terms.values_list("chamber", "district", "start", "end")]
        new = merged_terms(record.terms, old, self.today)
        if sorted(new, key=_order) == sorted(old, key=_order):
            return False
        row.terms.all().delete()
        Term.objects.bulk_create(
            Term(legislator=row, chamber=seat.chamber, district=seat.district, start=seat.start, end=seat.end)
            for seat in new
        )
        return True

    def _offices(self, row: Legislator, record: LegislatorRecord) -> bool:
        if record.offices is None:
            return False
        new = [
            (_office_kind(office.kind), office.address[:300], office.phone[:40], office.fax[:40])
            for office in record.offices
        ]
        if new == list(row.offices.values_list("kind", "address", "phone", "fax")):
            return False
        row.offices.all().delete()
        Office.objects.bulk_create(
            Office(legislator=row, kind=kind, address=address, phone=phone, fax=fax, position=position)
            for position, (kind, address, phone, fax) in enumerate(new)
        )
        return True

    def _settle(self) -> None:
        """Gives each seat of today to one member, and to each member the latest seat; whoever left goes first."""
        settled = {id(rejected) for rejected in self._conflicts}
        self.summary.rejected[:] = [one for one in self.summary.rejected if id(one) not in settled]
        self._conflicts = []
        held, claims = _seats_and_claims(self.today)
        sitting: dict[int, Seat] = {}
        for (chamber, district), claimants in claims.items():
            (winner, won), *others = claimants
            sitting[winner.pk] = won
            for loser, _seat in others:
                reason = _(
                    "%(name)s and %(other)s both claim %(chamber)s %(district)s; the later start counts."
                )
                words = {
                    "name": loser.name,
                    "other": winner.name,
                    "chamber": _HOUSES[chamber].title(),
                    "district": district,
                }
                self.summary.reject(self.kind, loser.ocd_id, reason % words)
                self._conflicts.append(self.summary.rejected[-1])
        different: list[tuple[Legislator, tuple[str, int | None], bool]] = []
        for row in held:
            seat: Seat | None = sitting.get(row.pk) or latest_seat(held[row], self.today)
            is_current = row.pk in sitting
            where: tuple[str, int | None] = (
                (seat.chamber, seat.district) if seat else (row.chamber, row.district)
            )
            if (row.chamber, row.district, row.is_current) != (*where, is_current):
                different.append((row, where, is_current))
        Legislator.objects.filter(pk__in=[row.pk for row, _where, _now in different]).update(is_current=False)
        for row, where, is_current in different:
            (row.chamber, row.district), row.is_current = where, is_current
            row.save(update_fields=["chamber", "district", "is_current"])
        self._changed |= bool(different)


class _People:
    """Everybody in our records, to be found by id, or by seat and name where the source has ids of its own."""

    def __init__(self) -> None:
        rows = Legislator.objects.select_for_update().order_by("pk")
        self._by_id = {row.ocd_id: row for row in rows}

    def add(self, row: Legislator) -> None:
        self._by_id[row.ocd_id] = row

    def find(self, record: LegislatorRecord) -> Legislator | None:
        row = self._by_id.get(record.key)
        if row is not None or not record.terms:
            return row
        seats = {(term.chamber, term.district) for term in record.terms if term.end is None}
        is_ocd = record.key.startswith(OCD_PERSON)
        printed = PrintedName.parse(record.name)
        for other in self._by_id.values():
            if not other.is_current or (other.chamber, other.district) not in seats:
                continue
            if is_ocd and other.ocd_id.startswith(OCD_PERSON):
                continue
            known = KnownSpellings.of(other.name, other.given_name, other.family_name, other.other_names)
            if known.fit(printed)[0] >= SHORT_FORM:
                self._by_id[record.key] = other
                return other
        return None


def objection(record: LegislatorRecord) -> str:
    """Why the record cannot be stored, in words; nothing when it can."""
    if not record.name.strip():
        return _("It has no name.")
    if len(record.key) > 60:
        return _("Its id is too long.")
    if len(record.name) > 120:
        return _("The name is too long.")
    for term in record.terms or ():
        if term.chamber not in SEATS or not 1 <= term.district <= SEATS[term.chamber]:  # type: ignore[index]
            return _("There is no district %(number)s in that chamber.") % {"number": term.district}
        if term.start and term.end and term.end < term.start:
            return _("A term ends before it begins.")
    return ""


def merged_terms(terms: tuple[TermRecord, ...], old: list[Seat], today: date) -> list[Seat]:
    """The terms as they stand after a record. One without any date tells only of today's seat: what is known of the
    past stays, and an open term in another seat ended today at the latest."""
    new = _seats(terms)
    if not new or any(seat.start or seat.end for seat in new):
        return new
    kept = [seat for seat in old if seat.end is not None]
    open_now = {(seat.chamber, seat.district): seat for seat in old if seat.end is None}
    for seat in new:
        kept.append(open_now.pop((seat.chamber, seat.district), seat))
    return kept + [Seat(seat.chamber, seat.district, seat.start, today) for seat in open_now.values()]


def latest_seat(seats: list[Seat], today: date) -> Seat | None:
    """The seat held today, else the last one held; of several the one that began last."""
    if not seats:
        return None
    return max(
        seats,
        key=lambda seat: (seat.covers(today), seat.end or date.max, seat.start or date.min, _order(seat)),
    )


def _order(seat: Seat) -> tuple[Any, ...]:
    return seat.start or date.min, seat.end or date.max, seat.chamber, seat.district


def _seats(terms: tuple[TermRecord, ...]) -> list[Seat]:
    return list(dict.fromkeys(Seat(term.chamber, term.district, term.start, term.end) for term in terms))


Claims = dict[tuple[str, int], list[tuple[Legislator, Seat]]]


def _seats_and_claims(today: date) -> tuple[dict[Legislator, list[Seat]], Claims]:
    """The terms of all who have any, and who claims each seat today: the one who began last stands first."""
    held: dict[Legislator, list[Seat]] = {}
    claims: Claims = {}
    for row in Legislator.objects.order_by("ocd_id").prefetch_related("terms"):
        seats = [Seat(term.chamber, term.district, term.start, term.end) for term in row.terms.all()]
        if not seats and row.is_current and row.district:
            # Put in by hand or by a source that tells no terms.
            seats = [Seat(row.chamber, row.district)]
        if not seats:
            continue
        held[row] = seats
        seat = latest_seat(seats, today)
        if seat is not None and seat.covers(today):
            claims.setdefault((seat.chamber, seat.district), []).append((row, seat))
    for claimants in claims.values():
        claimants.sort(key=lambda claim: claim[1].start or date.min, reverse=True)
    return held, claims


def _fitting(field: str, value: str) -> str:
    """The text as far as the column holds it; an address that leads nowhere is none."""
    if field in {"image_url", "website", "ilga_url"}:
        return fitting_address(value)
    most: int | None = getattr(Legislator._meta.get_field(field), "max_length", None)
    value = value.strip()
    if most is None or len(value) <= most:
        return value
    return "" if field == "email" else value[:most]


def _office_kind(kind: str) -> str:
    return Office.Kind.CAPITOL.value if kind == "capitol" else Office.Kind.DISTRICT.value
