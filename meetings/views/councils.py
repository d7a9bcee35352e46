"""Local Area Councils: the list, one council's page, and its calendar."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from legislation.calendars import calendar_response, webcal
from meetings.area_map import area_map
from meetings.calendars import events_calendar, feed
from meetings.models import Council, Event
from meetings.querysets import EventQuerySet
from partners.caching import cached_page
from partners.models import Area, Organization
from partners.permissions import acting_organization

PAST_SHOWN = 8


@login_not_required
@require_safe
@cached_page
def council_list(request: HttpRequest) -> HttpResponse:
    """Every council with its counties and its next meeting."""
    following = _meetings(request).coming(timezone.now()).filter(area=OuterRef("pk"))
    areas = Area.objects.prefetch_related("counties").annotate(
        next_title=Subquery(following.values("title")[:1]),
        next_slug=Subquery(following.values("slug")[:1]),
        next_at=Subquery(following.values("starts_at")[:1]),
    )
    return render(request, "meetings/council_list.html", {"areas": areas})


@login_not_required
@require_safe
@cached_page
def council(request: HttpRequest, slug: str) -> HttpResponse:
    """A council: its area, who leads it, its next and past meetings."""
    now = timezone.now()
    area = get_object_or_404(Area.objects.prefetch_related("counties", "collaboratives"), slug=slug)
    found = Council.objects.select_related("chair").filter(area=area).first()
    meetings = _meetings(request).filter(area=area).select_related("area")
    others = Event.objects.visible_to(request.user).filter(area=area).exclude(kind=Event.Kind.COUNCIL)
    context: dict[str, Any] = {
        "area": area,
        "council": found,
        "chair_of": acting_organization(found.chair) if found and found.chair else None,
        "map": area_map(area),
        "partners": Organization.objects.active().filter(area=area).count(),
        "coming": meetings.coming(now),
        "others": others.coming(now).select_related("area"),
        "past": meetings.past(now).prefetch_related("documents")[:PAST_SHOWN],
        "webcal_url": webcal(reverse("meetings:council_calendar", args=[slug])),
    }
    return render(request, "meetings/council_detail.html", context)


@login_not_required
@require_safe
@cached_page
def council_calendar(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A council's public events, to subscribe to."""
    area = get_object_or_404(Area, slug=slug)
    events = feed(Event.objects.public().filter(area=area), timezone.now())
    name = _("Local Area Council: %(area)s") % {"area": area}
    return calendar_response(request, events_calendar(events, name=name), filename=slug)


def _meetings(request: HttpRequest) -> EventQuerySet:
    return Event.objects.visible_to(request.user).filter(kind=Event.Kind.COUNCIL)
