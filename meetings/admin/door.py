"""The door at the staff desk: the list to tick, who walked in, codes that were scanned, the poster."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from meetings.door_forms import WalkInForm
from meetings.door_lists import DoorRow, door_list, door_state, organization_named
from meetings.models import Attendance, DoorTick, Event
from meetings.permissions import can_check_in
from meetings.places import ROOM
from meetings.services.check_in import SELF_FROM, How, door_code, excuse, tick, walk_in
from partners.admin.base import desk_page
from partners.errors import NotAllowed
from partners.gatherings.qr import qr_svg
from partners.gatherings.tokens import DOOR, read_place_token
from partners.models import Organization
from partners.posted import posted

# How long a phone may keep a tap before it arrives; an older one is taken as made then.
LONGEST_AGE = timedelta(days=3)


def door_pages(admin: ModelAdmin) -> list[URLPattern]:
    """The pages of the door, for the event's `get_urls`."""
    return [
        desk_page(admin, "<int:pk>/door/", _door, "door"),
        desk_page(admin, "<int:pk>/door/tick/", _tick, "door_tick"),
        desk_page(admin, "<int:pk>/door/walk-in/", _walk_in, "door_walk_in"),
        desk_page(admin, "<int:pk>/door/state/", _state, "door_state"),
        desk_page(admin, "<int:pk>/door/poster/", _poster, "door_poster"),
        desk_page(admin, "scan/<str:token>/", _scan, "door_scan"),
    ]


def door_address(event: Event) -> str:
    return reverse("admin:meetings_event_door", args=[event.pk])


def on_the_day(request: HttpRequest, event: Event) -> list[tuple[str, str]]:
    """Links to the pages for the day of an event and the days after it: words and address."""
    if event.state not in {Event.State.PUBLISHED, Event.State.HELD}:
        return []
    after = (_("After the event"), reverse("admin:meetings_event_afterwards", args=[event.pk]))
    if not can_check_in(request.user):
        return [after]
    reports = (_("Attendance reports"), reverse("admin:meetings_event_reports", args=[event.pk]))
    return [(_("Door"), door_address(event)), reports, after]


