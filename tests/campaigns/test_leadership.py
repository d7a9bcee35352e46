"""Calls that ask the leaders of a chamber: staff keep who leads, the call reads it anew for each visitor."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns import kinds
from campaigns.legislator_targets import reach
from campaigns.models import CallToAction, LegislatorContact
from campaigns.services.calls import problems_of
from campaigns.visitors import Visitor
from legislation.models import ChamberLeader
from tests.campaigns.reaching import office_of, reaching_call, words
from tests.factories.legislation import BillFactory, ChamberLeaderFactory, LegislatorFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, StaffFactory, member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def speaker():
    return ChamberLeaderFactory()


@pytest.fixture
def president():
    return ChamberLeaderFactory(
        legislator=LegislatorFactory(chamber="upper", district=7), title="President of the Senate"
    )


def asked(call, **visitor):
    fresh = CallToAction.objects.get(pk=call.pk)
    return {one.legislator for one in reach(fresh, Visitor(**visitor)).asked}


class TestWhoIsAsked:
    def test_the_leaders_and_nobody_else(self, speaker, president):
        LegislatorFactory()
        call = reaching_call(rule="leadership")
        assert asked(call) == {speaker.legislator, president.legislator}
        assert [
            one.office for one in reach(call, Visitor()).asked if one.legislator == speaker.legislator
        ] == ["Speaker of the House"]

    def test_they_follow_the_bill_into_the_other_chamber(self, speaker, president):
        bill = BillFactory(current_chamber="lower")
        call = reaching_call(rule="leadership", bill=bill)
        assert asked(call) == {speaker.legislator}
        bill.current_chamber = "upper"
        bill.save()
        assert asked(call) == {president.legislator}
        fixed = reaching_call(rule="leadership", bill=bill, targets={"chamber": "lower"})
        assert asked(fixed) == {speaker.legislator}

    def test_on_the_first_and_the_last_day_and_not_around_them(self, speaker):
        call, today = reaching_call(rule="leadership"), timezone.localdate()
        for since, until, holds in [
            (today, today, True),
            (today + DAY, None, False),
            (today - 9 * DAY, today - DAY, False),
            (today - 9 * DAY, today + DAY, True),
        ]:
            ChamberLeader.objects.update(since=since, until=until)
            assert bool(asked(call)) == holds, (since, until)

    def test_who_leaves_the_seat_leads_nothing_and_a_successor_is_asked_at_once(self, speaker):
        call = reaching_call(rule="leadership")
        speaker.legislator.is_current = False
        speaker.legislator.save()
        assert asked(call) == set()
        successor = ChamberLeaderFactory(since=timezone.localdate())
        assert asked(call) == {successor.legislator}

    def test_who_goes_to_the_other_chamber_leads_the_old_one_no_more(self, speaker):
        type(speaker.legislator).objects.update(chamber="upper", district=12)
        assert asked(reaching_call(rule="leadership")) == set()
        assert asked(reaching_call(rule="leadership", targets={"chamber": "upper"})) == set()

    def test_two_offices_of_one_legislator_are_one_to_reach(self, speaker):
        ChamberLeaderFactory(legislator=speaker.legislator, title="Chair of the Rules Committee")
        (found,) = reach(reaching_call(rule="leadership"), Visitor()).asked
        assert set(found.office.split(", ")) == {"Speaker of the House", "Chair of the Rules Committee"}

    def test_only_ones_own_where_staff_say_so(self, speaker, president):
        call = reaching_call(rule="leadership", targets={"only_own": True})
        assert asked(call, house=speaker.legislator.district) == {speaker.legislator}

    def test_queries(self, django_assert_num_queries):
        bill = BillFactory(current_chamber="lower")
        for number in range(12):
            ChamberLeaderFactory(title=f"Assistant Leader {number}")
        call = reaching_call(rule="leadership", bill=bill)
        call = CallToAction.objects.select_related("bill").get(pk=call.pk)
        with django_assert_num_queries(5):
            reach(call, Visitor())


class TestFromTheDeskToTheResult:
    def test_a_call_without_a_leader_is_not_ready(self, speaker):
        call = reaching_call(rule="leadership", targets={"chamber": "upper"}, status="draft")
        assert "Chamber leaders" in " ".join(problems_of(call))
        ready = reaching_call(rule="leadership", targets={"chamber": "lower"}, status="draft")
        assert kinds.of(ready).problems(ready) == []

    def test_staff_choose_the_rule_in_the_form(self, client):
        call = reaching_call(rule="mine")
        client.force_login(StaffFactory())
        page = words(client.get(reverse("admin:campaigns_calltoaction_change", args=[call.pk])))
        assert '<option value="leadership">the leaders of the chamber</option>' in page

    def test_a_partner_calls_the_leader_and_the_contact_is_kept(self, client, speaker):
        office_of(speaker.legislator, "217-555-0100")
        call = reaching_call("phone", rule="leadership")
        client.force_login(member(OrganizationFactory()))
        page = client.get(call.get_absolute_url())
        assert "Speaker of the House, House district" in words(page)
        assert "217-555-0100" in words(page)
        offer = page.context["details"].reach.offer
        number = speaker.legislator_id
        client.post(
            call.get_absolute_url(),
            {"offer": offer, f"outcome_{number}": "spoke"},
        )
        assert LegislatorContact.objects.get().legislator == speaker.legislator

    def test_the_page_says_so_when_nobody_leads(self, client, speaker):
        ChamberLeader.objects.update(until=timezone.localdate() - DAY)
        page = words(client.get(reaching_call(rule="leadership", bill=BillFactory()).get_absolute_url()))
        assert "We know of nobody who leads the chamber today." in page
        assert "when the bill has moved on" not in page


class TestTheListStaffKeep:
    def add(self, client, legislator, **facts):
        data = {
            "legislator": legislator.pk,
            "chamber": "lower",
            "title": "Majority Leader",
            "since": "2025-01-08",
            "until": "",
            "source_url": "",
        }
        return client.post(reverse("admin:legislation_chamberleader_add"), data | facts)

    def test_who_leads_is_entered_ended_and_its_history_read(self, client):
        client.force_login(StaffFactory())
        legislator = LegislatorFactory()
        assert self.add(client, legislator).status_code == 302
        row = ChamberLeader.objects.get()
        change = reverse("admin:legislation_chamberleader_change", args=[row.pk])
        data = {
            "legislator": legislator.pk,
            "chamber": "lower",
            "title": row.title,
            "since": "2025-01-08",
            "until": "2026-01-05",
            "source_url": "",
        }
        assert client.post(change, data).status_code == 302
        assert [past.until for past in row.history.order_by("history_id")] == [
            None,
            row.history.first().until,
        ]
        assert str(row.history.first().until) == "2026-01-05"
        assert "Majority Leader" in words(
            client.get(reverse("admin:legislation_chamberleader_history", args=[row.pk]))
        )

    def test_mistakes_are_named(self, client):
        client.force_login(StaffFactory())
        gone = LegislatorFactory(is_current=False)
        senator = LegislatorFactory(chamber="upper", district=3)
        assert "does not sit any more" in words(self.add(client, gone))
        assert "sits in the other chamber" in words(self.add(client, senator))
        assert "The last day comes before the first." in words(self.add(client, senator, until="2024-01-01"))
        assert not ChamberLeader.objects.exists()
        assert self.add(client, gone, until="2025-06-01").status_code == 302
        assert "is on the list already" in words(self.add(client, gone, until="2025-06-01"))

    def test_the_database_holds_it_too(self, speaker):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChamberLeader.objects.update(until=speaker.since - DAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            ChamberLeaderFactory(legislator=speaker.legislator)

    def test_the_list_shows_today_and_whom_staff_must_end(self, client, speaker):
        left = ChamberLeaderFactory(title="Minority Leader")
        left.legislator.is_current = False
        left.legislator.save()
        ChamberLeaderFactory(title="Once the Speaker", until=timezone.localdate() - DAY)
        client.force_login(StaffFactory())
        address = reverse("admin:legislation_chamberleader_changelist")
        page = words(client.get(address))
        assert "holds the office" in page
        assert "left the chamber: enter the last day" in page
        assert "Once the Speaker" not in page
        left_only = words(client.get(f"{address}?office=left"))
        assert "Minority Leader" in left_only
        assert "Speaker of the House" not in left_only
        assert "Once the Speaker" in words(client.get(f"{address}?office=past"))
        assert "Once the Speaker" in words(client.get(f"{address}?office=all"))

    def test_a_past_leader_may_have_left(self):
        gone = LegislatorFactory(is_current=False)
        row = ChamberLeaderFactory.build(legislator=gone, chamber="upper", until=timezone.localdate())
        row.clean()
        row.until = None
        with pytest.raises(ValidationError):
            row.clean()
