"""Who gets an alert: everybody who matches, nobody twice."""

import itertools
from datetime import date

import pytest

from campaigns.audience import Audience
from mailing.addresses import hash_address
from mailing.models import Suppression
from tests.factories.alerts import SubscriberFactory
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    SubSectorFactory,
)

pytestmark = pytest.mark.django_db


def emails(audience: Audience) -> list[str]:
    return sorted(recipient.email for recipient in audience.recipients())


def test_all_partners_people_and_nobody_else():
    member = MembershipFactory()
    MembershipFactory(organization__status="lapsed")
    MembershipFactory(ended_on=date(2025, 1, 1))
    PersonFactory()
    assert emails(Audience()) == [member.person.email]


def test_a_person_of_three_organizations_gets_one_message():
    person = PersonFactory(first_name="Maria", last_name="Gomez")
    fields = [SubSectorFactory(), SubSectorFactory()]
    later = OrganizationFactory(name="Later", sub_sectors=fields)
    leads = OrganizationFactory(name="Leads", sub_sectors=fields)
    early = OrganizationFactory(name="Early", sub_sectors=fields)
    MembershipFactory(person=person, organization=later, role="advocate", started_on=date(2024, 1, 1))
    MembershipFactory(person=person, organization=leads, role="primary_contact", started_on=date(2025, 1, 1))
    MembershipFactory(person=person, organization=early, role="advocate", started_on=date(2020, 1, 1))
    audience = Audience(sub_sectors=tuple(field.pk for field in fields))

    [recipient] = audience.recipients()
    assert recipient.slots == {"first_name": "Maria", "last_name": "Gomez", "organization": "Leads"}
    size = audience.size()
    assert (size.people, size.organizations, size.reached) == (1, 3, 1)


def test_the_organization_in_the_message_is_one_the_filter_names():
    person = PersonFactory()
    MembershipFactory(person=person, organization__name="Elsewhere", role="primary_contact")
    here = MembershipFactory(person=person, organization__name="Here", role="viewer")
    [recipient] = Audience(areas=(here.organization.area_id,)).recipients()
    assert recipient.slots["organization"] == "Here"


def test_filters_by_area_sub_sector_and_role_restrict_together():
    housing = SubSectorFactory()
    wanted = MembershipFactory(organization=OrganizationFactory(sub_sectors=[housing]), role="advocate")
    area = wanted.organization.area
    MembershipFactory(organization=OrganizationFactory(sub_sectors=[housing]), role="advocate")
    MembershipFactory(organization__county__area=area, role="advocate")
    MembershipFactory(organization=wanted.organization, role="viewer")
    audience = Audience(areas=(area.pk,), sub_sectors=(housing.pk,), roles=("advocate",))
    assert emails(audience) == [wanted.person.email]


def test_filters_must_match_in_one_and_the_same_membership():
    """Advocate in Cook and viewer in Lake is not an advocate in Lake."""
    person = PersonFactory()
    MembershipFactory(person=person, role="advocate")
    lake = MembershipFactory(person=person, role="viewer")
    assert emails(Audience(areas=(lake.organization.area_id,), roles=("advocate",))) == []


def test_subscribers_join_once_and_only_when_asked():
    member = MembershipFactory()
    SubscriberFactory(email=member.person.email)
    reader = SubscriberFactory()
    SubscriberFactory(state="pending", confirmed_at=None)
    SubscriberFactory(state="unsubscribed")
    SubscriberFactory(topic__slug="coalition-news")

    assert emails(Audience()) == [member.person.email]
    audience = Audience(include_subscribers=True)
    assert emails(audience) == sorted([member.person.email, reader.email])
    assert (audience.size().people, audience.size().subscribers) == (1, 1)


def test_a_subscriber_without_a_name_reads_friendly_words_and_a_known_one_their_name():
    stranger = SubscriberFactory()
    known = PersonFactory(first_name="Wei", last_name="Chen")
    SubscriberFactory(email=known.email)
    by_email = {recipient.email: recipient for recipient in Audience(include_subscribers=True).recipients()}
    assert by_email[stranger.email].slots == {
        "first_name": "Friend",
        "last_name": "",
        "organization": "your organization",
    }
    assert by_email[stranger.email].recipient is None
    assert by_email[known.email].slots["first_name"] == "Wei"
    assert by_email[known.email].recipient == known.pk


def test_size_tells_who_will_be_skipped():
    members = MembershipFactory.create_batch(4)
    Suppression.objects.create(address_hash=hash_address(members[0].person.email), reason="bounced")
    SubscriberFactory(email=members[1].person.email, state="unsubscribed")
    both = members[2].person.email
    Suppression.objects.create(address_hash=hash_address(both), reason="unsubscribed")
    SubscriberFactory(email=both, state="unsubscribed")
    size = Audience().size()
    assert (size.people, size.skipped, size.reached) == (4, 3, 1)


def test_the_same_few_queries_for_1_and_for_20(django_assert_num_queries):
    MembershipFactory()
    SubscriberFactory()
    audience = Audience(include_subscribers=True)
    with django_assert_num_queries(7):
        audience.size()
    MembershipFactory.create_batch(19)
    SubscriberFactory.create_batch(19)
    with django_assert_num_queries(7):
        audience.size()
    with django_assert_num_queries(2):
        assert len(list(itertools.chain(audience.recipients()))) == 40
