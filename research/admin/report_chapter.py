"""A chapter of a report at the staff desk: its text, and its tables pasted from a spreadsheet."""

from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.admin import StackedInline

from partners.admin.editing import EditorAdmin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from research.embedding import trouble_with_findings
from research.forms.report import ReportTableForm
from research.models import Chapter, ReportTable


class ReportTableInline(RoomySentencesMixin, StackedInline):
    model = ReportTable
    form = ReportTableForm
    fields = ["title", "cells", "unit", "chart", "source", "source_url", "note", "order"]
    extra = 0


@admin.register(Chapter)
class ChapterAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["title", "report", "order"]
    list_select_related = ["report"]
    list_filter = [("report", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "report__title"]
    ordering = ["report", "order"]
    fields = ["report", "title", "slug", "order", "body"]
    inlines = [ReportTableInline]
    change_form_outer_before_template = "admin/desk/pages.html"

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Chapter | None = None
    ) -> dict[str, list[str]]:
        return {"slug": ["title"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Chapter | None = None) -> list[str]:
        return ["report"] if obj is not None else []

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for words in trouble_with_findings(form.instance.body):
            messages.warning(request, words)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        chapter = context.get("original")
        if isinstance(chapter, Chapter):
            report = chapter.report
            context["pages"] = [
                (_("The report"), reverse("admin:research_report_change", args=[report.pk])),
                (_("Preview"), f"{report.get_absolute_url()}?draft=1#chapter-{chapter.slug}"),
            ]
        return super().render_change_form(request, context, *args, **kwargs)
