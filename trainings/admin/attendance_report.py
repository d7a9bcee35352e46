"""Attendance reports of Zoom and Teams at the staff desk: uploaded, looked through, noted for a session or one of its days."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.admin.base import desk_page
from partners.errors import NotAllowed
from partners.gatherings.reports import Report, ReportTrouble, read_report
from partners.gatherings.reports.matching import DOUBTFUL, Finding, Known, People
from partners.models import Membership
from trainings.admin.attendance_days import attendance_address, chosen_day, session_of
from trainings.admin.door import day_in_words
from trainings.door_pages import DoorDay
from trainings.models import Session
from trainings.services.check_in import apply_report


def report_pages(admin: ModelAdmin) -> list[URLPattern]:
    """The pages, for the session's `get_urls`."""
    return [desk_page(admin, "<int:pk>/attendance/report/", _report, "attendance_report")]


def report_address(day: DoorDay) -> str:
    address = reverse("admin:trainings_session_attendance_report", args=[day.session.pk])
    return f"{address}?day={day.number}" if day.is_one_of_several else address


def _report(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A report of Zoom or Teams: read, looked through, then noted. Nothing of the file is kept."""
    session = session_of(request, pk)
    day = chosen_day(request, session)
    if request.method == "POST" and "apply" in request.POST:
        return _apply(request, day)
    context: dict[str, Any] = {}
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise ReportTrouble(_("Choose the report's file."))
            report = read_report(file.read(), held_on=timezone.localdate(day.day.starts_at))
            context = {"report": report, "lines": _lines(session, report)}
        except ReportTrouble as trouble:
            messages.error(request, str(trouble))
    context |= {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Attendance report: %(session)s") % {"session": session},
        "session": session,
        "day_words": day_in_words(day) if day.is_one_of_several else "",
        "back_url": attendance_address(session, day),
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


def _apply(request: HttpRequest, day: DoorDay) -> HttpResponse:
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
        count = apply_report(
            session=day.session, part=day.part, minutes=minutes, by=request.user, now=timezone.now()
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext("%(n)d person was there.", "%(n)d people were there.", count) % {"n": count},
        )
    return HttpResponseRedirect(attendance_address(day.session, day))
