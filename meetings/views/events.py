"""Events: the list, one event's page, its documents, and calendars."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from legislation.calendars import calendar_response, webcal
from meetings.calendars import events_calendar, feed
from meetings.listing import EventFilter, kinds_for
from meetings.models import Attendance, Event, EventDocument
from meetings.places import manage_token
from meetings.structured_data import event_data
from partners.caching import cached_page
from partners.gatherings.models import Mode
from partners.gatherings.seats import free_seats
from partners.gatherings.sources import source_in
from partners.models import Area
from partners.months import events_of_month, is_known
from partners.services.identity import get_coalition
from partners.sharing import share_links

PER_PAGE = 20


@login_not_required
@require_safe
@cached_page
def event_list(request: HttpRequest) -> HttpResponse:
    """Events to come, or past ones, by kind, council and mode."""
    now = timezone.now()
    areas = list(Area.objects.all())
    asked = EventFilter.parse(request.GET, areas)
    context = {
        "filter": asked,
        "page_obj": Paginator(asked.queryset(request.user, now), PER_PAGE).get_page(request.GET.get("page")),
        "areas": areas,
        "kinds": kinds_for(request.user),
        "modes": Mode.choices,
        "today": timezone.localdate(now),
        "calendar_path": reverse("meetings:calendar"),
        "webcal_url": webcal(reverse("meetings:calendar")),
    }
    return render(request, "meetings/event_list.html", context)


@login_not_required
@require_safe
@cached_page
def event_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Events and trainings of one month as a table of weeks, and the same as a list."""
    if not is_known(year, month):
        raise Http404(_("There is no such month."))
    context = {"month": events_of_month(year, month, request.user), "today": timezone.localdate()}
    return render(request, "meetings/event_month.html", context)


@login_not_required
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One event: when, where, how to take part; afterwards what came of it."""
    found = Event.objects.visible_to(request.user).select_related("area").filter(slug=slug).first()
    if found is None:
        return not_here(request, slug)
    page = cached_page(_event_page) if found.audience == Event.Audience.EVERYONE else never_cache(_event_page)
    return page(request, found)


def not_here(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Somebody who came over a link in our mail may only have to sign in."""
    partners_own = Event.objects.filter(slug=slug, audience=Event.Audience.PARTNERS)
    if request.user.is_authenticated or not partners_own.exclude(state=Event.State.DRAFT).exists():
        raise Http404(_("There is no such event."))
    return redirect_to_login(request.get_full_path())


def _event_page(request: HttpRequest, found: Event) -> HttpResponse:
    now = timezone.now()
    own = (
        Attendance.objects.filter(event=found, person__user=request.user).first() if _known(request) else None
    )
    page = request.build_absolute_uri(found.get_absolute_url())
    context = {
        "event": found,
        "documents": found.documents.all(),
        "free": free_seats(found, found.attendances.all()),
        "is_open": found.takes_registrations(now),
        "is_over": found.is_over(now),
        "source": source_in(request),
        "own": own,
        "own_token": manage_token(own) if own else "",
        "json_ld": event_data(found, get_coalition()) if found.audience == Event.Audience.EVERYONE else "",
        "share": share_links(found.title, page) if found.audience == Event.Audience.EVERYONE else None,
    }
    return render(request, "meetings/event_detail.html", context)


def _known(request: HttpRequest) -> bool:
    return request.user.is_authenticated


@login_not_required
@require_safe
@never_cache
def event_document(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A file that belongs to an event, for those who may see the event. Never shown inside the page."""
    events = Event.objects.visible_to(request.user)
    document = get_object_or_404(EventDocument, pk=pk, event__slug=slug, event__in=events)
    if document.url:
        return redirect(document.url)
    try:
        response = FileResponse(document.file.open("rb"), as_attachment=True)
    except FileNotFoundError as error:
        raise Http404(_("This file is not here any more.")) from error
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- Calendars ---------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def event_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One event for a calendar, without the address to join."""
    events = Event.objects.visible_to(request.user).exclude(state=Event.State.DRAFT)
    found = get_object_or_404(events.with_changed_at(), slug=slug)
    response = calendar_response(request, events_calendar([found]), filename=found.slug)
    response["Cache-Control"] = "private, no-cache"
    return response


@login_not_required
@require_safe
@cached_page
def calendar(request: HttpRequest) -> HttpResponseBase:
    """All public events, to subscribe to."""
    name = _("Events: %s") % get_coalition().name
    events = feed(Event.objects.public(), timezone.now())
    return calendar_response(request, events_calendar(events, name=name), filename="events")
