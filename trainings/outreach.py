"""Whom our trainings reach, and whom they do not: partners who never attended, and what links with a source code bring.

T-G1 of the plan: "Expand outreach efforts among coalition partners and supporters."
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mailing.addresses import hash_address
from mailing.models import Delivery, OutboxMessage
from partners.models import Membership, Organization, Person
from partners.querysets import OrganizationQuerySet
from surveys.models import OutreachTouch
from trainings.models import Course, Enrollment, Session

NEVER_ASKED, NEVER_CAME = "never_registered", "never_came"
REASONS = {
    NEVER_ASKED: gettext_lazy("nobody ever registered"),
    NEVER_CAME: gettext_lazy("registered, but nobody came"),
}


@dataclass
class Unreached:
    """A partner none of whose people attended a training, and how we last were in touch."""

    organization: Organization
    registered: int
    contacts: list[Person]
    last_talked: datetime | None = None
    last_written: datetime | None = None
    last_signed_in: datetime | None = None

    @property
    def reason(self) -> str:
        """Why they count as never having attended, in words."""
        if not self.registered:
            return str(REASONS[NEVER_ASKED])
        words = ngettext(
            "%(n)d registration, but nobody came", "%(n)d registrations, but nobody came", self.registered
        )
        return words % {"n": self.registered}


def never_attended(*, area: str = "", reason: str = "") -> OrganizationQuerySet:
    """Active partners none of whose people was ever at a training; `registrations` counts what was registered."""
    theirs = Enrollment.objects.filter(organization=OuterRef("pk"))
    found: OrganizationQuerySet = Organization.objects.active().filter(~Exists(theirs.attended()))
    if area:
        found = found.filter(area__slug=area)
    if reason == NEVER_ASKED:
        found = found.filter(~Exists(theirs))
    elif reason == NEVER_CAME:
        found = found.filter(Exists(theirs))
    return found.annotate(registrations=Count("enrollments")).select_related("area").order_by("name")


def unreached(organizations: Collection[Organization]) -> list[Unreached]:
    """Organizations read by `never_attended`, with their contacts and when we were in touch. Five queries."""
    numbers = [organization.pk for organization in organizations]
    contacts: dict[int, list[Person]] = {}
    signed_in: dict[int, datetime] = {}
    memberships = Membership.objects.current().filter(organization__in=numbers)
    for one in memberships.select_related("person__user").order_by("pk"):
        if one.role == Membership.Role.PRIMARY_CONTACT:
            contacts.setdefault(one.organization_id, []).append(one.person)
        seen = one.person.user.last_login if one.person.user else None
        if seen is not None:
            signed_in[one.organization_id] = max(seen, signed_in.get(one.organization_id, seen))
    talked = dict(
        OutreachTouch.objects.filter(organization__in=numbers)
        .exclude(outcome=OutreachTouch.Outcome.NOBODY)
        .values_list("organization")
        .annotate(last=Max("touched_at"))
        .order_by()
    )
    written = _last_written({person.email for people in contacts.values() for person in people})
    return [
        Unreached(
            organization=organization,
            registered=organization.registrations,  # type: ignore[attr-defined] # the query's
            contacts=contacts.get(organization.pk, []),
            last_talked=talked.get(organization.pk),
            last_written=max(
                (
                    written[person.email]
                    for person in contacts.get(organization.pk, [])
                    if person.email in written
                ),
                default=None,
            ),
            last_signed_in=signed_in.get(organization.pk),
        )
        for organization in organizations
    ]


def _last_written(addresses: Collection[str]) -> dict[str, datetime]:
    """When a message of ours to each address was last accepted by the mail server."""
    single = OutboxMessage.objects.filter(to__in=addresses, sent_at__isnull=False)
    written: dict[str, datetime] = dict(single.values_list("to").annotate(last=Max("sent_at")).order_by())
    by_hash = {hash_address(address): address for address in addresses}
    bulk = Delivery.objects.filter(address_hash__in=by_hash, accepted_at__isnull=False)
    for address_hash, moment in bulk.values_list("address_hash").annotate(last=Max("accepted_at")).order_by():
        address = by_hash[address_hash]
        written[address] = max(moment, written.get(address, moment))
    return written


def unreached_rows(organizations: Collection[Organization]) -> Iterator[list[object]]:
    """The list as a table, the heads first."""
    yield [
        _("Organization"),
        _("City"),
        _("Local Area Council"),
        _("Why"),
        _("Primary contacts"),
        _("Last talked with"),
        _("Last written to"),
        _("Last signed in"),
    ]
    for row in unreached(organizations):
        yield [
            row.organization.name,
            row.organization.city,
            str(row.organization.area),
            row.reason,
            "; ".join(f"{person.name} <{person.email}>" for person in row.contacts),
            *(_day(moment) for moment in (row.last_talked, row.last_written, row.last_signed_in)),
        ]


def _day(moment: datetime | None) -> object:
    return timezone.localtime(moment).date() if moment else ""


# --- Source codes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """What the links with one source code brought."""

    code: str
    people: int
    seated: int
    attended: int
    organizations: int


def sources(since: datetime, until: datetime) -> list[Source]:
    """What each source code brought between two moments of registering, the most first."""
    rows = (
        Enrollment.objects.filter(registered_at__gte=since, registered_at__lt=until)
        .values("source")
        .annotate(
            people=Count("pk"),
            seated=Count("pk", filter=Q(status__in=["registered", "attended", "absent"])),
            attended=Count("pk", filter=Q(status="attended")),
            organizations=Count("organization", distinct=True),
        )
        .order_by("-people", "source")
    )
    return [
        Source(row["source"], row["people"], row["seated"], row["attended"], row["organizations"])
        for row in rows
    ]


def source_rows(found: Collection[Source]) -> Iterator[list[object]]:
    """The same as a table, the heads first."""
    yield [_("Source code"), _("Registered"), _("Got a seat"), _("Attended"), _("Organizations")]
    for source in found:
        yield [source.code, source.people, source.seated, source.attended, source.organizations]


def link_with_source(page: Course | Session | None, code: str) -> str:
    """The address to pass on: of a course, a session or the list of trainings, with the source code in it."""
    path = page.get_absolute_url() if page is not None else "/trainings/"
    return f"{settings.SITE_URL}{path}?{urlencode({'from': code})}"
