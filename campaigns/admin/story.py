"""Stories with their facts, and the calendar of Issues of the Week."""

from datetime import date

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.enums import ActionVariant

from campaigns.admin.issue_plan import plan
from campaigns.models import IssueOfTheWeek, Story, StoryFact
from campaigns.services import stories as services
from campaigns.staff_forms import MomentForm, WeekForm, tone_hints, week_calendar
from campaigns.staff_views import Question, asking, posted
from partners.admin.base import desk_page
from partners.admin.editing import SECOND_ROW, EditorAdmin, NamedCellsMixin
from partners.admin.history import HistoryAdmin
from partners.admin.preview import PreviewMixin
from research.admin.finding_marks import FindingMarksMixin

# Which buttons a story has in each state.
BUTTONS = {
    Story.Status.DRAFT: {"look", "publish", "schedule", "lead"},
    Story.Status.SCHEDULED: {"look", "publish", "schedule", "lead", "withdraw"},
    Story.Status.PUBLISHED: {"lead", "withdraw"},
    Story.Status.WITHDRAWN: {"look", "publish", "schedule"},
}


class FactInline(NamedCellsMixin, TabularInline):
    model = StoryFact
    extra = 0
    hide_title = True
    fields = ["value", "label", "order"]


@admin.register(Story)
class StoryAdmin(FindingMarksMixin, PreviewMixin, HistoryAdmin, EditorAdmin):
    list_display = ["headline", "shown_status", "publish_at", "week", "agency", "call_to_action"]
    list_filter = ["status", "consent", "campaign"]
    list_select_related = ["issue", "call_to_action"]
    search_fields = ["headline", "summary", "agency", "city"]
    prepopulated_fields = {"slug": ["headline"]}
    autocomplete_fields = ["call_to_action", "campaign", "reports"]
    readonly_fields = ["status", "publish_at", "week"]
    inlines = [FactInline]
    actions_detail = [
        "look",
        "publish",
        "schedule",
        "lead",
        "withdraw",
    ]
    fieldsets = [
        (None, {"fields": ["kicker", "headline", "slug", "summary", "body"]}),
        (
            gettext_lazy("Whose story it is"),
            {"fields": ["agency", "city", "quote", "quote_by", "quote_role"]},
        ),
        (gettext_lazy("Source and consent"), {"fields": ["source", "source_url", "consent", "consent_note"]}),
        (gettext_lazy("What readers can do"), {"fields": ["call_to_action", "campaign", "reports"]}),
        (gettext_lazy("Where it stands"), {"fields": ["status", "publish_at", "week"]}),
    ]

    def view_on_site(self, story: Story) -> str | None:
        return story.get_absolute_url() if story.status == Story.Status.PUBLISHED else None

    def has_change_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        # A form that was open while the author withdrew would bring the erased words back.
        return not (obj and obj.is_erased) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        draft = obj is None or obj.status in {Story.Status.DRAFT, Story.Status.WITHDRAWN}
        return draft and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        story = self.record(request, object_id)
        return self.buttons(request, object_id, BUTTONS[Story.Status(story.status)])

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for hint in tone_hints(form.instance):
            messages.info(request, hint)

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={"published": "success", "scheduled": "info", "draft": "warning", "withdrawn": "danger"},
    )
    def shown_status(self, story: Story) -> tuple[str, str]:
        return story.status, story.get_status_display()

    @display(description=gettext_lazy("Issue of the Week"), ordering="issue__week")
    def week(self, story: Story) -> str:
        issue = getattr(story, "issue", None) if story.pk else None
        return _("week of %(day)s") % {"day": date_format(issue.week, "F j, Y")} if issue else ""

    @asking(gettext_lazy("Publish now"), icon="publish", url_path="publish", variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, story: Story) -> Question:
        return Question(
            title=_("Publish this story now?"),
            explanation=_("Everybody can read it at once, and feed readers get it."),
            facts=[(_("Consent"), story.get_consent_display()), (_("Source"), story.source)],
            button=_("Publish the story"),
            done=_("The story is published."),
            step=lambda answers: services.schedule_story(
                story=story, publish_at=timezone.now(), by=request.user
            ),
        )

    @asking(gettext_lazy("Schedule"), icon="schedule", url_path="schedule", attrs=SECOND_ROW)
    def schedule(self, request: HttpRequest, story: Story) -> Question:
        return Question(
            title=_("When shall this story appear?"),
            explanation=_("It is published by itself within half a minute of this moment."),
            facts=[(_("Consent"), story.get_consent_display()), (_("Source"), story.source)],
            button=_("Schedule the story"),
            done=_("The story is scheduled."),
            form=MomentForm(posted(request), initial={"at": story.publish_at}),
            step=lambda answers: services.schedule_story(
                story=story, publish_at=answers["at"], by=request.user
            ),
        )

    @asking(gettext_lazy("Make Issue of the Week"), icon="star", url_path="issue", attrs=SECOND_ROW)
    def lead(self, request: HttpRequest, story: Story) -> Question:
        form = WeekForm(posted(request), story=story)
        return Question(
            title=_("Which week does this story lead?"),
            explanation=_(
                "It leads from Monday to Sunday once it is published. Choosing another week moves it."
            ),
            button=_("Make it the Issue of the Week"),
            done=_("The story has its week."),
            form=form,
            facts=[
                (_("Taken: week of %(day)s") % {"day": date_format(week, "F j, Y")}, issue.story.headline)
                for week, issue in form.calendar
                if issue
            ],
            step=lambda answers: self._set_week(story, answers["week"], request),
        )

    @staticmethod
    def _set_week(story: Story, week: date, request: HttpRequest) -> Story:
        return services.set_issue_of_the_week(story=story, week=week, by=request.user).story

    @asking(gettext_lazy("Withdraw"), icon="unpublished", url_path="withdraw", attrs=SECOND_ROW)
    def withdraw(self, request: HttpRequest, story: Story) -> Question:
        return Question(
            title=_("Withdraw this story?"),
            explanation=_("Its page disappears at once, as when somebody takes back their consent."),
            button=_("Withdraw the story"),
            danger=True,
            done=_("The story is withdrawn."),
            step=lambda answers: services.withdraw_story(story=story, by=request.user),
        )


