"""Entry pages for audiences, explanations of topics, and reports at events."""

from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.enums import ActionVariant

from campaigns.models import AudiencePage, Explainer, ReportEvent
from campaigns.services import pages as services
from campaigns.staff_forms import tone_hints_in
from campaigns.staff_views import Question, asking
from partners.admin.editing import EditorAdmin
from partners.admin.history import HistoryAdmin
from partners.admin.preview import PreviewMixin
from research.admin.finding_marks import FindingMarksMixin


class PublicTextAdmin(FindingMarksMixin, PreviewMixin, HistoryAdmin, EditorAdmin):
    """What entry pages and explanations have in common at the desk."""

    list_filter = ["state"]
    search_fields = ["title", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["state", "published_at"]
    actions_detail = ["look", "publish", "take_down"]

    def view_on_site(self, page: Any) -> str | None:
        return page.get_absolute_url() if page.state == page.State.PUBLISHED else None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        draft = obj is None or obj.state == obj.State.DRAFT
        return draft and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        page = self.record(request, object_id)
        names = {"publish", "look"} if page.state == page.State.DRAFT else {"take_down"}
        return self.buttons(request, object_id, names)

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        page = form.instance
        for hint in tone_hints_in(f"{page.title} {page.summary}"):
            messages.info(request, hint)

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"published": "success", "draft": "warning"},
    )
    def shown_state(self, page: Any) -> tuple[str, str]:
        return page.state, page.get_state_display()

    @asking(gettext_lazy("Publish"), icon="publish", url_path="publish", variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, page: Any) -> Question:
        return Question(
            title=_("Publish this page?"),
            explanation=_(
                "Everybody can read it at once. What it shows beside its text stays up to date by itself."
            ),
            button=_("Publish the page"),
            done=_("The page is published."),
            step=lambda answers: services.publish_page(page=page, by=request.user),
        )

    @asking(gettext_lazy("Take off the site"), icon="unpublished", url_path="take-down")
    def take_down(self, request: HttpRequest, page: Any) -> Question:
        return Question(
            title=_("Take this page off the site?"),
            explanation=_("It becomes a draft again."),
            button=_("Take it off the site"),
            done=_("The page is off the site."),
            danger=True,
            step=lambda answers: services.take_down_page(page=page, by=request.user),
        )


@admin.register(AudiencePage)
class AudiencePageAdmin(PublicTextAdmin):
    list_display = ["title", "audience", "shown_state", "order", "updated_at"]
    prepopulated_fields = {"slug": ["audience"]}
    autocomplete_fields = ["findings", "reports", "fact_sheets", "stories"]
    fieldsets = [
        (None, {"fields": ["audience", "slug", "title", "summary", "body", "order"]}),
        (
            gettext_lazy("What stands on it"),
            {"fields": ["findings", "reports", "fact_sheets", "stories"]},
        ),
        (gettext_lazy("Where it stands"), {"fields": ["state", "published_at"]}),
    ]


@admin.register(Explainer)
class ExplainerAdmin(PublicTextAdmin):
    list_display = ["title", "shown_state", "call_to_action", "order", "updated_at"]
    list_select_related = ["call_to_action"]
    autocomplete_fields = ["call_to_action", "reports"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "body", "order"]}),
        (gettext_lazy("What stands beside it"), {"fields": ["call_to_action", "reports"]}),
        (gettext_lazy("Where it stands"), {"fields": ["state", "published_at"]}),
    ]


@admin.register(ReportEvent)
class ReportEventAdmin(EditorAdmin):
    """Which event or session a report is released or talked about at."""

    list_display = ["report", "event", "session", "note"]
    list_select_related = ["report", "event", "session__course"]
    search_fields = ["report__title", "event__title", "note"]
    autocomplete_fields = ["report", "event", "session"]
    fields = ["report", "event", "session", "note"]
