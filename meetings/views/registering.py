"""Taking a place at an event, and the page of one's own place behind the link in our mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from legislation.calendars import calendar_response
from mailing.web.limits import limited
from meetings.calendars import place_calendar
from meetings.forms import IN_PERSON, ONLINE, PlaceForm, VisitorPlaceForm
from meetings.models import Attendance, Event
from meetings.places import ROOM, manage_token, place_behind, place_in_line
from meetings.services.registering import HELD, cancel_place, change_place, counts_excused, register
from meetings.views.events import not_here
from partners.errors import NotAllowed
from partners.gatherings.qr import door_qr_svg
from partners.gatherings.seats import free_seats
from partners.gatherings.sources import source_in
from partners.gatherings.tokens import DOOR, place_token, read_place_token
from partners.models import Person
from partners.posted import posted
from partners.services.people import person_of, remember_person

DONE = "done"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("event")
def register_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The form. Somebody who has a place already changes it on the page of their own place."""
    events = Event.objects.visible_to(request.user).exclude(state=Event.State.DRAFT)
    event = events.select_related("area").filter(slug=slug).first()
    if event is None:
        return not_here(request, slug)
    own = _own(request, event)
    if own is not None and request.method != "POST":
        return redirect("meetings:place", manage_token(own))
    form = _form(request, event)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            return _register(request, event, form)
        except NotAllowed as reason:
            refusal = str(reason)
    now = timezone.now()
    context = {
        "event": event,
        "form": form,
        "refusal": refusal,
        "is_open": event.takes_registrations(now),
        "free": free_seats(event, event.attendances.all()),
    }
    return render(request, "meetings/register.html", context, status=409 if refusal else 200)


def _own(request: HttpRequest, event: Event) -> Attendance | None:
    if not request.user.is_authenticated:
        return None
    return Attendance.objects.filter(event=event, person__user=request.user, status__in=HELD).first()


def _form(request: HttpRequest, event: Event) -> PlaceForm:
    person = Person.objects.filter(user=request.user).first() if request.user.is_authenticated else None
    kind = PlaceForm if person is not None and person.name else VisitorPlaceForm
    initial = {"source": source_in(request)}
    form = kind(posted(request), event=event, initial=initial)
    if request.user.is_authenticated:
        # Whoever is signed in without a name gives their name; their address is known.
        form.fields.pop("email", None)
    return form


def _register(request: HttpRequest, event: Event, form: PlaceForm) -> HttpResponse:
    if isinstance(form, VisitorPlaceForm) and form.is_trap:
        return redirect("meetings:event", event.slug)
    now, user = timezone.now(), request.user
    with transaction.atomic():
        if user.is_authenticated:
            person = _named(person_of(user=user), form)
        else:
            person = remember_person(**form.who())
        had_place = Attendance.objects.filter(event=event, person=person, status__in=HELD).exists()
        place = register(
            event=event,
            person=person,
            source=form.source_code,
            by=user if user.is_authenticated else None,
            now=now,
            **form.place(),
        )
    if not user.is_authenticated:
        return redirect("meetings:registered", place_token(ROOM, DONE, place.pk))
    if had_place:
        messages.info(request, _("You are registered already. Your changes are saved."))
    else:
        messages.success(request, _("You are registered. We have sent you a confirmation."))
    return redirect("meetings:place", manage_token(place))


def _named(person: Person, form: PlaceForm) -> Person:
    """Somebody who signed in for the first time has no name yet."""
    if isinstance(form, VisitorPlaceForm):
        person.first_name = form.cleaned_data["first_name"]
        person.last_name = form.cleaned_data["last_name"]
        person.save(update_fields=["first_name", "last_name"])
    return person


@login_not_required
@never_cache
@require_safe
def registered(request: HttpRequest, token: str) -> HttpResponse:
    """After registering without a login: whoever typed an address learns no more than that. The mail has the link."""
    pk = read_place_token(ROOM, DONE, token)
    place = get_object_or_404(Attendance.objects.select_related("event__area"), pk=pk or 0)
    context = {"event": place.event, "place": place, "in_line": place_in_line(place)}
    return render(request, "meetings/registered.html", context)


# --- Behind the link in our mail --------------------------------------------------------------------------------


def _place(token: str) -> Attendance:
    place = place_behind(token)
    if place is None:
        raise Http404(_("This link is not one of ours. Open the link in our mail once more."))
    return place


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_place(request: HttpRequest, token: str) -> HttpResponse:
    """One's own place: how to join, the code for the door, what can be changed; POST changes it."""
    place, now = _place(token), timezone.now()
    form = _change_form(request, place)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            change_place(place=place, by=place.person.user, now=now, **_answers(form, place))
        except NotAllowed as reason:
            refusal = str(reason)
        else:
            return redirect(f"{request.path}?changed=1")
    may_change = place.status in HELD and place.event.state == Event.State.PUBLISHED
    context = {
        "event": place.event,
        "place": place,
        "token": token,
        "form": form,
        "refusal": refusal,
        "changed": "changed" in request.GET,
        "in_line": place_in_line(place),
        "may_change": may_change and now < place.event.starts_at,
        "counts_excused": counts_excused(place.event),
        "is_over": place.event.is_over(now),
        "qr": _qr(place) if may_change and place.has_seat and not place.is_online else "",
    }
    return render(request, "meetings/place.html", context, status=409 if refusal else 200)


def _qr(place: Attendance) -> Any:
    return door_qr_svg(place_token(ROOM, DOOR, place.pk)) if place.event.is_in_person else ""


def _change_form(request: HttpRequest, place: Attendance) -> PlaceForm:
    """What somebody needs is shown to themself alone: a mailed link may have been passed on."""
    initial = {"how": ONLINE if place.is_online else IN_PERSON, "language": place.language}
    form = PlaceForm(posted(request), event=place.event, initial=initial)
    form.fields["needs"].help_text = _(
        "What you told us before stays, unless you write something here. Only staff see it."
    )
    return form


def _answers(form: PlaceForm, place: Attendance) -> dict[str, Any]:
    answers = form.place()
    return answers | {"needs": answers["needs"] or place.needs}


@login_not_required
@never_cache
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Gives the place back, or says that they cannot come; the next who waits gets the seat."""
    place = _place(token)
    excused = request.POST.get("excused") == "1"
    try:
        cancel_place(place=place, by=place.person.user, now=timezone.now(), excused=excused)
    except NotAllowed as reason:
        context = {"event": place.event, "place": place, "token": token, "refusal": str(reason)}
        return render(request, "meetings/place.html", context, status=409)
    return redirect("meetings:place", token)


@login_not_required
@never_cache
@require_safe
def own_place_ics(request: HttpRequest, token: str) -> HttpResponseBase:
    """The event for one's own calendar: with the address to join where one has a seat."""
    place = _place(token)
    place.event = Event.objects.with_changed_at().get(pk=place.event_id)
    return calendar_response(request, place_calendar(place), filename=place.event.slug)
