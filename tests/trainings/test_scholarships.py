"""Scholarships: asked in private, out of funds that are never overdrawn, seen by nobody but the reviewers."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from partners.errors import NotAllowed
from tests.factories.fees import FundFactory, invoiced, people_of, registered
from tests.factories.partners import PersonFactory, StaffFactory, UserFactory
from tests.factories.trainings import (
    CourseFactory,
    EnrollmentFactory,
    FeeTierFactory,
    RegistrationFactory,
    SessionFactory,
)
from tests.partners.mails import link_in, mail_to, mails_to
from trainings.models import Invoice, ScholarshipAward, ScholarshipFund, ScholarshipRequest
from trainings.money_tokens import scholarship_address
from trainings.services.awards import count_used
from trainings.services.billing import bill, credit
from trainings.services.payments import mark_paid, remind_overdue
from trainings.services.registering import Participant, register
from trainings.services.scholarships import (
    HelpWanted,
    approve,
    ask,
    can_ask_for,
    decline,
    forget_words,
    withdraw,
)

pytestmark = pytest.mark.django_db
REASON = "My mother is ill and I paid for her care."
HARD = "<img src=x> 🌊 אבג\x07 " + "word " * 180


def asked(*prices: int, amount: int | None = None, why: str = REASON) -> list[ScholarshipRequest]:
    registration = registered(*prices)
    return ask(
        registration=registration,
        enrollments=people_of(registration),
        asker=registration.contact,
        amount=None if amount is None else Decimal(amount),
        why=why,
        now=timezone.now(),
    )


def award(request: ScholarshipRequest, fund: ScholarshipFund | None = None, amount: int = 40, **options):
    fund = fund or FundFactory()
    return approve(
        request=request,
        fund=fund,
        amount=Decimal(amount),
        words=options.get("words", ""),
        by=options.get("by") or StaffFactory(),
        now=timezone.now(),
    )


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# --- Asking -------------------------------------------------------------------------------------------------------


def test_nobody_is_billed_while_they_wait_for_the_answer():
    (request,) = asked(40)
    registration = request.enrollment.registration
    assert bill(registration=registration, now=timezone.now()) is None
    mail = mail_to(registration.contact.email)
    assert "scholarship request" in mail["Subject"]
    assert REASON not in mail.as_string()


def test_help_is_asked_for_while_registering():
    course = CourseFactory()
    tier = FeeTierFactory(course=course, amount=40)
    registration = register(
        session=SessionFactory(course=course),
        contact=PersonFactory(),
        people=[Participant("ana@one.example", "Ana", "One"), Participant("bo@two.example", "Bo", "Two")],
        tier=tier,
        source="",
        by=None,
        now=timezone.now(),
        help_wanted=HelpWanted(amount=Decimal(90), why=REASON),
    )
    rows = ScholarshipRequest.objects.order_by("pk")
    assert [(row.asked_amount, row.asker) for row in rows] == [(40, registration.contact)] * 2
    assert not Invoice.objects.exists()


def test_the_same_seat_is_asked_for_once():
    (request,) = asked(40)
    registration = request.enrollment.registration
    with pytest.raises(NotAllowed):
        ask(
            registration=registration,
            enrollments=people_of(registration),
            asker=registration.contact,
            amount=None,
            why="",
            now=timezone.now(),
        )
    decline(request=request, words="Sorry.", by=StaffFactory(), now=timezone.now())
    assert can_ask_for(registration, timezone.now()) == []


def test_nothing_to_ask_for_where_it_is_free_paid_or_over():
    now = timezone.now()
    assert can_ask_for(registered(0), now) == []
    assert can_ask_for(registered(40), now + timedelta(days=15)) == []
    invoice = invoiced(40)
    assert len(can_ask_for(invoice.registration, now)) == 1
    mark_paid(invoice=invoice, how="check", note="", by=StaffFactory(), now=now)
    assert can_ask_for(invoice.registration, now) == []


def test_the_page_takes_what_people_write(client):
    registration = registered(40, 25)
    address = scholarship_address(registration)
    page = client.get(address).content.decode()
    first, _second = people_of(registration)
    assert "You do not have to explain" in page
    wrong = client.post(
        address, {"people": [first.pk], "how_much": "part", "amount": "-3", "why": "x" * 10_000}
    )
    assert wrong.status_code == 200
    assert "Enter how much of the fee you need." in wrong.content.decode()
    assert "Shorten this" in wrong.content.decode()
    strange = client.post(address, {"people": ["99999999"], "how_much": "gift"})
    assert not ScholarshipRequest.objects.exists()
    assert strange.status_code == 200
    data = {"people": [first.pk], "how_much": "part", "amount": "15.50", "why": HARD[:900]}
    for _time in range(2):
        client.post(address, data)
    request = ScholarshipRequest.objects.get()
    assert (request.enrollment, request.asked_amount) == (first, Decimal("15.50"))
    shown = client.get(address).content.decode()
    assert "You asked for $15.50" in shown
    assert "<img" not in shown


def test_somebody_elses_link_opens_nothing(client):
    (request,) = asked(40)
    other = registered(40)
    assert client.get(f"/trainings/scholarships/{other.pk}:x/").status_code == 404
    back = f"{scholarship_address(other)}{request.pk}/back/"
    assert client.post(back).status_code == 404
    assert client.get(back).status_code == 405
    assert fresh(request).state == "asked"


def test_taking_it_back_erases_the_words_and_bills(client):
    (request,) = asked(40)
    client.post(f"{scholarship_address(request.enrollment.registration)}{request.pk}/back/")
    row = fresh(request)
    assert (row.state, row.reason) == ("withdrawn", "")
    assert Invoice.objects.get().total == 40
    assert len(can_ask_for(request.enrollment.registration, timezone.now())) == 1
    with pytest.raises(NotAllowed):
        withdraw(request=request, now=timezone.now())


# --- Deciding -----------------------------------------------------------------------------------------------------


def test_the_whole_fee_leaves_nothing_to_bill():
    (request,) = asked(40)
    fund = FundFactory()
    award(request, fund, words="See you there!")
    assert not Invoice.objects.exists()
    assert fresh(fund).balance == 460
    mail = mail_to(request.asker.email).get_body(("plain",)).get_content()
    assert "$40.00" in mail
    assert "See you there!" in mail


def test_a_part_of_the_fee_leaves_the_rest_on_an_invoice_that_says_nothing_of_it():
    (request,) = asked(40, amount=30)
    award(request, amount=30)
    invoice = Invoice.objects.get()
    assert invoice.total == 10
    sent = next(mail for mail in mails_to(request.asker.email) if "Invoice INV" in mail["Subject"])
    assert "reduced" not in sent.as_string()
    assert "scholarship" not in invoice.lines.get().words.lower()


def test_an_invoice_that_is_there_already_becomes_lower():
    invoice = invoiced(40)
    (request,) = ask(
        registration=invoice.registration,
        enrollments=people_of(invoice.registration),
        asker=invoice.registration.contact,
        amount=None,
        why="",
        now=timezone.now(),
    )
    assert remind_overdue(now=timezone.now() + timedelta(days=40)) == 0
    award(request)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.credited) == ("credited", 40)
    note = invoice.credits.get()
    assert note.reason == "reduced"
    assert "scholarship" not in note.words.lower()
    assert Invoice.objects.count() == 1


def test_a_kind_no_is_written_and_the_fee_billed():
    (request,) = asked(40)
    with pytest.raises(NotAllowed, match="Write why"):
        decline(request=request, words="  ", by=StaffFactory(), now=timezone.now())
    decline(request=request, words="Our funds are empty.", by=StaffFactory(), now=timezone.now())
    assert Invoice.objects.get().total == 40
    answers = [mail for mail in mails_to(request.asker.email) if "About your" in mail["Subject"]]
    assert "Our funds are empty." in answers[0].get_body(("plain",)).get_content()
    with pytest.raises(NotAllowed, match="decided before"):
        award(request)


@pytest.mark.parametrize("amount", [0, -1, 41])
def test_no_more_than_the_fee_and_not_nothing_is_awarded(amount):
    (request,) = asked(40)
    with pytest.raises(NotAllowed):
        award(request, amount=amount)


def test_nothing_comes_out_of_a_fund_that_is_empty_over_or_yet_to_come():
    (request,) = asked(40)
    today = timezone.localdate()
    for fund, words in (
        (FundFactory(amount=39), "only"),
        (FundFactory(until=today - timedelta(days=1)), "today"),
        (FundFactory(funded_on=today + timedelta(days=1)), "today"),
    ):
        with pytest.raises(NotAllowed, match=words):
            award(request, fund)
    assert fresh(request).state == "asked"
    assert not ScholarshipAward.objects.exists()


def test_a_seat_given_back_returns_its_scholarship():
    (request,) = asked(40, amount=30)
    fund = FundFactory()
    award(request, fund, amount=30)
    row = request.enrollment
    row.status, row.cancelled_at = "cancelled", timezone.now()
    row.save()
    assert credit(enrollment=row, now=timezone.now()) == 10
    assert fresh(fund).balance == 500
    assert request.award.__class__.objects.get().state == "returned"
    credit(enrollment=row, now=timezone.now())
    assert fresh(fund).balance == 500


def test_giving_the_seat_back_ends_a_waiting_request():
    (request,) = asked(40)
    row = request.enrollment
    row.status, row.cancelled_at = "cancelled", timezone.now()
    row.save()
    credit(enrollment=row, now=timezone.now())
    assert fresh(request).state == "withdrawn"


def test_who_was_there_used_it_and_who_was_not_did_not():
    requests = asked(40, 40, 40)
    fund = FundFactory()
    for request in requests:
        award(request, fund)
    there, away, later = (request.enrollment for request in requests)
    there.status, there.checked_in_at = "attended", timezone.now()
    there.save()
    away.status = "absent"
    away.save()
    session = there.session
    session.starts_at = timezone.now() - timedelta(minutes=1)
    session.save()
    assert count_used(now=timezone.now()) == 1
    session.state = "held"
    session.save()
    assert count_used(now=timezone.now()) == 1
    assert count_used(now=timezone.now()) == 0
    states = [fresh(request).award.state for request in requests]
    assert states == ["used", "returned", "offered"]
    assert fresh(fund).committed == 80
    assert later.status == "registered"


@pytest.mark.django_db(transaction=True)
def test_fifty_reviewers_at_once_never_overdraw_a_fund():
    registration = registered()
    for _number in range(50):
        EnrollmentFactory(session=registration.session, registration=registration, price=40)
    requests = ask(
        registration=registration,
        enrollments=people_of(registration),
        asker=registration.contact,
        amount=None,
        why="",
        now=timezone.now(),
    )
    fund, staff = FundFactory(amount=500), StaffFactory()
    barrier = Barrier(50)

    def decide(request):
        try:
            barrier.wait(60)
            award(request, fund, by=staff)
        except NotAllowed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(decide, requests))
    assert sum(outcomes) == 12
    kept = fresh(fund)
    assert (kept.committed, kept.balance) == (480, 20)
    assert ScholarshipAward.objects.count() == 12
    assert ScholarshipRequest.objects.waiting().count() == 38


@pytest.mark.django_db(transaction=True)
def test_one_request_decided_by_two_at_once_is_decided_once():
    (request,) = asked(40)
    fund, staff = FundFactory(), StaffFactory()
    barrier = Barrier(2)

    def decide(number):
        try:
            barrier.wait(30)
            if number:
                decline(request=request, words="No.", by=staff, now=timezone.now())
            else:
                award(request, fund, by=staff)
        except NotAllowed:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(decide, range(2))) == 1


# --- Privacy ------------------------------------------------------------------------------------------------------


def reviewer(*rights: str) -> Client:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=rights, content_type__app_label="trainings")
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def test_only_reviewers_open_the_queue():
    (request,) = asked(40)
    queue = "/admin/trainings/scholarshiprequest/"
    many = ["view_enrollment", "change_enrollment", "view_invoice", "change_invoice", "view_scholarshipfund"]
    outsider = reviewer(*many)
    for address in (queue, f"{queue}{request.pk}/change/", f"{queue}{request.pk}/history/"):
        assert outsider.get(address).status_code == 403
    insider = reviewer("view_scholarshiprequest", "change_scholarshiprequest")
    assert REASON in insider.get(f"{queue}{request.pk}/change/").content.decode()
    assert insider.get(queue).status_code == 200


def test_the_desk_approves_and_declines():
    FundFactory(name="Porch fund")
    first, second = asked(40, 25)
    queue = "/admin/trainings/scholarshiprequest/"
    client = reviewer("view_scholarshiprequest", "change_scholarshiprequest")
    approving, declining = (
        next(path for path in client_paths(client, f"{queue}{row.pk}/change/") if word in path)
        for row, word in ((first, "approve"), (second, "decline"))
    )
    page = client.get(approving).content.decode()
    assert "Porch fund" in page
    fund = ScholarshipFund.objects.get()
    client.post(approving, {"fund": fund.pk, "amount": "40", "words": ""})
    client.post(declining, {"words": "Not this time."})
    assert (fresh(first).state, fresh(second).state) == ("approved", "declined")


def client_paths(client: Client, address: str) -> list[str]:
    return re.findall(r'href="([^"]+/(?:approve|decline)/?)"', client.get(address).content.decode())


def test_the_reason_stands_nowhere_else():
    (request,) = asked(40)
    award(request, words="Come!")
    model = ScholarshipRequest.history.model
    assert not {"why", "answer"} & {each.name for each in model._meta.get_fields()}
    assert REASON not in str(list(model.objects.values()))
    assert "Sample" not in str(request)


def test_words_are_erased_after_a_year_and_at_once_for_a_person():
    first, second, third = asked(40), asked(40), asked(40)
    now = timezone.now()
    decline(request=first[0], words="Sorry.", by=StaffFactory(), now=now - timedelta(days=366))
    decline(request=second[0], words="Sorry.", by=StaffFactory(), now=now - timedelta(days=364))
    assert forget_words(now=now) == 1
    assert (fresh(first[0]).reason, fresh(first[0]).answer) == ("", "")
    assert fresh(second[0]).reason == REASON
    assert forget_words(now=now, person=third[0].enrollment.person) == 1
    assert fresh(third[0]).reason == ""


# --- The database -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "changes", "name"),
    [
        (ScholarshipFund, {"committed": 501}, "fund_never_overdrawn"),
        (ScholarshipFund, {"committed": -1}, "fund_never_overdrawn"),
        (ScholarshipFund, {"amount": 0, "committed": 0}, "fund_has_money"),
        (ScholarshipFund, {"until": timezone.now().date() - timedelta(days=99)}, "fund_ends_after_it_began"),
        (ScholarshipRequest, {"asked_amount": 0}, "scholarship_asks_for_something"),
        (ScholarshipRequest, {"decided_at": None}, "scholarship_decided_has_time"),
        (ScholarshipAward, {"amount": 0}, "award_gives_something"),
        (ScholarshipAward, {"state": "used"}, "award_used_has_time"),
        (ScholarshipAward, {"state": "returned"}, "award_returned_has_time"),
    ],
)
def test_the_database_refuses(model, changes, name):
    (request,) = asked(40)
    award(request)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**changes)


def test_the_database_refuses_a_second_request_for_a_seat():
    (request,) = asked(40)
    with pytest.raises(IntegrityError, match="scholarship_one_at_a_time"), transaction.atomic():
        ScholarshipRequest.objects.create(
            enrollment=request.enrollment, asker=request.asker, asked_amount=1, asked_at=timezone.now()
        )


def test_the_link_stands_in_the_invoices_mail(client):
    invoice = invoiced(40)
    address = link_in(mail_to(invoice.registration.contact.email), "/trainings/scholarships/")
    assert client.get(address).status_code == 200


def test_a_registration_without_people_asks_nothing(client):
    assert client.get(scholarship_address(RegistrationFactory())).status_code == 200
