"""Who took part in research, at the staff desk: entered one by one or as a file; names behind a right of their own."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from partners.admin.base import PartnersAdmin, desk_page
from partners.errors import NotAllowed
from partners.posted import posted
from partners.spreadsheets import csv_download
from research.admin.participation_numbers import ParticipationNumbers
from research.forms.participation import ContactForm, ParticipationFileForm, ParticipationForm
from research.models import Participant, ParticipantContact, Participation
from research.services.participation import EnteredBefore, enter_participation, forget_contacts
from research.services.participation_import import (
    COLUMNS,
    NEEDED,
    import_participations,
    preview_import,
)

PROBLEMS_SHOWN = 100
# Two made-up lines, in the order of the columns.
EXAMPLE = (
    (
        "P-001",
        "collection",
        "survey",
        "2026-03-05",
        "worker",
        "Cook",
        *[""] * 4,
        "Asian; White",
        "",
        "25 to 44",
    ),
    ("", "collection", "interview", "2026-03-06", "executive", "", *[""] * 4, "prefer not to say", "", ""),
)


@admin.register(Participation)
class ParticipationAdmin(ParticipationNumbers):
    list_display = [
        "participant",
        "project",
        "phase_name",
        "method",
        "participated_on",
        "county",
        "sub_sector",
    ]
    list_display_links = ["participant"]
    list_filter = [
        ("participant__project", admin.RelatedOnlyFieldListFilter),
        "phase__kind",
        "method",
        ("participant__sub_sector", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["participant__project", "participant__county", "participant__sub_sector", "phase"]
    search_fields = ["participant__code", "participant__organization__name"]
    date_hierarchy = "participated_on"
    fields = ["participant", "phase", "method", "participated_on"]
    readonly_fields = ["participant", "phase"]
    actions_list = ["enter", "from_file", "numbers"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "file.csv", example_file, "example_file"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Entered on a page of its own, which keeps what belongs apart apart.
        return False

    def has_enter_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("research.add_participation")

    @admin.display(description=gettext_lazy("project"), ordering="participant__project__title")
    def project(self, row: Participation) -> str:
        return row.participant.project.title

    @admin.display(description=gettext_lazy("phase"), ordering="phase__order")
    def phase_name(self, row: Participation) -> str:
        return row.phase.name

    @admin.display(description=gettext_lazy("county"), ordering="participant__county__name")
    def county(self, row: Participation) -> str:
        return str(row.participant.county or "–")

    @admin.display(description=gettext_lazy("service area"), ordering="participant__sub_sector__name")
    def sub_sector(self, row: Participation) -> str:
        return str(row.participant.sub_sector or "–")

    @action(
        description=gettext_lazy("Enter a participant"),
        icon="person_add",
        permissions=["enter"],
        url_path="enter",
    )
    def enter(self, request: HttpRequest) -> HttpResponse:
        """One person who took part."""
        form = ParticipationForm(posted(request), with_names=_may_name(request))
        if form.is_bound and form.is_valid():
            values = form.cleaned_data
            try:
                row = enter_participation(
                    phase=values["phase"],
                    who=form.who,
                    method=values["method"],
                    on=values["on"],
                    today=timezone.localdate(),
                    entry=values["entry"],
                )
            except EnteredBefore as before:
                messages.info(request, str(before))
                return HttpResponseRedirect(request.path)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, _("%(code)s is entered. Enter the next one.") % {"code": row.participant.code}
                )
                return HttpResponseRedirect(request.path)
        context = _context(self, request, _("Enter a participant")) | {
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "research/admin/participation_enter.html", context)

    @action(
        description=gettext_lazy("Enter a file"), icon="upload", permissions=["enter"], url_path="from-file"
    )
    def from_file(self, request: HttpRequest) -> HttpResponse:
        """A file of people: first what it would do, then the button that enters it."""
        form = ParticipationFileForm(posted(request), request.FILES or None)
        preview = None
        if form.is_bound and form.is_valid():
            try:
                preview = _read(request, form)
            except NotAllowed as refusal:
                form.add_error("file", str(refusal))
            else:
                if preview is None:
                    return HttpResponseRedirect(_list_url())
        context = _context(self, request, _("Enter a file of participants")) | {
            "form": form,
            "preview": preview,
            "problems": preview.problems[:PROBLEMS_SHOWN] if preview else [],
            "text": form.cleaned_data.get("text", "") if form.is_bound and preview else "",
            "needed": NEEDED,
            "columns": COLUMNS,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "research/admin/participation_file.html", context)


def _read(request: HttpRequest, form: ParticipationFileForm) -> Any:
    """What the file would do; or nothing, when it was entered."""
    facts = {
        "project": form.cleaned_data["project"],
        "text": form.cleaned_data["text"],
        "today": timezone.localdate(),
        "with_names": _may_name(request),
    }
    if "enter" not in request.POST:
        return preview_import(**facts)
    done = import_participations(**facts)
    if done.is_known:
        messages.info(request, _("Every line of this file is entered already."))
        return None
    words = ngettext("%(n)d line is entered.", "%(n)d lines are entered.", done.good)
    if done.problems:
        words += " " + ngettext("%(bad)d was left out.", "%(bad)d were left out.", len(done.problems))
    messages.success(request, words % {"n": done.good, "bad": len(done.problems)})
    return None


def _may_name(request: HttpRequest) -> bool:
    """Whether somebody may enter who is behind a number."""
    return request.user.has_perm("research.add_participantcontact")


def _list_url() -> str:
    return reverse("admin:research_participation_changelist")


def _context(desk: ModelAdmin, request: HttpRequest, title: str) -> dict[str, Any]:
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": title,
        "desk_title": title,
        "back_url": _list_url(),
    }


def example_file(desk: ModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """The columns with two made-up lines."""
    if not request.user.has_perm("research.add_participation"):
        raise PermissionDenied
    return csv_download("participants-example.csv", [COLUMNS, *EXAMPLE])


@admin.register(Participant)
class ParticipantAdmin(PartnersAdmin):
    """Numbers, and what is counted of them."""

    list_display = ["code", "project", "role", "county", "sub_sector", "organization"]
    list_filter = [("project", admin.RelatedOnlyFieldListFilter), "role"]
    list_select_related = ["project", "county", "sub_sector", "organization"]
    search_fields = ["code", "organization__name"]
    autocomplete_fields = ["county", "sub_sector", "organization"]
    fields = ["project", "code", "role", "county", "sub_sector", "organization"]
    readonly_fields = ["project", "code"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Participant | None = None) -> bool:
        # What they told lies in the box and cannot be found again, so its count would be wrong.
        return super().has_delete_permission(request, obj) and (obj is None or not obj.has_told)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        return super().get_queryset(request).order_by("project", "code")


@admin.register(ParticipantContact)
class ParticipantContactAdmin(PartnersAdmin):
    """Who is behind the numbers. Deleting forgets them; the number stays."""

    form = ContactForm
    list_display = ["participant", "project", "name", "email", "may_contact"]
    list_filter = [("project", admin.RelatedOnlyFieldListFilter), "may_contact"]
    list_select_related = ["participant", "project"]
    search_fields = ["name", "email", "participant__code"]
    fields = ["participant", "name", "email", "may_contact"]
    readonly_fields = ["participant"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ParticipantContact) -> None:
        forget_contacts(contacts=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ParticipantContact]) -> None:
        forget_contacts(contacts=queryset)
