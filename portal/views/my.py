"""The first page after signing in: what to do now."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from campaigns.models import ActionTaken, CallToAction
from partners.models import Membership


def dashboard(request: HttpRequest) -> HttpResponse:
    """Open calls to action, answered and unanswered, and the person's organizations with their engagement."""
    now = timezone.now()
    memberships = list(
        Membership.objects.of(request.user).select_related("organization__area").order_by("started_on")
    )
    if request.user.is_staff and not memberships:
        return redirect("admin:index")
    own_action = ActionTaken.objects.filter(call_to_action=OuterRef("pk"), person__user=request.user)
    calls = list(
        CallToAction.objects.visible_to(request.user)
        .open(now)
        .with_counts()
        .annotate(answered=Exists(own_action))
    )
    organizations = [membership.organization_id for membership in memberships]
    recent = (
        ActionTaken.objects.filter(organization__in=organizations)
        .select_related("person", "call_to_action")
        .order_by("-acted_at")[:6]
    )
    context = {
        "memberships": memberships,
        "to_do": [call for call in calls if not call.answered],
        "done": [call for call in calls if call.answered],
        "recent": recent,
        "totals": ActionTaken.objects.filter(organization__in=organizations).totals(),
    }
    return render(request, "portal/dashboard.html", context)
