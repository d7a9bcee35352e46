"""At the door, for those who come: one's own code, and checking oneself in with the code of the room."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mailing.web.limits import limited
from meetings.door_forms import CodeForm
from meetings.models import Attendance, Event
from meetings.permissions import can_check_in
from meetings.places import ROOM
from meetings.services.check_in import NotOnTheList, check_in_by_code, self_check_in_open
from partners.errors import NotAllowed
from partners.gatherings.qr import door_qr_svg
from partners.gatherings.tokens import DOOR, read_place_token
from partners.models import Person
from partners.posted import posted


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
    context = {"event": place.event, "place": place, "qr": door_qr_svg(token)}
    return render(request, "meetings/door/own_code.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("check-in", "120/m")
def check_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Checking oneself in. Who comes over the code on the poster finds it filled in."""
    event = _event(slug)
    # The title of an event for few is for those who may open its page.
    is_shown = Event.objects.visible_to(request.user).filter(pk=event.pk).exists()
    person = Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None
    form = CodeForm(
        posted(request), initial={"code": request.GET.get("code", "")[:12]}, is_known=person is not None
    )
    now, refusal = timezone.now(), ""
    if form.is_bound and form.is_valid():
        answers = form.cleaned_data
        who = {} if person is None else {"email": person.email}
        try:
            check_in_by_code(event=event, now=now, **(answers | who))
        except NotOnTheList as missing:
            form.add_error("first_name", str(missing))
        except NotAllowed as reason:
            refusal = str(reason)
        else:
            return redirect("meetings:checked_in", event.slug)
    context = {
        "event": event,
        "is_shown": is_shown,
        "form": form,
        "person": person,
        "refusal": refusal,
        "is_open": self_check_in_open(event, now),
        "is_over": event.is_over(now),
    }
    return render(request, "meetings/door/check_in.html", context, status=409 if refusal else 200)


def _event(slug: str) -> Event:
    events = Event.objects.select_related("area").exclude(state=Event.State.DRAFT)
    return get_object_or_404(events, slug=slug)


@login_not_required
@never_cache
@require_safe
def checked_in(request: HttpRequest, slug: str) -> HttpResponse:
    """That it worked. Says nothing about anybody, so it can be opened again."""
    event = _event(slug)
    is_shown = Event.objects.visible_to(request.user).filter(pk=event.pk).exists()
    return render(request, "meetings/door/checked_in.html", {"event": event, "is_shown": is_shown})
