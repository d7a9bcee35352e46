"""Answers to calls to action: recorded once, confirmed from the mailbox, refused when the call is closed."""

import threading
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.models import ActionTaken, CallToAction, UnconfirmedAction
from campaigns.services.actions import (
    confirm_action,
    purge_unconfirmed,
    request_confirmation,
    take_action,
)
from campaigns.services.calls import close_call
from campaigns.services.errors import CallClosed, LinkUsed, PartnersOnly
from campaigns.tokens import LinkExpired, LinkForged, confirmation_token
from mailing.models import OutboxMessage, Subscription, Topic
from partners.models import Person
from tests.campaigns.answering import delivery_to
from tests.factories.campaigns import (
    ActionTakenFactory,
    CallToActionFactory,
    UnconfirmedActionFactory,
)
from tests.factories.partners import MembershipFactory, OrganizationFactory, PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)


def ask(call, **changes):
    """A visitor sends the form."""
    answer = {"email": "maria@example.org", "first_name": "Maria", "last_name": "Gomez"} | changes
    request_confirmation(call_to_action=call, **answer)


def mails() -> list:
    """The queued messages, the oldest first."""
    return [
        message_from_bytes(bytes(row.message), policy=policy.default)
        for row in OutboxMessage.objects.order_by("id")
    ]


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content()


