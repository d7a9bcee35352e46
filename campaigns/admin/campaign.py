"""Campaigns, from draft to outcome."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from campaigns.models import CallToAction, Campaign
from campaigns.services import campaigns as services
from campaigns.staff_forms import OutcomeForm, SuccessorForm
from campaigns.staff_views import Question, asking, change_url, closing_words, posted
from partners.admin.editing import EditorAdmin
from partners.admin.history import HistoryAdmin
from research.admin.finding_marks import FindingMarksMixin

# Which buttons a campaign has in each state.
BUTTONS = {
    Campaign.Status.DRAFT: {"activate"},
    Campaign.Status.ACTIVE: {"win", "close", "archive"},
    Campaign.Status.WON: {"archive"},
    Campaign.Status.CLOSED: {"activate", "archive"},
    Campaign.Status.ARCHIVED: set(),
}


class CallInline(TabularInline):
    """The campaign's calls to action, to look at; each has its own page."""

    model = CallToAction
    fields = readonly_fields = ["call", "kind", "status", "opens_at", "closes", "goal"]
    extra = 0
    max_num = 0
    can_delete = False
    hide_title = True

    @display(description=gettext_lazy("call to action"))
    def call(self, call: CallToAction) -> SafeString:
        return format_html('<a class="desk-link" href="{}">{}</a>', change_url(call), call.title)

    @display(description=gettext_lazy("closes"))
    def closes(self, call: CallToAction) -> str:
        return closing_words(call)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Campaign)
class CampaignAdmin(FindingMarksMixin, HistoryAdmin, EditorAdmin):
    list_display = ["title", "shown_status", "starts_on", "ends_on", "call_count", "story_count"]
    list_filter = ["status"]
    search_fields = ["title", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["priority", "reports", "toolkits"]
    readonly_fields = ["status", "outcome", "successor"]
    inlines = [CallInline]
    actions_detail = ["activate", "win", "close", "archive"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "goal", "body"]}),
        (
            gettext_lazy("When and with whom"),
            {"fields": ["starts_on", "ends_on", "priority", "partners_credited"]},
        ),
        (gettext_lazy("What stands beside it"), {"fields": ["reports", "toolkits"]}),
        (gettext_lazy("Where it stands"), {"fields": ["status", "outcome", "successor"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        counts = {
            "call_count": Count("calls_to_action", distinct=True),
            "story_count": Count("stories", distinct=True),
        }
        return super().get_queryset(request).annotate(**counts)

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        # What the public has seen is archived, so that old links keep their meaning.
        draft = obj is None or obj.status == Campaign.Status.DRAFT
        return draft and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        campaign = self.record(request, object_id)
        return self.buttons(request, object_id, BUTTONS[Campaign.Status(campaign.status)])

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={"active": "success", "won": "primary", "draft": "warning"},
    )
    def shown_status(self, campaign: Campaign) -> tuple[str, str]:
        return campaign.status, campaign.get_status_display()

    @display(description=gettext_lazy("calls to action"), ordering="call_count")
    def call_count(self, campaign: Campaign) -> int:
        return campaign.call_count

    @display(description=gettext_lazy("stories"), ordering="story_count")
    def story_count(self, campaign: Campaign) -> int:
        return campaign.story_count

    @asking(gettext_lazy("Start"), icon="play_arrow", url_path="start")
    def activate(self, request: HttpRequest, campaign: Campaign) -> Question:
        return Question(
            title=_("Start this campaign?"),
            explanation=_("Its page becomes public, and the list of campaigns shows it."),
            button=_("Start the campaign"),
            done=_("The campaign is active and public."),
            step=lambda answers: services.activate(campaign=campaign, by=request.user),
        )

    @asking(gettext_lazy("Won"), icon="trophy", url_path="won")
    def win(self, request: HttpRequest, campaign: Campaign) -> Question:
        return Question(
            title=_("The campaign is won"),
            explanation=_("The page says so and shows what came of it."),
            button=_("Record the win"),
            done=_("The campaign is recorded as won."),
            form=OutcomeForm(posted(request), initial={"outcome": campaign.outcome}),
            step=lambda answers: services.win(campaign=campaign, by=request.user, **answers),
        )

    @asking(gettext_lazy("Close"), icon="flag", url_path="close")
    def close(self, request: HttpRequest, campaign: Campaign) -> Question:
        return Question(
            title=_("Close this campaign without its goal?"),
            explanation=_("The page stays and says honestly what came of it. You can start it again later."),
            button=_("Close the campaign"),
            done=_("The campaign is closed."),
            form=OutcomeForm(posted(request), initial={"outcome": campaign.outcome}),
            step=lambda answers: services.close(campaign=campaign, by=request.user, **answers),
        )

    @asking(gettext_lazy("Archive"), icon="inventory_2", url_path="archive")
    def archive(self, request: HttpRequest, campaign: Campaign) -> Question:
        return Question(
            title=_("Archive this campaign?"),
            explanation=_("It leaves the list of campaigns. Its address keeps working."),
            button=_("Archive the campaign"),
            done=_("The campaign is archived."),
            form=SuccessorForm(posted(request), campaign=campaign),
            step=lambda answers: services.archive(campaign=campaign, by=request.user, **answers),
        )
