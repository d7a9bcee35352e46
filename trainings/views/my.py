"""The signed-in people's own trainings, and for a primary contact those of the organization's people."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.models import Organization
from partners.permissions import can_edit_organization
from trainings.models import Enrollment, Registration
from trainings.permissions import can_see_who_took_part
from trainings.services.cancelling import OPEN
from trainings.tokens import place_address, registration_address

PER_PAGE = 20
REGISTRATIONS_SHOWN = 20


@require_safe
def trainings(request: HttpRequest) -> HttpResponse:
    """One's own trainings, to come and past, and what one registered for colleagues."""
    now = timezone.now()
    own = Enrollment.objects.filter(person__user=request.user).select_related("session__course")
    coming = own.filter(status__in=OPEN, session__state="published", session__ends_at__gt=now)
    past = own.exclude(pk__in=coming.values("pk")).order_by("-session__starts_at")
    registrations = (
        Registration.objects.filter(contact__user=request.user, session__ends_at__gt=now)
        .exclude(enrollments__isnull=True)
        .select_related("session__course")
        .prefetch_related("enrollments__person")
    )
    context = {
        "coming": [(row, place_address(row)) for row in coming.order_by("session__starts_at")],
        "page_obj": Paginator(past, PER_PAGE).get_page(request.GET.get("page")),
        "registrations": [
            (registration, registration_address(registration))
            for registration in registrations[:REGISTRATIONS_SHOWN]
        ],
    }
    return render(request, "trainings/my_trainings.html", context)


@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """Which of the organization's own people took part in what: for its primary contacts."""
    found = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    if not can_see_who_took_part(request.user, found):
        return render(request, "trainings/my_organization_refused.html", {"organization": found}, status=403)
    rows = (
        Enrollment.objects.of_own_people(found)
        .exclude(status=Enrollment.Status.CANCELLED)
        .select_related("person", "session__course")
        .order_by("-session__starts_at", "person__last_name", "pk")
    )
    attended = Enrollment.objects.of_own_people(found).attended()
    context = {
        "organization": found,
        "can_edit": can_edit_organization(request.user, found),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "people": attended.values("person").distinct().count(),
        "seats": attended.count(),
    }
    return render(request, "trainings/my_organization.html", context)
