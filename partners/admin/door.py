"""The door at the staff desk: the list to tick, who walked in, codes that were scanned, the poster.

A room says what its doors are (`Door`) and gets their pages (`door_pages`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from partners.admin.base import desk_page
from partners.errors import NotAllowed
from partners.forms.door import WalkInForm
from partners.gatherings.door import DoorRow, door_list, door_state, organization_named
from partners.gatherings.models import Attendee, Tick
from partners.gatherings.qr import qr_svg
from partners.models import Organization, User
from partners.posted import posted

# How long a phone may keep a tap before it arrives; an older one is taken as made then.
LONGEST_AGE = timedelta(days=3)


class Door(ABC):
    """One door: of a gathering, or of one of its days. `name` tells it from all others, for what a phone keeps."""

    name: str
    title: str
    # Which day it is of, where there are several.
    day: str = ""
    back_url: str
    back_label: str
    # Whether the list has the button now; a tap on an older page counts wherever the door allows it at all.
    may_excuse: bool
    allows_excusing: bool = True

    @abstractmethod
    def address(self, page: str = "door") -> str:
        """Its own pages: `door`, `door_tick`, `door_walk_in`, `door_state`, `door_poster`."""

    @abstractmethod
    def rows(self) -> list[tuple[Attendee, str]]:
        """Everybody by last name, read with person and organization, each with their status here. One read."""

    @abstractmethod
    def statuses(self) -> dict[int, str]:
        """The same, by number of the place. One read."""

    def notes(self) -> dict[int, str]:
        """What whoever stands at the door should know of somebody besides, by number of the place. One read."""
        return {}

    @abstractmethod
    def place(self, number: int) -> Any:
        """Somebody on the list, or None."""

    @abstractmethod
    def tick(self, place: Any, **facts: Any) -> None:
        """Checks in or takes back. Raises `NotAllowed`."""

    @abstractmethod
    def excuse(self, place: Any, *, by: User, now: datetime) -> None:
        """Notes that somebody cannot come. Raises `NotAllowed`."""

    @abstractmethod
    def walk_in(self, **facts: Any) -> Attendee:
        """Checks in somebody who did not register. Raises `NotAllowed`."""

    @abstractmethod
    def code(self) -> str:
        """The code of the room."""

    @abstractmethod
    def check_in_address(self) -> str:
        """The full address at which people check themselves in."""


# What finds a door by the parts of its address, for whoever may open it; and the same by a scanned code.
Find = Callable[..., Door]
FindScanned = Callable[[HttpRequest, str], tuple[Door, Any, str] | None]


def door_pages(admin: ModelAdmin, prefix: str, find: Find, scanned: FindScanned) -> list[URLPattern]:
    """The pages of a room's doors, for `get_urls`. `prefix` is a door's address such as `<int:pk>/door/`."""

    def page(show: Callable[[HttpRequest, Door], HttpResponse]) -> Callable[..., HttpResponse]:
        def view(admin: ModelAdmin, request: HttpRequest, **parts: Any) -> HttpResponse:
            return show(request, find(request, **parts))

        return view

    def scan(admin: ModelAdmin, request: HttpRequest, token: str) -> HttpResponse:
        return _scan(request, scanned(request, token))

    return [
        desk_page(admin, prefix, page(_show), "door"),
        desk_page(admin, f"{prefix}tick/", page(_tick), "door_tick"),
        desk_page(admin, f"{prefix}walk-in/", page(_walk_in), "door_walk_in"),
        desk_page(admin, f"{prefix}state/", page(_state), "door_state"),
        desk_page(admin, f"{prefix}poster/", page(_poster), "door_poster"),
        desk_page(admin, "scan/<str:token>/", scan, "door_scan"),
    ]


def _show(request: HttpRequest, door: Door, form: WalkInForm | None = None) -> HttpResponse:
    """The list: as one types, by big buttons, with who walked in under it."""
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    context = {
        "door": door,
        "list": door_list(door.rows(), search, door.notes()),
        "search": search,
        "form": form or WalkInForm(),
        "walk_in_key": uuid4(),
        "may_excuse": door.may_excuse,
        "organizations": Organization.objects.active().order_by("name").values_list("name", flat=True),
        **_addresses(door),
    }
    return render(request, "partners/door/list.html", context, status=422 if form else 200)


def _addresses(door: Door) -> dict[str, str]:
    pages = ("door_tick", "door_walk_in", "door_state", "door_poster")
    return {f"{page.removeprefix('door_')}_url": door.address(page) for page in pages}


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


def _tick(request: HttpRequest, door: Door) -> HttpResponse:
    """One tap on a name. A script gets the state of the list, anybody else the list."""
    if request.method != "POST":
        return HttpResponseRedirect(door.address())
    number = request.POST.get("place", "")
    place = door.place(int(number)) if number.isdecimal() and len(number) < 18 else None
    action, now = request.POST.get("action", ""), timezone.now()
    actions = {*Tick.Action.values, *(["excuse"] if door.allows_excusing else [])}
    if place is None or action not in actions:
        return _refused(request, door, _("This person is not on the list any more."))
    try:
        if action == "excuse":
            door.excuse(place, by=request.user, now=now)
        else:
            made_at = _made_at(request, now)
            door.tick(place, action=action, key=_key(request), made_at=made_at, by=request.user, now=now)
    except NotAllowed as refusal:
        return _refused(request, door, str(refusal))
    return _state(request, door) if _is_script(request) else _back(request, door, place)


def _walk_in(request: HttpRequest, door: Door) -> HttpResponse:
    """Somebody who did not register."""
    now = timezone.now()
    form = WalkInForm(posted(request))
    if not form.is_bound:
        return HttpResponseRedirect(door.address())
    if not form.is_valid():
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _refused(request, door, wrong) if _is_script(request) else _show(request, door, form)
    answers = dict(form.cleaned_data)
    typed = answers.pop("organization")
    organization = organization_named(typed)
    try:
        place = door.walk_in(
            organization=organization,
            key=_key(request),
            made_at=_made_at(request, now),
            by=request.user,
            now=now,
            **answers,
        )
    except NotAllowed as refusal:
        return _refused(request, door, str(refusal))
    unknown = _unknown(typed) if typed and organization is None else ""
    if _is_script(request):
        statuses = door.statuses()
        note = door.notes().get(place.pk, "")
        row = DoorRow(place, statuses.get(place.pk, place.status), uuid4(), note)
        context = {"door": door, "row": row, "tick_url": door.address("door_tick")}
        html = render_to_string("partners/door/_row.html", context, request)
        return JsonResponse(door_state(statuses) | {"place": place.pk, "html": html, "note": unknown})
    if unknown:
        messages.warning(request, unknown)
    return _back(request, door, place)


def _unknown(typed: str) -> str:
    words = _(
        "They are checked in. “%(name)s” is no partner that we know, so they came without an organization."
    )
    return words % {"name": typed}


def _refused(request: HttpRequest, door: Door, reason: str) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"refused": reason}, status=409)
    messages.error(request, reason)
    return HttpResponseRedirect(door.address())


def _back(request: HttpRequest, door: Door, place: Attendee) -> HttpResponse:
    """To the list as it was, at the row that was tapped."""
    search = request.POST.get("q", "").replace("\0", "").strip()[:100]
    query = f"?{urlencode({'q': search})}" if search else ""
    return HttpResponseRedirect(f"{door.address()}{query}#place-{place.pk}")


def _state(request: HttpRequest, door: Door) -> HttpResponse:
    """Who is there by now, for the script of another phone."""
    return JsonResponse(door_state(door.statuses()))


def _poster(request: HttpRequest, door: Door) -> HttpResponse:
    """The code for the room and its QR, to show on a screen or to print."""
    code, address = door.code(), door.check_in_address()
    context = {
        "door": door,
        "code": code,
        "address": address,
        "qr": qr_svg(f"{address}?code={code}", title=_("Code to check in")),
        "back_url": door.address(),
    }
    return render(request, "partners/door/poster.html", context)


def _scan(request: HttpRequest, found: tuple[Door, Any, str] | None) -> HttpResponse:
    """Somebody's own code was scanned: who it is, and one button."""
    if found is None:
        raise Http404(_("This code is not one of ours."))
    door, place, status = found
    if request.method == "POST":
        action = Tick.Action.OUT if request.POST.get("action") == "out" else Tick.Action.IN
        now = timezone.now()
        try:
            door.tick(
                place,
                action=action,
                key=_key(request),
                made_at=now,
                by=request.user,
                now=now,
                how=Attendee.CheckIn.QR,
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path)
    row = DoorRow(place, status, uuid4(), door.notes().get(place.pk, ""))
    context = {"door": door, "row": row, "list_url": door.address()}
    return render(request, "partners/door/scan.html", context)
