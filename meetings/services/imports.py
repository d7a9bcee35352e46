"""Attendance reports of Zoom and Teams: read, matched with people, decided on by staff, and applied at once."""

import hashlib
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Attendance, AttendanceImport, Event, ImportedPerson
from meetings.services.check_in import How, mark_attended, place_for, refuse_before_the_day, save
from meetings.services.registering import lock
from partners.errors import NotAllowed
from partners.gatherings.reports import Participant, Report, ReportTrouble, read_report
from partners.gatherings.reports.intervals import Interval, minutes_of, union
from partners.gatherings.reports.matching import Finding, Known, People
from partners.models import Organization, Person, User
from partners.querysets import PersonQuerySet
from partners.services.people import remember_person

_State = ImportedPerson.State
# How long the lines of a file, which name people, are kept.
KEPT = timedelta(days=365)
MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Applied:
    """What an import changed: people now counted as having been there, and those who were counted before."""

    added: int
    known: int


@transaction.atomic
def import_report(
    *, event: Event, file_name: str, data: bytes, by: User, now: datetime
) -> tuple[AttendanceImport, bool]:
    """Reads a file and says whom its people are taken for; nothing is counted yet. And whether the file is new.

    The same file again is the import that it was. Raises `NotAllowed` for a file that cannot be read.
    """
    event = lock(event)
    refuse_before_the_day(event, now)
    digest = hashlib.sha256(data).hexdigest()
    known = AttendanceImport.objects.filter(event=event, digest=digest).first()
    if known is not None:
        return known, False
    report = _read(event, data)
    row = AttendanceImport.objects.create(
        event=event,
        kind=report.kind,
        file_name=file_name[-200:],
        digest=digest,
        problems=[asdict(problem) for problem in report.problems[:MOST_PROBLEMS]],
        uploaded_at=now,
        uploaded_by=by,
    )
    people = _people(event, report)
    ImportedPerson.objects.bulk_create(
        [_imported(row, participant, people.find(participant)) for participant in report.participants]
    )
    return row, True


def _read(event: Event, data: bytes) -> Report:
    try:
        report = read_report(data, held_on=timezone.localdate(event.starts_at))
    except ReportTrouble as trouble:
        raise NotAllowed(str(trouble)) from None
    if not report.participants:
        raise NotAllowed(_("Nobody in this report was there. Is it the right file?"))
    return report


def _people(event: Event, report: Report) -> People:
    """Among whom the report's people are looked for. Three reads."""
    people: PersonQuerySet = Person.objects.all()
    emails = [participant.email for participant in report.participants if participant.email]
    return People(
        _known(people.filter(attendances__event=event)),
        [*_known(people.in_active_organizations()), *_known(people.filter(email__in=emails))],
    )


def _known(people: PersonQuerySet) -> list[Known]:
    columns = people.order_by().values_list("pk", "email", "first_name", "last_name")
    return [Known(pk, email, f"{first} {last}".strip()) for pk, email, first, last in columns]


def _imported(row: AttendanceImport, participant: Participant, found: Finding) -> ImportedPerson:
    return ImportedPerson(
        report=row,
        name=participant.name[:200],
        shown=participant.shown,
        email=participant.email,
        intervals=[[start.isoformat(), end.isoformat()] for start, end in participant.intervals],
        minutes=None if participant.minutes is None else min(participant.minutes, 32_000),
        rows=participant.rows,
        state=found.state,
        person_id=found.person,
        reason=found.reason,
        score=found.score,
    )


# --- Deciding -----------------------------------------------------------------------------------------------


@transaction.atomic
def confirm(*, row: ImportedPerson, by: User, now: datetime, person: Person | None = None) -> ImportedPerson:
    """This is who we took them for, or `person`. Raises `NotAllowed`."""
    row = _locked(row)
    if person is not None and person.pk != row.person_id:
        row.person, row.reason, row.score = person, "staff", 0
    if row.person_id is None:
        raise NotAllowed(_("Choose who it is."))
    return _decide(row, _State.CONFIRMED, by, now)


@transaction.atomic
def add_person(
    *,
    row: ImportedPerson,
    email: str,
    first_name: str,
    last_name: str,
    organization: Organization | None,
    by: User,
    now: datetime,
) -> ImportedPerson:
    """Somebody we did not know, or knew by this address: remembered, and counted when the import is applied."""
    row = _locked(row)
    row.person = remember_person(email=email, first_name=first_name, last_name=last_name)
    row.organization, row.reason, row.score = organization, "new", 0
    return _decide(row, _State.CONFIRMED, by, now)


