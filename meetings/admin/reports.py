"""Attendance reports at the staff desk: uploaded, reviewed person by person, and counted in one step."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from meetings.admin.door import refuse_others
from meetings.models import AttendanceImport, Event, ImportedPerson
from meetings.report_review import found_people, review_of
from meetings.services import imports as services
from partners.admin.base import desk_page
from partners.errors import NotAllowed
from partners.forms.door import WalkInForm
from partners.gatherings.door import organization_named
from partners.gatherings.reports.names import read_name
from partners.gatherings.reports.reading import MOST_BYTES
from partners.models import Person
from partners.posted import posted


class ReportForm(forms.Form):
    """The file, as Zoom or Teams gave it."""

    file = forms.FileField(
        label=gettext_lazy("Attendance report"),
        widget=UnfoldAdminFileFieldWidget,
        error_messages={
            "required": gettext_lazy("Choose the report's file."),
            "empty": gettext_lazy("The file is empty."),
        },
        help_text=gettext_lazy(
            "The CSV file as Zoom or Teams gives it: of a meeting or a webinar, in English, Spanish or German."
        ),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. An attendance report is much smaller.")
            )
        return file


class NewPersonForm(WalkInForm):
    """Somebody from a report whom we do not know yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = UnfoldAdminTextInputWidget()


def report_pages(admin: ModelAdmin) -> list[URLPattern]:
    """The pages about attendance reports, for the event's `get_urls`."""
    return [
        desk_page(admin, "<int:pk>/reports/", _reports, "reports"),
        desk_page(admin, "<int:pk>/reports/<int:report_pk>/", _review, "report"),
        desk_page(admin, "<int:pk>/reports/<int:report_pk>/count/", _count, "report_count"),
        desk_page(admin, "<int:pk>/reports/<int:report_pk>/<int:row_pk>/decide/", _decide, "report_decide"),
        desk_page(admin, "<int:pk>/reports/<int:report_pk>/<int:row_pk>/who/", _who, "report_who"),
    ]


def reports_address(event: Event) -> str:
    return reverse("admin:meetings_event_reports", args=[event.pk])


def _review_address(report: AttendanceImport) -> str:
    return reverse("admin:meetings_event_report", args=[report.event_id, report.pk])


def _context(
    admin: ModelAdmin, request: HttpRequest, event: Event, title: str, back: str, back_to: object = None
) -> dict[str, Any]:
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": back_to or event,
        "event": event,
        "title": title,
        "desk_title": title,
        "back_url": back,
    }


def _event(request: HttpRequest, pk: int) -> Event:
    refuse_others(request)
    return get_object_or_404(Event, pk=pk)


def _reports(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Reports of one event, and the form for another one."""
    event = _event(request, pk)
    form = ReportForm(posted(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report, is_new = services.import_report(
                event=event, file_name=file.name, data=file.read(), by=request.user, now=timezone.now()
            )
        except NotAllowed as refusal:
            form.add_error("file", str(refusal))
        else:
            if not is_new:
                messages.info(request, _("This file was uploaded before. Nothing has changed."))
            return HttpResponseRedirect(_review_address(report))
    context = _context(
        admin,
        request,
        event,
        _("Attendance reports"),
        reverse("admin:meetings_event_change", args=[event.pk]),
    )
    reports = event.attendance_imports.select_related("uploaded_by")
    context |= {"form": form, "reports": reports, "media": admin.media + form.media}
    return TemplateResponse(request, "meetings/admin/reports.html", context)


def _report(request: HttpRequest, pk: int, report_pk: int) -> AttendanceImport:
    refuse_others(request)
    return get_object_or_404(AttendanceImport.objects.select_related("event"), pk=report_pk, event=pk)


def _review(admin: ModelAdmin, request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    """Everybody in a report, whom they are taken for, and the button that counts them."""
    report = _report(request, pk, report_pk)
    context = _context(
        admin,
        request,
        report.event,
        report.file_name,
        reports_address(report.event),
        _("Attendance reports"),
    )
    context |= {"report": report, "review": review_of(report)}
    return TemplateResponse(request, "meetings/admin/report_review.html", context)


def _row(request: HttpRequest, pk: int, report_pk: int, row_pk: int) -> ImportedPerson:
    report = _report(request, pk, report_pk)
    row = get_object_or_404(report.people.select_related("person"), pk=row_pk)
    row.report = report
    return row


def _decide(admin: ModelAdmin, request: HttpRequest, pk: int, report_pk: int, row_pk: int) -> HttpResponse:
    """One answer about one person; anything but a POST leads back."""
    row = _row(request, pk, report_pk, row_pk)
    if request.method == "POST":
        answer, now = request.POST.get("answer", ""), timezone.now()
        try:
            if answer == "confirm":
                services.confirm(row=row, by=request.user, now=now, person=_chosen(request))
            elif answer == "leave_out":
                services.leave_out(row=row, by=request.user, now=now)
            elif answer == "undo":
                services.undo_decision(row=row)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{_review_address(row.report)}#person-{row.pk}")


def _chosen(request: HttpRequest) -> Person | None:
    number = request.POST.get("person", "")
    return Person.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None


def _who(admin: ModelAdmin, request: HttpRequest, pk: int, report_pk: int, row_pk: int) -> HttpResponse:
    """Who somebody in a report is: found among the people we know, or new."""
    row = _row(request, pk, report_pk, row_pk)
    first, _space, last = read_name(row.name).best.rpartition(" ")
    initial = {"first_name": first or last, "last_name": last if first else "", "email": row.email}
    form = NewPersonForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        answers = dict(form.cleaned_data)
        organization = organization_named(answers.pop("organization"))
        try:
            services.add_person(
                row=row, organization=organization, by=request.user, now=timezone.now(), **answers
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{_review_address(row.report)}#person-{row.pk}")
    search = request.GET.get("q", "").replace("\0", "").strip()[:100] or read_name(row.name).best
    title = _("Who is “%(name)s”?") % {"name": row.name}
    context = _context(
        admin, request, row.report.event, title, _review_address(row.report), row.report.file_name
    )
    context |= {
        "row": row,
        "form": form,
        "search": search,
        "people": found_people(search),
        "media": admin.media + form.media,
    }
    return TemplateResponse(request, "meetings/admin/report_who.html", context)


def _count(admin: ModelAdmin, request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    """Counts everybody who is certain or confirmed."""
    report = _report(request, pk, report_pk)
    if request.method == "POST":
        try:
            applied = services.apply_import(report=report, by=request.user, now=timezone.now())
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            said = ngettext(
                "%(n)d more person counts as having been there.",
                "%(n)d more people count as having been there.",
                applied.added,
            ) % {"n": applied.added}
            if applied.known:
                said += " " + ngettext(
                    "%(n)d person was on the list before and has their minutes now.",
                    "%(n)d people were on the list before and have their minutes now.",
                    applied.known,
                ) % {"n": applied.known}
            messages.success(request, said)
    return HttpResponseRedirect(_review_address(report))
