"""Paying by card against a service on this machine: nothing is believed but signed messages, each of them once."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from partners.errors import NotAllowed
from tests.factories.fees import invoiced, people_of
from tests.factories.partners import StaffFactory
from tests.partners.mails import mails_to
from tests.trainings.card_stand_in import (
    SECRET_KEY,
    WEBHOOK_SECRET,
    CardService,
    card_service,
    charge,
    event,
    signature,
)
from trainings.card_service import CardServiceDown
from trainings.models import Checkout, Invoice, PaymentEvent
from trainings.money_tokens import invoice_address
from trainings.services.billing import credit
from trainings.services.card_payments import ask_for_refund, open_checkout, settle_trouble
from trainings.services.payments import correct, mark_paid, void

pytestmark = pytest.mark.django_db
MESSAGES = "/card-service/messages/"
BACK = "http://localhost:8000/trainings/invoices/x/"


@pytest.fixture
def cards(settings):
    with card_service() as service:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = SECRET_KEY, WEBHOOK_SECRET
        settings.STRIPE_API_BASE = settings.STRIPE_CHECKOUT_ORIGIN = service.address
        settings.STRIPE_TIMEOUT = 0.3
        yield service


def opened(invoice: Invoice) -> Checkout:
    return open_checkout(invoice=invoice, back=BACK, now=timezone.now())


def tell(message: dict, client: Client | None = None, **options) -> int:
    body = json.dumps(message).encode()
    sender = client or Client()
    return sender.post(
        MESSAGES,
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature(body, **options)},
    ).status_code


def completed(cards: CardService, page: Checkout, number: str = "evt_1", **changes) -> dict:
    return event("checkout.session.completed", cards.paid(page.session_id) | changes, number)


def fresh(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


# --- The page -----------------------------------------------------------------------------------------------------


def test_without_keys_nobody_is_offered_to_pay_by_card(client, settings):
    invoice = invoiced(40)
    assert "Pay by card" not in client.get(invoice_address(invoice)).content.decode()
    client.post(invoice_address(invoice, "invoice_pay"))
    assert not Checkout.objects.exists()
    assert client.post(MESSAGES, b"{}", content_type="application/json").status_code == 404
    settings.STRIPE_SECRET_KEY = "sk_test"
    assert "Pay by card" not in client.get(invoice_address(invoice)).content.decode()


def test_the_button_leads_to_the_services_page(client, cards):
    invoice = invoiced(40, 25)
    page = client.get(invoice_address(invoice))
    assert "Pay by card" in page.content.decode()
    assert f"form-action 'self' {cards.address}" in page["Content-Security-Policy"]
    answer = client.post(invoice_address(invoice, "invoice_pay"))
    assert answer["Location"] == f"{cards.address}/pay/cs_test_0001"
    path, fields, key = cards.asked[0]
    assert path == "/v1/checkout/sessions"
    assert fields["line_items[0][price_data][unit_amount]"] == "6500"
    assert fields["payment_intent_data[metadata][invoice]"] == invoice.number
    assert fields["customer_email"] == invoice.registration.contact.email
    assert key


def test_the_return_alone_pays_nothing(client, cards):
    invoice = invoiced(40)
    opened(invoice)
    page = client.get(f"{invoice_address(invoice)}?from=card").content.decode()
    assert "We wait for word from the card service" in page
    assert fresh(invoice).state == "open"


def test_an_open_page_is_used_again_until_the_amount_changes(cards):
    invoice = invoiced(40, 25)
    first = opened(invoice)
    assert opened(invoice) == first
    correct(invoice=invoice, amount=Decimal(25), words="x", by=StaffFactory(), now=timezone.now())
    second = opened(invoice)
    assert second.amount == 40
    assert cards.sessions[first.session_id]["status"] == "expired"
    assert [page.state for page in Checkout.objects.order_by("pk")] == ["ended", "open"]


def test_no_new_page_while_an_old_one_was_just_paid(cards):
    invoice = invoiced(40, 25)
    first = opened(invoice)
    cards.paid(first.session_id)
    correct(invoice=invoice, amount=Decimal(25), words="x", by=StaffFactory(), now=timezone.now())
    with pytest.raises(NotAllowed, match="on its way"):
        opened(invoice)


def test_a_page_whose_time_is_over_is_replaced(cards):
    invoice = invoiced(40)
    first = opened(invoice)
    later = open_checkout(invoice=invoice, back=BACK, now=first.expires_at + timedelta(seconds=1))
    assert later != first


def test_nothing_is_opened_for_what_is_paid(cards):
    invoice = invoiced(40)
    mark_paid(invoice=invoice, how="check", note="", by=StaffFactory(), now=timezone.now())
    with pytest.raises(NotAllowed):
        opened(invoice)


@pytest.mark.parametrize("mood", ["hang", "broken", "strange"])
def test_a_slow_or_failing_service_is_told_kindly(client, cards, mood):
    invoice, cards.mood = invoiced(40), mood
    begin = time.monotonic()
    answer = client.post(invoice_address(invoice, "invoice_pay"), follow=True)
    assert time.monotonic() - begin < 20
    assert "Nothing was charged" in answer.content.decode()
    assert not Checkout.objects.exists()
    if mood != "strange":
        assert len({key for _path, _fields, key in cards.asked}) == 1
        assert len(cards.asked) == 2


def test_a_wrong_key_is_told_kindly_too(client, cards, settings):
    settings.STRIPE_SECRET_KEY = "sk_wrong"
    answer = client.post(invoice_address(invoiced(40), "invoice_pay"), follow=True)
    assert "Nothing was charged" in answer.content.decode()


# --- Messages -----------------------------------------------------------------------------------------------------


def test_a_signed_message_pays_the_invoice_once(cards):
    invoice = invoiced(40)
    message = completed(cards, opened(invoice))
    assert tell(message) == 200
    paid = fresh(invoice)
    assert (paid.state, paid.paid, paid.paid_how) == ("paid", 40, "card")
    assert paid.payment_intent == "pi_test_0001"
    assert [tell(message), tell(message)] == [200, 200]
    assert tell(message | {"id": "evt_other"}) == 200
    assert fresh(invoice).history.count() == paid.history.count()
    thanks = [mail for mail in mails_to(invoice.registration.contact.email) if "Paid" in mail["Subject"]]
    assert len(thanks) == 1


@pytest.mark.parametrize(
    "options",
    [{"secret": "whsec_other"}, {"at": time.time() - 3600}],
    ids=["another's signature", "an old one"],
)
def test_what_is_not_signed_now_is_not_read(cards, options):
    invoice = invoiced(40)
    assert tell(completed(cards, opened(invoice)), **options) == 400
    assert fresh(invoice).state == "open"
    assert not PaymentEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff\xfe", b"{}", b'{"id": "evt_1", "data": 3}'])
def test_strange_bodies_do_no_harm(client, cards, body):
    for header in (signature(body), "", "t=1,v1=x", "nonsense"):
        answer = client.post(
            MESSAGES, body, content_type="application/json", headers={"Stripe-Signature": header}
        )
        assert answer.status_code in {200, 400}
    assert client.get(MESSAGES).status_code == 405


def test_the_message_needs_no_csrf_token(cards):
    assert tell(completed(cards, opened(invoiced(40))), Client(enforce_csrf_checks=True)) == 200


@pytest.mark.parametrize("changes", [{"amount_total": 3999}, {"amount_total": "40"}, {"currency": "eur"}])
def test_another_amount_or_currency_needs_a_person(cards, changes):
    invoice = invoiced(40)
    tell(completed(cards, opened(invoice), **changes))
    assert fresh(invoice).state == "open"
    trouble = PaymentEvent.objects.get()
    assert (trouble.outcome, trouble.invoice) == ("trouble", invoice)
    settle_trouble(event=trouble, by=StaffFactory(), now=timezone.now())
    with pytest.raises(NotAllowed):
        settle_trouble(event=trouble, by=StaffFactory(), now=timezone.now())


def test_unknown_kinds_and_pages_are_none_of_ours(cards):
    tell(event("customer.created", {"id": "cus_1"}, "evt_1"))
    tell(event("checkout.session.completed", {"id": "cs_unknown", "payment_status": "paid"}, "evt_2"))
    tell(charge_event("pi_unknown", 4000, "evt_3"))
    assert set(PaymentEvent.objects.values_list("outcome", flat=True)) == {"ignored"}


def test_a_bank_that_has_not_paid_yet_is_waited_for(cards):
    invoice = invoiced(40)
    page = opened(invoice)
    tell(completed(cards, page, payment_status="unpaid"))
    assert fresh(invoice).state == "open"
    late = event("checkout.session.async_payment_succeeded", cards.paid(page.session_id), "evt_2")
    tell(late)
    assert fresh(invoice).state == "paid"


def test_a_page_that_ended_is_noted_and_a_late_payment_on_it_counts(cards):
    invoice = invoiced(40)
    page = opened(invoice)
    tell(event("checkout.session.expired", cards.sessions[page.session_id], "evt_0"))
    page.refresh_from_db()
    assert page.state == "ended"
    tell(completed(cards, page))
    assert fresh(invoice).state == "paid"


@pytest.mark.parametrize("before", ["check", "void"])
def test_paid_by_card_after_it_was_settled_needs_a_person(cards, before):
    invoice, staff = invoiced(40), StaffFactory()
    page = opened(invoice)
    if before == "check":
        mark_paid(invoice=invoice, how="check", note="", by=staff, now=timezone.now())
    else:
        void(invoice=invoice, reason="x", write_anew=False, by=staff, now=timezone.now())
    tell(completed(cards, page))
    assert PaymentEvent.objects.get().outcome == "trouble"
    assert fresh(invoice).paid_how == ("check" if before == "check" else "")


def test_paid_over_an_old_page_the_rest_is_owed_back(cards):
    invoice = invoiced(40, 25)
    page = opened(invoice)
    correct(invoice=invoice, amount=Decimal(25), words="x", by=StaffFactory(), now=timezone.now())
    tell(completed(cards, page))
    paid = fresh(invoice)
    assert (paid.state, paid.paid, paid.owed_back) == ("paid", 65, 25)


@pytest.mark.django_db(transaction=True)
def test_the_same_message_ten_times_at_once_counts_once(cards):
    invoice = invoiced(40)
    message = completed(cards, opened(invoice))

    def send(_number):
        try:
            return tell(message)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(send, range(10))) == {200}
    assert PaymentEvent.objects.count() == 1
    assert fresh(invoice).history.filter(state="paid").count() == 1


# --- Refunds ------------------------------------------------------------------------------------------------------


def charge_event(intent: str, refunded: int, number: str, *, invoice: str = "", **changes) -> dict:
    return event(
        "charge.refunded", charge(intent, amount=4000, refunded=refunded, invoice=invoice) | changes, number
    )


def paid_by_card(cards: CardService) -> Invoice:
    invoice = invoiced(40)
    tell(completed(cards, opened(invoice), "evt_paid"))
    return fresh(invoice)


def test_staff_have_it_given_back_and_the_message_notes_it(cards):
    invoice = paid_by_card(cards)
    (row,) = people_of(invoice.registration)
    row.status, row.cancelled_at = "cancelled", timezone.now()
    row.save()
    credit(enrollment=row, now=timezone.now())
    assert ask_for_refund(invoice=invoice) == 40
    assert ask_for_refund(invoice=invoice) == 40
    keys = {key for path, _fields, key in cards.asked if path == "/v1/refunds"}
    assert len(keys) == 1
    assert fresh(invoice).refunded == 0
    tell(charge_event(invoice.payment_intent, 4000, "evt_back"))
    back = fresh(invoice)
    assert (back.state, back.refunded, back.credits.count()) == ("refunded", 40, 1)
    with pytest.raises(NotAllowed):
        ask_for_refund(invoice=invoice)


def test_a_refund_begun_at_the_service_writes_its_credit_note(cards):
    invoice = paid_by_card(cards)
    tell(charge_event(invoice.payment_intent, 1500, "evt_back"))
    back = fresh(invoice)
    assert (back.state, back.refunded, back.credited, back.owed_back) == ("paid", 15, 15, 0)


def test_refunds_in_any_order_end_the_same(cards):
    invoice = paid_by_card(cards)
    tell(charge_event(invoice.payment_intent, 4000, "evt_second"))
    tell(charge_event(invoice.payment_intent, 1500, "evt_first"))
    back = fresh(invoice)
    assert (back.state, back.refunded, back.credited) == ("refunded", 40, 40)


def test_a_refund_told_before_its_payment_waits_for_it(cards):
    invoice = invoiced(40)
    page = opened(invoice)
    message = completed(cards, page)
    tell(charge_event("pi_test_0001", 4000, "evt_back", invoice=invoice.number))
    assert PaymentEvent.objects.get().outcome == "waiting"
    tell(message)
    assert (fresh(invoice).state, fresh(invoice).refunded) == ("refunded", 40)
    assert not PaymentEvent.objects.filter(outcome="waiting").exists()


@pytest.mark.parametrize(
    "changes", [{"amount_refunded": 4001}, {"currency": "eur"}, {"amount_refunded": None}]
)
def test_a_strange_refund_needs_a_person(cards, changes):
    invoice = paid_by_card(cards)
    tell(charge_event(invoice.payment_intent, 4000, "evt_back", **changes))
    assert fresh(invoice).refunded == 0
    assert PaymentEvent.objects.get(event_id="evt_back").outcome == "trouble"


def test_a_refund_of_another_payment_needs_a_person(cards):
    invoice = paid_by_card(cards)
    tell(charge_event("pi_other", 4000, "evt_back", invoice=invoice.number))
    assert fresh(invoice).refunded == 0
    assert PaymentEvent.objects.get(event_id="evt_back").outcome == "trouble"


def test_the_service_being_down_keeps_a_refund_undone(cards):
    invoice = paid_by_card(cards)
    correct(invoice=invoice, amount=Decimal(10), words="x", by=StaffFactory(), now=timezone.now())
    cards.mood = "broken"
    with pytest.raises(CardServiceDown):
        ask_for_refund(invoice=invoice)
    assert fresh(invoice).refunded == 0
