"""At the door, for those who come to a training: one's own code, and checking oneself in with the code of the room."""

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
from partners.gatherings.qr import door_qr_svg
from partners.gatherings.tokens import DOOR, read_place_token
from partners.views.check_in import CheckInPage, check_in_page
from trainings.door_pages import door_days, on_the_list, status_on
from trainings.models import Course, Enrollment, Session
from trainings.permissions import can_check_in
from trainings.services.check_in import check_in_by_code, day_of, open_days_of
from trainings.tokens import ROOM


@login_not_required
@never_cache
@require_safe
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Behind somebody's own code: staff who scan it come to the button, everybody else sees the code again."""
    pk = read_place_token(ROOM, DOOR, token)
    place = Enrollment.objects.select_related("session__course").filter(pk=pk).first() if pk else None
    if place is None:
        raise Http404(_("This code is not one of ours."))
    if can_check_in(request.user):
        return redirect(reverse("admin:trainings_session_door_scan", args=[token]))
    day = door_days(place.session)[day_of(place.session, timezone.now()) - 1]
    status = status_on(day, on_the_list(day).get(pk=place.pk))
    context = {
        "title": place.session.course.title,
        "starts_at": day.day.starts_at,
        "place": place,
        "is_here": status == Enrollment.Status.ATTENDED,
        "qr": door_qr_svg(token, room=ROOM),
    }
    return render(request, "partners/door/own_code.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("check-in", "120/m")
def check_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Checking oneself in, on the day under way."""
    session, now = _session(slug), timezone.now()
    day = session.days[day_of(session, now) - 1]
    page = CheckInPage(
        title=session.course.title if _is_shown(request, session) else "",
        untitled=_("Check in to this training"),
        over=_("This training is over"),
        starts_at=day.starts_at,
        is_open=bool(open_days_of(session, now)),
        is_over=session.is_over(now),
        done=reverse("trainings:checked_in", args=[session.slug]),
    )
    return check_in_page(request, page, partial(check_in_by_code, session=session, now=now))


@login_not_required
@never_cache
@require_safe
def checked_in(request: HttpRequest, slug: str) -> HttpResponse:
    """That it worked. Says nothing about anybody, so it can be opened again."""
    session = _session(slug)
    url = session.get_absolute_url() if _is_shown(request, session) else ""
    context = {"url": url, "url_label": _("About this training")}
    return render(request, "partners/door/checked_in.html", context)


def _session(slug: str) -> Session:
    sessions = Session.objects.select_related("course").prefetch_related("parts")
    return get_object_or_404(sessions.exclude(state=Session.State.DRAFT), slug=slug)


def _is_shown(request: HttpRequest, session: Session) -> bool:
    """What a training is called is for those who may open its page."""
    return (
        session.course.state == Course.State.PUBLISHED
        and Session.objects.visible_to(request.user).filter(pk=session.pk).exists()
    )
