"""Outreach at the staff desk: partners who never attended a training, and what links with a source code bring."""

from typing import Any

from django import forms
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from partners.fiscal_year import FiscalYear
from partners.gatherings.sources import CODE
from partners.models import Area, Organization
from partners.permissions import may_look
from partners.spreadsheets import csv_download, xlsx_download
from trainings.models import Course, Session
from trainings.outreach import (
    REASONS,
    link_with_source,
    never_attended,
    source_rows,
    sources,
    unreached,
    unreached_rows,
)

PER_PAGE = 50


class FilterForm(forms.Form):
    """Which partners the list shows."""

    area = forms.ChoiceField(
        label=gettext_lazy("Local Area Council"), required=False, widget=UnfoldAdminSelectWidget
    )
    reason = forms.ChoiceField(label=gettext_lazy("Why"), required=False, widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = list(Area.objects.values_list("slug", "name"))
        self.fields["area"].choices = [("", _("All of Illinois")), *areas]
        self.fields["reason"].choices = [("", _("Any reason")), *REASONS.items()]

    @property
    def asked(self) -> dict[str, str]:
        """The filters; a value that no list knows is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("area", "reason")}


def _may_read(desk: ModelAdmin, request: HttpRequest) -> None:
    if not (desk.has_view_permission(request) and may_look(request.user, Organization)):
        raise PermissionDenied


def _page(desk: ModelAdmin, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
    context = {**desk.admin_site.each_context(request), "opts": desk.opts, "title": title, **more}
    return TemplateResponse(request, f"trainings/admin/{template}.html", context)


def _table(name: str, rows: Any, kind: str, title: str) -> HttpResponseBase:
    if kind == "csv":
        return csv_download(f"{name}.csv", rows)
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", rows, title=title)
    raise Http404


def never_attended_page(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Partners none of whose people was ever at a training: why, whom to ask, when we were last in touch."""
    _may_read(desk, request)
    form = FilterForm(request.GET)
    asked = form.asked
    page = Paginator(never_attended(**asked), PER_PAGE).get_page(request.GET.get("page"))
    return _page(
        desk,
        request,
        "never_attended",
        _("Partners who never attended a training"),
        page_obj=page,
        rows=unreached(list(page.object_list)),
        active=Organization.objects.active().count(),
        form=form,
        query="&".join(f"{name}={value}" for name, value in asked.items() if value),
    )


def never_attended_file(desk: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a file."""
    _may_read(desk, request)
    rows = unreached_rows(list(never_attended(**FilterForm(request.GET).asked)))
    return _table("never-attended", rows, kind, _("Never attended"))


class LinkForm(forms.Form):
    """Which page a link leads to, and the code by which we know it again."""

    page = forms.ChoiceField(label=gettext_lazy("Page"), widget=UnfoldAdminSelectWidget)
    code = forms.RegexField(
        rf"^{CODE.pattern}\Z",
        label=gettext_lazy("Source code"),
        max_length=60,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Such as newsletter-may or flyer-peoria: letters, digits, dots and hyphens."),
        error_messages={"invalid": gettext_lazy("Use letters, digits, dots, underscores and hyphens.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pages: dict[str, Course | Session | None] = {"": None}
        choices = [("", str(_("All trainings")))]
        for course in Course.objects.published():
            self.pages[f"course-{course.pk}"] = course
            choices.append((f"course-{course.pk}", course.title))
        coming = Session.objects.coming(timezone.now()).select_related("course")
        for session in coming:
            self.pages[f"session-{session.pk}"] = session
            choices.append((f"session-{session.pk}", str(session)))
        self.fields["page"].choices = choices
        self.fields["page"].required = False

    @property
    def address(self) -> str:
        return link_with_source(self.pages[self.cleaned_data["page"]], self.cleaned_data["code"])


def sources_page(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """What each source code brought in a fiscal year, and a link builder."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    year = FiscalYear.read(request.GET.get("year", ""))
    form = LinkForm(request.GET if "code" in request.GET else None)
    link = form.address if form.is_bound and form.is_valid() else ""
    return _page(
        desk,
        request,
        "sources",
        _("Where registrations come from"),
        year=year,
        years=FiscalYear.recent(),
        sources=sources(year.start, year.end),
        form=form,
        link=link,
    )


def sources_file(desk: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a file."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    year = FiscalYear.read(request.GET.get("year", ""))
    rows = source_rows(sources(year.start, year.end))
    return _table(f"training-sources-{year.label}", rows, kind, _("Sources"))
