"""“Did you file your witness slip?”, answered over a signed link: of a message after the hearing, or of a pledge."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.models import CallToAction
from campaigns.services.errors import StateError
from campaigns.services.slip_reminders import open_pledges, report_late
from campaigns.slip_tokens import read_filing
from campaigns.tokens import LinkExpired, LinkForged
from legislation.models import Hearing, ReportedSlip
from legislation.slip_windows import slip_window
from partners.errors import NotAllowed
from partners.models import Person


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def did_you_file(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks (mail scanners follow links); POST notes the answer. Safe to reload."""
    try:
        asked = read_filing(token)
    except LinkForged as error:
        raise Http404 from error
    except LinkExpired:
        return render(request, "campaigns/did_you_file.html", {"expired": True}, status=410)
    person = get_object_or_404(Person, pk=asked.person)
    hearing = get_object_or_404(Hearing.objects.select_related("committee"), pk=asked.hearing)
    refusal = ""
    if request.method == "POST" and request.POST.get("answer") == "yes":
        try:
            report_late(person=person, hearing=hearing, now=timezone.now())
            return HttpResponseRedirect(request.path)
        except (NotAllowed, StateError) as error:
            refusal = str(error)
    now = timezone.now()
    day = timezone.localdate(hearing.starts_at)
    filed = ReportedSlip.objects.filter(
        person=person, document__hearing=hearing, posting_on=day, filed_at__isnull=False
    ).select_related("document", "organization")
    pledged = open_pledges(person, hearing)
    context = {
        "hearing": hearing,
        "window": slip_window(hearing, now),
        "now": now,
        "pledged": pledged,
        "guide": _guide_address(hearing, pledged, now),
        "filed": list(filed),
        "said_no": request.method == "POST" and request.POST.get("answer") == "no",
        "refusal": refusal,
    }
    return render(request, "campaigns/did_you_file.html", context, status=409 if refusal else 200)


def _guide_address(hearing: Hearing, pledged: list[ReportedSlip], now: datetime) -> str:
    """Where every field of the official form stands: the open call for these slips, which credits whoever brought them."""
    documents = [slip.document_id for slip in pledged]
    calls = CallToAction.objects.open(now).filter(kind=CallToAction.Kind.SLIP, hearing=hearing)
    if not any(slip.organization_id for slip in pledged):
        # Whoever pledged in their own name may see no page that is for partners only.
        calls = calls.filter(audience=CallToAction.Audience.EVERYONE)
    call = calls.filter(slip_asks__document__in=documents).first()
    if call is None:
        return hearing.get_absolute_url()
    source = next((slip.source_code for slip in pledged if slip.source_code), "")
    query = f"?{urlencode({'source': source})}" if source else ""
    return f"{call.get_absolute_url()}{query}#guide"
