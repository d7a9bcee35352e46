"""A partner's own pages of its positions on bills. What one may not see is not there (404)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_ratelimit.core import is_ratelimited

from legislation.forms.positions import DeclineForm, PositionForm
from legislation.models import Bill, OrganizationPosition
from legislation.pages.partner_positions import partner_positions
from legislation.permissions import (
    can_decide_as_staff,
    can_propose_for,
    can_speak_for,
    can_withdraw,
    primary_contacts,
)
from legislation.search.bills import BillSearch
from legislation.services.positions import (
    approve_position,
    decline_position,
    take_position,
    withdraw_position,
)
from partners.errors import NotAllowed
from partners.models import Membership, Organization
from partners.permissions import can_edit_organization
from partners.posted import posted
from partners.views.my import own_organization

BILLS_SHOWN = 12
_State = OrganizationPosition.State


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """From a bill's page (`?bill=`): on to the organization one may take a position for; of several, asks which."""
    memberships = (
        Membership.objects.of(request.user).select_related("organization").order_by("started_on", "pk")
    )
    organizations = [
        membership.organization
        for membership in memberships
        if membership.organization.status == Organization.Status.ACTIVE
        and membership.role in {Membership.Role.PRIMARY_CONTACT, Membership.Role.ADVOCATE}
    ]
    bill = _chosen_bill(request)
    query = f"?bill={bill.pk}" if bill else ""
    if len(organizations) == 1:
        address = reverse("my_legislation:position_new", args=[organizations[0].slug])
        return HttpResponseRedirect(f"{address}{query}")
    context = {"organizations": organizations, "bill": bill, "query": query}
    return render(request, "legislation/my/position_start.html", context)


@never_cache
def positions(request: HttpRequest, slug: str) -> HttpResponse:
    """On record, waiting, what the coalition asks about, and what was before."""
    own = own_organization(request, slug)
    page = partner_positions(own, request.user, timezone.now())
    speaks = can_speak_for(request.user, own)
    for stance in page.waiting:
        own_proposal = stance.position.proposed_by_id == request.user.pk
        stance.may_withdraw = not speaks and own_proposal and can_withdraw(request.user, stance.position)
    context = {
        "organization": own,
        "page": page,
        "speaks": speaks,
        "may_propose": speaks or can_propose_for(request.user, own),
        "has_contact": speaks or bool(primary_contacts(own)),
        "can_edit": can_edit_organization(request.user, own),
        "is_staff_view": can_decide_as_staff(request.user),
    }
    return render(request, "legislation/my/positions.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a bill, say what you think of it, check your answers, send them. Nothing is kept before that."""
    own = own_organization(request, slug)
    if not can_propose_for(request.user, own):
        raise PermissionDenied
    bill = _chosen_bill(request)
    if bill is None:
        return _choose_bill(request, own)
    step = request.POST.get("step", "")
    held = OrganizationPosition.objects.filter(organization=own, bill=bill, state=_State.ON_RECORD).first()
    earlier = {"position": held.position, "statement": held.statement} if held else {}
    form = PositionForm(posted(request), initial=earlier)
    context = {
        "form": form,
        "organization": own,
        "bill": bill,
        "held": held,
        "speaks": can_speak_for(request.user, own),
        "has_contact": bool(primary_contacts(own)),
    }
    if request.method != "POST" or step == "change" or not form.is_valid():
        return render(request, "legislation/my/position_form.html", context)
    if step == "send":
        return _send(request, own, bill, form)
    context |= {"answers": form.cleaned_data, "word": _word(form.cleaned_data["position"])}
    return render(request, "legislation/my/position_check.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A primary contact puts a proposed position on record."""
    own, position = _deciding(request, slug, pk)
    if request.method == "POST":
        return _step(
            request,
            own,
            lambda: approve_position(position=position, by=request.user),
            _("%s: your position is on record.") % position.bill.label,
        )
    return render(
        request, "legislation/my/position_approve.html", {"organization": own, "position": position}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A primary contact refuses a proposed position, with the reason."""
    own, position = _deciding(request, slug, pk)
    form = DeclineForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _step(
            request,
            own,
            lambda: decline_position(position=position, by=request.user, reason=form.cleaned_data["reason"]),
            _("%s: the proposal is declined.") % position.bill.label,
        )
    context = {"organization": own, "position": position, "form": form}
    return render(request, "legislation/my/position_decline.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes back a position on record, or one's own proposal."""
    own = own_organization(request, slug)
    position = _position(own, pk)
    if not can_withdraw(request.user, position) and position.state in {_State.ON_RECORD, _State.PROPOSED}:
        raise PermissionDenied
    if request.method == "POST":
        return _step(
            request,
            own,
            lambda: withdraw_position(position=position, by=request.user),
            _("%s: your position is withdrawn.") % position.bill.label,
        )
    return render(
        request, "legislation/my/position_withdraw.html", {"organization": own, "position": position}
    )


# --- Parts ------------------------------------------------------------------------------------------------------


def _chosen_bill(request: HttpRequest) -> Bill | None:
    number = request.POST.get("bill") or request.GET.get("bill") or ""
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    return Bill.objects.for_rows().filter(pk=int(number)).first()


def _choose_bill(request: HttpRequest, own: Organization) -> HttpResponse:
    """Search by number or words."""
    words = request.GET.get("q", "").strip()[:200]
    search = BillSearch.parse({"q": words})
    found = list(search.queryset().for_rows()[: BILLS_SHOWN + 1]) if words else []
    context = {
        "organization": own,
        "words": words,
        "bills": found[:BILLS_SHOWN],
        "more": len(found) > BILLS_SHOWN,
    }
    return render(request, "legislation/my/position_bill.html", context)


def _send(request: HttpRequest, own: Organization, bill: Bill, form: PositionForm) -> HttpResponse:
    # A proposal mails the primary contacts, so one person cannot send any number of them.
    if not can_speak_for(request.user, own) and is_ratelimited(
        request, group="position", key="user", rate=settings.FORM_RATE, method="POST", increment=True
    ):
        return render(request, "429.html", status=429)
    try:
        row = take_position(organization=own, bill=bill, by=request.user, **form.cleaned_data)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("my_legislation:positions", slug=own.slug)
    if row.state == _State.ON_RECORD:
        done = _("%(bill)s: your organization is on record with “%(word)s”.")
    elif primary_contacts(own):
        done = _("%(bill)s: your proposal “%(word)s” waits. We told your primary contacts by e-mail.")
    else:
        done = _("%(bill)s: your proposal “%(word)s” waits. The coalition's staff will be in touch.")
    messages.success(request, done % {"bill": bill.label, "word": row.get_position_display()})
    return redirect("my_legislation:positions", slug=own.slug)


def _word(position: str) -> str:
    return str(OrganizationPosition.Position(position).label)


def _position(own: Organization, pk: int) -> OrganizationPosition:
    rows = OrganizationPosition.objects.select_related("bill", "organization", "proposed_by__person")
    return get_object_or_404(rows, pk=pk, organization=own)


def _deciding(request: HttpRequest, slug: str, pk: int) -> tuple[Organization, OrganizationPosition]:
    """The organization and one of its positions, for somebody who may decide; 403 for its other people."""
    own = own_organization(request, slug)
    position = _position(own, pk)
    if not can_speak_for(request.user, own):
        raise PermissionDenied
    return own, position


def _step(request: HttpRequest, own: Organization, step: Callable[[], object], done: str) -> HttpResponse:
    """Takes a step and says how it went; what another tab or person did meanwhile is told in words."""
    try:
        step()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("my_legislation:positions", slug=own.slug)
