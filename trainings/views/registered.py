"""What somebody registered: behind the link in our mail, and right after registering without a login."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partners.gatherings.tokens import read_place_token
from trainings.models import Registration
from trainings.money_tokens import invoice_address, scholarship_address
from trainings.services.scholarships import can_ask_for
from trainings.tokens import ROOM, SENT, registration_behind


def _registration(pk: int | None) -> Registration:
    rows = Registration.objects.select_related("session__course", "contact")
    return get_object_or_404(rows.prefetch_related("session__parts"), pk=pk or 0)


def _shown(request: HttpRequest, registration: Registration, *, with_names: bool) -> HttpResponse:
    rows = list(registration.enrollments.select_related("person").order_by("pk"))
    session = registration.session
    now = timezone.now()
    context = {
        "registration": registration,
        "session": session,
        "course": session.course,
        "days": session.days,
        "rows": rows,
        "with_names": with_names,
        "seated": sum(row.has_seat for row in rows),
        "waiting": sum(row.status in {"waitlisted", "offered"} for row in rows),
        "is_over": session.is_over(now),
    }
    if with_names:
        # Whoever opened the link in our mail may see what it costs; a visitor who typed an address may not.
        context["invoices"] = [(row, invoice_address(row)) for row in registration.invoices.order_by("pk")]
        context["help_url"] = scholarship_address(registration) if can_ask_for(registration, now) else ""
    return render(request, "trainings/registered.html", context)


@login_not_required
@never_cache
@require_safe
def registered(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody registered, behind the link in our mail to them: who has a seat, who waits, what it costs."""
    return _shown(request, _registration(registration_behind(token)), with_names=True)


@login_not_required
@never_cache
@require_safe
def registration_sent(request: HttpRequest, token: str) -> HttpResponse:
    """After registering without a login: whoever typed an address learns no more than that. The mail has the links."""
    return _shown(request, _registration(read_place_token(ROOM, SENT, token)), with_names=False)
