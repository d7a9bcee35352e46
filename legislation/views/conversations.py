"""A partner's talks with legislators: whom its people asked about which bill, and what they heard."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from legislation.forms.asking import AnswerForm, ConversationForm
from legislation.models import Bill, Legislator, LegislatorAsk
from legislation.permissions import can_propose_for
from legislation.services.asking import correct_ask, log_ask, remove_ask
from partners.errors import NotAllowed
from partners.models import Membership, Organization
from partners.permissions import can_edit_organization
from partners.posted import posted
from partners.views.my import own_organization

PER_PAGE = 25


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """From the page of a bill or a legislator: on to the organization one may write for; of several, asks which."""
    memberships = Membership.objects.of(request.user).filter(
        organization__status=Organization.Status.ACTIVE,
        role__in=[Membership.Role.PRIMARY_CONTACT, Membership.Role.ADVOCATE],
    )
    organizations = [
        membership.organization
        for membership in memberships.select_related("organization").order_by("started_on", "pk")
    ]
    bill, legislator = _about(request)
    query = _query(bill, legislator)
    if len(organizations) == 1:
        address = reverse("my_legislation:conversation_new", args=[organizations[0].slug])
        return HttpResponseRedirect(f"{address}{query}")
    context = {"organizations": organizations, "bill": bill, "legislator": legislator, "query": query}
    return render(request, "legislation/on_record/conversation_start.html", context)


@never_cache
def conversations(request: HttpRequest, slug: str) -> HttpResponse:
    """What this partner's people wrote down, the latest first, with their notes."""
    own = own_organization(request, slug)
    rows = (
        LegislatorAsk.objects.visible_to(request.user)
        .filter(organization=own)
        .select_related("bill__tracking", "legislator", "entered_by__person")
        .defer("bill__search", "bill__synopsis")
        .order_by("-asked_on", "-pk")
    )
    context = {
        "organization": own,
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_log": can_propose_for(request.user, own),
        "can_edit": can_edit_organization(request.user, own),
    }
    return render(request, "legislation/on_record/conversations.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """Writes down one talk."""
    own = _writing(request, slug)
    bill, legislator = _about(request)
    form = ConversationForm(
        posted(request), bill=bill, legislator=legislator, initial={"asked_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        answers: dict[str, Any] = {"bill": bill, "legislator": legislator, **form.cleaned_data}
        try:
            ask = log_ask(organization=own, by=request.user, **answers)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your talk with %s is on record. Thank you.") % ask.legislator.name)
        return redirect("my_legislation:conversations", slug=own.slug)
    context = {"form": form, "organization": own, "bill": bill, "legislator": legislator}
    return render(request, "legislation/on_record/conversation_form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Changes what was written down."""
    own, ask = _ask(request, slug, pk)
    facts = {name: getattr(ask, name) for name in ("asked_on", "stance", "will_sponsor", "note")}
    form = AnswerForm(posted(request), initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            correct_ask(ask=ask, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The changes are saved."))
        return redirect("my_legislation:conversations", slug=own.slug)
    context = {"form": form, "organization": own, "ask": ask, "bill": ask.bill, "legislator": ask.legislator}
    return render(request, "legislation/on_record/conversation_form.html", context)


@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes back what was entered by mistake."""
    own, ask = _ask(request, slug, pk)
    try:
        remove_ask(ask=ask, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The talk is taken off the list."))
    return redirect("my_legislation:conversations", slug=own.slug)


# --- Parts ------------------------------------------------------------------------------------------------------


def _writing(request: HttpRequest, slug: str) -> Organization:
    """The organization, for its primary contacts and advocates; 403 for its other people."""
    own = own_organization(request, slug)
    if not can_propose_for(request.user, own):
        raise PermissionDenied
    return own


def _ask(request: HttpRequest, slug: str, pk: int) -> tuple[Organization, LegislatorAsk]:
    own = _writing(request, slug)
    rows = LegislatorAsk.objects.select_related("bill__tracking", "legislator")
    return own, get_object_or_404(rows, pk=pk, organization=own)


def _about(request: HttpRequest) -> tuple[Bill | None, Legislator | None]:
    """The bill and the legislator that the address names, where it names any."""
    bill, legislator = _number(request, "bill"), _number(request, "legislator")
    return (
        Bill.objects.for_rows().filter(pk=bill).first() if bill else None,
        Legislator.objects.current().filter(pk=legislator).first() if legislator else None,
    )


def _number(request: HttpRequest, name: str) -> int:
    # The form's own fields have these names too, so only the address is asked.
    words = request.GET.get(name, "")
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 18 else 0


def _query(bill: Bill | None, legislator: Legislator | None) -> str:
    facts = [("bill", bill), ("legislator", legislator)]
    words = "&".join(f"{name}={row.pk}" for name, row in facts if row is not None)
    return f"?{words}" if words else ""
