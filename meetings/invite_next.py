"""Whom to invite next to a coming event: underrepresented partners that would close the gap, with the reasons.

First come those whose reasons are most missing among the organizations that have a seat (the points missing for each
of its reasons, added up), then those that were at an event longest ago or never, then the name.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from mailing.addresses import hash_address
from mailing.models import Delivery, OutboxMessage, Preference, Suppression
from meetings.equity import Panel, event_panel
from meetings.models import Attendance, Event, EventInvitation
from partners.models import Membership, Organization, Person, User
from partners.underrepresented import Reason, Verdict, standings

AT_ONCE = 50
_Status = Attendance.Status


@dataclass
class Candidate:
    """A partner that would help to close the gap; its contacts are those we may write to."""

    organization: Organization
    reasons: frozenset[Reason]
    points: float
    contacts: list[Person]
    last_attended: datetime | None = None
    last_written: datetime | None = None
    suggested: bool = False


@dataclass
class InviteNext:
    """The list for one event, and how many underrepresented partners are not on it, by cause."""

    panel: Panel
    rows: list[Candidate] = field(default_factory=list)
    found: int = 0
    have_place: int = 0
    said_no: int = 0
    invited: int = 0
    without_contact: int = 0


@dataclass(frozen=True)
class Followed:
    """One invitation, and what came of it: the status of whoever came because of it; empty where nobody did."""

    invitation: EventInvitation
    status: str


@dataclass(frozen=True)
class Funnel:
    """Invited → registered → attended, in people and in organizations."""

    rows: list[Followed]

    def _count(self, statuses: Collection[str] | None) -> tuple[int, int]:
        chosen = [row.invitation for row in self.rows if statuses is None or row.status in statuses]
        return len(chosen), len({invitation.organization_id for invitation in chosen})

    @property
    def invited(self) -> tuple[int, int]:
        return self._count(None)

    @property
    def registered(self) -> tuple[int, int]:
        """Those who have or had a place, or wait for one; whoever gave it back is not among them."""
        return self._count({*_Status.values} - {_Status.CANCELLED})

    @property
    def attended(self) -> tuple[int, int]:
        return self._count({_Status.ATTENDED})


def may_invite(user: User) -> bool:
    """Whether somebody may invite people to events."""
    return user.is_staff and user.has_perm("meetings.add_eventinvitation")


def reason_words(reasons: Iterable[str], user: User) -> list[str]:
    """The reasons as this user may read them: what stands in profile answers only with the right to view those."""
    known = [reason for reason in Reason if reason in set(reasons)]
    if user.has_perm("partners.view_profileanswer"):
        return [str(reason.label) for reason in known]
    shown = [str(reason.label) for reason in known if not reason.is_confidential]
    return shown if len(shown) == len(known) else [*shown, _("an answer in its profile")]


def source_of(invitation: EventInvitation) -> str:
    """The source code of an invitation's link, by which a registration is known to come from it."""
    return f"invited-{invitation.pk}"


def invite_next(event: Event, now: datetime, *, only: Collection[int] | None = None) -> InviteNext:
    """The partners to invite, the first `AT_ONCE` of them; with `only`, those of these organizations, all of them."""
    found = InviteNext(event_panel(event, now))
    partners = Organization.objects.active()
    if event.area_id:
        partners = partners.filter(area=event.area_id)
    every = standings(now)
    ours = {
        organization.pk: organization
        for organization in partners.select_related("area").only("name", "slug", "area__name")
        if organization.pk in every and every[organization.pk].verdict == Verdict.YES
    }
    _leave_out(found, event, ours)
    contacts = reachable_contacts(ours, now)
    found.without_contact = len(ours.keys() - contacts.keys())
    gaps = found.panel.reason_gaps()
    rows = [
        Candidate(
            organization,
            every[pk].reasons,
            round(sum(max(0.0, -gaps.get(reason, 0.0)) for reason in every[pk].reasons), 1),
            contacts[pk],
        )
        for pk, organization in ours.items()
        if pk in contacts
    ]
    found.found = len(rows)
    _tell_last_attended(rows)
    rows.sort(key=_rank)
    found.rows = rows[:AT_ONCE] if only is None else [row for row in rows if row.organization.pk in only]
    _tell_last_written(found.rows)
    for row in found.rows[: found.panel.to_close or 0]:
        row.suggested = True
    return found


