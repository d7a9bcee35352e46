"""One's own slips and the organization's: what is left to do, what was told, taking it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import ActionTaken
from legislation.models import ReportedSlip
from tests.campaigns.answering import content
from tests.factories.partners import OrganizationFactory, PersonFactory, StaffFactory, member
from tests.factories.slips import ReportedSlipFactory, asked, slip_call

pytestmark = pytest.mark.django_db

PAGE = "my_actions:slips"


@pytest.fixture
def partner():
    return OrganizationFactory(name="Porch Services")


@pytest.fixture
def contact(client, partner):
    """Somebody signed in."""
    user = member(partner)
    client.force_login(user)
    return user


def report(client, call, **more):
    document = asked(call)[0]
    sent = {"behalf": "self", f"position_{document.pk}": "proponent", "testimony": "record"} | more
    assert client.post(call.get_absolute_url(), sent).status_code == 302


def back(slip):
    return reverse("my_actions:slip_take_back", args=[slip.pk])


def test_who_told_us_nothing_is_led_to_the_hearings(client, contact):
    page = content(client.get(reverse(PAGE)))
    assert "No slip yet" in page
    assert reverse("legislation:hearing_list") in page


def test_what_is_left_to_do_stands_first(client, contact):
    filed, pledged, moved = slip_call(), slip_call(), slip_call()
    report(client, filed)
    client.post(reverse("campaigns:slip_pledge", args=[pledged.slug]), {"behalf": "self"})
    report(client, moved)
    moved.hearing.moved_from, moved.hearing.state = moved.hearing.starts_at, "moved"
    moved.hearing.starts_at += timedelta(days=1)
    moved.hearing.save()
    page = client.get(reverse(PAGE))
    assert {row[0].state for row in page.context["to_do"]} == {"to_file", "again"}
    assert [row[0].state for row in page.context["told"]] == ["filed"]
    for call in (filed, pledged, moved):
        assert call.get_absolute_url() in content(page)


def test_one_sees_ones_own_alone(client, contact):
    ReportedSlipFactory(document__identifier="HB4711")
    assert "HB 4711" not in content(client.get(reverse(PAGE)))


def test_taking_back_the_last_slip_undoes_the_action(client, contact):
    call = slip_call(documents=2)
    first, second = asked(call)
    report(client, call, **{f"position_{second.pk}": "proponent"})
    client.post(back(ReportedSlip.objects.get(document=first)))
    assert ActionTaken.objects.count() == 1
    response = client.post(back(ReportedSlip.objects.get(document=second)), follow=True)
    assert "It is taken back." in content(response)
    assert not ActionTaken.objects.exists()
    assert not ReportedSlip.objects.exists()
    # And it can be said anew.
    report(client, call, **{f"position_{second.pk}": "none"})
    assert ReportedSlip.objects.get().document == first


def test_after_the_call_closed_the_report_stays(client, contact):
    call = slip_call()
    report(client, call)
    call.closes_at = timezone.now() - timedelta(minutes=1)
    call.save()
    response = client.post(back(ReportedSlip.objects.get()), follow=True)
    assert "Write to us" in content(response)
    assert ReportedSlip.objects.filed().count() == 1
    assert "I did not file it" not in content(client.get(reverse(PAGE)))


def test_a_pledge_can_be_taken_back_at_any_time(client, contact):
    slip = ReportedSlipFactory(person=contact.person, filed_at=None, pledged_at=timezone.now())
    client.post(back(slip))
    assert not ReportedSlip.objects.exists()


def test_nobody_takes_back_for_another_and_no_link_does(client, contact):
    slip = ReportedSlipFactory()
    assert client.post(back(slip)).status_code == 404
    own = ReportedSlipFactory(person=contact.person)
    assert client.get(back(own)).status_code == 405
    assert ReportedSlip.objects.count() == 2


# --- The organization -------------------------------------------------------------------------------------------


def of(organization):
    return reverse("my_actions:organization_slips", args=[organization.slug])


def test_an_organizations_people_see_what_was_filed_in_its_name(client, contact, partner):
    colleague = PersonFactory(first_name="Ben", last_name="Beam")
    ReportedSlipFactory(person=colleague, organization=partner, document__identifier="HB4711")
    ReportedSlipFactory(person=colleague, member_of=partner, document__identifier="HB4712")
    client.force_login(member(partner, role="viewer"))
    page = content(client.get(of(partner)))
    assert "HB 4711" in page
    assert "Ben Beam" in page
    assert "1 slip filed" in page
    # What they filed for themselves is their own matter.
    assert "HB 4712" not in page


def test_other_organizations_people_find_nothing(client, contact, partner, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    ReportedSlipFactory(organization=partner)
    client.force_login(member(OrganizationFactory()))
    assert client.get(of(partner)).status_code == 404
    client.force_login(StaffFactory())
    assert client.get(of(partner)).status_code == 200


def test_an_empty_page_says_what_to_do(client, contact, partner):
    assert "No slip in your organization" in content(client.get(of(partner)))


def test_as_many_queries_for_one_slip_as_for_twenty(client, contact, partner):
    for address in (reverse(PAGE), of(partner)):
        ReportedSlip.objects.all().delete()
        counts = []
        for more in (1, 19):
            for _number in range(more):
                ReportedSlipFactory(person=contact.person, organization=partner)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]
