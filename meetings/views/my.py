"""A person's own events, to come and past."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.models import Attendance, Event, FollowUp
from meetings.places import manage_token
from meetings.services.registering import HELD

PAST_SHOWN = 50


@require_safe
def my_events(request: HttpRequest) -> HttpResponse:
    """Where I have a place or wait for one, and where I was."""
    now = timezone.now()
    own = Attendance.objects.filter(person__user=request.user).select_related("event__area")
    coming = own.filter(
        event__state__in=[Event.State.PUBLISHED, Event.State.CANCELLED],
        event__ends_at__gt=now,
        status__in=[*HELD, Attendance.Status.ATTENDED],
    ).order_by("event__starts_at", "pk")
    past = own.filter(event__ends_at__lte=now).exclude(status=Attendance.Status.CANCELLED)
    context = {
        "follow_ups": FollowUp.objects.of(request.user).open().select_related("event"),
        "coming": [(place, manage_token(place)) for place in coming],
        "past": past.exclude(event__state=Event.State.CANCELLED).order_by("-event__starts_at", "-pk")[
            :PAST_SHOWN
        ],
    }
    return render(request, "meetings/my_events.html", context)
