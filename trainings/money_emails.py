"""What people are written about fees: invoices, payments, scholarships. Built here, queued by the services.

Each mail is a heading, paragraphs and one button; both parts of it are made from these.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.emails import Message, render_message
from partners.models import Person
from partners.services.identity import get_coalition
from trainings.models import CreditNote, Invoice, Registration, ScholarshipAward, ScholarshipRequest
from trainings.money_tokens import invoice_address, scholarship_address
from trainings.tokens import full


def money(amount: Decimal) -> str:
    """Such as `$1,240.00`."""
    return f"${number_format(amount, 2, use_l10n=True, force_grouping=True)}"


def _message(
    to: Person, subject: str, *, heading: str, paragraphs: Sequence[str], url: str = "", button: str = ""
) -> Message:
    return render_message(
        "trainings/email/money",
        to=to.email,
        subject=subject,
        subject_words=subject,
        person=to,
        heading=heading,
        paragraphs=[words for words in paragraphs if words],
        url=url,
        button=button,
    )


def _about_invoice(invoice: Invoice, subject: str, *, heading: str, paragraphs: Sequence[str]) -> Message:
    return _message(
        invoice.registration.contact,
        subject % {"number": invoice.number},
        heading=heading,
        paragraphs=paragraphs,
        url=full(invoice_address(invoice)),
        button=_("Read the invoice"),
    )


def invoice_sent(invoice: Invoice) -> Message:
    """To whoever registered: what it costs, until when, and that help with it can be asked for."""
    help_url = full(scholarship_address(invoice.registration))
    return _about_invoice(
        invoice,
        _("Invoice %(number)s"),
        heading=_("Your invoice"),
        paragraphs=[
            _("This is for %(about)s.") % {"about": invoice.about},
            _("%(amount)s is due by %(day)s. You can pay by check or bank transfer; the invoice says how.")
            % {"amount": money(invoice.total), "day": date_format(invoice.due_on, "l, F j, Y")},
            _("Is the fee a burden? Ask for a scholarship, in private: %(url)s") % {"url": help_url},
        ],
    )


def credited(invoice: Invoice, note: CreditNote) -> Message:
    """That something was taken off an invoice, and what that means for the money."""
    if invoice.owed_back:
        rest = _("We will give %(amount)s back to you the way you paid.")
        rest %= {"amount": money(invoice.owed_back)}
    elif invoice.due:
        rest = _("%(amount)s is left to pay by %(day)s.")
        rest %= {"amount": money(invoice.due), "day": date_format(invoice.due_on, "F j, Y")}
    else:
        rest = _("Nothing is left to pay.")
    return _about_invoice(
        invoice,
        _("Invoice %(number)s is lower now"),
        heading=_("Your invoice is lower now"),
        paragraphs=[
            _("We took %(amount)s off (credit note %(note)s).")
            % {"amount": money(note.amount), "note": note.number},
            note.words,
            rest,
        ],
    )


def paid(invoice: Invoice) -> Message:
    """Thanks for a payment; the invoice's page is the receipt."""
    words = _("We received %(amount)s for %(about)s. The invoice is your receipt.")
    return _about_invoice(
        invoice,
        _("Paid: invoice %(number)s"),
        heading=_("Thank you, the invoice is paid"),
        paragraphs=[words % {"amount": money(invoice.paid), "about": invoice.about}],
    )


def refunded(invoice: Invoice) -> Message:
    """That money was given back."""
    words = _("In all, we gave %(amount)s back on this invoice. By card, it can take ten days to show.")
    return _about_invoice(
        invoice,
        _("Money back: invoice %(number)s"),
        heading=_("We gave money back"),
        paragraphs=[words % {"amount": money(invoice.refunded)}],
    )


def voided(invoice: Invoice) -> Message:
    """That an invoice need not be paid."""
    return _about_invoice(
        invoice,
        _("Invoice %(number)s is void"),
        heading=_("Please do not pay this invoice"),
        paragraphs=[_("Invoice %(number)s no longer holds.") % {"number": invoice.number}],
    )


