"""Takes in committees with their rosters."""

from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from legislation.chambers import GeneralAssembly
from legislation.models import Committee, CommitteeMembership
from legislation.naming.committee_names import committee_words
from legislation.naming.names import NAME_LENGTH, NameIndex
from legislation.naming.printed_names import Words
from legislation.records import CommitteeRecord
from legislation.services.imports.addresses import fitting_address
from legislation.services.imports.base import Importer
from legislation.services.imports.slugs import free_slug
from legislation.services.names import relink_committees, roster_chamber

OCD_ORGANIZATION = "ocd-organization/"
_HOUSES = {"lower": "house", "upper": "senate", "joint": "joint"}
ByName = dict[tuple[str, int | None, Words], Committee]
Seat = tuple[int | None, str, str]  # legislator, name as printed, role


class CommitteeImporter(Importer[CommitteeRecord]):
    """Stores committees. A subcommittee whose parent is not there yet waits for it.

    A committee that a file lacks stays. One that comes under another id but with the chamber and name of a stored one
    is that one: each General Assembly founds its committees anew.
    """

    kind = "committee"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._came: dict[int, str] = {}

    def key(self, record: CommitteeRecord) -> str:
        return record.key

    def weight(self, record: CommitteeRecord) -> int:
        return len(record.members or ())

    def waits_for(self, record: CommitteeRecord) -> str:
        return _("%(name)s: its parent committee, %(parent)s, is not in our records.") % {
            "name": record.name,
            "parent": record.parent,
        }

    def undone(self) -> None:
        self._came.clear()
        self.__dict__.pop("_names", None)

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex.load(GeneralAssembly.of(timezone.localdate(self.observed_at)).number)

    def write(self, records: list[CommitteeRecord]) -> None:
        rows = list(Committee.objects.select_for_update().order_by("pk"))
        by_id = {row.ocd_id: row for row in rows}
        by_name = {_name_key(row.chamber, row.parent_id, row.name): row for row in rows}
        linking = False
        # Parents before their subcommittees.
        for record in sorted(records, key=lambda record: (bool(record.parent), record.key)):
            if reason := _objection(record):
                self.summary.reject(self.kind, record.key, f"{record.name}: {reason}"[:500])
                continue
            parent = _parent(record, by_id, by_name)
            if parent is None and record.parent:
                self.waiting.append(record)
                continue
            linking |= self._write_one(record, parent, by_id, by_name)
        self._names.save_reviews()
        if linking:
            relink_committees()

    def _write_one(
        self, record: CommitteeRecord, parent: Committee | None, by_id: dict[str, Committee], by_name: ByName
    ) -> bool:
        """Stores one; whether committees may now be found by other names than before."""
        name_key = _name_key(record.chamber, parent.pk if parent else None, record.name)
        row, same_name = by_id.get(record.key), by_name.get(name_key)
        if row is None:
            row = same_name
        if same_name is not None and (
            row != same_name or self._came.get(same_name.pk, record.key) != record.key
        ):
            words = {"name": record.name, "other": same_name.ocd_id}
            reason = _("%(name)s: another committee, %(other)s, has this name in this chamber.") % words
            self.summary.reject(self.kind, record.key, reason)
            return False
        if row is not None and record.key in self.outdated:
            self.summary.count(self.kind, "unchanged")
            return False
        is_new = row is None
        row = row or Committee(slug=free_slug(Committee, f"{_HOUSES[record.chamber]} {record.name}"))
        different = is_new or self._update(row, record, parent)
        if is_new:
            self._update(row, record, parent)
        members = self._members(row, record)
        outcome = "added" if is_new else "changed" if different or members else "unchanged"
        self.summary.count(self.kind, outcome)
        self._came[row.pk] = record.key
        by_id[record.key] = by_name[name_key] = row
        return different

    def _update(self, row: Committee, record: CommitteeRecord, parent: Committee | None) -> bool:
        own = row.pk is None or row.ocd_id == record.key or record.key.startswith(OCD_ORGANIZATION)
        fields: dict[str, Any] = {
            "ocd_id": record.key if own else row.ocd_id,
            "chamber": record.chamber,
            "name": record.name.strip(),
            "parent_id": parent.pk if parent else None,
            "other_names": list(record.other_names) if own else row.other_names,
            "is_current": True,
            "source_url": fitting_address(record.source_url) or row.source_url,
        }
        different = row.pk is None or any(getattr(row, name) != value for name, value in fields.items())
        if different:
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
        return different

    def _members(self, row: Committee, record: CommitteeRecord) -> bool:
        """Writes the roster if it differs; whether it did."""
        if record.members is None:
            return False
        chamber = roster_chamber(row.chamber)
        seats: list[Seat] = []
        for member in record.members:
            name = member.name.strip()[:NAME_LENGTH]
            match = self._names.resolve(name, chamber, person_id=member.person_id)
            seats.append((match.legislator_id, name, member.role.strip()[:80] or "member"))
        if seats == list(row.memberships.values_list("legislator_id", "name", "role")):
            return False
        row.memberships.all().delete()
        CommitteeMembership.objects.bulk_create(
            CommitteeMembership(committee=row, legislator_id=who, name=name, role=role, position=position)
            for position, (who, name, role) in enumerate(seats)
        )
        return True


def _objection(record: CommitteeRecord) -> str:
    """Why the record cannot be stored, in words; nothing when it can."""
    if record.chamber not in _HOUSES:
        return _("It does not say to which chamber it belongs.")
    if not record.name.strip():
        return _("It has no name.")
    if len(record.name) > 200 or len(record.key) > 70:
        return _("Its name or id is too long.")
    return ""


def _name_key(chamber: str, parent: int | None, name: str) -> tuple[str, int | None, Words]:
    return chamber, parent, committee_words(name)


def _parent(record: CommitteeRecord, by_id: dict[str, Committee], by_name: ByName) -> Committee | None:
    """The parent by id or by name; None also when it has none."""
    if not record.parent:
        return None
    return by_id.get(record.parent) or by_name.get(_name_key(record.chamber, None, record.parent))
