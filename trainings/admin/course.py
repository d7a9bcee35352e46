"""Courses at the staff desk: written as drafts with their fees, published with their equity objectives, archived."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from partners.admin.base import PartnersAdmin, PublicPageMixin, Question
from partners.admin.editing import EditorAdmin, NamedCellsMixin
from partners.admin.history import HistoryAdmin
from trainings.admin.credits import CreditApprovalInline
from trainings.admin.desk_forms import CourseForm
from trainings.models import Course, CourseTopic, FeeTier
from trainings.services import courses as services

STATE_LABELS = {"draft": "warning", "published": "success", "archived": "info"}
_State = Course.State


@admin.register(CourseTopic)
class CourseTopicAdmin(PublicPageMixin, PartnersAdmin):
    list_display = ["name", "slug", "order"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class FeeTierInline(NamedCellsMixin, TabularInline):
    """The sliding scale. A step that was chosen stays; it is no longer offered instead of taken away."""

    model = FeeTier
    fields = ["name", "hint", "budget_band", "amount", "is_offered", "order"]
    extra = 0
    verbose_name_plural = gettext_lazy("fees; without any the course is free")

    def has_delete_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        chosen = obj is not None and obj.tiers.filter(enrollments__isnull=False).exists()
        return not chosen and super().has_delete_permission(request, obj)


class ReviewFilter(admin.SimpleListFilter):
    """Courses whose equity objectives are to be looked at again."""

    title = gettext_lazy("equity review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("overdue", gettext_lazy("overdue")), ("none", gettext_lazy("no date set"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "overdue":
            return queryset.review_overdue(timezone.localdate())
        if self.value() == "none":
            return queryset.exclude(state=_State.ARCHIVED).filter(review_due_on__isnull=True)
        return queryset


@admin.register(Course)
class CourseAdmin(HistoryAdmin, EditorAdmin):
    form = CourseForm
    list_display = ["title", "shown_state", "audience", "session_count", "review"]
    list_filter = ["state", ReviewFilter, "audience", "topics"]
    search_fields = ["title", "summary"]
    ordering = ["title"]
    autocomplete_fields = ["topics", "end_survey", "later_survey"]
    inlines = [FeeTierInline, CreditApprovalInline]
    actions_detail = ["publish", "archive"]
    readonly_fields = ["state", "published_at", "published_by"]
    change_form_outer_before_template = "admin/desk/pages.html"
    fieldsets = [
        (None, {"fields": ["title", "slug", "topics", "summary", "body", "for_whom", "audience"]}),
        (
            gettext_lazy("Equity"),
            {"fields": ["equity_objectives", "equity_reviewed_on", "review_due_on"]},
        ),
        (
            gettext_lazy("Completion and surveys"),
            {"fields": ["completion_percent", "end_survey", "end_survey_required", "later_survey"]},
        ),
        (gettext_lazy("When a place is given back"), {"fields": ["full_refund_days", "late_refund_percent"]}),
        (gettext_lazy("Where it stands"), {"fields": ["state", "published_at", "published_by"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        return super().get_queryset(request).annotate(sessions_given=Count("sessions", distinct=True))

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Course | None = None
    ) -> dict[str, list[str]]:
        return {"slug": ["title"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Course | None = None) -> list[str]:
        # What people may have linked to keeps its address.
        settled = ["slug"] if obj is not None and obj.published_at else []
        return [*self.readonly_fields, *settled]

    def has_delete_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        draft = obj is None or (obj.state == _State.DRAFT and not obj.sessions.exists())
        return draft and super().has_delete_permission(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        course = context.get("original")
        if isinstance(course, Course):
            sessions = reverse("admin:trainings_session_changelist")
            context["pages"] = [
                (_("Its public page"), course.get_absolute_url()),
                (_("Its sessions"), f"{sessions}?when=all&course__id__exact={course.pk}"),
                (_("Add a session"), f"{reverse('admin:trainings_session_add')}?course={course.pk}"),
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, course: Course) -> tuple[str, str]:
        return course.state, course.get_state_display()

    @display(description=gettext_lazy("sessions"), ordering="sessions_given")
    def session_count(self, course: Any) -> int:
        return course.sessions_given

    @display(description=gettext_lazy("equity review"), ordering="review_due_on", label={"overdue": "danger"})
    def review(self, course: Course) -> tuple[str, str] | str:
        due = course.review_due_on
        if due is None:
            return _("no date set")
        if course.state != _State.ARCHIVED and due < timezone.localdate():
            return "overdue", _("overdue since %s") % due
        return str(due)

    # --- Buttons ------------------------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        course = self.record(request, object_id)
        return self.buttons(
            request, object_id, {"archive"} if course.state == _State.PUBLISHED else {"publish"}
        )

    @action(
        description=gettext_lazy("Publish"),
        icon="publish",
        permissions=["work"],
        url_path="publish",
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        course = self.record(request, object_id)
        problems = services.problems_of(course)
        question = Question(
            title=_("Publish this course?"),
            explanation=_("Not yet: something is missing. Go back and enter it.")
            if problems
            else _("Its page becomes public, with its equity objectives and fees."),
            facts=[(_("Missing"), problem) for problem in problems]
            or [(_("Equity objectives"), "; ".join(course.objectives))],
            button=_("Publish the course"),
            done=_("The course is published."),
            step=lambda answers: services.publish_course(course=course, by=request.user, now=timezone.now()),
        )
        return self.ask(request, course, question)

    @action(description=gettext_lazy("Archive"), icon="inventory_2", permissions=["work"], url_path="archive")
    def archive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        course = self.record(request, object_id)
        question = Question(
            title=_("Archive this course?"),
            explanation=_(
                "Its page goes off the site. What was given of it, and who took part, stays on record."
            ),
            button=_("Archive the course"),
            done=_("The course is archived."),
            step=lambda answers: services.archive_course(course=course, by=request.user, now=timezone.now()),
        )
        return self.ask(request, course, question)