def overdue(invoice: Invoice) -> Message:
    """A friendly reminder, with the way to ask for help."""
    return _about_invoice(
        invoice,
        _("Still open: invoice %(number)s"),
        heading=_("This invoice is still open"),
        paragraphs=[
            _("%(amount)s for %(about)s was due on %(day)s. If your payment is on its way, thank you.")
            % {
                "amount": money(invoice.due),
                "about": invoice.about,
                "day": date_format(invoice.due_on, "F j, Y"),
            },
            _("Is the fee a burden? Ask for a scholarship, in private: %(url)s")
            % {"url": full(scholarship_address(invoice.registration))},
        ],
    )


def scholarship_asked(requests: Sequence[ScholarshipRequest]) -> Message:
    """To whoever asked: we have it, who sees it, what happens next."""
    first = requests[0]
    registration = first.enrollment.registration
    return _message(
        first.asker,
        _("We have your scholarship request"),
        heading=_("We have your request"),
        paragraphs=[
            ngettext(
                "You asked for help with the fee of %(course)s.",
                "You asked for help with the fees of %(count)d people for %(course)s.",
                len(requests),
            )
            % {"course": first.enrollment.session.course.title, "count": len(requests)},
            _(
                "Only the few people who decide about scholarships see it. "
                "You keep your place meanwhile, and nothing has to be paid until you have our answer."
            ),
        ],
        url=full(scholarship_address(registration)) if registration else "",
        button=_("See or take back the request"),
    )


def scholarship_waiting() -> Message | None:
    """To the coalition, without a word about who asked: a request waits. Nothing where there is no address yet."""
    to = get_coalition().email
    if not to:
        return None
    subject = _("A scholarship request waits")
    return render_message(
        "trainings/email/money",
        to=to,
        subject=subject,
        subject_words=subject,
        heading=subject,
        paragraphs=[_("Who decides about scholarships finds it in the queue. Nobody else can open it.")],
        url=full(reverse("admin:trainings_scholarshiprequest_changelist")),
        button=_("Open the queue"),
    )


def scholarship_approved(request: ScholarshipRequest, award: ScholarshipAward) -> Message:
    """Yes, how much, and what is left to pay."""
    rest = request.enrollment.price - award.amount
    course, name = request.enrollment.session.course.title, request.enrollment.person.name
    words = _("A scholarship pays %(amount)s of the fee for %(name)s: %(course)s.")
    return _message(
        request.asker,
        _("Your scholarship"),
        heading=_("Yes: a scholarship helps with the fee"),
        paragraphs=[
            words % {"amount": money(award.amount), "name": name, "course": course},
            request.answer,
            _("%(amount)s is left of the fee.") % {"amount": money(rest)}
            if rest
            else _("Nothing is left to pay."),
            _(
                "If you can no longer come, please give the seat back: the scholarship then helps somebody else."
            ),
        ],
        **_session_page(request),
    )


def scholarship_declined(request: ScholarshipRequest) -> Message:
    """No, in the reviewer's words, and what can be done."""
    words = _("This time we can't help with the fee of %(course)s.")
    return _message(
        request.asker,
        _("About your scholarship request"),
        heading=_("About your request"),
        paragraphs=[
            words % {"course": request.enrollment.session.course.title},
            request.answer,
            _(
                "The seat is still yours. If you would rather not pay the fee, you can give the seat back, "
                "or write to us to choose a lower fee: nobody asks for proof."
            ),
        ],
        **_session_page(request),
    )


def _session_page(request: ScholarshipRequest) -> dict[str, str]:
    return {
        "url": full(request.enrollment.session.get_absolute_url()),
        "button": _("See the training"),
    }


def help_address(registration: Registration) -> str:
    """The whole address at which a scholarship is asked for, for other mails."""
    return full(scholarship_address(registration))
