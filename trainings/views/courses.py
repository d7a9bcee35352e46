"""Courses and sessions: the list, a course, a session, what was given, calendars."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from legislation.calendars import calendar_response, webcal
from partners.caching import cached_page
from partners.gatherings.models import Mode
from partners.gatherings.seats import free_seats
from partners.gatherings.sources import source_in
from partners.models import Area
from partners.services.identity import get_coalition
from trainings.calendars import KEPT, session_file, trainings_file
from trainings.listing import LANGUAGES, TrainingFilter, by_date, fee_in_words, listed
from trainings.models import Course, CourseTopic, Enrollment, Session
from trainings.permissions import can_register
from trainings.services.cancelling import OPEN
from trainings.structured_data import course_data, session_data
from trainings.tokens import place_address

PER_PAGE = 20


@login_not_required
@require_safe
@cached_page
def course_list(request: HttpRequest) -> HttpResponse:
    """Courses with their next dates, by topic, way of taking part, place, language and fee."""
    topics, areas = list(CourseTopic.objects.all()), list(Area.objects.all())
    asked = TrainingFilter.parse(request.GET, topics, areas)
    courses = by_date([listed(course) for course in asked.courses(request.user, timezone.now())])
    context = {
        "filter": asked,
        "page_obj": Paginator(courses, PER_PAGE).get_page(request.GET.get("page")),
        "topics": topics,
        "areas": areas,
        "modes": Mode.choices,
        "languages": [(value, label) for value, (_word, label) in LANGUAGES.items()],
        "source": source_in(request),
        "calendar_path": reverse("trainings:calendar"),
        "webcal_url": webcal(reverse("trainings:calendar")),
    }
    return render(request, "trainings/course_list.html", context)


@login_not_required
@require_safe
@cached_page
def past_sessions(request: HttpRequest) -> HttpResponse:
    """What was given, the latest first."""
    sessions = (
        Session.objects.visible_to(request.user)
        .past(timezone.now())
        .filter(course__state=Course.State.PUBLISHED)
        .select_related("course", "area")
    )
    context = {"page_obj": Paginator(sessions, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "trainings/past_sessions.html", context)


@login_not_required
@require_safe
@cached_page
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """One course: what it does for equity, for whom it is, what it costs, when it is given."""
    now = timezone.now()
    courses = Course.objects.visible_to(request.user).with_coming(Session.objects.coming(now))
    found = get_object_or_404(courses, slug=slug)
    coming = found.coming_sessions
    context = {
        "course": found,
        "sessions": coming,
        "given": Session.objects.filter(course=found).past(now).count(),
        "fee": fee_in_words(found),
        "tiers": found.offered,
        "source": source_in(request),
        "json_ld": course_data(found, coming, get_coalition()),
    }
    return render(request, "trainings/course_detail.html", context)


@login_not_required
@never_cache
@require_safe
def session(request: HttpRequest, slug: str) -> HttpResponse:
    """One session: when, where, how many seats are left, one's own place."""
    now = timezone.now()
    sessions = Session.objects.visible_to(request.user).select_related("course", "area")
    found = get_object_or_404(sessions.prefetch_related("parts"), slug=slug)
    own = _own_place(request, found)
    people = found.enrollments.all()
    free = free_seats(found, people)
    context = {
        "session": found,
        "course": found.course,
        "days": found.days,
        "tiers": found.course.tiers.filter(is_offered=True),
        "free": free,
        "waiting": people.filter(status=Enrollment.Status.WAITLISTED).count(),
        "is_open": found.takes_registrations(now),
        "is_over": found.is_over(now),
        "may_register": can_register(request.user, found.course),
        "own": own,
        "own_url": place_address(own) if own else "",
        "source": source_in(request),
        "json_ld": session_data(found, get_coalition()),
    }
    return render(request, "trainings/session_detail.html", context)


def _own_place(request: HttpRequest, found: Session) -> Enrollment | None:
    if not request.user.is_authenticated:
        return None
    own = found.enrollments.filter(person__user=request.user)
    return own.filter(status__in=[*OPEN, Enrollment.Status.ATTENDED]).first()


@login_not_required
@require_safe
def session_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One session for a calendar, without the address to join."""
    sessions = Session.objects.visible_to(request.user).exclude(state=Session.State.DRAFT)
    found = sessions.with_changed_at().select_related("course").filter(slug=slug).first()
    if found is None:
        raise Http404(_("There is no such session."))
    return calendar_response(request, session_file(found), filename=found.slug)


@login_not_required
@require_safe
@cached_page
def calendar(request: HttpRequest) -> HttpResponseBase:
    """All public sessions, to subscribe to; cancelled ones stay as such."""
    sessions = (
        Session.objects.filter(course__state=Course.State.PUBLISHED, ends_at__gt=timezone.now() - KEPT)
        .exclude(state=Session.State.DRAFT)
        .with_changed_at()
        .select_related("course")
        .prefetch_related("parts")
        .order_by("starts_at", "pk")
    )
    return calendar_response(request, trainings_file(sessions), filename="trainings")
