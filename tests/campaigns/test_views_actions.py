"""The page of a call to action: for strangers, for signed-in people, for people who come over an alert."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns.models import ActionTaken, UnconfirmedAction
from campaigns.tokens import confirmation_token
from mailing.models import OutboxMessage
from mailing.services.erasure import OWNER, erase_address
from mailing.tokens import recipient_token
from tests.campaigns.answering import ANSWER, content, delivery_to
from tests.factories.campaigns import (
    ActionTakenFactory,
    CallToActionFactory,
    CampaignFactory,
    UnconfirmedActionFactory,
)
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def call():
    return CallToActionFactory(title="Fund loan repayment", goal=500)


class TestStrangers:
    def test_the_page_goes_from_deadline_to_privacy_line(self, client, call):
        ActionTakenFactory.create_batch(3, call_to_action=call)
        page = content(client.get(call.get_absolute_url())).split("<main")[1]
        order = [
            "days left",
            call.ask,
            "Skilled people leave",
            call.statement,
            'name="first_name"',
            call.consent_text,
        ]
        places = [page.index(words) for words in order]
        assert places == sorted(places)
        assert re.search(r"<strong class=\"beam__value\">3</strong>\s+of 25", page)
        assert "The goal in the end: 500 people." in page

    def test_an_answer_waits_for_the_mail_and_keeps_where_it_came_from(self, client, call):
        response = client.post(call.get_absolute_url(), ANSWER | {"source": "issue", "wants_updates": "on"})
        assert response.status_code == 302
        assert response["Location"] == f"{call.get_absolute_url()}check-your-mail/"
        assert "check your mail" in content(client.get(response["Location"]))
        waiting = UnconfirmedAction.objects.get()
        assert (waiting.email, waiting.source_code, waiting.wants_updates) == (
            "maria@example.org",
            "issue",
            True,
        )
        assert not ActionTaken.objects.exists()
        assert OutboxMessage.objects.get().to == "maria@example.org"

    def test_known_and_unknown_addresses_get_the_same_answer(self, client, call):
        person = MembershipFactory().person
        ActionTakenFactory(call_to_action=call, person=person)
        known = client.post(call.get_absolute_url(), ANSWER | {"email": person.email})
        unknown = client.post(call.get_absolute_url(), ANSWER)
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])

    def test_the_source_is_carried_through_the_form_when_it_makes_sense(self, client, call):
        assert 'name="source" value="alert-12"' in content(
            client.get(call.get_absolute_url(), {"source": "alert-12"})
        )
        for nonsense in ("<script>", "x" * 61, "a b", "../x"):
            page = content(client.get(call.get_absolute_url(), {"source": nonsense}))
            assert 'name="source" value' not in page
            client.post(call.get_absolute_url(), ANSWER | {"source": nonsense})
            assert UnconfirmedAction.objects.get().source_code == ""

    def test_mistakes_are_named_at_their_fields_and_the_rest_is_kept(self, client, call):
        wrong = ANSWER | {"email": "maria@", "zip_code": "six", "first_name": ""}
        page = content(client.post(call.get_absolute_url(), wrong))
        assert "<title>Error: Fund loan repayment" in page
        assert "There is a problem" in page
        assert "Enter an e-mail address such as name@example.org." in page
        assert "Enter a ZIP code of five digits" in page
        assert '<a href="#id_first_name">Enter your first name.</a>' in page
        assert 'value="Gomez"' in page
        assert "It matters." in page
        assert not UnconfirmedAction.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("comment", "x" * 10_000, "Shorten your comment to 1,000 characters. It has 10000 now."),
            ("first_name", "x" * 10_000, "at most 80 characters"),
            ("first_name", "Cheap pills www.spam.example", "without web or e-mail addresses"),
            ("last_name", "A\r\nBcc: everyone@example.org", "on one line"),
            ("last_name", "\u202eevil", "without web or e-mail addresses"),
            ("first_name", "nul\x00l", "Null characters are not allowed."),
            ("email", f"{'x' * 300}@example.org", "at most 254 characters"),
            ("email", "a@example.org\nBcc: b@example.org", "Enter an e-mail address"),
        ],
    )
    def test_hostile_input_gets_a_message_at_the_field(self, client, call, field, value, message):
        page = content(client.post(call.get_absolute_url(), ANSWER | {field: value}))
        assert message in page
        assert not UnconfirmedAction.objects.exists()

    @pytest.mark.parametrize("name", ["Ana 🌻", "محمد", "<b>Bob</b>", "O’Hara-Söhne"])
    def test_unusual_names_are_welcome(self, client, call, name):
        client.post(call.get_absolute_url(), ANSWER | {"first_name": name})
        token = confirmation_token(UnconfirmedAction.objects.get())
        page = content(client.get(f"/take-action/confirm/{token}/"))
        assert "<b>Bob</b>" not in page
        assert name.replace("<", "&lt;").replace(">", "&gt;") in page

    def test_a_robot_in_the_trap_is_told_that_all_went_well(self, client, call):
        response = client.post(call.get_absolute_url(), ANSWER | {"website_url2": "http://spam.example"})
        assert response["Location"] == f"{call.get_absolute_url()}check-your-mail/"
        assert not UnconfirmedAction.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_too_many_answers_from_one_address_are_refused(self, client, call, settings):
        settings.FORM_RATE = "3/h"
        codes = [client.post(call.get_absolute_url(), ANSWER).status_code for _ in range(4)]
        assert codes == [302, 302, 302, 429]

    def test_a_form_from_elsewhere_is_refused(self, call):
        assert Client(enforce_csrf_checks=True).post(call.get_absolute_url(), ANSWER).status_code == 403

    def test_the_page_with_the_form_is_never_stored(self, client, call):
        response = client.get(call.get_absolute_url())
        assert "no-store" in response["Cache-Control"]
        assert not getattr(response, "page_cache", False)

    def test_queries(self, client, call, django_assert_num_queries):
        ActionTakenFactory.create_batch(20, call_to_action=call)
        with django_assert_num_queries(3):
            client.get(call.get_absolute_url())


class TestConfirming:
    def confirm_path(self, **fields):
        return f"/take-action/confirm/{confirmation_token(UnconfirmedActionFactory(**fields))}/"

    def test_looking_records_nothing(self, client):
        path = self.confirm_path(comment="Line one\nline two")
        for _visit in range(3):
            page = content(client.get(path))
        assert "Maria Gomez" in page
        assert "Line one<br>line two" in page
        assert not ActionTaken.objects.exists()

    def test_the_button_records_and_leads_to_the_thanks(self, client):
        path = self.confirm_path()
        response = client.post(path)
        action = ActionTaken.objects.get()
        assert response["Location"] == f"{action.call_to_action.get_absolute_url()}thanks/{action.reference}/"
        page = content(client.get(response["Location"]))
        assert action.reference in page
        assert "Maria" not in page
        assert "mailto:?subject=" in page
        assert client.post(path)["Location"] == response["Location"]
        assert client.get(path)["Location"] == response["Location"]

    def test_the_thanks_show_the_next_step_and_another_open_call(self, client):
        call = CallToActionFactory(next_step="Tell two colleagues", next_step_url="https://example.org/kit")
        other = CallToActionFactory(title="Also this")
        action = ActionTakenFactory(call_to_action=call)
        page = content(client.get(f"{call.get_absolute_url()}thanks/{action.reference}/"))
        assert 'href="https://example.org/kit"' in page
        assert other.title in page

    @pytest.mark.parametrize("reference", ["A-22222222", "nonsense"])
    def test_thanks_that_were_never_said_are_not_found(self, client, call, reference):
        assert client.get(f"{call.get_absolute_url()}thanks/{reference}/").status_code == 404

    def test_forged_expired_and_used_links_say_what_to_do(self, client):
        path = self.confirm_path()
        forged = client.get("/take-action/confirm/1-A-22222222.abc.def/")
        assert forged.status_code == 404
        assert "Copy the whole link" in content(forged)
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            expired = client.post(path)
        assert expired.status_code == 410
        assert "works for a week" in content(expired)
        UnconfirmedAction.objects.all().delete()
        for used in (client.get(path), client.post(path)):
            assert used.status_code == 410
            assert "may have confirmed this answer before" in content(used)

    def test_a_call_that_closed_meanwhile_shows_its_outcome(self, client):
        call = CallToActionFactory(status="closed", outcome="The committee agreed.")
        path = self.confirm_path(call_to_action=call)
        for response in (client.get(path), client.post(path)):
            assert response.status_code == 410
            assert "The committee agreed." in content(response)
        assert not ActionTaken.objects.exists()


class TestSignedIn:
    def test_acts_at_once_for_the_organization(self, client, call):
        organization = OrganizationFactory(name="Arden Shore")
        client.force_login(member(organization, first_name="Maria", last_name="Gomez"))
        page = content(client.get(call.get_absolute_url()))
        assert "You are acting as <strong>Maria Gomez</strong>, Arden Shore." in page
        assert 'name="email"' not in page
        response = client.post(call.get_absolute_url(), {"comment": "Yes", "show_name": "on"})
        action = ActionTaken.objects.get()
        assert response["Location"].endswith(f"/thanks/{action.reference}/")
        assert (action.verified, action.organization, action.show_name) == ("login", organization, True)
        assert not OutboxMessage.objects.exists()

    def test_who_acted_before_can_change_the_comment(self, client, call):
        user = member(OrganizationFactory())
        action = ActionTakenFactory(call_to_action=call, person=user.person, comment="First thought")
        client.force_login(user)
        page = content(client.get(call.get_absolute_url()))
        assert "You have acted" in page
        assert "First thought" in page
        assert "Update my comment" in page
        response = client.post(call.get_absolute_url(), {"comment": "Second thought"})
        assert response["Location"].endswith(f"/thanks/{action.reference}/?changed=1")
        assert "Your answer is up to date" in content(client.get(response["Location"]))
        action.refresh_from_db()
        assert action.comment == "Second thought"

    def test_staff_without_a_person_answer_like_visitors(self, client, call):
        staff = StaffFactory()
        client.force_login(staff)
        assert f'value="{staff.email}"' in content(client.get(call.get_absolute_url()))

    def test_a_comment_that_is_too_long_is_named(self, client, call):
        client.force_login(member(OrganizationFactory()))
        page = content(client.post(call.get_absolute_url(), {"comment": "x" * 1001}))
        assert "It has 1001 now." in page
        assert not ActionTaken.objects.exists()

    def test_queries(self, client, call, django_assert_num_queries):
        client.force_login(member(OrganizationFactory()))
        with django_assert_num_queries(8):
            client.get(call.get_absolute_url())


class TestAlertRecipients:
    def test_acts_at_once_and_is_counted_for_the_alert(self, client, call):
        membership = MembershipFactory(person__first_name="Maria", person__last_name="Gomez")
        delivery = delivery_to(call, membership.person)
        token = recipient_token(delivery)
        page = content(client.get(call.get_absolute_url(), {"r": token, "source": "alert-1"}))
        assert "You are acting as <strong>Maria Gomez</strong>" in page
        assert f'href="{call.get_absolute_url()}">Not Maria?' in page
        response = client.post(call.get_absolute_url(), {"r": token, "source": "alert-1", "comment": ""})
        action = ActionTaken.objects.get()
        assert response["Location"].endswith(f"/thanks/{action.reference}/")
        assert (action.verified, action.via, action.source_code) == ("alert", delivery, "alert-1")
        assert action.organization == membership.organization

    @pytest.mark.parametrize("token", ["nonsense", "1.abc.def", "\x00", "x" * 5000])
    def test_a_bad_token_leaves_the_strangers_page_with_a_note(self, client, call, token):
        page = content(client.get(call.get_absolute_url(), {"r": token}))
        assert "The link from your mail has expired" in page
        assert 'name="email"' in page

    def test_a_link_to_an_address_that_was_forgotten_leaves_the_strangers_page_with_a_note(
        self, client, call
    ):
        delivery = delivery_to(call, MembershipFactory(person__first_name="Maria").person)
        token = recipient_token(delivery)
        erase_address(email=delivery.email, by=OWNER)
        page = content(client.get(call.get_absolute_url(), {"r": token}))
        assert "The link from your mail has expired" in page
        assert "Maria" not in page
        delivery.delete()
        page = content(client.post(call.get_absolute_url(), {"r": token, "comment": "Me"}))
        assert "The link from your mail has expired" in page
        assert not ActionTaken.objects.exists()

    def test_an_answer_costs_three_statements_in_one_transaction(
        self, client, call, django_assert_num_queries
    ):
        token = recipient_token(delivery_to(call, MembershipFactory().person))
        # The transaction is a savepoint here: its two ends count too.
        with django_assert_num_queries(5):
            response = client.post(call.get_absolute_url(), {"r": token, "comment": "Me"})
        assert "/thanks/" in response["Location"]

    def test_an_expired_token_at_sending_keeps_what_was_written(self, client, call):
        token = recipient_token(delivery_to(call, MembershipFactory().person))
        with time_machine.travel(timezone.now() + timedelta(days=61)):
            call.closes_at = timezone.now() + timedelta(days=5)
            call.save()
            page = content(client.post(call.get_absolute_url(), {"r": token, "comment": "My thoughts"}))
        assert "The link from your mail has expired" in page
        assert "My thoughts" in page
        assert not ActionTaken.objects.exists()

    def test_a_link_that_was_passed_on_speaks_for_nobody_on_another_call(self, client, call):
        person = MembershipFactory(person__first_name="Maria").person
        token = recipient_token(delivery_to(CallToActionFactory(), person))
        page = content(client.get(call.get_absolute_url(), {"r": token}))
        assert "You are acting as" not in page
        assert "Maria" not in page
        assert client.post(call.get_absolute_url(), {"r": token, "comment": "Not hers"}).status_code == 200
        assert not ActionTaken.objects.exists()

    def test_a_login_is_stronger_than_somebody_elses_link(self, client, call):
        user = member(OrganizationFactory())
        client.force_login(user)
        client.post(call.get_absolute_url(), {"r": recipient_token(delivery_to(call, PersonFactory()))})
        action = ActionTaken.objects.get()
        assert (action.person, action.verified, action.via) == (user.person, "login", None)

    def test_a_login_over_ones_own_link_counts_for_the_alert(self, client, call):
        user = member(OrganizationFactory())
        client.force_login(user)
        delivery = delivery_to(call, user.person)
        client.post(call.get_absolute_url(), {"r": recipient_token(delivery)})
        assert ActionTaken.objects.get().via == delivery

    def test_a_subscriber_without_a_name_fills_the_form(self, client, call):
        token = recipient_token(delivery_to(call, email="reader@example.org"))
        page = content(client.get(call.get_absolute_url(), {"r": token}))
        assert 'value="reader@example.org"' in page
        assert "has expired" not in page

    def test_many_people_behind_one_network_address_can_act(self, client, call, settings):
        settings.FORM_RATE = "1/h"
        for _number in range(4):
            token = recipient_token(delivery_to(call, MembershipFactory().person))
            assert client.post(call.get_absolute_url(), {"r": token}).status_code == 302
        assert ActionTaken.objects.count() == 4


def test_the_campaign_is_named_unless_it_is_a_draft(client):
    shown = CallToActionFactory(campaign=CampaignFactory(title="Fair pay now"))
    hidden = CallToActionFactory(campaign=CampaignFactory(title="Not yet", status="draft"))
    assert "Fair pay now" in content(client.get(shown.get_absolute_url()))
    assert "Not yet" not in content(client.get(hidden.get_absolute_url()))
