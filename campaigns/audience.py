"""Who gets an alert: people of partner organizations that match a filter, and subscribers, each once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _

from campaigns.models import ActionAlert
from mailing.addresses import hash_address
from mailing.models import Subscription, Suppression
from mailing.querysets import SubscriptionQuerySet
from mailing.services import Recipient
from partners.models import Membership, Organization, Person
from partners.querysets import MembershipQuerySet, PersonQuerySet

TOPIC = "action-alerts"
# Addresses looked up at once: large enough to need few queries, small enough to stay in memory.
CHUNK = 5000


@dataclass(frozen=True)
class AudienceSize:
    """How many an alert is for; `skipped` of them asked for no such mail or must not be mailed."""

    people: int
    organizations: int
    subscribers: int
    skipped: int

    @property
    def reached(self) -> int:
        """Addresses that will get the message as things stand now."""
        return self.people + self.subscribers - self.skipped


@dataclass(frozen=True)
class Audience:
    """A filter over partners' people. An empty part does not restrict."""

    areas: tuple[int, ...] = ()
    sub_sectors: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    include_subscribers: bool = False

    @classmethod
    def of(cls, alert: ActionAlert) -> "Audience":
        """The filter an alert carries."""
        return cls(
            areas=tuple(alert.areas.values_list("pk", flat=True)),
            sub_sectors=tuple(alert.sub_sectors.values_list("pk", flat=True)),
            roles=tuple(alert.roles),
            include_subscribers=alert.include_subscribers,
        )

    def memberships(self) -> MembershipQuerySet:
        """Current memberships in active organizations that match."""
        found = Membership.objects.current().filter(organization__status="active")
        if self.areas:
            found = found.filter(organization__area__in=self.areas)
        if self.sub_sectors:
            # A subquery, because a join would give an organization with two of the sub-sectors twice.
            matching = Organization.sub_sectors.through.objects.filter(
                organization=OuterRef("organization"), subsector__in=self.sub_sectors
            )
            found = found.filter(Exists(matching))
        if self.roles:
            found = found.filter(role__in=self.roles)
        return found

    def people(self) -> PersonQuerySet:
        """Matching people, each once, with `organization_name`: where they lead, or else joined first."""
        own = self.memberships().filter(person=OuterRef("pk"))
        rank = Case(
            When(role=Membership.Role.PRIMARY_CONTACT, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        first = own.order_by(rank, "started_on", "pk").values("organization__name")[:1]
        return Person.objects.filter(Exists(own)).annotate(
            organization_name=Subquery(first, output_field=CharField())
        )

    def subscribers(self) -> SubscriptionQuerySet:
        """Subscribers of action alerts who are not among the people, with `person_*` where known."""
        same = Person.objects.filter(email=OuterRef("email"))
        found = (
            Subscription.objects.active()
            .filter(topic__slug=TOPIC)
            .filter(~Exists(self.people().filter(email=OuterRef("email"))))
            .annotate(
                person_id=Subquery(same.values("pk")[:1]),
                person_first_name=Subquery(same.values("first_name")[:1]),
                person_last_name=Subquery(same.values("last_name")[:1]),
            )
        )
        return found if self.include_subscribers else found.none()

    def size(self) -> AudienceSize:
        """Counts people, organizations and subscribers, and those among them who will be skipped."""
        people, subscribers = self.people(), self.subscribers()
        emails = people.order_by().values_list("email", flat=True)
        more = subscribers.order_by().values_list("email", flat=True)
        return AudienceSize(
            people=people.count(),
            organizations=self.memberships().aggregate(n=Count("organization", distinct=True))["n"],
            subscribers=subscribers.count(),
            skipped=_skipped(chain(emails.iterator(CHUNK), more.iterator(CHUNK))),
        )

    def recipients(self) -> Iterator[Recipient]:
        """One recipient at a time, in bounded memory."""
        for person in self.people().order_by("pk").iterator(CHUNK):
            yield recipient_of(person)
        columns = ("email", "person_id", "person_first_name", "person_last_name")
        subscribers = self.subscribers().order_by("pk").values_list(*columns)
        for email, person_id, first_name, last_name in subscribers.iterator(CHUNK):
            slots = personal_slots(first_name, last_name, "")
            yield Recipient(email=email, recipient=person_id, slots=slots)


def personal_slots(first_name: str | None, last_name: str | None, organization: str) -> dict[str, str]:
    """What fills the merge fields; friendly words where we know nothing."""
    return {
        "first_name": first_name or _("Friend"),
        "last_name": last_name or "",
        "organization": organization or _("your organization"),
    }


def recipient_of(person: Person) -> Recipient:
    """A person of the audience as `mailing` takes them."""
    slots = personal_slots(
        person.first_name, person.last_name, getattr(person, "organization_name", "") or ""
    )
    return Recipient(email=person.email, recipient=person.pk, slots=slots)


def _skipped(emails: Iterable[str]) -> int:
    """How many of the addresses are suppressed or refused action alerts."""
    emails, skipped = iter(emails), 0
    while hashes := [hash_address(email) for email in islice(emails, CHUNK)]:
        refused = Subscription.objects.refusals().filter(topic__slug=TOPIC, address_hash__in=hashes)
        skipped += len(
            Suppression.objects.hashes_among(hashes) | set(refused.values_list("address_hash", flat=True))
        )
    return skipped
