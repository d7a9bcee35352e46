"""Interviews by theme, and "You said, we did", at the staff desk. Who reads interviews has the right to them alone."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action, display

from partners.admin.base import PartnersAdmin, Question, desk_page
from partners.admin.editing import FIELDS, EditorAdmin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.permissions import may_look
from partners.spreadsheets import csv_download
from trainings.models import Improvement, Interview, InterviewNote, Theme
from trainings.services import improvements as services


@admin.register(Theme)
class ThemeAdmin(PartnersAdmin):
    """Themes, and how many organizations spoke of each."""

    list_display = ["name", "organizations", "passages"]
    search_fields = ["name"]
    ordering = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                spoken=Count("notes__interview__organization", distinct=True),
                passage_count=Count("notes", distinct=True),
            )
        )

    @display(description=gettext_lazy("organizations that spoke of it"), ordering="spoken")
    def organizations(self, theme: Any) -> int:
        return theme.spoken

    @display(description=gettext_lazy("passages"), ordering="passage_count")
    def passages(self, theme: Any) -> int:
        return theme.passage_count


class NoteInline(RoomySentencesMixin, StackedInline):
    model = InterviewNote
    formfield_overrides = FIELDS
    fields = ["text", "themes", ("is_verbatim", "order")]
    autocomplete_fields = ["themes"]
    extra = 1


@admin.register(Interview)
class InterviewAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["held_on", "organization", "person", "consent", "interviewer"]
    list_filter = ["consent", "notes__themes"]
    list_select_related = ["organization", "person", "interviewer"]
    search_fields = ["organization__name", "notes__text"]
    autocomplete_fields = ["organization", "person", "interviewer"]
    fields = ["organization", "person", "held_on", "interviewer", "consent", "summary"]
    inlines = [NoteInline]
    actions_list = ["passages"]

    def get_urls(self) -> list[URLPattern]:
        return [desk_page(self, "passages.csv", _passages_file, "passages_file"), *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"held_on": timezone.localdate(), "interviewer": request.user.pk}

    @action(description=gettext_lazy("Passages by theme (CSV)"), permissions=["view"], url_path="passages")
    def passages(self, request: HttpRequest) -> HttpResponse:
        """All passages as a table; names only where somebody agreed to be quoted with theirs."""
        return redirect("admin:trainings_interview_passages_file")


def _passages_file(model_admin: InterviewAdmin, request: HttpRequest) -> HttpResponseBase:
    if not may_look(request.user, Interview):
        raise PermissionDenied
    return csv_download("interview-passages.csv", _passage_rows())


def _passage_rows() -> Iterator[list[object]]:
    yield [_("Theme"), _("Passage"), _("In their own words"), _("Consent"), _("Organization"), _("Person")]
    notes = InterviewNote.objects.select_related("interview__organization", "interview__person")
    for note in notes.prefetch_related("themes").order_by("interview__held_on", "pk"):
        interview = note.interview
        is_named = interview.consent == Interview.Consent.NAMED
        for theme in [theme.name for theme in note.themes.all()] or [""]:
            yield [
                theme,
                note.text,
                _("yes") if note.is_verbatim else _("no"),
                interview.get_consent_display(),
                interview.organization.name if is_named else "",
                str(interview.person or "") if is_named else "",
            ]


@admin.register(Improvement)
class ImprovementAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["said", "source", "done_on", "shown_state"]
    list_filter = ["state", "source", "theme"]
    search_fields = ["said", "did"]
    autocomplete_fields = ["theme"]
    fields = ["said", "source", "theme", "did", "done_on", "state", "published_at", "published_by"]
    readonly_fields = ["state", "published_at", "published_by"]
    actions_detail = ["publish", "withdraw"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        row = self.existing(request, object_id)
        if row is None:
            return []
        is_draft = row.state == Improvement.State.DRAFT
        return self.buttons(request, object_id, {"publish"} if is_draft else {"withdraw"})

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"draft": "warning", "published": "success"},
    )
    def shown_state(self, row: Improvement) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @action(description=gettext_lazy("Publish"), permissions=["work"], url_path="publish")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.record(request, object_id)
        question = Question(
            title=_("Publish this?"),
            explanation=_("It stands on the public page “You said, we did”."),
            facts=[(_("You said"), row.said), (_("We did"), row.did)],
            button=_("Publish it"),
            done=_("It is published."),
            step=lambda said: services.publish_improvement(
                improvement=row, by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, row, question)

    @action(description=gettext_lazy("Take it off the page"), permissions=["work"], url_path="withdraw")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.record(request, object_id)
        question = Question(
            title=_("Take this off the page?"),
            explanation=_("It becomes a draft again."),
            button=_("Take it off"),
            done=_("It is no longer on the page."),
            step=lambda said: services.withdraw_improvement(improvement=row, by=request.user),
        )
        return self.ask(request, row, question)
