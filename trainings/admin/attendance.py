"""Who was at a session, at the staff desk: a list to tick on a phone, walk-ins, reports, certificates of all."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
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
from partners.gatherings.reports import Report, ReportTrouble, read_report
from partners.gatherings.reports.matching import DOUBTFUL, Finding, Known, People
from partners.models import Membership
from partners.posted import posted
from partners.services.people import remember_person
from trainings.certificate_files import certificates_zip
from trainings.models import Certificate, Session
from trainings.services import attendance as services

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
        desk_page(admin, "<int:pk>/attendance/report/", _report, "attendance_report"),
        desk_page(admin, "<int:pk>/certificates.zip", _certificates, "certificates"),
    ]


def attendance_address(session: Session) -> str:
    return reverse("admin:trainings_session_attendance", args=[session.pk])


def _session(request: HttpRequest, pk: int) -> Session:
    if not request.user.has_perm("trainings.change_enrollment"):
        raise PermissionDenied
    return get_object_or_404(Session.objects.select_related("course"), pk=pk)


def _roster(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The list. POST notes one person, takes it back, adds a walk-in, or closes attendance."""
    session, form = _session(request, pk), WalkInForm()
    if request.method == "POST":
        if request.POST.get("step") == "walk_in":
            form = WalkInForm(posted(request))
            if not form.is_valid():
                return _show(admin, request, session, form, status=422)
        try:
            messages.success(request, _take_step(request, session, form))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(attendance_address(session))
    return _show(admin, request, session, form)


def _take_step(request: HttpRequest, session: Session, form: WalkInForm) -> str:
    """One of the page's buttons; what was done, in words."""
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
            session=session, person=remember_person(**answers), organization=None, by=by, now=now
        )
        return _("%(name)s is on the list.") % {"name": row.person}
    number = request.POST.get("row", "")
    row = get_object_or_404(session.enrollments, pk=number if number.isdecimal() and len(number) < 18 else 0)
    if step == "undo":
        services.take_back(enrollment=row, by=by, now=now)
        return _("Taken back for %(name)s.") % {"name": row.person}
    services.mark_attended(enrollment=row, by=by, now=now)
    return _("%(name)s was there.") % {"name": row.person}


def _show(
    admin: ModelAdmin, request: HttpRequest, session: Session, form: WalkInForm, status: int = 200
) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:80]
    rows = session.enrollments.filter(status__in=_EXPECTED).select_related("person", "organization")
    for word in words.split()[:4]:
        rows = rows.filter(person__last_name__icontains=word) | rows.filter(
            person__first_name__icontains=word
        )
    now = timezone.now()
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Attendance: %(session)s") % {"session": session},
        "session": session,
        "rows": rows.order_by("person__last_name", "person__first_name", "pk"),
        "words": words,
        "form": form,
        "present": session.enrollments.attended().count(),
        "can_close": session.state == Session.State.PUBLISHED and now >= session.ends_at,
        "certificates": Certificate.objects.filter(
            enrollment__session=session, revoked_at__isnull=True
        ).count(),
        "back_url": reverse("admin:trainings_session_change", args=[session.pk]),
    }
    return TemplateResponse(request, "trainings/admin/attendance.html", context, status=status)


# --- Attendance reports -----------------------------------------------------------------------------------------


def _report(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A report of Zoom or Teams: read, looked through, then noted. Nothing of the file is kept."""
    session = _session(request, pk)
    if request.method == "POST" and "apply" in request.POST:
        return _apply(request, session)
    context: dict[str, Any] = {}
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise ReportTrouble(_("Choose the report's file."))
            report = read_report(file.read(), held_on=timezone.localdate(session.starts_at))
            context = {"report": report, "lines": _lines(session, report)}
        except ReportTrouble as trouble:
            messages.error(request, str(trouble))
    context |= {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Attendance report: %(session)s") % {"session": session},
        "session": session,
        "back_url": attendance_address(session),
    }
    return TemplateResponse(request, "trainings/admin/attendance_report.html", context)


def _lines(session: Session, report: Report) -> list[dict[str, Any]]:
    """Each participant of a report with whom we take them for, and from whom staff choose otherwise."""
    registered = [_known(row) for row in session.enrollments.select_related("person")]
    members = (
        Membership.objects.current().select_related("person").order_by("person_id").distinct("person_id")
    )
    people = People(registered, [_known(row) for row in members])
    names = {known.person: known for known in [*people.others, *people.registered]}
    return [
        {
            "number": number,
            "participant": participant,
            "finding": finding,
            "is_doubtful": finding.state == DOUBTFUL,
            "choices": _choices(people, names, finding),
        }
        for number, participant in enumerate(report.participants)
        for finding in [people.find(participant)]
    ]


def _known(row: Any) -> Known:
    return Known(row.person_id, row.person.email, row.person.name)


def _choices(people: People, names: dict[int, Known], finding: Finding) -> list[Known]:
    """The registered, and the one we found elsewhere."""
    found = names.get(finding.person or 0)
    others = [found] if found and found not in people.registered else []
    return [*others, *sorted(people.registered, key=lambda known: known.name)]


def _apply(request: HttpRequest, session: Session) -> HttpResponse:
    """Notes the people whom staff left or chose in the looked-through list, with their minutes."""
    minutes: dict[int, int | None] = {}
    for key, value in request.POST.items():
        if key.startswith("person_") and value.isdecimal() and len(value) < 18:
            said = request.POST.get(f"minutes_{key.removeprefix('person_')}", "")
            lasted = int(said) if said.isdecimal() and len(said) < 5 else None
            before = minutes.get(int(value))
            # Somebody who stands there twice was there for both.
            minutes[int(value)] = lasted if before is None or lasted is None else before + lasted
    try:
        count = services.apply_report(session=session, minutes=minutes, by=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext("%(n)d person was there.", "%(n)d people were there.", count) % {"n": count},
        )
    return HttpResponseRedirect(attendance_address(session))


def _certificates(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """All valid certificates of a session in one file."""
    session = _session(request, pk)
    valid = Certificate.objects.filter(enrollment__session=session, revoked_at__isnull=True)
    rows = valid.select_related("enrollment").order_by("name", "pk")
    return HttpResponse(
        certificates_zip(rows),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="certificates-{session.slug}.zip"'},
    )
