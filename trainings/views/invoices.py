"""Invoices over the link in our mail: read, take along as PDF, pay by card. And one's own invoices in a list."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mailing.web.limits import limited
from partners.errors import NotAllowed
from trainings import card_service
from trainings.invoice_files import credit_note_pdf, how_to_pay, invoice_pdf
from trainings.models import Invoice
from trainings.money_tokens import invoice_address, invoice_behind, scholarship_address
from trainings.services.card_payments import open_checkout, receive
from trainings.services.scholarships import can_ask_for
from trainings.tokens import full

PER_PAGE = 25


def _invoice(token: str) -> Invoice:
    pk = invoice_behind(token)
    rows = Invoice.objects.select_related("registration__contact", "registration__session__course")
    return get_object_or_404(rows, pk=pk) if pk is not None else _nothing()


def _nothing() -> Invoice:
    raise Http404


@login_not_required
@never_cache
@require_safe
def invoice(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice as it stands. What the return from the card page claims is not believed, only waited for."""
    return _shown(request, _invoice(token), token)


def _shown(
    request: HttpRequest, found: Invoice, token: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {
        "invoice": found,
        "refusal": refusal,
        "lines": found.lines.all(),
        "credits": found.credits.all(),
        "how_to_pay": how_to_pay(found),
        "token": token,
        "can_pay_by_card": bool(found.due) and card_service.is_on(),
        "comes_from_card": request.GET.get("from") == "card" and bool(found.due),
        "is_overdue": bool(found.due) and found.due_on < timezone.localdate(now),
        "help_url": scholarship_address(found.registration)
        if found.due and can_ask_for(found.registration, now)
        else "",
    }
    response = render(request, "trainings/invoice.html", context, status=status)
    if context["can_pay_by_card"]:
        # The form's answer leads to the card service.
        response._csp_update = {"form-action": [settings.STRIPE_CHECKOUT_ORIGIN]}
    return response


@login_not_required
@never_cache
@require_safe
def invoice_file(request: HttpRequest, token: str) -> HttpResponse:
    """The same as a PDF."""
    found = _invoice(token)
    return _pdf(invoice_pdf(found), found.number)


@login_not_required
@never_cache
@require_safe
def credit_note_file(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """One of the invoice's credit notes as a PDF."""
    note = get_object_or_404(_invoice(token).credits.select_related("invoice"), number=number)
    return _pdf(credit_note_pdf(note), note.number)


@login_not_required
@never_cache
@require_POST
@limited("pay")
def pay_by_card(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the card service's page for what is left to pay."""
    found = _invoice(token)
    try:
        page = open_checkout(invoice=found, back=full(invoice_address(found)), now=timezone.now())
    except NotAllowed as refusal:
        return _shown(request, found, token, refusal=str(refusal), status=409)
    except card_service.CardServiceDown:
        said = _(
            "The card service does not answer right now. Nothing was charged. Try again in a few minutes."
        )
        return _shown(request, found, token, refusal=said, status=503)
    return HttpResponseRedirect(page.url)


@login_not_required
@csrf_exempt
@require_POST
def card_messages(request: HttpRequest) -> HttpResponse:
    """What the card service tells us, each message once. Without its signature nothing is read."""
    if not card_service.is_on():
        raise Http404
    try:
        message = card_service.read_message(request.body, request.headers.get("Stripe-Signature", ""))
    except card_service.NotFromCardService:
        return HttpResponse(status=400)
    receive(message=message, now=timezone.now())
    return HttpResponse(status=200)


@never_cache
@require_safe
def my_invoices(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own invoices, the newest first."""
    rows = Invoice.objects.filter(registration__contact__user=request.user).order_by("-issued_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = [{"invoice": row, "url": invoice_address(row)} for row in page]
    return render(request, "trainings/my_invoices.html", {"page_obj": page, "rows": listed})


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