@admin.register(IssueOfTheWeek)
class IssueOfTheWeekAdmin(HistoryAdmin, EditorAdmin):
    """A calendar of weeks. A story gets its week from its own page."""

    list_display = ["shown_week", "story", "story_status", "publish_at"]
    list_select_related = ["story"]
    search_fields = ["story__headline"]
    date_hierarchy = "week"
    list_before_template = "admin/desk/week_calendar.html"
    readonly_fields = ["week", "story"]

    def get_urls(self) -> list[URLPattern]:
        return [desk_page(self, "plan/", plan, "plan"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[IssueOfTheWeek]:
        return super().get_queryset(request).select_related("story")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "weeks": week_calendar()})

    @display(description=gettext_lazy("week"), ordering="week")
    def shown_week(self, issue: IssueOfTheWeek) -> str:
        return f"{date_format(issue.week, 'F j')} – {date_format(issue.last_day, 'F j, Y')}"

    @display(
        description=gettext_lazy("story is"),
        ordering="story__status",
        label={"published": "success", "scheduled": "info", "draft": "warning", "withdrawn": "danger"},
    )
    def story_status(self, issue: IssueOfTheWeek) -> tuple[str, str]:
        return issue.story.status, issue.story.get_status_display()

    @display(description=gettext_lazy("appears"), ordering="story__publish_at")
    def publish_at(self, issue: IssueOfTheWeek) -> SafeString | str:
        at = issue.story.publish_at
        if at is None:
            return format_html('<span class="desk-warning">{}</span>', _("not scheduled"))
        return date_format(timezone.localtime(at), "F j, Y, g:i a")
