"""Witness slips as people meet them: pledging one, what they told us so far, and what their organization's people did."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms import source_code
from campaigns.kinds.slip_forms import PledgeForm
from campaigns.models import CallToAction
from campaigns.new_postings import shown_standings
from campaigns.services.errors import StateError
from campaigns.services.slips import pledge_slips, take_back_slip
from campaigns.visitors import Visitor, recognize
from legislation.models import ReportedSlip
from legislation.permissions import organizations_spoken_for
from legislation.reported_slips import SlipStanding
from partners.errors import NotAllowed
from partners.models import Organization
from partners.permissions import can_edit_organization

ROWS_PER_PAGE = 25


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """“I will file it”. Whoever it was sent by, the call's page comes next and says how it stands."""
    calls = CallToAction.objects.public().filter(kind=CallToAction.Kind.SLIP)
    call = get_object_or_404(calls.select_related("hearing"), slug=slug)
    visitor = recognize(request, call)
    if request.method != "POST" or visitor.person is None:
        return redirect(call)
    form = PledgeForm(request.POST, speaks_for=organizations_spoken_for(visitor.person))
    source = source_code(request.POST.get("source"))
    if form.is_valid():
        try:
            pledge_slips(
                call_to_action=call,
                person=visitor.person,
                organization=form.organization,
                source_code=source,
            )
        except (StateError, NotAllowed) as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    return _back_to(call, visitor, source)


def _back_to(call: CallToAction, visitor: Visitor, source: str) -> HttpResponseRedirect:
    """The call's page at its guide, for the same visitor."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in (("r", visitor.token), ("source", source)) if value})
    address = call.get_absolute_url()
    return redirect(f"{address}?{query.urlencode()}#guide" if query else f"{address}#guide")


@require_safe
@never_cache
def my_slips(request: HttpRequest) -> HttpResponse:
    """One's own slips: what is left to file or to tell, what was filed, what is over."""
    own = ReportedSlip.objects.filter(person__user=request.user).with_hearing()
    page = Paginator(own.order_by("-posting_on", "-pk"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    found = shown_standings(page.object_list, timezone.now())
    calls = _open_calls(found)
    rows = [(standing, calls.get(_where_to_file(standing))) for standing in found]
    context = {
        "page_obj": page,
        "to_do": [row for row in rows if row[0].needs_something],
        "told": [row for row in rows if not row[0].needs_something],
    }
    return render(request, "campaigns/my_slips.html", context)


def _open_calls(found: list[SlipStanding]) -> dict[int, CallToAction]:
    """The open call for each of these hearings, by the hearing's number. One query."""
    hearings = {_where_to_file(standing) for standing in found}
    calls = CallToAction.objects.open(timezone.now()).filter(
        kind=CallToAction.Kind.SLIP, hearing__in=hearings
    )
    return {call.hearing_id: call for call in calls if call.hearing_id}


def _where_to_file(standing: SlipStanding) -> int:
    """The hearing at which the slip can be filed: its own, or the one that took its place."""
    return standing.posting.pk if standing.posting else standing.slip.document.hearing_id


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """“I did not file it.” One's own only."""
    slip = get_object_or_404(ReportedSlip.objects.filter(person__user=request.user), pk=pk)
    try:
        take_back_slip(slip=slip, person=slip.person)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is taken back."))
    return redirect("my_actions:slips")


@require_safe
@never_cache
def organization_slips(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organization's people pledged and filed in its name, for its people."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    slips = ReportedSlip.objects.filter(organization=organization).with_hearing()
    page = Paginator(slips.order_by("-posting_on", "-pk"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": organization,
        "page_obj": page,
        "standings": shown_standings(page.object_list, timezone.now()),
        "filed": ReportedSlip.objects.filed().filter(organization=organization).count(),
        "can_edit": can_edit_organization(request.user, organization),
    }
    return render(request, "campaigns/my_organization_slips.html", context)