def _door(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    return _show_door(request, _event(request, pk))


def _show_door(request: HttpRequest, event: Event, form: WalkInForm | None = None) -> HttpResponse:
    """The list: as one types, by big buttons, with who walked in under it."""
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    context = {
        "event": event,
        "list": door_list(event, search),
        "search": search,
        "form": form or WalkInForm(),
        "walk_in_key": uuid4(),
        # While people come in, nobody is excused: every line of the phone counts.
        "may_excuse": not event.starts_at - SELF_FROM <= timezone.now() <= event.ends_at,
        "organizations": Organization.objects.active().order_by("name").values_list("name", flat=True),
        "back_url": reverse("admin:meetings_event_change", args=[event.pk]),
    }
    return render(request, "meetings/door/list.html", context, status=422 if form else 200)


def refuse_others(request: HttpRequest) -> None:
    """The door is for staff who may say who was there."""
    if not can_check_in(request.user):
        raise PermissionDenied


def _event(request: HttpRequest, pk: int) -> Event:
    refuse_others(request)
    return get_object_or_404(Event, pk=pk)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _made_at(request: HttpRequest, now: datetime) -> datetime:
    """When somebody tapped: the phone says how long ago that was, so that its clock may be wrong."""
    try:
        age = timedelta(milliseconds=max(0, int(request.POST.get("age", "0"))))
    except (ValueError, OverflowError):
        return now
    return now - min(age, LONGEST_AGE)


def _tick(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """One tap on a name. A script gets the state of the list, anybody else the list."""
    event = _event(request, pk)
    if request.method != "POST":
        return HttpResponseRedirect(door_address(event))
    number = request.POST.get("place", "")
    place = event.attendances.filter(pk=number if number.isdecimal() and len(number) < 18 else 0).first()
    action, now = request.POST.get("action", ""), timezone.now()
    if place is None or action not in {*DoorTick.Action.values, "excuse"}:
        return _refused(request, event, _("This person is not on the list any more."))
    try:
        if action == "excuse":
            excuse(attendance=place, by=request.user, now=now)
        else:
            made_at = _made_at(request, now)
            tick(
                attendance=place, action=action, key=_key(request), made_at=made_at, by=request.user, now=now
            )
    except NotAllowed as refusal:
        return _refused(request, event, str(refusal))
    return JsonResponse(door_state(event)) if _is_script(request) else _back(request, event, place)


def _walk_in(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who did not register."""
    event, now = _event(request, pk), timezone.now()
    form = WalkInForm(posted(request))
    if not form.is_bound:
        return HttpResponseRedirect(door_address(event))
    if not form.is_valid():
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _refused(request, event, wrong) if _is_script(request) else _show_door(request, event, form)
    answers = dict(form.cleaned_data)
    typed = answers.pop("organization")
    organization = organization_named(typed)
    try:
        place = walk_in(
            event=event,
            organization=organization,
            key=_key(request),
            made_at=_made_at(request, now),
            by=request.user,
            now=now,
            **answers,
        )
    except NotAllowed as refusal:
        return _refused(request, event, str(refusal))
    unknown = _unknown(typed) if typed and organization is None else ""
    if _is_script(request):
        row = {"event": event, "row": DoorRow(place, uuid4())}
        html = render_to_string("meetings/door/_row.html", row, request)
        return JsonResponse(door_state(event) | {"place": place.pk, "html": html, "note": unknown})
    if unknown:
        messages.warning(request, unknown)
    return _back(request, event, place)


def _unknown(typed: str) -> str:
    words = _(
        "They are checked in. “%(name)s” is no partner that we know, so they came without an organization."
    )
    return words % {"name": typed}


def _refused(request: HttpRequest, event: Event, reason: str) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"refused": reason}, status=409)
    messages.error(request, reason)
    return HttpResponseRedirect(door_address(event))


def _back(request: HttpRequest, event: Event, place: Attendance) -> HttpResponse:
    """To the list as it was, at the row that was tapped."""
    search = request.POST.get("q", "").replace("\0", "").strip()[:100]
    query = f"?{urlencode({'q': search})}" if search else ""
    return HttpResponseRedirect(f"{door_address(event)}{query}#place-{place.pk}")


def _state(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Who is there by now, for the script of another phone."""
    return JsonResponse(door_state(_event(request, pk)))


def _poster(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The code for the room and its QR, to show on a screen or to print."""
    event = _event(request, pk)
    code = door_code(event=event)
    address = settings.SITE_URL + reverse("meetings:check_in", args=[event.slug])
    context: dict[str, Any] = {
        "event": event,
        "code": code,
        "address": address,
        "qr": qr_svg(f"{address}?code={code}", title=_("Code to check in")),
        "back_url": door_address(event),
    }
    return render(request, "meetings/door/poster.html", context)


def _scan(admin: ModelAdmin, request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own code was scanned: who it is, and one button."""
    refuse_others(request)
    pk = read_place_token(ROOM, DOOR, token)
    places = Attendance.objects.select_related("event", "person", "organization")
    place = places.filter(pk=pk).first() if pk else None
    if place is None:
        raise Http404(_("This code is not one of ours."))
    if request.method == "POST":
        action = DoorTick.Action.OUT if request.POST.get("action") == "out" else DoorTick.Action.IN
        now = timezone.now()
        try:
            tick(
                attendance=place,
                action=action,
                key=_key(request),
                made_at=now,
                by=request.user,
                now=now,
                how=How.QR,
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path)
    context = {"event": place.event, "place": place, "key": uuid4(), "list_url": door_address(place.event)}
    return render(request, "meetings/door/scan.html", context)
