"""Entering who took part. What people tell about themselves goes into the project's box, which nothing joins to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from mailing.addresses import normalize_address
from partners.errors import NotAllowed
from partners.models import County, Organization, SubSector
from research.models import (
    Participant,
    ParticipantContact,
    ParticipantDemographics,
    Participation,
    Phase,
    ResearchProject,
)

# Taken out and put back in one statement and in random order (ADR 9): neither the place of a row on the disk nor the
# transaction that wrote it tells it from the others.
_SHAKE = """
WITH taken AS (DELETE FROM research_participantdemographics WHERE project_id = %s RETURNING *)
INSERT INTO research_participantdemographics SELECT * FROM taken ORDER BY random()
"""


@dataclass(frozen=True)
class Told:
    """What somebody told about themselves, or that they prefer not to."""

    races: Sequence[str] = ()
    ability: str = ""
    age: str = ""
    declined: bool = False

    def __bool__(self) -> bool:
        return bool(self.races or self.ability or self.age or self.declined)


@dataclass(frozen=True)
class Who:
    """Somebody who took part: a number, and what is kept beside it. An empty number is given by us."""

    code: str = ""
    role: str = Participant.Role.OTHER
    county: County | None = None
    sub_sector: SubSector | None = None
    organization: Organization | None = None
    name: str = ""
    email: str = ""
    # Nothing where nobody said: what was agreed to before stays.
    may_contact: bool | None = None
    told: Told = Told()


class EnteredBefore(NotAllowed):
    """The same form, or the same line of the same file, came a second time."""


@transaction.atomic
def enter_participation(
    *, phase: Phase, who: Who, method: str, on: date, today: date, entry: UUID | None = None
) -> Participation:
    """Enters that somebody took part; a known number is the same participant. Raises `NotAllowed`.

    `entry` is the number of the form that says it: a form that comes twice raises `EnteredBefore`.

    The project is held meanwhile, so that numbers are given once and the box is shaken by one at a time.
    """
    project = hold_project(phase.project)
    row = enter(project, phase=phase, who=who, method=method, on=on, today=today, entry=entry)
    if who.told:
        shake(project=project)
    return row


def enter(
    project: ResearchProject,
    *,
    phase: Phase,
    who: Who,
    method: str,
    on: date,
    today: date,
    entry: UUID | None = None,
) -> Participation:
    """The same for one of several people of a project that the caller holds, and whose box it shakes at the end."""
    if phase.state == Phase.State.AHEAD:
        raise NotAllowed(_("This phase has not begun."))
    if on > today:
        raise NotAllowed(_("This day is still to come."))
    if entry and Participation.objects.filter(entry=entry).exists():
        raise EnteredBefore(_("This is entered already."))
    participant = _participant(project, who)
    row, created = Participation.objects.get_or_create(
        participant=participant, phase=phase, method=method, participated_on=on, defaults={"entry": entry}
    )
    if not created:
        raise EnteredBefore(
            _("%(code)s took part in this phase on that day in this way: it is entered already.")
            % {"code": participant.code}
        )
    if who.told:
        _tell(project, participant, who.told)
    return row


def hold_project(project: ResearchProject) -> ResearchProject:
    """The project, held for entering people; refused unless it runs."""
    project = ResearchProject.objects.select_for_update().get(pk=project.pk)
    if not project.takes_participants:
        raise NotAllowed(_("The project does not run."))
    return project


def _participant(project: ResearchProject, who: Who) -> Participant:
    """The participant with this number, or a new one."""
    known = Participant.objects.filter(project=project, code__iexact=who.code).first() if who.code else None
    if known is None:
        known = Participant.objects.create(
            project=project,
            code=who.code or _next_code(project),
            role=who.role,
            county=who.county,
            sub_sector=who.sub_sector,
            organization=who.organization,
        )
    elif differs := _difference(known, who):
        raise NotAllowed(
            _("%(code)s is entered with another %(what)s.") % {"code": known.code, "what": differs}
        )
    if who.name or who.email:
        _remember(known, who)
    return known


def _difference(known: Participant, who: Who) -> str:
    """In what a known number's details differ from those given now; nothing given differs from nothing."""
    pairs = [
        (_("county"), known.county_id, who.county and who.county.pk),
        (_("service area"), known.sub_sector_id, who.sub_sector and who.sub_sector.pk),
        (_("organization"), known.organization_id, who.organization and who.organization.pk),
        (_("role"), known.role, who.role if who.role != Participant.Role.OTHER else None),
    ]
    return next((label for label, before, now in pairs if now and before != now), "")


def _next_code(project: ResearchProject) -> str:
    """The number after the highest one that we gave."""
    ours = Participant.objects.filter(project=project, code__regex=r"^P-\d{3,7}$")
    longest = ours.annotate(long=Length("code")).order_by("-long", "-code").values_list("code", flat=True)
    last = longest.first()
    return f"P-{int(last[2:]) + 1 if last else 1:03d}"


def _remember(participant: Participant, who: Who) -> None:
    """Keeps the name and address behind a number. An address belongs to one number of a project."""
    email = normalize_address(who.email) if who.email else ""
    others = ParticipantContact.objects.filter(project=participant.project_id).exclude(
        participant=participant
    )
    if email and (other := others.filter(email__iexact=email).select_related("participant").first()):
        raise NotAllowed(
            _("This address is that of %(code)s. Enter it under that number.")
            % {"code": other.participant.code}
        )
    given = {"name": who.name or None, "email": email or None, "may_contact": who.may_contact}
    ParticipantContact.objects.update_or_create(
        participant=participant,
        defaults={
            "project_id": participant.project_id,
            **{name: value for name, value in given.items() if value is not None},
        },
    )


# --- The box ----------------------------------------------------------------------------------------------------


def _tell(project: ResearchProject, participant: Participant, told: Told) -> None:
    """Puts what somebody told into the box, and marks that they were asked; each once."""
    if participant.has_told:
        raise NotAllowed(
            _(
                "What %(code)s told about themselves was entered before, and cannot be told apart from the rest."
            )
            % {"code": participant.code}
        )
    ParticipantDemographics.objects.create(
        project=project,
        races=sorted(told.races) if not told.declined else [],
        ability="" if told.declined else told.ability,
        age="" if told.declined else told.age,
        declined=told.declined,
    )
    Participant.objects.filter(pk=participant.pk).update(has_told=True)


def shake(*, project: ResearchProject) -> None:
    """Mixes everything in a project's box. The caller holds the project."""
    with connection.cursor() as cursor:
        cursor.execute(_SHAKE, [project.pk])


# --- Forgetting -------------------------------------------------------------------------------------------------


@transaction.atomic
def forget_contacts(*, contacts: Iterable[ParticipantContact]) -> None:
    """Erases the names and addresses behind numbers. The numbers and what they took part in stay."""
    ParticipantContact.objects.filter(pk__in=[contact.pk for contact in contacts]).delete()
