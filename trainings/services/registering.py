"""Registering for a session: oneself or several colleagues at once, each with a seat or a place in line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from mailing.addresses import normalize_address
from mailing.services import Draft, queue_messages
from partners.errors import NotAllowed
from partners.gatherings.models import Mode
from partners.gatherings.seats import needs_seat
from partners.history import changed_by
from partners.models import Organization, Person, User
from partners.permissions import acting_organization
from partners.references import random_code
from partners.services.people import remember_person
from trainings import emails
from trainings.models import Course, Enrollment, FeeTier, Registration, Session
from trainings.permissions import can_register
from trainings.services.billing import bill
from trainings.services.scholarships import HelpWanted, ask_while_registering
from trainings.services.waiting import held_session, seats_for_newcomers

MOST_PEOPLE = 20
_Status = Enrollment.Status
# Whoever gave their place back may register anew.
_GONE = {_Status.CANCELLED, _Status.EXCUSED}


@dataclass(frozen=True)
class Participant:
    """Somebody who is to take part, as they or a colleague wrote it down."""

    email: str
    first_name: str
    last_name: str
    is_online: bool = False
    needs: str = ""
    language: str = ""


class AlreadyRegistered(NotAllowed):
    """Everybody named has a place in this session already."""


def new_reference() -> str:
    """What people quote, such as `T-4WPZK82C`."""
    return "T-" + random_code(8)


@transaction.atomic
def register(
    *,
    session: Session,
    contact: Person | Participant,
    people: Sequence[Participant],
    tier: FeeTier | None,
    source: str,
    by: User | None,
    now: datetime,
    reference: str = "",
    help_wanted: HelpWanted | None = None,
) -> Registration:
    """Registers people in their order: those for whom there is a seat get it, the others wait.

    The session's row is locked meanwhile. Whoever has a place keeps it as it is; `AlreadyRegistered` where everybody
    has one. A `reference` that was used before returns what it registered then, so that a form sent twice counts once.
    """
    session = held_session(session)
    earlier = Registration.objects.filter(reference=reference).first() if reference else None
    if earlier is not None:
        return earlier
    _refuse(session, people, tier, by, now)
    known = _remember([*people, *([contact] if isinstance(contact, Participant) else [])])
    who = contact if isinstance(contact, Person) else _person(known, contact)
    held = _places(session, known.values())
    newly = [one for one in people if _is_new(held.get(_person(known, one).pk))]
    if not newly:
        raise AlreadyRegistered(_already(people))
    registration = Registration.objects.create(
        session=session,
        contact=who,
        organization=acting_organization(who),
        reference=reference or new_reference(),
        source=source,
        placed_at=now,
    )
    somebody = (_person(known, one) for one in newly)
    places = [held.get(person.pk) or Enrollment(person=person) for person in somebody]
    _give_places(registration, places, newly, tier=tier, by=by, now=now)
    if any(row.price for row in places):
        if help_wanted is not None:
            ask_while_registering(registration=registration, wanted=help_wanted, now=now)
        bill(registration=registration, now=now)
    _write_to(registration, places, now)
    return registration


def _give_places(
    registration: Registration,
    places: list[Enrollment],
    people: list[Participant],
    *,
    tier: FeeTier | None,
    by: User | None,
    now: datetime,
) -> None:
    """A seat for each in their order as long as there are any, and a place in line for the rest."""
    session, contact = registration.session, registration.contact
    # A colleague whom we did not know yet counts for the organization of the partner who signed in.
    vouched = registration.organization if by is not None and contact.user_id == by.pk else None
    free = seats_for_newcomers(session, now)
    for row, one in zip(places, people, strict=True):
        row.session, row.registration = session, registration
        row.is_online = _is_online(session, one)
        row.organization = acting_organization(row.person) or vouched
        takes_seat = needs_seat(session, is_online=row.is_online)
        has_seat = not takes_seat or free is None or free > 0
        _fill(row, one, tier=tier, has_seat=has_seat, by=by, now=now)
        if takes_seat and has_seat and free is not None:
            free -= 1


def _refuse(
    session: Session, people: Sequence[Participant], tier: FeeTier | None, by: User | None, now: datetime
) -> None:
    course = session.course
    if course.state != Course.State.PUBLISHED or not session.takes_registrations(now):
        raise NotAllowed(_("Registration for this session is closed."))
    if course.audience != Course.Audience.EVERYONE and (by is None or not can_register(by, course)):
        raise NotAllowed(_("This training is for people of partner organizations. Sign in to register."))
    if not people:
        raise NotAllowed(_("Name at least one person who takes part."))
    if len(people) > MOST_PEOPLE:
        raise NotAllowed(
            _("Register at most %(n)d people at once. For more, write to us.") % {"n": MOST_PEOPLE}
        )
    addresses = [normalize_address(one.email) for one in people]
    if len(set(addresses)) < len(addresses):
        raise NotAllowed(_("Two people have the same e-mail address. Each needs their own."))
    offered = course.tiers.filter(is_offered=True)
    if tier is None and offered.exists():
        raise NotAllowed(_("Choose a fee."))
    if tier is not None and not offered.filter(pk=tier.pk).exists():
        raise NotAllowed(_("This fee is no longer offered. Choose another one."))


def _remember(people: Iterable[Participant]) -> dict[str, Person]:
    """The people behind the addresses. In the order of their addresses, so that no two registrations wait for each
    other."""
    by_address = {normalize_address(one.email): one for one in reversed(list(people))}
    return {
        address: remember_person(email=address, first_name=one.first_name, last_name=one.last_name)
        for address, one in sorted(by_address.items())
    }


def _person(known: dict[str, Person], one: Participant) -> Person:
    return known[normalize_address(one.email)]


def _places(session: Session, people: Iterable[Person]) -> dict[int, Enrollment]:
    rows = session.enrollments.select_for_update(of=("self",)).filter(person__in=list(people))
    return {row.person_id: row for row in rows}


def _is_new(row: Enrollment | None) -> bool:
    return row is None or row.status in _GONE


def _already(people: Sequence[Participant]) -> str:
    if len(people) == 1:
        return _("You are registered already. We sent the link to your place once more.")
    return _("Everybody you named is registered already. We sent each of them their link once more.")


def _is_online(session: Session, one: Participant) -> bool:
    return session.mode == Mode.ONLINE or (session.mode == Mode.HYBRID and one.is_online)


def _fill(
    row: Enrollment,
    one: Participant,
    *,
    tier: FeeTier | None,
    has_seat: bool,
    by: User | None,
    now: datetime,
) -> None:
    """Writes a place; one that was given back before begins anew."""
    row.status = _Status.REGISTERED if has_seat else _Status.WAITLISTED
    row.waiting_since = None if has_seat else now
    row.cancelled_at = row.offer_expires_at = None
    row.registered_at, row.registered_by = now, by
    row.needs, row.language = one.needs, one.language
    row.source = row.registration.source if row.registration else ""
    row.tier, row.price = tier, tier.amount if tier else Decimal(0)
    changed_by(row, by)
    row.save()


def _write_to(registration: Registration, rows: list[Enrollment], now: datetime) -> None:
    """To each their own place, and to whoever registered others a list of all."""
    until = emails.expires_with(registration.session, now)
    drafts = [Draft(**emails.registered(row), expires_at=until) for row in rows]
    if [row.person_id for row in rows] != [registration.contact_id]:
        drafts.append(Draft(**emails.registration_received(registration, rows), expires_at=until))
    queue_messages(drafts=drafts)


@transaction.atomic
def send_places_again(*, session: Session, addresses: Iterable[str]) -> int:
    """Mails each of these people, who have a place already, the link to it once more."""
    known = [normalize_address(address) for address in addresses]
    rows = session.enrollments.exclude(status__in=_GONE).filter(person__email__in=known)
    places = rows.select_related("person", "session__course").order_by("pk")
    until = session.ends_at
    drafts = [Draft(**emails.already_registered(row), expires_at=until) for row in places]
    return len(queue_messages(drafts=drafts))


def proposed_tier(course: Course, organization: Organization | None) -> FeeTier | None:
    """The fee meant for organizations with this one's budget: a proposal, never more."""
    if organization is None or not organization.budget_band:
        return None
    return course.tiers.filter(is_offered=True, budget_band=organization.budget_band).first()
