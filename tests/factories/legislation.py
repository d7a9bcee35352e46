"""Bills, legislators, committees, hearings, votes and positions for tests."""

from datetime import date, datetime, timedelta

import factory
from django.utils import timezone

from legislation.models import (
    Bill,
    BillAction,
    BillEvent,
    BillTracking,
    ChamberLeader,
    Committee,
    CommitteeMembership,
    Hearing,
    HearingDocument,
    Legislator,
    OrganizationPosition,
    RollCall,
    Sponsorship,
    Term,
    Vote,
)
from tests.factories.partners import OrganizationFactory


class BillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Bill

    session = 104
    prefix = "HB"
    number = factory.Sequence(lambda number: 9001 + number)
    identifier = factory.LazyAttribute(lambda bill: f"{bill.prefix}{bill.number}")
    ocd_id = factory.LazyAttribute(lambda bill: f"ocd-bill/test-{bill.session}-{bill.identifier}")
    kind = Bill.Kind.BILL
    chamber = "lower"
    current_chamber = "lower"
    title = "SAMPLE-PORCH REPAIR"
    synopsis = "Creates the Porch Repair Act. Provides that porches are kept safe."
    introduced_on = date(2025, 2, 3)
    last_action = "Referred to Rules Committee"
    last_action_on = date(2025, 2, 4)
    first_seen_at = factory.LazyFunction(timezone.now)
    changed_at = factory.LazyFunction(timezone.now)


class BillActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BillAction

    bill = factory.SubFactory(BillFactory)
    position = factory.Sequence(lambda number: number)
    chamber = "lower"
    date = date(2025, 2, 3)
    happened_on = factory.SelfAttribute("date")
    description = "First Reading"


class BillEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BillEvent

    bill = factory.SubFactory(BillFactory)
    kind = BillEvent.Kind.STAGE
    key = factory.Sequence(lambda number: f"key-{number}")
    before = "introduced"
    after = "in_committee"
    happened_on = date(2025, 3, 4)
    observed_at = factory.LazyFunction(timezone.now)


class LegislatorFactory(factory.django.DjangoModelFactory):
    """A sitting member; each gets the next House district unless told otherwise."""

    class Meta:
        model = Legislator

    ocd_id = factory.Sequence(lambda number: f"ocd-person/00000000-0000-4000-8000-{number:012d}")
    given_name = "Pat"
    family_name = factory.Sequence(lambda number: f"Sample{number}")
    name = factory.LazyAttribute(lambda person: f"{person.given_name} {person.family_name}")
    slug = factory.LazyAttribute(lambda person: person.name.lower().replace(" ", "-"))
    party = "Democratic"
    chamber = "lower"
    district = factory.Sequence(lambda number: number % 118 + 1)
    is_current = True


class TermFactory(factory.django.DjangoModelFactory):
    """A seat held since the 104th General Assembly convened, unless told otherwise."""

    class Meta:
        model = Term

    legislator = factory.SubFactory(LegislatorFactory)
    chamber = factory.SelfAttribute("legislator.chamber")
    district = factory.SelfAttribute("legislator.district")
    start = date(2025, 1, 8)


class ChamberLeaderFactory(factory.django.DjangoModelFactory):
    """Holds an office of leadership in their own chamber since the 104th General Assembly convened."""

    class Meta:
        model = ChamberLeader

    legislator = factory.SubFactory(LegislatorFactory)
    chamber = factory.SelfAttribute("legislator.chamber")
    title = "Speaker of the House"
    since = date(2025, 1, 8)


class CommitteeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Committee

    ocd_id = factory.Sequence(lambda number: f"ocd-organization/00000000-0000-4000-8000-{number:012d}")
    chamber = "lower"
    name = factory.Sequence(lambda number: f"Porches {number}")
    slug = factory.LazyAttribute(lambda committee: f"house-{committee.name.lower().replace(' ', '-')}")


class CommitteeMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CommitteeMembership

    committee = factory.SubFactory(CommitteeFactory)
    legislator = factory.SubFactory(LegislatorFactory)
    name = factory.LazyAttribute(lambda seat: seat.legislator.name)


class SponsorshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Sponsorship

    bill = factory.SubFactory(BillFactory)
    legislator = factory.SubFactory(LegislatorFactory)
    name = factory.LazyAttribute(lambda sponsorship: sponsorship.legislator.name)
    chamber = "lower"
    role = Sponsorship.Role.COSPONSOR


class RollCallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RollCall

    bill = factory.SubFactory(BillFactory)
    key = factory.Sequence(lambda number: f"https://legislature.example/votes/{number}.pdf")
    chamber = "lower"
    scope = RollCall.Scope.FLOOR
    date = date(2025, 4, 9)
    motion = "Third Reading"
    passed = True


class VoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Vote

    roll_call = factory.SubFactory(RollCallFactory)
    legislator = factory.SubFactory(LegislatorFactory)
    name = factory.LazyAttribute(lambda vote: vote.legislator.family_name)
    option = Vote.Option.YES


class HearingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hearing

    key = factory.Sequence(lambda number: f"{20000 + number}")
    session = 104
    chamber = "lower"
    committee = factory.SubFactory(CommitteeFactory)
    committee_name = factory.LazyAttribute(lambda hearing: hearing.committee.name)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))
    posted_at = factory.LazyAttribute(lambda hearing: hearing.starts_at - timedelta(days=6))
    location = "Room 114, Capitol, Springfield"
    changed_at = factory.LazyFunction(timezone.now)


class HearingDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HearingDocument

    hearing = factory.SubFactory(HearingFactory)
    bill = factory.SubFactory(BillFactory)
    identifier = factory.LazyAttribute(lambda document: document.bill.identifier)


class BillTrackingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BillTracking

    bill = factory.SubFactory(BillFactory)
    position = "support"
    priority = "lead"
    plain_title = "Keep porches safe"
    summary = "A safe porch is where a neighborhood meets."


class OrganizationPositionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganizationPosition

    bill = factory.SubFactory(BillFactory)
    organization = factory.SubFactory(OrganizationFactory)
    position = "support"
    state = "on_record"
    proposed_at = factory.LazyFunction(timezone.now)
    decided_at = factory.LazyFunction(timezone.now)


def chicago(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment by Chicago's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=timezone.get_default_timezone())
