"""Partners' positions: who may speak, what becomes of it, and that nobody else gets in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from legislation.models import BillTracking, OrganizationPosition, ReplacementWarning
from legislation.permissions import can_propose_for, can_speak_for
from legislation.services.positions import (
    approve_position,
    decline_position,
    take_position,
    warn_of_replacement,
    withdraw_position,
)
from mailing.models import OutboxMessage
from partners.errors import AlreadyDecided, NotAllowed
from tests.factories.legislation import (
    BillEventFactory,
    BillFactory,
    BillTrackingFactory,
    OrganizationPositionFactory,
)
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.partners.mails import mail_to, mails_to

pytestmark = pytest.mark.django_db

BILL = {"prefix": "HB", "number": 9075, "title": "SAMPLE-PORCH REPAIR"}


@pytest.fixture
def organization():
    return OrganizationFactory(name="Hope House")


@pytest.fixture
def bill():
    return BillFactory(**BILL)


@pytest.fixture
def contact(organization):
    return member(organization, email="contact@hope.example", first_name="Rosa", last_name="Sample")


@pytest.fixture
def advocate(organization):
    return member(organization, "advocate", email="advocate@hope.example", first_name="Ana")


def states(bill):
    return list(
        OrganizationPosition.objects.filter(bill=bill).order_by("pk").values_list("position", "state")
    )


def words(message):
    return message.get_body(("plain",)).get_content()


# --- Services ---------------------------------------------------------------------------------------------------


def test_a_primary_contact_speaks_at_once(organization, bill, contact):
    row = take_position(
        organization=organization, bill=bill, position="support", statement=" We live it. ", by=contact
    )
    assert (row.state, row.statement, row.decided_by) == ("on_record", "We live it.", contact)
    assert list(OrganizationPosition.objects.on_record()) == [row]
    assert row.history.get().history_user == contact


def test_the_same_twice_is_once(organization, bill, contact, advocate):
    for _time in range(2):
        take_position(organization=organization, bill=bill, position="oppose", by=advocate)
    assert states(bill) == [("oppose", "proposed")]
    assert len(mails_to("contact@hope.example")) == 1
    for _time in range(2):
        take_position(organization=organization, bill=bill, position="support", by=contact)
    assert states(bill) == [("oppose", "withdrawn"), ("support", "on_record")]


def test_a_change_is_a_new_row_and_the_old_one_stays(organization, bill, contact):
    first = take_position(organization=organization, bill=bill, position="support", by=contact)
    second = take_position(organization=organization, bill=bill, position="neutral", by=contact)
    first.refresh_from_db()
    assert first.pk != second.pk
    assert (first.state, first.withdrawn_by) == ("withdrawn", contact)
    assert states(bill) == [("support", "withdrawn"), ("neutral", "on_record")]


def test_an_advocate_proposes_and_the_contacts_hear_of_it(organization, bill, contact, advocate):
    second = MembershipFactory(organization=organization)
    row = take_position(
        organization=organization, bill=bill, position="support", statement="Porches matter.", by=advocate
    )
    assert (row.state, row.decided_at) == ("proposed", None)
    assert not OrganizationPosition.objects.on_record().exists()
    for address in ("contact@hope.example", second.person.email):
        text = words(mail_to(address))
        assert "HB 9075" in text
        assert "Porches matter." in text
        assert f"/my/organizations/{organization.slug}/positions/" in text
    approve_position(position=row, by=contact)
    assert states(bill) == [("support", "on_record")]
    assert "is on record with" in words(mail_to("advocate@hope.example"))


def test_approving_withdraws_what_was_on_record(organization, bill, contact, advocate):
    take_position(organization=organization, bill=bill, position="neutral", by=contact)
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    assert states(bill) == [("neutral", "on_record"), ("support", "proposed")]
    approve_position(position=row, by=contact)
    assert states(bill) == [("neutral", "withdrawn"), ("support", "on_record")]


def test_declining_needs_a_reason_and_tells_it(organization, bill, contact, advocate):
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    with pytest.raises(NotAllowed):
        decline_position(position=row, by=contact, reason="  ")
    decline_position(position=row, by=contact, reason="Our board has not met.")
    row.refresh_from_db()
    assert (row.state, row.decline_reason) == ("declined", "Our board has not met.")
    assert "Our board has not met." in words(mail_to("advocate@hope.example"))


def test_what_is_decided_cannot_be_decided_again(organization, bill, contact, advocate):
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    approve_position(position=row, by=contact)
    for step in (
        lambda: approve_position(position=row, by=contact),
        lambda: decline_position(position=row, by=contact, reason="Late"),
    ):
        with pytest.raises(AlreadyDecided):
            step()
    withdraw_position(position=row, by=contact)
    with pytest.raises(AlreadyDecided):
        withdraw_position(position=row, by=contact)


def test_a_second_proposal_waits_for_the_first(organization, bill, contact, advocate):
    take_position(organization=organization, bill=bill, position="support", by=advocate)
    other = member(organization, "advocate")
    with pytest.raises(NotAllowed, match="waits for your primary contact"):
        take_position(organization=organization, bill=bill, position="oppose", by=other)
    assert states(bill) == [("support", "proposed")]


def test_who_may_speak(organization, bill, contact, advocate):
    viewer, stranger, staff = member(organization, "viewer"), UserFactory(), StaffFactory()
    elsewhere = member(OrganizationFactory())
    assert [can_speak_for(user, organization) for user in (contact, advocate, viewer)] == [True, False, False]
    assert [can_propose_for(user, organization) for user in (contact, advocate, viewer)] == [
        True,
        True,
        False,
    ]
    for user in (viewer, stranger, staff, elsewhere):
        with pytest.raises(NotAllowed):
            take_position(organization=organization, bill=bill, position="support", by=user)
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    for user in (advocate, viewer, stranger, elsewhere):
        with pytest.raises(NotAllowed):
            approve_position(position=row, by=user)
    for user in (viewer, stranger, elsewhere):
        with pytest.raises(NotAllowed):
            withdraw_position(position=row, by=user)
    withdraw_position(position=row, by=advocate)
    assert states(bill) == [("support", "withdrawn")]


def test_an_advocate_cannot_withdraw_what_is_on_record(organization, bill, contact, advocate):
    row = take_position(organization=organization, bill=bill, position="support", by=contact)
    with pytest.raises(NotAllowed, match="Only a primary contact"):
        withdraw_position(position=row, by=advocate)


def test_a_partner_that_left_takes_no_position(organization, bill, contact, advocate):
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    organization.status = "left"
    organization.save()
    with pytest.raises(NotAllowed):
        take_position(organization=organization, bill=bill, position="oppose", by=contact)
    with pytest.raises(NotAllowed, match="not an active partner"):
        approve_position(position=row, by=contact)


def test_staff_decide_only_with_a_note(organization, bill, advocate):
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    staff = StaffFactory()
    with pytest.raises(NotAllowed, match="Note how the partner told you"):
        approve_position(position=row, by=staff)
    approve_position(position=row, by=staff, staff_note="Call with the director, March 5")
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.staff_note) == (
        "on_record",
        staff,
        "Call with the director, March 5",
    )
    assert "staff decided on behalf" in words(mail_to("advocate@hope.example"))


def test_without_a_primary_contact_the_coalition_hears_of_it(organization, bill, advocate):
    CoalitionFactory(email="office@coalition.example")
    take_position(organization=organization, bill=bill, position="support", by=advocate)
    assert "has no primary contact" in words(mail_to("office@coalition.example"))


@pytest.mark.parametrize("state", ["on_record", "proposed"])
def test_the_database_lets_one_hold_and_one_wait(organization, bill, state):
    facts = {"organization": organization, "bill": bill, "state": state}
    OrganizationPositionFactory(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationPositionFactory(**facts)


@pytest.mark.parametrize("state", ["on_record", "declined"])
def test_the_database_wants_the_time_of_a_decision(state):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationPositionFactory(state=state, decided_at=None)


def test_the_database_wants_the_time_of_a_withdrawal():
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationPositionFactory(state="withdrawn")


# --- The text was replaced --------------------------------------------------------------------------------------


@pytest.fixture
def replaced(organization, bill, contact):
    """A position on record since three hours, a text replaced an hour later, and the present moment."""
    now = timezone.now()
    row = take_position(organization=organization, bill=bill, position="support", by=contact)
    row.decided_at = now - timedelta(hours=3)
    row.save()
    event = BillEventFactory(
        bill=bill,
        kind="replaced",
        before="",
        after="House Amendment 001",
        observed_at=now - timedelta(hours=2),
    )
    return event, now


def test_partners_and_owner_are_warned_once(bill, contact, replaced):
    owner = StaffFactory(email="owner@coalition.example")
    tracking = BillTrackingFactory(bill=bill, owner=owner)
    _event, now = replaced
    assert warn_of_replacement(now=now) == 1, "who began to follow after the replacement read the new text"
    ReplacementWarning.objects.all().delete()
    BillTracking.objects.filter(pk=tracking.pk).update(created_at=now - timedelta(days=3))
    assert warn_of_replacement(now=now) == 2
    text = words(mail_to("contact@hope.example"))
    assert "House Amendment 001" in text
    assert bill.get_absolute_url() in text
    assert "House Amendment 001" in words(mail_to("owner@coalition.example"))
    before = OutboxMessage.objects.count()
    assert warn_of_replacement(now=now + timedelta(minutes=5)) == 0
    assert OutboxMessage.objects.count() == before


def test_two_amendments_of_one_run_make_one_message(bill, contact, replaced):
    event, now = replaced
    BillEventFactory(bill=bill, kind="replaced", after="House Amendment 002", observed_at=event.observed_at)
    assert warn_of_replacement(now=now) == 1
    assert "House Amendment 002" in words(mail_to("contact@hope.example"))
    BillEventFactory(bill=bill, kind="replaced", after="Senate Amendment 001", observed_at=now)
    assert warn_of_replacement(now=now) == 1
    assert "House Amendment 002" not in words(mail_to("contact@hope.example"))


def test_nobody_is_warned_of_what_was_before_their_position_or_is_no_news(organization, bill, contact):
    now = timezone.now()
    BillEventFactory(bill=bill, kind="replaced", observed_at=now - timedelta(days=1))
    row = take_position(organization=organization, bill=bill, position="support", by=contact)
    BillEventFactory(
        bill=bill, kind="replaced", is_news=False, observed_at=row.decided_at + timedelta(seconds=1)
    )
    BillEventFactory(bill=bill, kind="stage", observed_at=row.decided_at + timedelta(seconds=1))
    assert warn_of_replacement(now=row.decided_at + timedelta(minutes=1)) == 0


def test_a_withdrawn_position_and_a_lapsed_partner_are_left_alone(organization, bill, contact, replaced):
    event, now = replaced
    other = OrganizationPositionFactory(bill=bill, decided_at=event.observed_at - timedelta(days=1))
    MembershipFactory(organization=other.organization)
    other.organization.status = "lapsed"
    other.organization.save()
    withdraw_position(position=OrganizationPosition.objects.get(organization=organization), by=contact)
    assert warn_of_replacement(now=now) == 0


def test_a_partner_without_contact_is_warned_once_it_has_one(bill):
    event = BillEventFactory(bill=bill, kind="replaced", after="Senate Amendment 002")
    position = OrganizationPositionFactory(bill=bill, decided_at=event.observed_at - timedelta(days=1))
    assert warn_of_replacement(now=timezone.now()) == 0
    assert not ReplacementWarning.objects.exists()
    contact = MembershipFactory(organization=position.organization)
    assert warn_of_replacement(now=timezone.now()) == 1
    assert mails_to(contact.person.email)


@pytest.mark.parametrize("number", [1, 20])
def test_looking_for_replaced_texts_costs_a_fixed_number_of_queries(number, django_assert_num_queries):
    now = timezone.now()
    for _time in range(number):
        event = BillEventFactory(kind="replaced", observed_at=now - timedelta(hours=1))
        position = OrganizationPositionFactory(bill=event.bill, decided_at=now - timedelta(days=2))
        ReplacementWarning.objects.create(event=event, organization=position.organization, sent_at=now)
    with django_assert_num_queries(4):
        assert warn_of_replacement(now=now) == 0


# --- Pages ------------------------------------------------------------------------------------------------------


def page(name, organization, *args):
    return reverse(f"my_legislation:{name}", args=[organization.slug, *args])


def text_of(response):
    return response.content.decode()


def test_from_the_bill_to_the_record(client, organization, bill, contact):
    client.force_login(contact)
    address = page("position_new", organization)
    found = client.get(address, {"q": "hb-9075"})
    assert f"{address}?bill={bill.pk}" in text_of(found)
    form = client.get(address, {"bill": bill.pk})
    assert "What is your organization&#x27;s position?" in text_of(form)
    answers = {"bill": bill.pk, "position": "support", "statement": "We <b>live</b> it."}
    check = client.post(address, answers | {"step": "check"})
    assert "Check your answers" in text_of(check)
    assert "We &lt;b&gt;live&lt;/b&gt; it." in text_of(check)
    assert not OrganizationPosition.objects.exists()
    changed = client.post(address, answers | {"step": "change"})
    assert changed.context["form"]["statement"].value() == "We <b>live</b> it."
    done = client.post(address, answers | {"step": "send"}, follow=True)
    assert "your organization is on record with “support”" in text_of(done)
    # Somebody pressed twice, or comes back to an old tab.
    client.post(address, answers | {"step": "send"})
    assert states(bill) == [("support", "on_record")]


def test_wrong_answers_are_told_at_the_field(client, organization, bill, contact):
    client.force_login(contact)
    response = client.post(
        page("position_new", organization), {"bill": bill.pk, "step": "send", "position": "maybe"}
    )
    assert response.status_code == 200
    assert "Choose support, oppose or neutral." in text_of(response)
    assert not OrganizationPosition.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "99999999999999999999", "x", "HB9075"])
def test_a_bill_that_is_none_leads_to_the_search(client, organization, contact, number):
    client.force_login(contact)
    response = client.get(page("position_new", organization), {"bill": number})
    assert "Which bill is it?" in text_of(response)


def test_two_tabs_of_an_advocate(client, organization, bill, contact, advocate):
    client.force_login(advocate)
    address = page("position_new", organization)
    client.post(address, {"bill": bill.pk, "step": "send", "position": "support"})
    second = client.post(address, {"bill": bill.pk, "step": "send", "position": "oppose"}, follow=True)
    assert "waits for your primary contact already" in text_of(second)
    assert states(bill) == [("support", "proposed")]


def test_a_contact_approves_and_a_stale_tab_hears_so(client, organization, bill, contact, advocate):
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    client.force_login(contact)
    overview = text_of(client.get(page("positions", organization)))
    assert page("position_approve", organization, row.pk) in overview
    assert "Put it on record" in text_of(client.get(page("position_approve", organization, row.pk)))
    assert states(bill) == [("support", "proposed")]
    client.post(page("position_approve", organization, row.pk))
    assert states(bill) == [("support", "on_record")]
    again = client.post(page("position_decline", organization, row.pk), {"reason": "No"}, follow=True)
    assert "was decided already" in text_of(again)
    client.post(page("position_withdraw", organization, row.pk))
    assert states(bill) == [("support", "withdrawn")]
    gone = client.post(page("position_withdraw", organization, row.pk), follow=True)
    assert "holds no longer" in text_of(gone)


def test_an_advocate_takes_their_own_proposal_back(client, organization, bill, contact, advocate):
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    client.force_login(advocate)
    assert page("position_withdraw", organization, row.pk) in text_of(
        client.get(page("positions", organization))
    )
    for name in ("position_approve", "position_decline"):
        assert client.post(page(name, organization, row.pk), {"reason": "x"}).status_code == 403
    client.post(page("position_withdraw", organization, row.pk))
    assert states(bill) == [("support", "withdrawn")]


@pytest.mark.parametrize("who", ["viewer", "elsewhere", "nobody", "stranger"])
def test_nobody_else_gets_in(organization, bill, advocate, who):
    row = take_position(organization=organization, bill=bill, position="support", by=advocate)
    client = Client()
    if who == "viewer":
        client.force_login(member(organization, "viewer"))
    elif who == "elsewhere":
        client.force_login(member(OrganizationFactory()))
    elif who == "nobody":
        client.force_login(UserFactory())
    expected = {"viewer": 403, "stranger": 302}.get(who, 404)
    names = ["position_approve", "position_decline", "position_withdraw"]
    addresses = [page(name, organization, row.pk) for name in names] + [page("position_new", organization)]
    for address in addresses:
        assert client.get(address).status_code == expected, address
        data = {"reason": "x", "bill": bill.pk, "position": "oppose", "step": "send"}
        assert client.post(address, data).status_code == expected, address
    overview = client.get(page("positions", organization))
    assert overview.status_code == (200 if who == "viewer" else expected)
    if who == "viewer":
        assert page("position_new", organization) not in text_of(overview)
        assert "As a viewer you read these pages." in text_of(overview)
    assert states(bill) == [("support", "proposed")]


def test_another_partners_position_is_not_reached_through_ones_own(client, organization, contact):
    foreign = OrganizationPositionFactory(state="proposed", decided_at=None)
    client.force_login(contact)
    for name in ("position_approve", "position_decline", "position_withdraw"):
        assert client.post(page(name, organization, foreign.pk), {"reason": "x"}).status_code == 404
    assert foreign.organization.name not in text_of(client.get(page("positions", organization)))


def test_the_overview_asks_warns_and_remembers(client, organization, bill, contact, replaced):
    asked = BillTrackingFactory(plain_title="Fair pay for care", bill__identifier="HB9999", bill__number=9999)
    BillTrackingFactory(plain_title="Hidden work", is_public=False)
    BillTrackingFactory(plain_title="Long over", bill__stage="dead")
    client.force_login(contact)
    overview = text_of(client.get(page("positions", organization)))
    assert "The text was replaced since you took your position: look again." in overview
    assert "Fair pay for care" in overview
    assert f"?bill={asked.bill.pk}" in overview
    assert "Hidden work" not in overview
    assert "Long over" not in overview
    take_position(organization=organization, bill=bill, position="neutral", by=contact)
    overview = text_of(client.get(page("positions", organization)))
    assert "look again" not in overview
    assert "Withdrawn on" in overview


def test_without_a_primary_contact_the_page_says_so(client, organization, advocate):
    client.force_login(advocate)
    assert "Nobody can speak for your organization here" in text_of(
        client.get(page("positions", organization))
    )


def test_from_a_bills_page_to_ones_organization(client, organization, bill, contact):
    start = reverse("my_legislation:position_start")
    client.force_login(contact)
    assert client.get(start, {"bill": bill.pk}).url == f"{page('position_new', organization)}?bill={bill.pk}"
    other = OrganizationFactory(name="Second Home")
    MembershipFactory(organization=other, person=contact.person, role="advocate")
    asked = text_of(client.get(start, {"bill": bill.pk}))
    assert "Second Home" in asked
    assert f"{page('position_new', other)}?bill={bill.pk}" in asked
    client.force_login(UserFactory())
    assert "Only partners take positions" in text_of(client.get(start))


def test_proposals_are_limited_because_they_mail_people(client, organization, contact, advocate, settings):
    settings.FORM_RATE = "1/h"
    client.force_login(advocate)
    answers = {"step": "send", "position": "support"}
    address = page("position_new", organization)
    assert client.post(address, answers | {"bill": BillFactory().pk}).status_code == 302
    assert client.post(address, answers | {"bill": BillFactory().pk}).status_code == 429
    client.force_login(contact)
    for _time in range(3):
        assert client.post(address, answers | {"bill": BillFactory().pk}).status_code == 302


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_overview(client, organization, contact, advocate, number, django_assert_num_queries):
    client.force_login(contact)
    for _time in range(number):
        BillTrackingFactory()
        for state in ("on_record", "proposed", "withdrawn"):
            row = OrganizationPositionFactory(
                organization=organization,
                state=state,
                proposed_by=advocate,
                decided_at=None if state == "proposed" else timezone.now(),
                decided_by=None if state == "proposed" else contact,
                withdrawn_at=timezone.now() if state == "withdrawn" else None,
            )
            BillEventFactory(bill=row.bill, kind="replaced", observed_at=timezone.now())
    with django_assert_num_queries(12):
        client.get(page("positions", organization))


# --- At the same moment -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_on_record():
    """Double clicks, two tabs, two people: real transactions that run side by side."""
    organization, bill = OrganizationFactory(), BillFactory()
    people = [member(organization) for _number in range(4)]
    words = ["support", "oppose", "neutral", "support"]

    def take(number):
        try:
            return take_position(
                organization=organization, bill=bill, position=words[number % 4], by=people[number % 4]
            ).state
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(take, range(8))) == {"on_record"}
    assert [state for _position, state in states(bill)].count("on_record") == 1


@pytest.mark.django_db(transaction=True)
def test_approved_and_declined_at_once_is_one_of_both():
    organization, bill = OrganizationFactory(), BillFactory()
    people = [member(organization) for _number in range(2)]
    row = take_position(
        organization=organization, bill=bill, position="support", by=member(organization, "advocate")
    )
    barrier = Barrier(2)

    def decide(number):
        try:
            barrier.wait(timeout=10)
            if number:
                return approve_position(position=row, by=people[1]).state
            return decline_position(position=row, by=people[0], reason="No").state
        except AlreadyDecided:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(decide, range(2)))
    assert outcomes in (["on_record", "refused"], ["declined", "refused"])
    assert len(mails_to(row.proposed_by.email)) == 1
