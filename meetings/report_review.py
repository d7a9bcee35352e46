"""What the review of an attendance report reads: its people, whom they are taken for, and why."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models import Attendance, AttendanceImport, ImportedPerson
from partners.models import Membership, Person

_State = ImportedPerson.State
MOST_FOUND = 20
# By what somebody was found, in words for staff. Keys as `Finding.reason` and the decisions have them.
REASONS = {
    "email": _("The same e-mail address."),
    "name": _("The name of somebody who registered."),
    "several": _("More than one person has this name."),
    "initial": _("The same last name and the same first letter."),
    "like": _("Registered under a name that is like it."),
    "elsewhere": _("Has this name, but did not register."),
    "like_elsewhere": _("Has a name that is like it, but did not register."),
    "first_name": _("The only one with this first name who registered."),
    "staff": _("Chosen by staff."),
    "new": _("Added by staff."),
}


@dataclass
class ReviewRow:
    """One person of a report. `at` says where the one they are taken for works; `place` is their place here."""

    row: ImportedPerson
    at: str
    place: Attendance | None

    @property
    def reason(self) -> str:
        return str(REASONS.get(self.row.reason, ""))


@dataclass
class Review:
    """The people of a report by what is to be done about them."""

    waiting: list[ReviewRow]
    ready: list[ReviewRow]
    left_out: list[ReviewRow]
    counted: list[ReviewRow]


def review_of(report: AttendanceImport) -> Review:
    """Everybody in a report. Three reads for any number."""
    rows = list(report.people.select_related("person", "decided_by", "organization"))
    people = {row.person_id for row in rows if row.person_id}
    places = {
        place.person_id: place
        for place in Attendance.objects.filter(event=report.event_id, person__in=people).select_related(
            "organization"
        )
    }
    work = _organizations(people)
    shown = [_row(row, places.get(row.person_id or 0), work.get(row.person_id or 0, "")) for row in rows]
    return Review(
        [one for one in shown if one.row.state in ImportedPerson.WAITING],
        [one for one in shown if one.row.state in ImportedPerson.FOUND and not one.row.attendance_id],
        [one for one in shown if one.row.state == _State.IGNORED],
        [one for one in shown if one.row.attendance_id],
    )


def _row(row: ImportedPerson, place: Attendance | None, work: str) -> ReviewRow:
    organization = row.organization or (place.organization if place else None)
    return ReviewRow(row, organization.name if organization else work, place)


def _organizations(people: set[int]) -> dict[int, str]:
    """Person → one of their organizations."""
    current = Membership.objects.current().filter(person__in=people).order_by("-started_on")
    return dict(current.values_list("person_id", "organization__name"))


def found_people(search: str) -> list[tuple[Person, str]]:
    """People whose name or address holds every word, with where they work. Two reads."""
    people = Person.objects.all()
    words = search.split()[:5]
    for word in words:
        people = people.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    found = list(people.order_by("last_name", "first_name")[:MOST_FOUND]) if words else []
    work = _organizations({person.pk for person in found})
    return [(person, work.get(person.pk, "")) for person in found]
