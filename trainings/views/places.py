"""Somebody's own place behind the link in our mail: what it is, and what they can do with it."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from legislation.calendars import calendar_response
from partners.errors import NotAllowed
from partners.gatherings.qr import door_qr_svg
from partners.gatherings.tokens import DOOR, place_token
from partners.posted import posted
from trainings.calendars import session_file
from trainings.forms import IN_PERSON, ONLINE, OwnNeedsForm, WayForm
from trainings.models import Enrollment
from trainings.refunds import refund_share
from trainings.services.cancelling import can_cancel, cancel, change_wishes
from trainings.services.waiting import accept, can_take_free_seat, place_in_line, take_free_seat
from trainings.services.ways import can_change_way, change_way
from trainings.tokens import ROOM, place_behind

Step = Callable[..., Enrollment]
# What a button on the page does; giving the place back is asked once more on a page of its own.
STEPS: dict[str, Step] = {"accept": accept, "decline": cancel, "take": take_free_seat}
WAY = "way"


def _row(token: str) -> Enrollment:
    rows = Enrollment.objects.select_related("session__course", "session__area", "person", "registration")
    row = rows.prefetch_related("session__parts").filter(pk=place_behind(token) or 0).first()
    if row is None:
        raise Http404(_("This link is not one of ours. Open the link in our mail once more."))
    return row


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, token: str) -> HttpResponse:
    """One's own place. A POST takes or declines a seat, or changes how one takes part or what one needs."""
    row = _row(token)
    step = request.POST.get("step", "")
    is_wishes = request.method == "POST" and step not in {*STEPS, WAY}
    way = WayForm(
        posted(request) if step == WAY else None, initial={"how": ONLINE if row.is_online else IN_PERSON}
    )
    form = OwnNeedsForm(
        posted(request) if is_wishes else None, initial={"needs": row.needs, "language": row.language}
    )
    refusal = ""
    try:
        if step in STEPS:
            STEPS[step](enrollment=row, by=row.person.user, now=timezone.now())
            return redirect(f"{request.path}?done={step}")
        if step == WAY and way.is_valid():
            change_way(enrollment=row, online=way.is_online, by=row.person.user, now=timezone.now())
            return redirect(f"{request.path}?done={WAY}")
        if is_wishes and form.is_valid():
            change_wishes(enrollment=row, now=timezone.now(), **form.cleaned_data)
            return redirect(f"{request.path}?done=wishes")
    except NotAllowed as reason:
        refusal = str(reason)
        row = _row(token)
    return _page(request, row, token, form, way, refusal)


def _page(
    request: HttpRequest, row: Enrollment, token: str, form: OwnNeedsForm, way: WayForm, refusal: str
) -> HttpResponse:
    now, session = timezone.now(), row.session
    is_waiting = row.status == Enrollment.Status.WAITLISTED
    context = {
        "row": row,
        "session": session,
        "course": session.course,
        "days": session.days,
        "token": token,
        "form": form,
        "way": way if can_change_way(row, now) else None,
        "qr": _qr(row, now),
        "refusal": refusal,
        "done": request.GET.get("done", ""),
        "in_line": place_in_line(row) if is_waiting and not session.is_over(now) else None,
        "can_take": can_take_free_seat(row, now),
        "can_accept": row.status == Enrollment.Status.OFFERED
        and bool(row.offer_expires_at and row.offer_expires_at > now)
        and not session.is_over(now),
        "can_cancel": can_cancel(row, now),
        "is_over": session.is_over(now),
    }
    return render(request, "trainings/place.html", context, status=409 if refusal else 200)


def _qr(row: Enrollment, now: datetime) -> str:
    """Somebody's own code for the door, for those who come to a place."""
    if row.is_online or not (row.has_seat and row.session.is_in_person) or row.session.is_over(now):
        return ""
    return door_qr_svg(place_token(ROOM, DOOR, row.pk), room=ROOM)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_place(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once more, and says what goes back of the fee; POST gives the place back."""
    row, now = _row(token), timezone.now()
    refusal = ""
    if request.method == "POST":
        try:
            cancel(enrollment=row, by=row.person.user, now=now)
        except NotAllowed as reason:
            refusal = str(reason)
        else:
            return redirect("trainings:place", token)
    context = {
        "row": row,
        "session": row.session,
        "course": row.session.course,
        "refusal": refusal,
        "can_cancel": can_cancel(row, now),
        "back": reverse("trainings:place", args=[token]),
        "refund_percent": round(refund_share(row.session, now) * 100),
    }
    return render(request, "trainings/place_cancel.html", context, status=409 if refusal else 200)


@login_not_required
@never_cache
@require_safe
def place_ics(request: HttpRequest, token: str) -> HttpResponseBase:
    """The session for one's own calendar: with the address to join where one has a seat."""
    row = _row(token)
    file = session_file(row.session, with_join_url=row.has_seat)
    return calendar_response(request, file, filename=row.session.slug)