@transaction.atomic
def leave_out(*, row: ImportedPerson, by: User, now: datetime) -> ImportedPerson:
    """Not a person who took part: a room's device, a test, somebody at the wrong meeting."""
    return _decide(_locked(row), _State.IGNORED, by, now)


@transaction.atomic
def undo_decision(*, row: ImportedPerson) -> ImportedPerson:
    """Back to be reviewed. Raises `NotAllowed` where nothing was decided."""
    row = _locked(row)
    if row.decided_at is None and row.state != _State.SURE:
        raise NotAllowed(_("Nothing was decided here, or it was taken back already."))
    row.state = _State.DOUBTFUL if row.person_id else _State.UNKNOWN
    row.decided_at, row.decided_by, row.organization = None, None, None
    row.save()
    return row


def _locked(row: ImportedPerson) -> ImportedPerson:
    """The row as it is now. Raises `NotAllowed` once it was applied."""
    fresh = ImportedPerson.objects.select_for_update(of=("self",)).select_related("report").get(pk=row.pk)
    if fresh.attendance_id is not None:
        raise NotAllowed(_("This was applied already. Correct the person on the list of the event."))
    return fresh


def _decide(row: ImportedPerson, state: str, by: User, now: datetime) -> ImportedPerson:
    row.state, row.decided_at, row.decided_by = state, now, by
    row.save()
    return row


# --- Applying -----------------------------------------------------------------------------------------------


@transaction.atomic
def apply_import(*, report: AttendanceImport, by: User, now: datetime) -> Applied:
    """Counts everybody who is certain or confirmed as having been there, once. What waits can follow later.

    Whoever was checked in before keeps that, and gets their minutes. Raises `NotAllowed`.
    """
    event = lock(report.event)
    refuse_before_the_day(event, now)
    report = AttendanceImport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    rows = report.people.found().filter(attendance__isnull=True).select_related("person", "organization")
    by_person: dict[int, list[ImportedPerson]] = defaultdict(list)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        by_person[row.person_id or 0].append(row)
    if not by_person:
        raise NotAllowed(_("There is nobody to count: decide on the people first."))
    added = sum(_count(event, own, by, now) for own in by_person.values())
    report.applied_at, report.applied_by = now, by
    report.save(update_fields=["applied_at", "applied_by"])
    return Applied(added, len(by_person) - added)


def _count(event: Event, rows: list[ImportedPerson], by: User, now: datetime) -> bool:
    """Counts one person, who may stand in several rows; whether they are new on the list of those who were there."""
    person = rows[0].person
    assert person is not None
    organization = next((row.organization for row in rows if row.organization), None)
    place = place_for(event, person, organization=organization, by=by, now=now)
    is_new = place.status != Attendance.Status.ATTENDED
    intervals = union(interval for row in rows for interval in _intervals(row))
    place.minutes = _minutes(place, rows, intervals)
    if is_new:
        place.is_online = event.is_online
        began = intervals[0][0] if intervals else event.starts_at
        mark_attended(place, how=How.IMPORT, by=by, at=began)
    else:
        save(place, by)
    for row in rows:
        row.attendance = place
        row.save(update_fields=["attendance"])
    return is_new


def _intervals(row: ImportedPerson) -> list[Interval]:
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in row.intervals]


def _minutes(place: Attendance, rows: list[ImportedPerson], intervals: list[Interval]) -> int | None:
    """Minutes over all rows. An earlier import that knew of more stands."""
    stated = [row.minutes for row in rows if row.minutes is not None]
    found = stated[0] if len(rows) == 1 and stated else minutes_of(intervals) if intervals else None
    if found is None and stated:
        found = sum(stated)
    known = [minutes for minutes in (place.minutes, found) if minutes is not None]
    return min(max(known), 32_000) if known else None


# --- Removing -----------------------------------------------------------------------------------------------


@transaction.atomic
def remove_old_rows(*, now: datetime) -> int:
    """Removes the lines of files older than a year, which name people. What was counted stays. How many files."""
    old = AttendanceImport.objects.select_for_update().filter(
        uploaded_at__lt=now - KEPT, emptied_at__isnull=True
    )
    ids = list(old.values_list("pk", flat=True))
    ImportedPerson.objects.filter(report__in=ids).delete()
    AttendanceImport.objects.filter(pk__in=ids).update(problems=[], emptied_at=now)
    return len(ids)
