"""Who gets an alert: everybody who matches, nobody twice, with what the message says of them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns.audience import Audience
from mailing.addresses import hash_address
from mailing.models import Delivery, Preference, Suppression
from mailing.services import Written, compile_mailing, fill_mailing
from mailing.services.suppression import shorten
from tests.factories.alerts import AlertTopicFactory, SubscriberFactory
from tests.factories.partners import MembershipFactory, OrganizationFactory, PersonFactory, SubSectorFactory

pytestmark = pytest.mark.django_db


def leaf(field, *values, **dates):
    return {"field": field, **({"is": [str(value) for value in values]} if values else {}), **dates}


def emails(rules=None, **options) -> list[str]:
    return sorted(row[2] for row in Audience(rules or {}, **options).rows_to_read())


def slots(rules=None, **options) -> dict[str, dict]:
    return {row[2]: row[4] for row in Audience(rules or {}, **options).rows_to_read()}


class TestWhoIsMeant:
    def test_all_partners_people_and_nobody_else(self):
        member = MembershipFactory()
        MembershipFactory(organization__status="lapsed")
        MembershipFactory(ended_on=date(2025, 1, 1))
        PersonFactory()
        assert emails() == [member.person.email]

    def test_a_person_of_three_organizations_gets_one_message_as_primary_contact(self):
        person = PersonFactory(first_name="Maria", last_name="Gomez")
        fields = [SubSectorFactory(), SubSectorFactory()]
        later = OrganizationFactory(name="Later", sub_sectors=fields)
        leads = OrganizationFactory(name="Leads", sub_sectors=fields)
        early = OrganizationFactory(name="Early", sub_sectors=fields)
        MembershipFactory(person=person, organization=later, role="advocate", started_on=date(2024, 1, 1))
        MembershipFactory(
            person=person, organization=leads, role="primary_contact", started_on=date(2025, 1, 1)
        )
        MembershipFactory(person=person, organization=early, role="advocate", started_on=date(2020, 1, 1))
        audience = Audience(leaf("sub_sector", *(field.slug for field in fields)))

        [(recipient, party, email, language, said)] = audience.rows_to_read(["first_name", "organization"])
        assert (recipient, party, email, language) == (person.pk, leads.pk, person.email, "en")
        assert said == {"first_name": "Maria", "organization": "Leads"}
        size = audience.size()
        assert (size.people, size.organizations, size.reached) == (1, 3, 1)
        assert [one.organization_name for one in audience.people()] == ["Leads"]

    def test_without_a_primary_contact_the_earliest_organization_counts(self):
        person = PersonFactory()
        for name, year in (("Later", 2024), ("Early", 2020)):
            MembershipFactory(
                person=person, organization__name=name, role="advocate", started_on=date(year, 1, 1)
            )
        assert slots()[person.email]["organization"] == "Early"

    def test_the_organization_in_the_message_is_one_the_rules_name(self):
        person = PersonFactory()
        MembershipFactory(person=person, organization__name="Elsewhere", role="primary_contact")
        here = MembershipFactory(person=person, organization__name="Here", role="viewer")
        assert slots(leaf("area", here.organization.area.slug))[person.email]["organization"] == "Here"

    def test_conditions_together_must_hold_for_one_and_the_same_membership(self):
        """Advocate in Cook and viewer in Lake is not an advocate in Lake."""
        person = PersonFactory()
        MembershipFactory(person=person, role="advocate")
        lake = MembershipFactory(person=person, role="viewer")
        in_lake = leaf("area", lake.organization.area.slug)
        assert emails({"all": [in_lake, leaf("role", "advocate")]}) == []
        assert emails({"all": [in_lake, leaf("role", "viewer")]}) == [person.email]

    def test_not_leaves_out_whoever_matches_with_whatever_organization(self):
        person = PersonFactory()
        MembershipFactory(person=person, role="advocate")
        lake = MembershipFactory(person=person, role="viewer")
        other = MembershipFactory()
        assert emails({"not": leaf("area", lake.organization.area.slug)}) == [other.person.email]

    def test_everybody_outside_is_found_by_the_condition_that_asks_for_them_only(self):
        member = MembershipFactory()
        lapsed = MembershipFactory(organization__status="lapsed")
        former = MembershipFactory(ended_on=date(2025, 1, 1))
        stranger = PersonFactory()
        assert emails(leaf("organization_status", "lapsed")) == [lapsed.person.email]
        assert emails(leaf("membership", "ended")) == [former.person.email]
        outside = sorted([lapsed.person.email, former.person.email, stranger.email])
        assert emails(leaf("outside")) == outside
        assert emails({"any": [leaf("outside"), leaf("role", "primary_contact")]}) == sorted(
            [*outside, member.person.email]
        )

    def test_a_status_condition_counts_for_what_stands_beside_it_and_not_for_the_rest(self):
        area = OrganizationFactory().area
        lapsed = MembershipFactory(organization__status="lapsed", organization__area=area)
        MembershipFactory(organization__status="lapsed")
        in_area = leaf("area", area.slug)
        assert emails({"all": [in_area, leaf("organization_status", "lapsed")]}) == [lapsed.person.email]
        assert emails({"any": [in_area, leaf("organization_status", "left")]}) == []

    def test_a_former_member_of_a_list_is_not_addressed_by_the_old_organization(self):
        former = MembershipFactory(ended_on=date(2025, 1, 1))
        [row] = Audience(leaf("person", former.person.pk)).rows_to_read(["organization"])
        assert (row[1], row[4]) == (None, {})


class TestSubscribers:
    def test_they_join_once_and_only_when_asked(self):
        member = MembershipFactory()
        SubscriberFactory(email=member.person.email)
        reader = SubscriberFactory()
        SubscriberFactory(state="pending", confirmed_at=None)
        SubscriberFactory(state="unsubscribed")
        SubscriberFactory(topic__slug="coalition-news")

        assert emails() == [member.person.email]
        assert emails(include_subscribers=True) == sorted([member.person.email, reader.email])
        size = Audience(include_subscribers=True).size()
        assert (size.people, size.subscribers, size.reached) == (1, 1, 2)

    def test_only_what_is_known_is_filled(self):
        SubscriberFactory(email="stranger@readers.example")
        known = PersonFactory(first_name="Wei", last_name="")
        SubscriberFactory(email=known.email)
        rows = {row[2]: row for row in Audience(include_subscribers=True).rows_to_read()}
        assert rows["stranger@readers.example"][0] is None
        assert rows["stranger@readers.example"][4] == {"_why": "You subscribed to “Action alerts”."}
        assert rows[known.email][0] == known.pk
        assert rows[known.email][4]["first_name"] == "Wei"
        assert "last_name" not in rows[known.email][4]


class TestWhatIsSaid:
    def test_the_reason_names_the_organization_and_speaks_the_readers_language(self):
        member = MembershipFactory(organization__name="Prairie Path")
        Preference.objects.create(
            email=member.person.email, address_hash=hash_address(member.person.email), language="es"
        )
        [row] = Audience().rows_to_read(["_why"])
        assert row[3] == "es"
        assert "Prairie Path" in row[4]["_why"]

    def test_braces_and_percent_signs_in_names_stay_what_they_are(self):
        MembershipFactory(organization__name="100% {name} %s", person__first_name="{{ first_name }} %(x)s")
        [row] = Audience().rows_to_read()
        assert row[4]["organization"] == "100% {name} %s"
        assert row[4]["first_name"] == "{{ first_name }} %(x)s"
        assert row[4]["_why"] == "You are with 100% {name} %s, a partner of the coalition."

    def test_only_the_slots_that_are_asked_for(self):
        MembershipFactory()
        [row] = Audience().rows_to_read(["organization", "unknown"])
        assert list(row[4]) == ["organization"]
        [row] = Audience().rows_to_read([])
        assert row[4] == {}

    def test_who_lacks_a_merge_field(self):
        MembershipFactory(person__first_name="Ana")
        nameless = MembershipFactory(person__first_name="")
        assert list(Audience().lacking("first_name")) == [nameless.person]
        assert Audience().lacking("organization").count() == 0
        assert Audience().lacking("representative").count() == 2

    def test_slots_of_one_person_in_the_audience_or_not(self):
        member = MembershipFactory(organization__name="Here")
        stranger = PersonFactory(first_name="Wei")
        assert Audience().slots(member.person, ["organization"]) == {"organization": "Here"}
        assert Audience().slots(stranger, ["first_name", "organization"]) == {"first_name": "Wei"}
        assert Audience().slots(None) == {}


class TestSize:
    def test_it_tells_who_will_be_skipped_and_why(self):
        members = MembershipFactory.create_batch(5)
        Suppression.objects.create(address_hash=hash_address(members[0].person.email), reason="bounced")
        SubscriberFactory(email=members[1].person.email, state="unsubscribed")
        both = members[2].person.email
        Suppression.objects.create(address_hash=hash_address(both), reason="unsubscribed")
        SubscriberFactory(email=both, state="unsubscribed")
        for place, days in ((3, 7), (4, -7)):
            email = members[place].person.email
            Preference.objects.create(
                email=email,
                address_hash=hash_address(email),
                paused_until=timezone.now() + timedelta(days=days),
            )
        size = Audience().size()
        assert (size.people, size.skipped, size.reached) == (5, 4, 1)
        assert size.reasons == {"suppressed": 2, "refused": 1, "paused": 1}
        assert [n for _words, n in size.skipped_because] == [2, 1, 1]

    def test_a_sample_by_name_and_by_words(self):
        for name, place in (("Ana Zed", "Harbor"), ("Bo Ames", "Prairie 100%"), ("Cy Moss", "Harbor")):
            first, last = name.split()
            MembershipFactory(person__first_name=first, person__last_name=last, organization__name=place)
        audience = Audience()
        assert [one.name for one in audience.sample(9)] == ["Bo Ames", "Cy Moss", "Ana Zed"]
        assert len(audience.sample(2)) == 2
        assert [one.name for one in audience.sample(9, "harbor zed")] == ["Ana Zed"]
        assert [one.name for one in audience.sample(9, "0%")] == ["Bo Ames"]

    def test_the_same_few_queries_for_1_and_for_20(self, django_assert_num_queries):
        member = MembershipFactory()
        SubscriberFactory()
        Suppression.objects.create(
            address_hash=hash_address(member.person.email), hint=shorten(member.person.email), reason="staff"
        )
        audience = Audience(include_subscribers=True)
        # Each statement comes with its savepoint and its setting, three more.
        with django_assert_num_queries(4 * 4):
            audience.size()
        MembershipFactory.create_batch(19)
        SubscriberFactory.create_batch(19)
        with django_assert_num_queries(4 * 4):
            audience.size()
        with django_assert_num_queries(2 * 4):
            assert len(audience.sample(10)) == 10
        with django_assert_num_queries(1 + 4):  # The topic's name for the reason, then everybody.
            assert len(audience.rows_to_read(["first_name", "_why"])) == 40

    def test_a_suppression_with_and_without_a_hint_counts(self):
        members = MembershipFactory.create_batch(3)
        first, second = members[0].person.email, members[1].person.email
        Suppression.objects.create(address_hash=hash_address(first), hint=shorten(first), reason="bounced")
        assert Audience().size().reached == 2
        Suppression.objects.create(address_hash=hash_address(second), hint="", reason="unsubscribed")
        assert Audience().size().reached == 1

    def test_it_says_what_a_mailing_does(self):
        """The count and the engine agree about who gets it."""
        members = MembershipFactory.create_batch(6)
        SubscriberFactory.create_batch(2)
        for place, reason in ((0, "bounced"), (1, "complained")):
            email = members[place].person.email
            Suppression.objects.create(address_hash=hash_address(email), hint=shorten(email), reason=reason)
        SubscriberFactory(email=members[2].person.email, state="unsubscribed")
        email = members[3].person.email
        Preference.objects.create(
            email=email, address_hash=hash_address(email), paused_until=timezone.now() + timedelta(days=3)
        )
        SubscriberFactory(email=members[4].person.email)
        audience = Audience(include_subscribers=True)
        mailing = compile_mailing(
            topic=AlertTopicFactory(),
            name="Alert",
            contents=[Written(subject="{{ first_name|Friend }}", text="Hello", html="<p>Hello</p>")],
            send_at=timezone.now(),
        )
        filled = fill_mailing(mailing=mailing, select=audience.select(["first_name", "_why"]))
        size = audience.size()
        assert filled.added == size.people + size.subscribers == 8
        assert filled.tally["pending"] == size.reached == 4
        row = Delivery.objects.get(email=members[5].person.email)
        assert (row.recipient, row.party) == (members[5].person_id, members[5].organization_id)
        assert row.slots["first_name"] == "Ana"
        assert row.slots["_why"].startswith("You are with")
        assert fill_mailing(mailing=mailing, select=audience.select()).added == 0
