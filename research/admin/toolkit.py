"""Toolkits at the staff desk: written with their items, read once more, published, archived."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from partners.admin.base import Question, desk_page
from partners.admin.editing import EditorAdmin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.permissions import may_look
from research.admin.finding_marks import FindingMarksMixin
from research.forms.toolkit import ToolkitItemForm
from research.models import Toolkit, ToolkitDownload, ToolkitItem
from research.services import toolkit as services
from research.toolkit_fields import FIELDS
from research.toolkit_files import desk_file, toolkit_files

STATUS_LABELS = {"draft": "warning", "published": "success", "archived": "info"}
# Who sits where, what is asked, who is reached: after half a year somebody should look.
REVIEW_AFTER = timedelta(days=182)
_Status = Toolkit.Status


class ToolkitItemInline(RoomySentencesMixin, StackedInline):
    """The items in their order. What may stand between braces is listed on a page of its own."""

    model = ToolkitItem
    form = ToolkitItemForm
    fields = [
        ("kind", "order"),
        "title",
        "note",
        "text",
        "length_limit",
        "file",
        "alt_text",
        "finding",
    ]
    autocomplete_fields = ["finding"]
    ordering = ["order", "pk"]
    extra = 0


class ReviewFilter(admin.SimpleListFilter):
    """Toolkits that nobody has read for half a year."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("due", gettext_lazy("due again"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "due":
            last = timezone.localdate() - REVIEW_AFTER
            return queryset.filter(status=_Status.PUBLISHED, reviewed_on__lt=last)
        return queryset


@admin.register(Toolkit)
class ToolkitAdmin(FindingMarksMixin, HistoryAdmin, EditorAdmin):
    list_display = ["title", "shown_status", "audience", "item_count", "review", "download_count"]
    list_filter = ["status", ReviewFilter, "audience", "topics"]
    search_fields = ["title", "summary"]
    ordering = ["title"]
    autocomplete_fields = ["topics", "report", "bill"]
    inlines = [ToolkitItemInline]
    actions_detail = ["publish", "review_again", "archive"]
    readonly_fields = ["status", "published_at", "published_by"]
    change_form_outer_before_template = "admin/desk/pages.html"
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "body", "topics", "audience"]}),
        (gettext_lazy("What it builds on"), {"fields": ["report", "bill"]}),
        (
            gettext_lazy("Where it stands"),
            {"fields": ["reviewed_on", "status", "published_at", "published_by"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Toolkit]:
        taken = (
            ToolkitDownload.objects.filter(toolkit=OuterRef("pk"))
            .order_by()
            .values("toolkit")
            .annotate(total=Sum("count"))
        )
        toolkits = super().get_queryset(request).defer("search")
        return toolkits.annotate(
            items_held=Count("items"), taken=Coalesce(Subquery(taken.values("total")), 0)
        )

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Toolkit | None = None
    ) -> dict[str, list[str]]:
        return {"slug": ["title"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Toolkit | None = None) -> list[str]:
        # What people may have linked to keeps its address.
        settled = ["slug"] if obj is not None and obj.published_at else []
        return [*self.readonly_fields, *settled]

    def has_delete_permission(self, request: HttpRequest, obj: Toolkit | None = None) -> bool:
        draft = obj is None or (obj.status == _Status.DRAFT and obj.published_at is None)
        return draft and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "fields/", fields_page, "fields"),
            desk_page(self, "files/<str:name>", kept_file, "file"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        toolkit = context.get("original")
        context["pages"] = [(_("Merge fields"), reverse("admin:research_toolkit_fields"))]
        if isinstance(toolkit, Toolkit):
            words = _("Its public page") if toolkit.is_published else _("Look at it as readers will")
            context["pages"].insert(0, (words, toolkit.get_absolute_url()))
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=gettext_lazy("status"), ordering="status", label=STATUS_LABELS)
    def shown_status(self, toolkit: Toolkit) -> tuple[str, str]:
        return toolkit.status, toolkit.get_status_display()

    @display(description=gettext_lazy("items"), ordering="items_held")
    def item_count(self, toolkit: Any) -> int:
        return toolkit.items_held

    @display(description=gettext_lazy("downloads"), ordering="taken")
    def download_count(self, toolkit: Any) -> int:
        return toolkit.taken

    @display(description=gettext_lazy("reviewed"), ordering="reviewed_on", label={"due": "danger"})
    def review(self, toolkit: Toolkit) -> tuple[str, str] | str:
        read = toolkit.reviewed_on
        if read is None:
            return _("never")
        due = toolkit.is_published and read < timezone.localdate() - REVIEW_AFTER
        return ("due", _("due again: read on %s") % read) if due else str(read)

    # --- Buttons ------------------------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        toolkit = self.record(request, object_id)
        shown = {"archive"} if toolkit.is_published else {"publish"}
        return self.buttons(request, object_id, {*shown, "review_again"})

    @action(
        description=gettext_lazy("Publish"),
        icon="publish",
        permissions=["work"],
        url_path="publish",
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        toolkit = self.record(request, object_id)
        problems = services.problems_of(toolkit)
        question = Question(
            title=_("Publish this toolkit?"),
            explanation=_("Not yet: something is missing. Go back and mend it.")
            if problems
            else _("It goes into the library for: %(whom)s.") % {"whom": toolkit.get_audience_display()},
            facts=[(_("Missing"), problem) for problem in problems],
            button=_("Publish the toolkit"),
            done=_("The toolkit is published."),
            step=lambda said: services.publish_toolkit(toolkit=toolkit, by=request.user, now=timezone.now()),
        )
        return self.ask(request, toolkit, question)

    @action(
        description=gettext_lazy("Reviewed today"),
        icon="fact_check",
        permissions=["work"],
        url_path="reviewed",
    )
    def review_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        toolkit = self.record(request, object_id)
        question = Question(
            title=_("Did you read all of it?"),
            explanation=_("Readers see the day of the last review."),
            button=_("I read it, and it is right"),
            done=_("The review is noted."),
            step=lambda said: services.review_toolkit(toolkit=toolkit, by=request.user, now=timezone.now()),
        )
        return self.ask(request, toolkit, question)

    @action(description=gettext_lazy("Archive"), icon="inventory_2", permissions=["work"], url_path="archive")
    def archive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        toolkit = self.record(request, object_id)
        question = Question(
            title=_("Archive this toolkit?"),
            explanation=_("Its page goes off the site. You can publish it again later."),
            button=_("Archive the toolkit"),
            done=_("The toolkit is archived."),
            step=lambda said: services.archive_toolkit(toolkit=toolkit, by=request.user),
        )
        return self.ask(request, toolkit, question)


def fields_page(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """What may stand between braces in a text, where it comes from, and an example."""
    if not may_look(request.user, Toolkit):
        raise PermissionDenied
    title = _("Merge fields of toolkits")
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": title,
        "desk_title": title,
        "fields": FIELDS.values(),
    }
    return TemplateResponse(request, "research/admin/toolkit_fields.html", context)


def kept_file(desk: ModelAdmin, request: HttpRequest, name: str) -> FileResponse:
    """An uploaded file, for staff who may see toolkits."""
    if not may_look(request.user, Toolkit):
        raise PermissionDenied
    return desk_file(toolkit_files(), "toolkits", name)
