"""The page of a call to action that takes no answer: over, not open yet, a draft, or for partners only."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.models import ActionTaken, UnconfirmedAction
from mailing.tokens import recipient_token
from tests.campaigns.answering import ANSWER, content, delivery_to
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


class TestClosed:
    def test_a_closed_call_shows_outcome_and_counts_and_takes_no_answer(self, client):
        call = CallToActionFactory(status="closed", outcome="The committee agreed.", goal=10)
        ActionTakenFactory.create_batch(2, call_to_action=call)
        for response, status in (
            (client.get(call.get_absolute_url()), 200),
            (client.post(call.get_absolute_url(), ANSWER), 410),
        ):
            page = content(response)
            assert response.status_code == status
            assert "This call to action is over" in page
            assert "The committee agreed." in page
            assert '<p class="big-number">2</p>' in page
            assert 'name="email"' not in page
        assert not UnconfirmedAction.objects.exists()

    def test_the_form_disappears_at_the_deadline(self, client):
        call = CallToActionFactory()
        with time_machine.travel(call.closes_at - timedelta(seconds=2), tick=False) as clock:
            assert 'name="email"' in content(client.get(call.get_absolute_url()))
            clock.move_to(call.closes_at)
            assert "This call to action is over" in content(client.get(call.get_absolute_url()))
            assert client.post(call.get_absolute_url(), ANSWER).status_code == 410

    def test_a_call_that_opens_later_says_when(self, client):
        call = CallToActionFactory(opens_at=timezone.now() + timedelta(days=1))
        assert "not open yet" in content(client.get(call.get_absolute_url()))
        assert client.post(call.get_absolute_url(), ANSWER).status_code == 409

    def test_drafts_are_for_staff_and_have_no_form(self, client):
        call = CallToActionFactory(status="draft")
        assert client.get(call.get_absolute_url()).status_code == 404
        assert client.post(call.get_absolute_url(), ANSWER).status_code == 404
        client.force_login(StaffFactory())
        page = content(client.get(call.get_absolute_url(), {"preview": "1"}))
        assert "The form appears here" in page
        assert 'name="csrfmiddlewaretoken"' not in page.split("<main")[1]


class TestPartnersOnly:
    def test_strangers_read_whom_it_is_for_and_are_refused_in_words(self, client):
        call = CallToActionFactory(audience="partners", statement="Inside words")
        page = content(client.get(call.get_absolute_url()))
        assert "people of partner organizations" in page
        assert f"/accounts/login/?next={call.get_absolute_url()}" in page
        assert "Inside words" not in page
        response = client.post(call.get_absolute_url(), ANSWER)
        assert response.status_code == 403
        assert "people of partner organizations" in content(response)
        assert not UnconfirmedAction.objects.exists()

    def test_a_login_without_an_organization_asks_for_an_invitation(self, client):
        call = CallToActionFactory(audience="partners")
        user = member(OrganizationFactory())
        user.person.memberships.update(ended_on=timezone.localdate())
        client.force_login(user)
        assert "Ask your organization" in content(client.get(call.get_absolute_url()))

    def test_members_and_alert_recipients_act(self, client):
        call = CallToActionFactory(audience="partners")
        token = recipient_token(delivery_to(call, MembershipFactory().person))
        assert client.post(call.get_absolute_url(), {"r": token}).status_code == 302
        client.force_login(member(OrganizationFactory()))
        assert client.post(call.get_absolute_url(), {}).status_code == 302
        assert ActionTaken.objects.count() == 2

    def test_staff_read_it_without_a_form(self, client):
        call = CallToActionFactory(audience="partners", statement="Inside words")
        client.force_login(StaffFactory())
        assert "Inside words" in content(client.get(call.get_absolute_url()))

    def test_when_it_is_over_it_says_so(self, client):
        call = CallToActionFactory(audience="partners", status="closed", outcome="All 60 signed.")
        page = content(client.get(call.get_absolute_url()))
        assert "All 60 signed." in page
        assert "Sign in to answer" not in page
