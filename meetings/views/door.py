"""At the door, for those who come: one's own code, and checking oneself in with the code of the room."""

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mailing.web.limits import limited
from meetings.models import Attendance, Event
from meetings.permissions import can_check_in
from meetings.places import ROOM
from meetings.services.check_in import check_in_by_code
from partners.gatherings.check_in import is_open
from partners.gatherings.qr import door_qr_svg
from partners.gatherings.tokens import DOOR, read_place_token
from partners.views.check_in import CheckInPage, check_in_page


@login_not_required
@never_cache
@require_safe
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Behind somebody's own code: staff who scan it come to the button, everybody else sees the code again."""
    pk = read_place_token(ROOM, DOOR, token)
    places = Attendance.objects.select_related("event__area", "person")
    place = places.filter(pk=pk).first() if pk else None
    if place is None:
        raise Http404(_("This code is not one of ours."))
    if can_check_in(request.user):
        return redirect(reverse("admin:meetings_event_door_scan", args=[token]))
    context = {
        "title": place.event.title,
        "starts_at": place.event.starts_at,
        "place": place,
        "is_here": place.status == Attendance.Status.ATTENDED,
        "qr": door_qr_svg(token),
    }
    return render(request, "partners/door/own_code.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("check-in", "120/m")
def check_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Checking oneself in."""
    event, now = _event(slug), timezone.now()
    page = CheckInPage(
        title=event.title if _is_shown(request, event) else "",
        untitled=_("Check in to this event"),
        over=_("This event is over"),
        starts_at=event.starts_at,
        is_open=is_open(event.state, event, now),
        is_over=event.is_over(now),
        done=reverse("meetings:checked_in", args=[event.slug]),
    )
    return check_in_page(request, page, partial(check_in_by_code, event=event, now=now))


def _event(slug: str) -> Event:
    events = Event.objects.select_related("area").exclude(state=Event.State.DRAFT)
    return get_object_or_404(events, slug=slug)


@login_not_required
@never_cache
@require_safe
def checked_in(request: HttpRequest, slug: str) -> HttpResponse:
    """That it worked. Says nothing about anybody, so it can be opened again."""
    event = _event(slug)
    url = event.get_absolute_url() if _is_shown(request, event) else ""
    context = {"url": url, "url_label": _("Agenda and documents")}
    return render(request, "partners/door/checked_in.html", context)


def _is_shown(request: HttpRequest, event: Event) -> bool:
    """The title of an event for few is for those who may open its page."""
    return Event.objects.visible_to(request.user).filter(pk=event.pk).exists()
