"""Each condition finds whom it should and leaves out everybody else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.audience import Audience
from campaigns.audience.fields import conditions
from campaigns.models import ContactList, ContactListEntry
from legislation.models import Follow
from mailing.addresses import hash_address
from mailing.models import Click, Preference, TrackedLink
from partners.models import Person, ProfileAnswer
from tests.campaigns.sent_alerts import sent_alert
from tests.campaigns.test_audience import emails, leaf
from tests.factories.alerts import SubscriberFactory
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory, CampaignFactory
from tests.factories.legislation import BillFactory, LegislatorFactory, OrganizationPositionFactory
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    SubSectorFactory,
    UserFactory,
)
from tests.factories.trainings import CourseFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db


def member(**facts):
    """Somebody in an organization; returns the address."""
    return MembershipFactory(**facts).person.email


def person_of(email):
    return Person.objects.get(email=email)


class TestConditionsOfOrganizations:
    def test_area_county_and_status(self):
        here, _there = MembershipFactory(), MembershipFactory()
        organization = here.organization
        assert emails(leaf("area", organization.area.slug)) == [here.person.email]
        assert emails(leaf("county", organization.county.fips)) == [here.person.email]
        assert len(emails(leaf("organization_status", "active"))) == 2

    def test_sub_sector(self):
        housing, health = SubSectorFactory(), SubSectorFactory()
        both = member(organization=OrganizationFactory(sub_sectors=[housing, health]))
        member(organization=OrganizationFactory(sub_sectors=[SubSectorFactory()]))
        member()
        assert emails(leaf("sub_sector", housing.slug, health.slug)) == [both]

    def test_budget(self):
        small = member(organization__budget_band="under_500k")
        silent = member(organization__budget_band="")
        assert emails(leaf("budget_band", "under_500k")) == [small]
        assert emails(leaf("budget_band", "")) == [silent]

    def test_joined(self):
        old = member(organization__joined_on=date(2020, 1, 1))
        new = member(organization__joined_on=date(2026, 7, 1))
        assert emails(leaf("organization_joined", before="2020-01-02")) == [old]
        assert emails(leaf("organization_joined", since="2026-07-01")) == [new]
        assert emails(leaf("organization_joined", since="2020-01-02", before="2026-07-01")) == []

    def test_named_directly(self):
        wanted = MembershipFactory()
        member()
        assert emails(leaf("organization", wanted.organization_id)) == [wanted.person.email]

    def test_underrepresented_by_the_newest_fresh_answer_or_the_budget(self):
        def told(values, marker="leader_race", days=10, **facts):
            membership = MembershipFactory(**facts)
            ProfileAnswer.objects.create(
                organization=membership.organization,
                marker=marker,
                values=values,
                answered_at=timezone.now() - timedelta(days=days),
            )
            return membership

        latino = told(["white", "latino"])
        told(["white"])
        changed = told(["black"], days=30)
        ProfileAnswer.objects.create(
            organization=changed.organization, marker="leader_race", declined=True, answered_at=timezone.now()
        )
        told(["asian"], days=400)
        able = told(["disability"], marker="leader_ability")
        told(["no_disability"], marker="leader_ability")
        small = member(organization__budget_band="1m_5m")
        member(organization__budget_band="5m_20m")
        assert emails(leaf("underrepresented", "leader_race")) == [latino.person.email]
        assert emails(leaf("underrepresented", "leader_ability")) == [able.person.email]
        assert emails(leaf("underrepresented", "budget")) == [small]
        every = leaf("underrepresented", "leader_race", "leader_ability", "budget")
        assert emails(every) == sorted([latino.person.email, able.person.email, small])

    def test_on_record_on_a_bill(self):
        bill, other = BillFactory(), BillFactory()
        yes, no = MembershipFactory(), MembershipFactory()
        OrganizationPositionFactory(bill=bill, organization=yes.organization, position="support")
        OrganizationPositionFactory(bill=bill, organization=no.organization, position="oppose")
        OrganizationPositionFactory(bill=other, organization=no.organization, position="support")
        assert emails(leaf("supports", bill.pk)) == [yes.person.email]
        assert emails(leaf("opposes", bill.pk)) == [no.person.email]
        assert emails(leaf("on_record", bill.pk)) == sorted([yes.person.email, no.person.email])


class TestConditionsOfPeople:
    def test_role_and_membership(self):
        advocate = member(role="advocate", started_on=date(2026, 1, 5))
        viewer = member(role="viewer", started_on=date(2024, 1, 5))
        former = member(ended_on=date(2025, 1, 1))
        assert emails(leaf("role", "advocate")) == [advocate]
        assert emails(leaf("member_since", since="2026-01-05")) == [advocate]
        assert emails(leaf("member_since", before="2026-01-05")) == [viewer]
        assert emails(leaf("membership", "current", "ended")) == sorted([advocate, viewer, former])

    def test_login(self):
        signs_in = member(person__user=UserFactory())
        without = member()
        locked = member(person__user=UserFactory(is_active=False))
        assert emails(leaf("login", "yes")) == [signs_in]
        assert emails(leaf("login", "no")) == sorted([without, locked])
        assert len(emails(leaf("login", "yes", "no"))) == 3

    def test_language(self):
        spanish, english, silent = member(), member(), member()
        for email, language in ((spanish, "es"), (english, "en")):
            Preference.objects.create(email=email, address_hash=hash_address(email), language=language)
        assert emails(leaf("language", "es")) == [spanish]
        assert emails(leaf("language", "en")) == sorted([english, silent])

    def test_lists_topics_and_named_people_bring_those_from_outside(self):
        insider, outsider = person_of(member()), PersonFactory()
        PersonFactory()
        forum = ContactList.objects.create(name="Forum", basis="signed up")
        for line, person in enumerate((insider, outsider)):
            ContactListEntry.objects.create(contact_list=forum, person=person, line=line)
            SubscriberFactory(email=person.email, topic__slug="news")
        both = sorted([insider.email, outsider.email])
        assert emails(leaf("contact_list", forum.pk)) == both
        assert emails(leaf("topic", "news")) == both
        assert emails(leaf("person", outsider.pk)) == [outsider.email]
        on_list_and_viewer = {"all": [leaf("contact_list", forum.pk), leaf("role", "primary_contact")]}
        assert emails(on_list_and_viewer) == [insider.email]
        assert emails({"not": leaf("contact_list", forum.pk)}) == []

    def test_a_person_who_was_erased_stops_nobody_else(self):
        erased, other = PersonFactory(), PersonFactory()
        rules = leaf("person", erased.pk, other.pk)
        erased.delete()
        assert emails(rules) == [other.email]
        assert "(gone)" in Audience(rules).describe()

    def test_the_reason_of_somebody_on_a_list_names_the_list(self):
        outsider = PersonFactory()
        forum = ContactList.objects.create(name="Forum", basis="signed up")
        ContactListEntry.objects.create(contact_list=forum, person=outsider, line=2)
        [row] = Audience(leaf("contact_list", forum.pk)).rows_to_read(["_why"])
        assert row[4] == {"_why": "You are on our list “Forum”."}

    def test_follows_a_bill(self):
        bill, user = BillFactory(), UserFactory()
        follower = member(person__user=user)
        member(person__user=UserFactory())
        Follow.objects.create(user=user, bill=bill)
        assert emails(leaf("follows", bill.pk)) == [follower]


class TestConditionsOfActions:
    @pytest.fixture
    def done(self):
        """Two calls, three people: one did both, one the first last year, one nothing."""
        campaign = CampaignFactory()
        first, second = CallToActionFactory(campaign=campaign), CallToActionFactory()
        both, long_ago, nothing = member(), member(), member()
        for call in (first, second):
            ActionTakenFactory(call_to_action=call, person=person_of(both))
        ActionTakenFactory(
            call_to_action=first, person=person_of(long_ago), acted_at=timezone.now() - timedelta(days=400)
        )
        return campaign, first, second, both, long_ago, nothing

    def test_completed_and_not(self, done):
        campaign, first, second, both, long_ago, nothing = done
        assert emails(leaf("acted", first.pk)) == sorted([both, long_ago])
        assert emails(leaf("acted", second.pk)) == [both]
        assert emails({"not": leaf("acted", second.pk)}) == sorted([long_ago, nothing])
        assert emails(leaf("acted_in", campaign.pk)) == sorted([both, long_ago])
        assert emails(leaf("acted_any")) == sorted([both, long_ago])
        lately = (timezone.localdate() - timedelta(days=30)).isoformat()
        assert emails(leaf("acted", first.pk, since=lately)) == [both]
        assert emails(leaf("acted_any", before=lately)) == [long_ago]

    def test_engagement_is_actions_of_twelve_months(self, done):
        *_rest, both, long_ago, nothing = done
        active = member()
        for _number in range(3):
            ActionTakenFactory(person=person_of(active))
        assert emails(leaf("engagement", "none")) == sorted([long_ago, nothing])
        assert emails(leaf("engagement", "some")) == [both]
        assert emails(leaf("engagement", "active")) == [active]
        assert len(emails(leaf("engagement", "none", "some", "active"))) == 4

    def test_asked_and_clicked(self):
        call = CallToActionFactory()
        acted, clicked, silent, bounced, unasked = (member() for _number in range(5))
        alert, rows = sent_alert(call, [acted, clicked, silent], failed=[bounced])
        ActionTakenFactory(call_to_action=call, person=person_of(acted), via=rows[acted])
        link = TrackedLink.objects.create(mailing=alert.mailing, url="https://example.org/")
        for email, minutes in ((clicked, 5), (silent, 1)):
            click = Click.objects.create(delivery=rows[email], link=link)
            Click.objects.filter(pk=click.pk).update(
                clicked_at=rows[email].accepted_at + timedelta(minutes=minutes)
            )
        assert emails(leaf("asked", call.pk)) == sorted([acted, clicked, silent])
        assert emails(leaf("asked_not_acted", call.pk)) == sorted([clicked, silent])
        assert emails(leaf("clicked", alert.pk)) == sorted([acted, clicked])
        assert unasked in emails({"not": leaf("asked", call.pk)})


class TestConditionsOfAttendance:
    def test_events(self):
        forum = EventFactory(kind="forum", starts_at=timezone.now() - timedelta(days=400))
        coming = EventFactory(starts_at=timezone.now() + timedelta(days=9))
        day = EventFactory(kind="advocacy_day", starts_at=timezone.now() - timedelta(days=40))
        at_forum, at_both, absent, registered, nowhere = (member() for _number in range(5))
        for event, email, status in (
            (forum, at_forum, "attended"),
            (forum, at_both, "attended"),
            (day, at_both, "attended"),
            (day, absent, "absent"),
            (coming, registered, "registered"),
            (coming, at_forum, "cancelled"),
        ):
            AttendanceFactory(event=event, person=person_of(email), status=status)
        assert emails(leaf("attended_event", forum.pk)) == sorted([at_forum, at_both])
        assert emails(leaf("attended_event", day.pk)) == [at_both]
        assert emails(leaf("registered_event", coming.pk)) == [registered]
        assert emails(leaf("attended_kind", "forum", "advocacy_day")) == sorted([at_forum, at_both])
        lately = (timezone.localdate() - timedelta(days=90)).isoformat()
        assert emails(leaf("attended_any", since=lately)) == [at_both]
        assert emails(leaf("attended_kind", "forum", since=lately)) == []
        assert emails(leaf("attended_any", before=lately)) == sorted([at_forum, at_both])
        assert emails({"not": leaf("attended_any")}) == sorted([absent, registered, nowhere])

    def test_trainings(self):
        reframing, budget = CourseFactory(), CourseFactory()
        both, one, waiting = (member() for _number in range(3))
        for course, email, status in (
            (reframing, both, "attended"),
            (budget, both, "attended"),
            (reframing, one, "attended"),
            (budget, waiting, "waitlisted"),
        ):
            EnrollmentFactory(session__course=course, person=person_of(email), status=status)
        assert emails(leaf("trained", reframing.pk)) == sorted([both, one])
        assert emails(leaf("trained", budget.pk)) == [both]
        assert emails(leaf("trained_any")) == sorted([both, one])
        assert emails({"not": leaf("trained_any")}) == [waiting]

    def test_an_event_is_named_with_its_day_and_a_draft_is_not_offered(self):
        EventFactory(title="Not yet", state="draft")
        EventFactory(title="Spring forum", starts_at=datetime(2026, 4, 8, 15, tzinfo=UTC))
        options = conditions()["attended_event"].options
        assert [label for _value, label in options.all()] == ["Spring forum (Apr 8, 2026)"]


class TestConditionsOfPlaces:
    """61602 lies in one House district, 60601 in two of one Senate district, 60602 in two of two."""

    @pytest.fixture(autouse=True)
    def _zip_codes(self, monkeypatch):
        known = {"61602": (92,), "60601": (5, 6), "60602": (5, 26)}
        monkeypatch.setattr("campaigns.audience.places._houses_by_zip", lambda: known)
        LegislatorFactory(chamber="lower", district=92, name="Alex House", is_current=True)
        LegislatorFactory(chamber="upper", district=46, name="Robin Senate", is_current=True)
        LegislatorFactory(chamber="upper", district=3, name="Kim Senate", is_current=True)
        LegislatorFactory(chamber="lower", district=5, name="Former House", is_current=False)

    def test_the_persons_own_zip_code_counts_before_the_organizations(self):
        by_office = member(organization__zip_code="61602-1234")
        by_home = member(person__zip_code="60601", organization__zip_code="61602")
        member(organization__zip_code="")
        assert emails(leaf("house_district", 92)) == [by_office]
        assert emails(leaf("house_district", 6)) == [by_home]
        assert emails(leaf("senate_district", 3, 46)) == sorted([by_home, by_office])
        assert emails({"not": leaf("senate_district", 46)}) != []
        assert by_office not in emails({"not": leaf("senate_district", 46)})

    def test_a_zip_code_in_several_districts_counts_for_each_and_names_nobody(self):
        torn = member(organization__zip_code="60602")
        assert emails(leaf("house_district", 5)) == [torn]
        assert emails(leaf("house_district", 26)) == [torn]
        [row] = Audience().rows_to_read(["house_district", "senate_district", "representative", "senator"])
        assert row[4] == {}

    def test_legislators_are_named_where_there_is_no_doubt(self):
        sure = member(organization__zip_code="61602")
        half = member(organization__zip_code="60601")
        names = ["house_district", "senate_district", "representative", "senator"]
        said = {row[2]: row[4] for row in Audience().rows_to_read(names)}
        assert said[sure] == {
            "house_district": "92",
            "senate_district": "46",
            "representative": "Alex House",
            "senator": "Robin Senate",
        }
        assert said[half] == {"senate_district": "3", "senator": "Kim Senate"}
        assert [one.email for one in Audience().lacking("representative")] == [half]

    def test_a_known_subscriber_is_represented_too(self):
        known = PersonFactory(zip_code="61602")
        SubscriberFactory(email=known.email)
        [row] = Audience(include_subscribers=True).rows_to_read(["senator"])
        assert row[4] == {"senator": "Robin Senate"}

    def test_the_choices_name_the_members_of_today(self):
        choices = dict(conditions()["house_district"].options.all())
        assert (len(choices), choices["92"], choices["5"]) == (118, "92 (Alex House)", "5")