class TestTakeAction:
    def test_records_who_for_whom_and_with_what_consent(self):
        membership = MembershipFactory()
        call = CallToActionFactory()
        action, created = take_action(
            call_to_action=call,
            person=membership.person,
            comment="We lost four counselors.",
            show_name=True,
            verified="login",
            source_code="issue",
        )
        assert created
        assert action.organization == membership.organization
        assert action.consent_text == call.consent_text
        assert (action.comment, action.show_name, action.source_code) == (
            "We lost four counselors.",
            True,
            "issue",
        )
        assert action.reference.startswith("A-")

    def test_a_second_answer_changes_the_comment_and_counts_once(self):
        call, person = CallToActionFactory(), PersonFactory()
        first, _ = take_action(call_to_action=call, person=person, comment="First", verified="login")
        second, created = take_action(call_to_action=call, person=person, comment="Second", verified="login")
        assert not created
        assert second.pk == first.pk
        assert ActionTaken.objects.get().comment == "Second"
        told = list(first.history.order_by("history_date").values_list("comment", "history_type"))
        assert told == [("First", "+"), ("Second", "~")]

    def test_a_second_answer_without_a_comment_keeps_the_first(self):
        call, person = CallToActionFactory(), PersonFactory()
        take_action(call_to_action=call, person=person, comment="First", verified="login")
        action, _ = take_action(call_to_action=call, person=person, verified="mailbox")
        assert action.comment == "First"
        assert action.verified == "login"

    @pytest.mark.parametrize(
        ("moment", "is_open"),
        [
            (timedelta(seconds=-1), False),
            (timedelta(0), True),
            (timedelta(days=8, seconds=-1), True),
            (timedelta(days=8), False),
        ],
    )
    def test_the_doors_open_and_close_to_the_second(self, moment, is_open):
        call = CallToActionFactory(opens_at=NOON)
        with time_machine.travel(NOON + moment, tick=False):
            if is_open:
                assert take_action(call_to_action=call, person=PersonFactory(), verified="login")[1]
            else:
                with pytest.raises(CallClosed):
                    take_action(call_to_action=call, person=PersonFactory(), verified="login")

    @pytest.mark.parametrize("status", ["draft", "closed", "archived"])
    def test_only_published_calls_take_answers(self, status):
        call = CallToActionFactory(status=status)
        with pytest.raises(CallClosed):
            take_action(call_to_action=call, person=PersonFactory(), verified="login")
        assert not ActionTaken.objects.exists()

    def test_a_call_closed_by_staff_since_the_page_was_opened_is_closed(self):
        call = CallToActionFactory()
        close_call(call_to_action=call, outcome="Won early.", by=StaffFactory())
        with pytest.raises(CallClosed):
            take_action(call_to_action=call, person=PersonFactory(), verified="login")

    def test_a_call_for_partners_refuses_others(self):
        call = CallToActionFactory(audience="partners")
        with pytest.raises(PartnersOnly):
            take_action(call_to_action=call, person=PersonFactory(), verified="login")
        former = MembershipFactory(ended_on=timezone.localdate(), started_on=timezone.localdate())
        with pytest.raises(PartnersOnly):
            take_action(call_to_action=call, person=former.person, verified="login")
        assert take_action(call_to_action=call, person=MembershipFactory().person, verified="login")[1]

    @pytest.mark.parametrize(("read", "is_now"), [("everyone", "partners"), ("actors", "speakers")])
    def test_an_audience_that_staff_narrowed_since_the_page_was_opened_holds(self, read, is_now):
        call, advocate = CallToActionFactory(audience=read), MembershipFactory(role="advocate")
        CallToAction.objects.filter(pk=call.pk).update(audience=is_now)
        someone = PersonFactory() if is_now == "partners" else advocate.person
        with pytest.raises(PartnersOnly):
            take_action(call_to_action=call, person=someone, verified="login")
        assert not ActionTaken.objects.exists()

    def test_an_audience_that_staff_widened_since_the_page_was_opened_holds(self):
        call = CallToActionFactory(audience="partners")
        CallToAction.objects.filter(pk=call.pk).update(audience="everyone")
        action, created = take_action(call_to_action=call, person=PersonFactory(), verified="login")
        assert created
        assert action.organization is None

    def test_of_several_partners_the_one_counts_whose_role_the_call_takes(self):
        person = PersonFactory()
        MembershipFactory(person=person, role="viewer", started_on=date(2020, 1, 1))
        advocate = MembershipFactory(person=person, role="advocate", started_on=date(2022, 1, 1))
        contact = MembershipFactory(person=person, role="primary_contact", started_on=date(2024, 1, 1))
        for audience in ("everyone", "actors", "speakers"):
            call = CallToActionFactory(audience=audience)
            action, _created = take_action(call_to_action=call, person=person, verified="login")
            assert action.organization == contact.organization
        contact.ended_on = timezone.localdate()
        contact.save()
        call = CallToActionFactory(audience="actors")
        action, _created = take_action(call_to_action=call, person=person, verified="login")
        assert action.organization == advocate.organization

    def test_everything_an_answer_says_is_in_its_row(self):
        """One statement of our own writes it: every column must be where it belongs."""
        call, person, now = CallToActionFactory(), MembershipFactory().person, timezone.now()
        partner = OrganizationFactory(slug="helping-hands")
        delivery = delivery_to(call, person)
        words = "“It's 100 %” {} \\ 🎉 שלום"
        action, _created = take_action(
            call_to_action=call,
            person=person,
            comment=words,
            show_name=True,
            verified="alert",
            source_code="partner-helping-hands",
            via_id=delivery.pk,
            now=now,
            reference="A-REFERENC",
        )
        stored = ActionTaken.objects.get()
        written = {
            "id": action.pk,
            "reference": "A-REFERENC",
            "call_to_action_id": call.pk,
            "person_id": person.pk,
            "organization_id": person.memberships.get().organization_id,
            "comment": words,
            "show_name": True,
            "consent_text": call.consent_text,
            "verified": "alert",
            "source_code": "partner-helping-hands",
            "via_id": delivery.pk,
            "credited_id": partner.pk,
            "acted_at": now,
        }
        names = [field.attname for field in ActionTaken._meta.concrete_fields]
        assert {name: getattr(stored, name) for name in names} == written
        assert {name: getattr(action, name) for name in names} == written

    def test_the_database_guards_one_answer_per_person(self):
        action = ActionTakenFactory()
        with pytest.raises(IntegrityError, match="action_once_per_person"), transaction.atomic():
            ActionTakenFactory(call_to_action=action.call_to_action, person=action.person)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_action():
    call, person = CallToActionFactory(), PersonFactory()
    together = threading.Barrier(2)
    outcomes = []

    def act(comment):
        try:
            together.wait(timeout=10)
            outcomes.append(
                take_action(call_to_action=call, person=person, comment=comment, verified="login")[1]
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(comment,)) for comment in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == [False, True]
    assert ActionTaken.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_answer_at_once_and_closing_waits_for_both():
    """Nobody who answers waits for another; staff who close the call wait, so that no answer comes after its end."""
    call, staff = CallToActionFactory(), StaffFactory()
    people = [PersonFactory(), PersonFactory()]
    both_wrote = threading.Barrier(2)
    finished = []

    def act(person):
        try:
            with transaction.atomic():
                take_action(call_to_action=call, person=person, verified="login")
                both_wrote.wait(timeout=10)  # Neither has committed: neither had to wait for the other.
                closing.start() if person is people[0] else None
                closing.join(timeout=0.3) if person is people[0] else None
                finished.append("acted")
        finally:
            connection.close()

    def close():
        try:
            close_call(call_to_action=call, outcome="Two people answered.", by=staff)
            finished.append("closed")
        finally:
            connection.close()

    closing = threading.Thread(target=close)
    threads = [threading.Thread(target=act, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in [*threads, closing]:
        thread.join(timeout=20)
    assert finished == ["acted", "acted", "closed"]
    assert ActionTaken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_confirm_makes_one_action_and_one_receipt():
    token = confirmation_token(UnconfirmedActionFactory())
    together = threading.Barrier(2)
    references = []

    def confirm():
        try:
            together.wait(timeout=10)
            references.append(confirm_action(token=token).reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(references) == 2
    assert len(set(references)) == 1
    assert ActionTaken.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


class TestConfirmation:
    def test_nothing_counts_before_it_is_confirmed(self):
        call = CallToActionFactory()
        ask(call)
        assert not ActionTaken.objects.exists()
        assert not Person.objects.filter(email="maria@example.org").exists()

    def test_the_mail_has_a_link_and_nothing_that_was_typed(self):
        call = CallToActionFactory(title="Fund loan repayment")
        ask(call, first_name="BUY NOW", comment="http://spam.example")
        (message,) = mails()
        assert message["Subject"] == "Please confirm: Fund loan repayment"
        for part in message.walk():
            if part.get_content_maintype() == "text":
                assert "BUY NOW" not in part.get_content()
                assert "spam.example" not in part.get_content()
        assert "/take-action/confirm/" in text_of(message)

    def test_one_mail_per_address_call_and_hour(self):
        call = CallToActionFactory()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for number in range(20):
                ask(call, comment=f"Attempt {number}", email="MARIA@example.org ")
            assert OutboxMessage.objects.count() == 1
            assert UnconfirmedAction.objects.get().comment == "Attempt 19"
            ask(CallToActionFactory())
            assert OutboxMessage.objects.count() == 2
            clock.shift(timedelta(hours=1))
            ask(call)
            assert OutboxMessage.objects.count() == 3

    def test_confirming_records_thanks_and_forgets_what_was_typed(self):
        call = CallToActionFactory(next_step="Tell two colleagues", next_step_url="https://example.org/kit")
        unconfirmed = UnconfirmedActionFactory(call_to_action=call, comment="It matters.")
        action = confirm_action(token=confirmation_token(unconfirmed))
        assert action.verified == "mailbox"
        assert action.person.email == unconfirmed.email
        assert action.person.zip_code == "60085"
        assert action.comment == "It matters."
        assert not UnconfirmedAction.objects.exists()
        (receipt,) = mails()
        assert receipt["To"] == unconfirmed.email
        assert action.reference in text_of(receipt)
        assert "Tell two colleagues" in text_of(receipt)
        assert "&" not in text_of(receipt)

    def test_the_same_link_again_finds_the_same_action(self):
        token = confirmation_token(UnconfirmedActionFactory())
        first = confirm_action(token=token)
        assert confirm_action(token=token) == first
        assert ActionTaken.objects.count() == 1

    def test_an_older_link_after_a_newer_one_says_it_was_used(self):
        unconfirmed = UnconfirmedActionFactory()
        older, newer = confirmation_token(unconfirmed), confirmation_token(unconfirmed)
        confirm_action(token=newer)
        with pytest.raises(LinkUsed):
            confirm_action(token=older)

    def test_a_member_who_confirms_as_a_visitor_acts_for_their_organization(self):
        membership = MembershipFactory()
        unconfirmed = UnconfirmedActionFactory(email=membership.person.email)
        action = confirm_action(token=confirmation_token(unconfirmed))
        assert action.organization == membership.organization

    def test_someone_who_acted_before_gets_no_second_receipt(self):
        action = ActionTakenFactory()
        unconfirmed = UnconfirmedActionFactory(
            call_to_action=action.call_to_action, email=action.person.email, comment="More to say"
        )
        assert confirm_action(token=confirmation_token(unconfirmed)) == action
        action.refresh_from_db()
        assert action.comment == "More to say"
        assert not OutboxMessage.objects.exists()

    def test_wanting_updates_subscribes_the_proven_address(self):
        topic = Topic.objects.create(slug="action-alerts", name="Action alerts", description="When to act")
        unconfirmed = UnconfirmedActionFactory(wants_updates=True)
        confirm_action(token=confirmation_token(unconfirmed))
        subscription = Subscription.objects.get(topic=topic)
        assert subscription.email == unconfirmed.email
        assert subscription.state == "subscribed"
        assert subscription.source == f"action:{unconfirmed.call_to_action.slug}"

    def test_without_the_tick_nobody_is_subscribed(self):
        Topic.objects.create(slug="action-alerts", name="Action alerts", description="When to act")
        confirm_action(token=confirmation_token(UnconfirmedActionFactory()))
        assert not Subscription.objects.exists()

    def test_a_call_that_closed_meanwhile_refuses(self):
        call = CallToActionFactory(closes_at=timezone.now() + timedelta(hours=1))
        token = confirmation_token(UnconfirmedActionFactory(call_to_action=call))
        with time_machine.travel(call.closes_at), pytest.raises(CallClosed):
            confirm_action(token=token)
        assert not ActionTaken.objects.exists()

    def test_forged_and_expired_links(self):
        unconfirmed = UnconfirmedActionFactory()
        token = confirmation_token(unconfirmed)
        for forged in ("", "1-A-22222222", token[:-1], f"9{token}", "\x00", "é" * 200):
            with pytest.raises(LinkForged):
                confirm_action(token=forged)
        with (
            time_machine.travel(timezone.now() + timedelta(days=7, seconds=2)),
            pytest.raises(LinkExpired),
        ):
            confirm_action(token=token)

    def test_answers_nobody_confirmed_are_erased_after_a_week(self):
        old, new = UnconfirmedActionFactory(), UnconfirmedActionFactory()
        UnconfirmedAction.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
        assert purge_unconfirmed(now=timezone.now()) == 1
        assert UnconfirmedAction.objects.get() == new

    @pytest.mark.parametrize("name", ["Ana 🌻", "محمد", "<b>Bob</b>", "O'Hara & Söhne", "x" * 80])
    def test_names_of_every_kind_arrive_as_they_are(self, name):
        unconfirmed = UnconfirmedActionFactory(first_name=name)
        action = confirm_action(token=confirmation_token(unconfirmed))
        assert action.person.first_name == name
        (receipt,) = mails()
        assert name in " ".join(text_of(receipt).split())
        assert "<b>Bob</b>" not in receipt.get_body(("html",)).get_content()

    def test_a_headline_with_line_breaks_makes_one_header(self):
        call = CallToActionFactory(title="Fund it\r\nBcc: everyone@example.org")
        ask(call)
        (message,) = mails()
        assert message["Bcc"] is None
        assert message["Subject"] == "Please confirm: Fund it Bcc: everyone@example.org"

    def test_a_call_for_partners_asks_no_stranger(self):
        with pytest.raises(PartnersOnly):
            ask(CallToActionFactory(audience="partners"))
        assert not OutboxMessage.objects.exists()
