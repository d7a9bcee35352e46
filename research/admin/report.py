"""Reports at the staff desk: written with their chapters, checked, put under embargo, released, renewed, withdrawn."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from partners.admin.base import PartnersAdmin, PublicPageMixin, desk_page
from partners.admin.editing import EditorAdmin, NamedCellsMixin
from partners.admin.history import HistoryAdmin
from research.admin.report_buttons import BUTTONS, ReportButtons
from research.models import Chapter, KeyFinding, Report, ReportAuthor, ReportDownload, ResearchTopic
from research.services import report as services

STATE_LABELS = {"draft": "warning", "embargoed": "info", "published": "success", "withdrawn": "danger"}
_State = Report.State


@admin.register(ResearchTopic)
class ResearchTopicAdmin(PublicPageMixin, PartnersAdmin):
    list_display = ["name", "slug", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class AuthorInline(NamedCellsMixin, TabularInline):
    model = ReportAuthor
    fields = ["given", "family", "order"]
    extra = 0
    hide_title = True


class KeyFindingInline(NamedCellsMixin, TabularInline):
    """A sentence, a finding of the library, or both."""

    model = KeyFinding
    fields = ["text", "finding", "order"]
    autocomplete_fields = ["finding"]
    extra = 0
    hide_title = True


class ChapterInline(NamedCellsMixin, TabularInline):
    """The chapters' names; their text and tables stand on pages of their own."""

    model = Chapter
    fields = ["title", "slug", "order"]
    prepopulated_fields = {"slug": ["title"]}
    show_change_link = True
    extra = 0
    hide_title = True


@admin.register(Report)
class ReportAdmin(ReportButtons, HistoryAdmin, EditorAdmin):
    list_display = ["title", "shown_state", "moment", "version_count", "download_count", "project"]
    list_filter = ["state", "topics", ("project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["project"]
    search_fields = ["title", "subtitle", "summary", "doi"]
    ordering = ["-published_at", "-created_at"]
    autocomplete_fields = ["topics", "bills"]
    inlines = [AuthorInline, KeyFindingInline, ChapterInline]
    actions_detail = ["look", "embargo", "release", "new_version", "withdraw", "to_draft"]
    readonly_fields = [
        "state",
        "embargo_until",
        "published_at",
        "published_by",
        "withdrawn_at",
        "withdrawn_because",
    ]
    change_form_outer_before_template = "admin/desk/pages.html"
    fieldsets = [
        (None, {"fields": ["title", "subtitle", "slug", "summary", "topics"]}),
        (gettext_lazy("Method and citation"), {"fields": ["method", "doi"]}),
        (gettext_lazy("What belongs to it"), {"fields": ["project", "bills"]}),
        (gettext_lazy("Where it stands"), {"fields": readonly_fields}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        reports = super().get_queryset(request).defer("released_text", "search")
        # Two joins would count each download once for every version.
        taken = (
            ReportDownload.objects.filter(report=OuterRef("pk"))
            .order_by()
            .values("report")
            .annotate(total=Sum("count"))
            .values("total")
        )
        return reports.annotate(versions_released=Count("versions"), taken=Coalesce(Subquery(taken), 0))

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Report | None = None
    ) -> dict[str, list[str]]:
        return {"slug": ["title"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Report | None = None) -> list[str]:
        # What people may have cited keeps its address.
        settled = ["slug"] if obj is not None and obj.published_at else []
        return [*self.readonly_fields, *settled]

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        draft = obj is None or (obj.state == _State.DRAFT and obj.published_at is None)
        return draft and super().has_delete_permission(request, obj)

    def view_on_site(self, report: Report) -> str | None:
        return report.get_absolute_url() if report.is_published else None

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.is_published and change:
            self.message_user(
                request,
                _("Readers see chapters, tables, key findings and the method with the next version."),
            )

    def get_urls(self) -> list[URLPattern]:
        return [desk_page(self, "<path:object_id>/checks/", checks, "checks"), *super().get_urls()]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        report = self.record(request, object_id)
        return self.buttons(request, object_id, BUTTONS[_State(report.state)])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        report = context.get("original")
        if isinstance(report, Report):
            context["pages"] = [
                (_("Check list"), reverse("admin:research_report_checks", args=[report.pk])),
                *(
                    (
                        _("Chapter: %(title)s") % {"title": chapter.title},
                        reverse("admin:research_chapter_change", args=[chapter.pk]),
                    )
                    for chapter in report.chapters.all()
                ),
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, report: Report) -> tuple[str, str]:
        return report.state, report.get_state_display()

    @display(description=gettext_lazy("when"), ordering="published_at")
    def moment(self, report: Report) -> str:
        if report.is_embargoed and report.embargo_until:
            until = date_format(timezone.localtime(report.embargo_until), "F j, Y, g:i a")
            late = report.embargo_until <= timezone.now()
            return _("embargo is over, but it did not come out") if late else _("embargo until %s") % until
        if report.published_at:
            return date_format(timezone.localtime(report.published_at), "F j, Y")
        return ""

    @display(description=gettext_lazy("versions"), ordering="versions_released")
    def version_count(self, report: Any) -> int:
        return report.versions_released

    @display(description=gettext_lazy("downloads"), ordering="taken")
    def download_count(self, report: Any) -> int:
        return report.taken


def checks(admin_page: ReportAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """What is there and what is missing before a release."""
    report = admin_page.record(request, object_id)
    if not admin_page.has_view_permission(request, report):
        raise PermissionDenied
    chapters = list(report.chapters.annotate(table_count=Count("tables")))
    context = {
        **admin_page.admin_site.each_context(request),
        "opts": admin_page.opts,
        "original": report,
        "title": _("Check list"),
        "desk_title": _("Check list before release"),
        "back_url": reverse("admin:research_report_change", args=[report.pk]),
        "problems": services.problems_of(report),
        "facts": [
            (_("Chapters"), len(chapters)),
            (_("Tables"), sum(chapter.table_count for chapter in chapters)),
            (_("Key findings"), report.key_findings.count()),
            (_("Authors"), ", ".join(str(author) for author in report.authors.all())),
            (_("Topics"), ", ".join(topic.name for topic in report.topics.all())),
            (_("DOI"), report.doi),
        ],
        "look_url": f"{report.get_absolute_url()}?draft=1",
        "pdf_url": f"{reverse('research:report_pdf', args=[report.slug])}?draft=1",
    }
    return TemplateResponse(request, "research/admin/report_checks.html", context)
