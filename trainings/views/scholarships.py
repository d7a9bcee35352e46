"""Asking for a scholarship over a private link, seeing what became of it, and taking it back."""

from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mailing.web.limits import limited
from partners.errors import NotAllowed
from partners.posted import posted
from trainings.models import Registration, ScholarshipRequest
from trainings.money_tokens import scholarship_address, scholarship_behind
from trainings.scholarship_forms import ScholarshipForm
from trainings.services import scholarships as services


def _registration(token: str) -> Registration:
    pk = scholarship_behind(token)
    if pk is None:
        raise Http404
    return get_object_or_404(Registration.objects.select_related("session__course", "contact"), pk=pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("scholarship")
def scholarship(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the question and what was asked before, POST asks. The link was mailed to whoever registered."""
    registration = _registration(token)
    now = timezone.now()
    rows = services.can_ask_for(registration, now)
    form = ScholarshipForm(posted(request), rows=rows) if rows else None
    refusal = ""
    if form is not None and form.is_bound and form.is_valid():
        try:
            services.ask(
                registration=registration,
                enrollments=form.chosen,
                asker=registration.contact,
                amount=form.asked,
                why=form.cleaned_data["why"],
                now=now,
            )
        except NotAllowed as reason:
            refusal = str(reason)
        else:
            return redirect(scholarship_address(registration))
    asked = ScholarshipRequest.objects.filter(enrollment__registration=registration)
    context = {
        "registration": registration,
        "session": registration.session,
        "form": form,
        "refusal": refusal,
        "rows": rows,
        "requests": asked.select_related("enrollment__person", "award").order_by("pk"),
        "token": token,
    }
    return render(request, "trainings/scholarship.html", context)


@login_not_required
@require_POST
@limited("scholarship")
def scholarship_withdraw(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Takes one request of this registration back."""
    registration = _registration(token)
    asked = get_object_or_404(ScholarshipRequest, pk=pk, enrollment__registration=registration)
    # Where it was decided meanwhile, the page says how.
    with suppress(NotAllowed):
        services.withdraw(request=asked, now=timezone.now())
    return redirect(scholarship_address(registration))
