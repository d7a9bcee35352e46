"""Invoices: numbers without gaps, lines as they were, what is taken off, what came and went, reminders."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from partners.errors import NotAllowed
from tests.factories.fees import invoiced, people_of, registered
from tests.factories.partners import MembershipFactory, OrganizationFactory, StaffFactory, UserFactory
from tests.factories.trainings import EnrollmentFactory
from tests.partners.mails import link_in, mail_to, mails_to
from trainings.invoice_files import credit_note_pdf, invoice_pdf
from trainings.models import CreditNote, Enrollment, Invoice, InvoiceLine, NumberSeries
from trainings.services.billing import bill, credit, next_number
from trainings.services.payments import correct, mark_paid, note_refund, remind_overdue, void
from trainings.services.sessions import cancel_session

pytestmark = pytest.mark.django_db
HARD = "<b>Olá</b> 🎓 אבג\r\nBcc: x@evil.example"


def give_back(row: Enrollment) -> None:
    row.status, row.cancelled_at = "cancelled", timezone.now()
    row.save()


def paid(invoice: Invoice) -> Invoice:
    return mark_paid(invoice=invoice, how="check", note="1001", by=StaffFactory(), now=timezone.now())


def test_a_session_that_is_called_off_costs_nobody_anything():
    registration = registered(40, 25)
    free = EnrollmentFactory(session=registration.session)
    invoice = bill(registration=registration, now=timezone.now())
    cancel_session(session=registration.session, reason="Snow", by=StaffFactory(), now=timezone.now())
    invoice.refresh_from_db()
    assert (invoice.credited, invoice.state) == (65, "credited")
    assert sorted(CreditNote.objects.values_list("amount", flat=True)) == [25, 40]
    assert not CreditNote.objects.filter(enrollment=free).exists()


# --- Writing ------------------------------------------------------------------------------------------------------


def test_an_invoice_names_everybody_with_a_seat_who_costs_something():
    registration = registered(40, 25, 0)
    EnrollmentFactory(session=registration.session, registration=registration, price=40, status="waitlisted")
    invoice = bill(registration=registration, now=timezone.now())
    assert [line.amount for line in invoice.lines.all()] == [40, 25]
    assert (invoice.total, invoice.due, invoice.state) == (65, 65, "open")
    assert invoice.number == f"INV-{timezone.localdate().year}-0001"
    mail = mail_to(registration.contact.email)
    assert invoice.number in mail["Subject"]
    assert "$65.00" in mail.get_body(("plain",)).get_content()


def test_billing_again_bills_only_who_is_new():
    registration = registered(40)
    late = EnrollmentFactory(
        session=registration.session, registration=registration, price=40, status="waitlisted"
    )
    assert bill(registration=registration, now=timezone.now()).total == 40
    assert bill(registration=registration, now=timezone.now()) is None
    Enrollment.objects.filter(pk=late.pk).update(status="registered")
    second = bill(registration=registration, now=timezone.now())
    assert [line.enrollment_id for line in second.lines.all()] == [late.pk]


def test_nothing_is_billed_where_nothing_costs():
    assert bill(registration=registered(0, 0), now=timezone.now()) is None
    assert not Invoice.objects.exists()
    assert not NumberSeries.objects.exists()


def test_the_words_stay_as_they_were():
    organization = OrganizationFactory(name="Old name", street="1 Elm St")
    registration = registered(40)
    registration.organization = organization
    registration.save()
    invoice = bill(registration=registration, now=timezone.now())
    organization.name = "New name"
    organization.save()
    registration.contact.first_name = "Somebody else"
    registration.contact.save()
    invoice.refresh_from_db()
    assert invoice.billed_to.startswith("Old name\nAna ")
    assert "Somebody else" not in invoice.billed_to


def test_numbers_have_no_gap_where_something_fails():
    assert next_number("INV", timezone.now()).endswith("-0001")
    with transaction.atomic():
        next_number("INV", timezone.now())
        transaction.set_rollback(True)
    assert next_number("INV", timezone.now()).endswith("-0002")
    assert next_number("CN", timezone.now()).endswith("-0001")


def test_numbers_begin_anew_with_the_year_in_chicago():
    new_year = timezone.datetime(2027, 1, 1, 5, 59, tzinfo=timezone.get_fixed_timezone(0))
    assert next_number("INV", new_year) == "INV-2026-0001"
    assert next_number("INV", new_year + timedelta(minutes=1)) == "INV-2027-0001"


@pytest.mark.django_db(transaction=True)
def test_twenty_invoices_at_once_have_twenty_numbers_in_a_row():
    registrations = [registered(10) for _number in range(20)]

    def write(registration):
        try:
            return bill(registration=registration, now=timezone.now()).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(write, registrations))
    assert [int(number[-4:]) for number in numbers] == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_the_same_registration_billed_at_once_is_billed_once():
    registration = registered(10)

    def write(_number):
        try:
            return bill(registration=registration, now=timezone.now()) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [False, False, False, True]


# --- Taking off ---------------------------------------------------------------------------------------------------


def test_a_seat_given_back_in_time_is_taken_off_in_full():
    invoice = invoiced(40, 25)
    first, _second = people_of(invoice.registration)
    give_back(first)
    assert credit(enrollment=first, now=timezone.now()) == 40
    invoice.refresh_from_db()
    assert (invoice.credited, invoice.due, invoice.state) == (40, 25, "open")
    assert credit(enrollment=first, now=timezone.now()) == 0
    note = invoice.credits.get()
    assert note.number == f"CN-{timezone.localdate().year}-0001"
    assert note.number in mail_to(invoice.registration.contact.email).get_body(("plain",)).get_content()


def test_after_the_last_seat_nothing_is_left_to_pay():
    invoice = invoiced(40)
    (row,) = people_of(invoice.registration)
    give_back(row)
    credit(enrollment=row, now=timezone.now())
    invoice.refresh_from_db()
    assert (invoice.state, invoice.due, invoice.owed_back) == ("credited", 0, 0)


@pytest.mark.parametrize(
    ("before", "percent", "back"),
    [
        (timedelta(days=7), 50, 40),
        (timedelta(days=6, hours=23), 50, 20),
        (timedelta(days=6), 33, Decimal("13.20")),
        (timedelta(hours=1), 0, 0),
        (timedelta(hours=-1), 50, 0),
    ],
)
def test_the_course_says_how_much_comes_back(before, percent, back):
    invoice = invoiced(40)
    course = invoice.registration.session.course
    course.full_refund_days, course.late_refund_percent = 7, percent
    course.save()
    (row,) = people_of(invoice.registration)
    give_back(row)
    # By the clock on the wall: seven days before are seven days also when the clocks change.
    at = timezone.localtime(invoice.registration.session.starts_at) - before
    assert credit(enrollment=row, now=at) == back


def test_a_session_called_off_costs_nobody_anything():
    invoice = invoiced(40)
    paid(invoice)
    session = invoice.registration.session
    session.state, session.cancelled_at = "cancelled", timezone.now()
    session.save()
    (row,) = people_of(invoice.registration)
    give_back(row)
    assert credit(enrollment=row, now=session.starts_at) == 40
    invoice.refresh_from_db()
    assert (invoice.state, invoice.owed_back) == ("paid", 40)
    assert list(Invoice.objects.to_give_back()) == [invoice]


def test_somebody_who_costs_nothing_gets_nothing_back():
    row = EnrollmentFactory(price=0)
    assert credit(enrollment=row, now=timezone.now()) == 0


def test_no_more_is_taken_off_than_there_is():
    invoice, staff = invoiced(40), StaffFactory()
    correct(invoice=invoice, amount=Decimal(15), words="Agreed by phone", by=staff, now=timezone.now())
    with pytest.raises(NotAllowed, match="No more"):
        correct(invoice=invoice, amount=Decimal("25.01"), words="x", by=staff, now=timezone.now())
    (row,) = people_of(invoice.registration)
    give_back(row)
    assert credit(enrollment=row, now=timezone.now()) == 25
    invoice.refresh_from_db()
    assert invoice.state == "credited"


# --- Paying -------------------------------------------------------------------------------------------------------


def test_a_payment_is_noted_once_and_thanked_for():
    invoice = invoiced(40)
    done = paid(invoice)
    assert (done.state, done.paid, done.paid_how, done.paid_note) == ("paid", 40, "check", "1001")
    with pytest.raises(NotAllowed):
        paid(invoice)
    assert "Paid" in mail_to(invoice.registration.contact.email)["Subject"]
    assert done.history.count() == 2


def test_staff_cannot_note_a_payment_by_card():
    with pytest.raises(NotAllowed):
        mark_paid(invoice=invoiced(40), how="card", note="", by=StaffFactory(), now=timezone.now())


def test_what_was_paid_too_much_is_given_back():
    invoice, staff = invoiced(40, 25), StaffFactory()
    paid(invoice)
    with pytest.raises(NotAllowed):
        note_refund(invoice=invoice, by=staff, now=timezone.now())
    correct(invoice=invoice, amount=Decimal(25), words="One seat too many", by=staff, now=timezone.now())
    assert note_refund(invoice=invoice, by=staff, now=timezone.now()) == 25
    invoice.refresh_from_db()
    assert (invoice.state, invoice.refunded, invoice.owed_back) == ("paid", 25, 0)
    correct(invoice=invoice, amount=Decimal(40), words="All of it", by=staff, now=timezone.now())
    note_refund(invoice=invoice, by=staff, now=timezone.now())
    invoice.refresh_from_db()
    assert (invoice.state, invoice.refunded) == ("refunded", 65)


def test_a_void_invoice_keeps_its_number_and_can_be_written_anew():
    invoice, staff = invoiced(40), StaffFactory()
    second = void(invoice=invoice, reason="Wrong name", write_anew=True, by=staff, now=timezone.now())
    invoice.refresh_from_db()
    assert (invoice.state, invoice.due) == ("void", 0)
    assert second.number.endswith("-0002")
    assert second.due == 40
    with pytest.raises(NotAllowed):
        void(invoice=invoice, reason="Again", write_anew=True, by=staff, now=timezone.now())
    void(invoice=second, reason="Not needed", write_anew=False, by=staff, now=timezone.now())
    assert "is void" in mail_to(invoice.registration.contact.email)["Subject"]


def test_a_paid_invoice_cannot_be_made_void():
    with pytest.raises(NotAllowed):
        void(invoice=paid(invoiced(40)), reason="x", write_anew=False, by=StaffFactory(), now=timezone.now())


# --- Reminders ----------------------------------------------------------------------------------------------------


def test_overdue_invoices_are_reminded_of_twice_at_most():
    invoice = invoiced(40)
    due = invoice.issued_at + timedelta(days=30)
    assert remind_overdue(now=due) == 0
    assert remind_overdue(now=due + timedelta(days=1)) == 1
    assert remind_overdue(now=due + timedelta(days=2)) == 0
    assert remind_overdue(now=due + timedelta(days=16)) == 1
    assert remind_overdue(now=due + timedelta(days=200)) == 0
    subjects = [mail["Subject"] for mail in mails_to(invoice.registration.contact.email)]
    assert sum("Still open" in subject for subject in subjects) == 2


def test_nobody_is_reminded_of_what_needs_not_be_paid():
    staff = StaffFactory()
    paid(invoiced(40))
    void(invoice=invoiced(40), reason="x", write_anew=False, by=staff, now=timezone.now())
    correct(invoice=invoiced(40), amount=Decimal(40), words="x", by=staff, now=timezone.now())
    assert remind_overdue(now=timezone.now() + timedelta(days=60)) == 0


# --- Words --------------------------------------------------------------------------------------------------------


def test_hard_words_stay_words_in_mail_and_on_paper():
    registration = registered(40)
    registration.session.course.title = HARD[:160]
    registration.session.course.save()
    registration.contact.last_name = "<script>"
    registration.contact.save()
    registration.organization = OrganizationFactory(name="A" * 200)
    registration.save()
    invoice = bill(registration=registration, now=timezone.now())
    mail = mail_to(registration.contact.email)
    assert mail["Bcc"] is None
    assert "<b>Ol" not in mail.get_body(("html",)).get_content()
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(invoice_pdf(invoice))).pages)
    assert "Bcc: x@evil.example" in text.replace("\n", " ")


def test_the_paper_says_what_is_left():
    invoice = invoiced(40, 25)
    (first, _second) = people_of(invoice.registration)
    give_back(first)
    credit(enrollment=first, now=timezone.now())
    invoice.refresh_from_db()
    reader = PdfReader(BytesIO(invoice_pdf(invoice)))
    text = reader.pages[0].extract_text()
    assert invoice.number in text
    assert "$25.00" in text
    assert "1 Sample Street" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    note = invoice.credits.get()
    assert note.number in PdfReader(BytesIO(credit_note_pdf(note))).pages[0].extract_text()


def test_the_mail_leads_to_the_invoice(client):
    invoice = invoiced(40)
    address = link_in(mail_to(invoice.registration.contact.email), "/trainings/invoices/")
    page = client.get(address)
    assert invoice.number in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")


# --- The database -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"total": 0}, "invoice_sums_not_negative"),
        ({"credited": -1}, "invoice_sums_not_negative"),
        ({"credited": 41}, "invoice_credited_at_most_total"),
        ({"paid": 40, "refunded": 41}, "invoice_refunded_at_most_paid"),
        ({"state": "paid", "paid": 40}, "invoice_paid_has_time_and_way"),
        ({"state": "void"}, "invoice_void_has_time"),
        ({"paid": 40, "refunded": 1}, "invoice_refunded_has_time"),
        ({"reminders": 3}, "invoice_two_reminders_at_most"),
    ],
)
def test_the_database_refuses(changes, name):
    invoice = invoiced(40)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**changes)


def test_the_database_refuses_empty_lines_notes_and_second_numbers():
    invoice = invoiced(40)
    (line,) = invoice.lines.all()
    with pytest.raises(IntegrityError, match="invoice_line_costs_something"), transaction.atomic():
        InvoiceLine.objects.filter(pk=line.pk).update(amount=0)
    with pytest.raises(IntegrityError, match="invoice_line_once_per_person"), transaction.atomic():
        InvoiceLine.objects.create(invoice=invoice, enrollment=line.enrollment, words="x", amount=1)
    with pytest.raises(IntegrityError, match="credit_note_takes_something_off"), transaction.atomic():
        CreditNote.objects.create(
            number="CN-1", invoice=invoice, reason="correction", words="x", amount=0, issued_at=timezone.now()
        )
    with pytest.raises(IntegrityError, match="number_series_once"), transaction.atomic():
        NumberSeries.objects.create(prefix="INV", year=timezone.localdate().year)


# --- Who sees them ------------------------------------------------------------------------------------------------


def test_ones_own_invoices_and_nobody_elses(client):
    invoice, other = invoiced(40), invoiced(25)
    organization = OrganizationFactory()
    membership = MembershipFactory(person=invoice.registration.contact, organization=organization)
    user = UserFactory()
    membership.person.user = user
    membership.person.save()
    client.force_login(user)
    page = client.get("/my/trainings/invoices/").content.decode()
    assert invoice.number in page
    assert other.number not in page


@pytest.mark.parametrize("address", ["", "invoice.pdf", "CN-2026-0001.pdf"])
def test_a_forged_link_opens_nothing(client, address):
    invoice = invoiced(40)
    assert client.get(f"/trainings/invoices/{invoice.pk}:forged/{address}").status_code == 404
    assert client.post(f"/trainings/invoices/{invoice.pk}:forged/pay/").status_code == 404


def test_a_credit_note_of_another_invoice_is_not_found(client):
    invoice, other = invoiced(40), invoiced(25)
    correct(invoice=other, amount=Decimal(5), words="x", by=StaffFactory(), now=timezone.now())
    address = link_in(mails_to(invoice.registration.contact.email)[0], "/trainings/invoices/")
    assert client.get(f"{address}{other.credits.get().number}.pdf").status_code == 404
