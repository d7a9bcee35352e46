"""Who was at a session, at the staff desk: a list to tick for each day, walk-ins, closing."""

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from mailing.web.forms import AddressField
from partners.admin.base import desk_page
from partners.errors import NotAllowed
from partners.fields import NameField
from partners.posted import posted
from partners.services.people import remember_person
from trainings.admin.attendance_days import attendance_address, chosen_day, session_of
from trainings.admin.attendance_report import report_address, report_pages
from trainings.admin.certificate_package import package_pages
from trainings.admin.door import day_in_words, door_address
from trainings.door_pages import DoorDay, door_days, on_the_list, status_on
from trainings.models import Certificate, Enrollment, Session
from trainings.services import attendance as services
from trainings.services.check_in import arrive, leave

_EXPECTED = ("registered", "attended", "absent", "excused", "offered", "waitlisted")


class WalkInForm(forms.Form):
    """Somebody who came without registering."""

    first_name = NameField(label=gettext_lazy("First name"), max_length=80, widget=UnfoldAdminTextInputWidget)
    last_name = NameField(label=gettext_lazy("Last name"), max_length=80, widget=UnfoldAdminTextInputWidget)
    email = AddressField(label=gettext_lazy("E-mail address"), widget=UnfoldAdminEmailInputWidget)


def attendance_pages(admin: ModelAdmin) -> list[URLPattern]:
    """The pages, for the session's `get_urls`."""
    return [
        desk_page(admin, "<int:pk>/attendance/", _roster, "attendance"),
        *report_pages(admin),
        *package_pages(admin),
    ]


def _roster(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The list of one day. POST notes one person, takes it back, adds a walk-in, or closes attendance."""
    session, form = session_of(request, pk), WalkInForm()
    day = chosen_day(request, session)
    if request.method == "POST":
        if request.POST.get("step") == "walk_in":
            form = WalkInForm(posted(request))
            if not form.is_valid():
                return _show(admin, request, day, form, status=422)
        try:
            messages.success(request, _take_step(request, day, form))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(attendance_address(session, day))
    return _show(admin, request, day, form)


def _take_step(request: HttpRequest, day: DoorDay, form: WalkInForm) -> str:
    """One of the page's buttons; what was done, in words."""
    session, part = day.session, day.part
    by, now, step = request.user, timezone.now(), request.POST.get("step", "")
    if step == "close":
        absent = services.close_session(session=session, by=by, now=now)
        return ngettext(
            "Attendance is closed; %(n)d person is absent.",
            "Attendance is closed; %(n)d people are absent.",
            absent,
        ) % {"n": absent}
    if step == "walk_in":
        answers = form.cleaned_data
        row = services.walk_in(
            session=session,
            person=remember_person(**answers),
            organization=None,
            by=by,
            now=now,
            is_noted=False,
        )
        arrive(enrollment=row, part=part, how=services.How.STAFF, by=by, at=now, now=now)
        return _("%(name)s is on the list.") % {"name": row.person}
    number = request.POST.get("row", "")
    row = get_object_or_404(session.enrollments, pk=number if number.isdecimal() and len(number) < 18 else 0)
    if step == "undo":
        leave(enrollment=row, part=part, by=by, now=now)
        return _("Taken back for %(name)s.") % {"name": row.person}
    arrive(enrollment=row, part=part, how=services.How.STAFF, by=by, at=now, now=now)
    return _("%(name)s was there.") % {"name": row.person}


def _show(
    admin: ModelAdmin, request: HttpRequest, day: DoorDay, form: WalkInForm, status: int = 200
) -> HttpResponse:
    session = day.session
    words = request.GET.get("q", "").replace("\0", "").strip()[:80]
    rows = on_the_list(day).filter(status__in=_EXPECTED).select_related("person", "organization")
    for word in words.split()[:4]:
        rows = rows.filter(person__last_name__icontains=word) | rows.filter(
            person__first_name__icontains=word
        )
    now, days = timezone.now(), door_days(session)
    listed = [
        (row, status_on(day, row)) for row in rows.order_by("person__last_name", "person__first_name", "pk")
    ]
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Attendance: %(session)s") % {"session": session},
        "session": session,
        "day": day,
        "days": [(one.number, day_in_words(one)) for one in days] if len(days) > 1 else [],
        "rows": [(row, status, Enrollment.Status(status).label) for row, status in listed],
        "words": words,
        "form": form,
        "present": sum(status_on(day, row) == "attended" for row in on_the_list(day)),
        "can_close": session.state == Session.State.PUBLISHED and now >= session.ends_at,
        "certificates": Certificate.objects.filter(
            enrollment__session=session, revoked_at__isnull=True
        ).count(),
        "door_url": door_address(session, day.number),
        "poster_url": door_address(session, day.number, "door_poster"),
        "report_url": report_address(day),
        "back_url": reverse("admin:trainings_session_change", args=[session.pk]),
    }
    return TemplateResponse(request, "trainings/admin/attendance.html", context, status=status)