def followed(event: Event) -> Funnel:
    """Every invitation to an event with what came of it. Two queries.

    It counts as followed by the person who was invited, and by whoever registered over their link.
    """
    invitations = list(
        EventInvitation.objects.filter(event=event)
        .select_related("organization", "person", "invited_by__person")
        .order_by("organization__name", "pk")
    )
    places = list(event.attendances.values_list("person", "source", "status"))
    by_person = {person: status for person, _source, status in places}
    by_source: dict[str, str] = {}
    for _person, source, status in places:
        if source and by_source.get(source) != _Status.ATTENDED:
            by_source[source] = status
    rows = []
    for invitation in invitations:
        own, over_link = by_person.get(invitation.person_id, ""), by_source.get(source_of(invitation), "")
        best = next((status for status in _BEST_FIRST if status in (own, over_link)), "")
        rows.append(Followed(invitation, best))
    return Funnel(rows)


_BEST_FIRST = (
    _Status.ATTENDED,
    _Status.REGISTERED,
    _Status.WAITLISTED,
    _Status.EXCUSED,
    _Status.ABSENT,
    _Status.CANCELLED,
)


def reachable_contacts(organizations: Collection[int], now: datetime) -> dict[int, list[Person]]:
    """The primary contacts of today that get mail of ours: neither suppressed nor in a pause. Three queries."""
    memberships = (
        Membership.objects.current()
        .filter(role=Membership.Role.PRIMARY_CONTACT, organization__in=list(organizations))
        .select_related("person")
        .order_by("pk")
    )
    hashes = {membership.person_id: hash_address(membership.person.email) for membership in memberships}
    silent = Suppression.objects.hashes_among(list(hashes.values()))
    silent |= set(
        Preference.objects.filter(address_hash__in=hashes.values(), paused_until__gt=now).values_list(
            "address_hash", flat=True
        )
    )
    found: dict[int, list[Person]] = {}
    for membership in memberships:
        if hashes[membership.person_id] not in silent:
            found.setdefault(membership.organization_id, []).append(membership.person)
    return found


# --- Parts ------------------------------------------------------------------------------------------------------


def _leave_out(found: InviteNext, event: Event, ours: dict[int, Organization]) -> None:
    """Takes those out of `ours` that have a place, said no, or were invited."""
    invited = set(event.invitations.values_list("organization", flat=True))
    statuses: dict[int, set[str]] = {}
    for organization, status in event.attendances.filter(organization__in=list(ours)).values_list(
        "organization", "status"
    ):
        statuses.setdefault(organization, set()).add(status)
    said_no = {_Status.CANCELLED, _Status.EXCUSED}
    for pk in list(ours):
        if statuses.get(pk, set()) - said_no:
            found.have_place += 1
        elif pk in statuses:
            found.said_no += 1
        elif pk in invited:
            found.invited += 1
        else:
            continue
        del ours[pk]


def _rank(row: Candidate) -> tuple[float, float, str]:
    attended = row.last_attended.timestamp() if row.last_attended else 0.0
    return (-row.points, attended, row.organization.name.casefold())


def _tell_last_attended(rows: list[Candidate]) -> None:
    """When somebody of each was last at an event of ours; internal ones do not count."""
    attended = dict(
        Attendance.objects.attended()
        .exclude(event__kind=Event.Kind.INTERNAL)
        .filter(organization__in=[row.organization.pk for row in rows])
        .values_list("organization")
        .annotate(last=Max("event__starts_at"))
        .order_by()
    )
    for row in rows:
        row.last_attended = attended.get(row.organization.pk)


def _tell_last_written(rows: list[Candidate]) -> None:
    """When a message of ours to one of the contacts was last accepted by the mail server. Two queries."""
    hashes = {hash_address(contact.email): contact.email for row in rows for contact in row.contacts}
    written: dict[str, datetime] = dict(
        OutboxMessage.objects.filter(to__in=list(hashes.values()), sent_at__isnull=False)
        .values_list("to")
        .annotate(last=Max("sent_at"))
        .order_by()
    )
    bulk = (
        Delivery.objects.filter(address_hash__in=list(hashes), accepted_at__isnull=False)
        .values_list("address_hash")
        .annotate(last=Max("accepted_at"))
        .order_by()
    )
    for address_hash, moment in bulk:
        email = hashes[address_hash]
        written[email] = max(moment, written.get(email, moment))
    for row in rows:
        row.last_written = max(
            (written[contact.email] for contact in row.contacts if contact.email in written), default=None
        )
