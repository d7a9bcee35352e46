"""Partners on record on a bill, for everybody; and the one page on which a partner answers our request."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import is_ratelimited

from legislation.forms.positions import PositionForm
from legislation.models import Bill, Hearing, OrganizationPosition, PositionRequest
from legislation.pages import bill_positions as pages
from legislation.pages.partners_at_hearing import partners_at_hearing
from legislation.permissions import can_propose_for, can_speak_for, primary_contacts
from legislation.services.positions import take_position
from partners.caching import cached_page
from partners.errors import NotAllowed
from partners.models import Organization
from partners.permissions import may_look
from partners.posted import posted
from partners.spreadsheets import csv_download
from partners.views.my import own_organization


@login_not_required
@require_safe
@cached_page
def bill_positions(request: HttpRequest, session: int, identifier: str) -> HttpResponse:
    """Which partners support, oppose or follow a bill, with their words."""
    bill = _bill(session, identifier)
    if identifier != identifier.lower():
        address = reverse("legislation:bill_positions", args=[session, identifier.lower()])
        return HttpResponsePermanentRedirect(address)
    # Strangers get stored pages, so what only staff may see is never on one of them.
    sees_history = request.user.is_authenticated and may_look(request.user, OrganizationPosition)
    context = {
        "bill": bill,
        "page": pages.bill_positions(bill, request.GET),
        "sees_history": sees_history,
        "history": pages.position_history(bill) if sees_history else [],
    }
    return render(request, "legislation/on_record/bill_positions.html", context)


@login_not_required
@require_safe
def bill_positions_csv(request: HttpRequest, session: int, identifier: str) -> HttpResponseBase:
    """The same list as a table for a spreadsheet."""
    bill = _bill(session, identifier)
    name = f"{bill.identifier.lower()}-{bill.session}-partners-on-record.csv"
    return csv_download(name, pages.position_rows(bill, request.GET))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_request(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The coalition asked where a partner stands on the bill `pk`: one page, one choice, one button."""
    own = own_organization(request, slug)
    asked = get_object_or_404(
        PositionRequest.objects.select_related("bill__tracking"), organization=own, bill=pk
    )
    if not can_propose_for(request.user, own):
        raise PermissionDenied
    state = OrganizationPosition.State.ON_RECORD
    held = OrganizationPosition.objects.filter(organization=own, bill=pk, state=state).first()
    form = PositionForm(
        posted(request), initial={"position": held.position, "statement": held.statement} if held else {}
    )
    if request.method == "POST" and form.is_valid():
        return _take(request, own, asked.bill, form)
    context = {
        "form": form,
        "organization": own,
        "asked": asked,
        "bill": asked.bill,
        "held": held,
        "speaks": can_speak_for(request.user, own),
        "has_contact": bool(primary_contacts(own)),
    }
    return render(request, "legislation/on_record/answer.html", context)


@never_cache
@require_safe
def at_hearing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """For a partner's primary contact: which partners are on record before a hearing of a bill that concerns it."""
    own = own_organization(request, slug)
    if not can_speak_for(request.user, own):
        raise PermissionDenied
    hearing = get_object_or_404(Hearing.objects.shown().select_related("committee"), pk=pk)
    page = partners_at_hearing(hearing, own, timezone.now())
    if page is None:
        raise Http404
    return render(request, "legislation/on_record/at_hearing.html", {"organization": own, "page": page})


def _take(request: HttpRequest, own: Organization, bill: Bill, form: PositionForm) -> HttpResponse:
    # A proposal mails the primary contacts, so one person cannot send any number of them.
    if not can_speak_for(request.user, own) and is_ratelimited(
        request, group="position", key="user", rate=settings.FORM_RATE, method="POST", increment=True
    ):
        return render(request, "429.html", status=429)
    try:
        row = take_position(organization=own, bill=bill, by=request.user, **form.cleaned_data)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(row))
    return redirect("my_legislation:positions", slug=own.slug)


def _said(row: OrganizationPosition) -> str:
    words = (
        _("%(bill)s: your organization is on record with “%(word)s”. Thank you.")
        if row.state == OrganizationPosition.State.ON_RECORD
        else _("%(bill)s: your proposal “%(word)s” waits for your primary contact.")
    )
    return words % {"bill": row.bill.label, "word": row.get_position_display()}


def _bill(session: int, identifier: str) -> Bill:
    bill = pages.load_bill(session, identifier.upper()[:20])
    if bill is None:
        raise Http404
    return bill
