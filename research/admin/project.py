"""Research projects at the staff desk: phases, milestones, targets, and how far recruitment is."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import action, display

from partners.admin.base import Question, desk_page
from partners.admin.editing import FIELDS, EditorAdmin, NamedCellsMixin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.models import ProfileAnswer, User
from partners.permissions import may_look
from partners.posted import posted
from research.admin.finding_marks import FindingMarksMixin
from research.forms.participation_target import TargetForm, TargetFormSet
from research.forms.project import StopForm
from research.models import Milestone, Phase, RecruitmentTarget, ResearchProject
from research.project_page import page_of
from research.recruitment import recruitment
from research.services import project as services

_Status = ResearchProject.Status
BUTTONS = {
    _Status.PLANNED: {"start", "stop"},
    _Status.RUNNING: {"stop"},
    _Status.RELEASED: set(),
    _Status.STOPPED: {"start"},
}


class PhaseInline(RoomySentencesMixin, StackedInline):
    model = Phase
    extra = 0
    show_change_link = True
    formfield_overrides = FIELDS
    fields = [("kind", "order"), ("starts_on", "ends_on"), "what", "feedback_question", "state"]
    readonly_fields = ["state"]

    def has_delete_permission(self, request: HttpRequest, obj: ResearchProject | None = None) -> bool:
        # Who took part in a phase, and who was heard in it, hangs on it.
        return super().has_delete_permission(request, obj) and (obj is None or obj.status == _Status.PLANNED)


class MilestoneInline(NamedCellsMixin, TabularInline):
    model = Milestone
    extra = 0
    fields = ["name", "due_on", "done_on"]


class TargetInline(TabularInline):
    model = RecruitmentTarget
    form = TargetForm
    formset = TargetFormSet
    extra = 0
    fields = ["who", "number"]


@admin.register(ResearchProject)
class ResearchProjectAdmin(FindingMarksMixin, HistoryAdmin, EditorAdmin):
    list_display = ["title", "shown_status", "lead", "session_date", "is_public"]
    list_filter = ["status", "is_public", "topics"]
    list_select_related = ["lead__person"]
    search_fields = ["title", "question", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["topics"]
    fields = [
        "title",
        "slug",
        "question",
        "summary",
        "body",
        "taking_part",
        "topics",
        "lead",
        ("session_day", "session_date"),
        "is_public",
        ("status", "status_note"),
    ]
    readonly_fields = ["status", "status_note"]
    inlines = [PhaseInline, MilestoneInline, TargetInline]
    actions_detail = ["board", "recruiting", "start", "stop"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "<int:pk>/recruitment/", recruitment_page, "recruitment"),
            desk_page(self, "<int:pk>/phases/", board_page, "board"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("search")

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "lead":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).select_related("person")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: ResearchProject | None = None) -> bool:
        planned = obj is None or obj.status == _Status.PLANNED
        return planned and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        project = self.existing(request, object_id)
        if project is None:
            return []
        return self.buttons(request, object_id, {"board", "recruiting", *BUTTONS[_Status(project.status)]})

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={"planned": "info", "running": "success", "stopped": "danger"},
    )
    def shown_status(self, project: ResearchProject) -> tuple[str, str]:
        return project.status, project.get_status_display()

    @action(
        description=gettext_lazy("Phases and gates"), icon="checklist", permissions=["view"], url_path="board"
    )
    def board(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return board_page(self, request, self.record(request, object_id).pk)

    @action(
        description=gettext_lazy("Recruitment"),
        icon="person_add",
        permissions=["view"],
        url_path="recruiting",
    )
    def recruiting(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return recruitment_page(self, request, self.record(request, object_id).pk)

    @action(description=gettext_lazy("Start"), icon="play_arrow", permissions=["work"], url_path="start")
    def start(self, request: HttpRequest, object_id: str) -> HttpResponse:
        project = self.record(request, object_id)
        question = Question(
            title=_("Start this project?"),
            explanation=_("Its first phase opens, and partners are asked for feedback on it."),
            button=_("Start the project"),
            done=_("The project runs."),
            step=lambda said: services.start_project(project=project, by=request.user),
        )
        return self.ask(request, project, question)

    @action(description=gettext_lazy("Stop"), icon="block", permissions=["work"], url_path="stop")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        project = self.record(request, object_id)
        question = Question(
            title=_("Stop this project?"),
            explanation=_("Its page stays and says why. It can be started again."),
            button=_("Stop the project"),
            done=_("The project is stopped."),
            form=StopForm(posted(request)),
            step=lambda said: services.stop_project(project=project, by=request.user, **said),
            danger=True,
        )
        return self.ask(request, project, question)


# --- Pages ------------------------------------------------------------------------------------------------------


def _project(desk: ModelAdmin, request: HttpRequest, pk: int) -> ResearchProject:
    project = desk.get_object(request, str(pk))
    if project is None:
        raise Http404
    if not desk.has_view_permission(request, project):
        raise PermissionDenied
    return project


def _context(desk: ModelAdmin, request: HttpRequest, project: ResearchProject, title: str) -> dict[str, Any]:
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": project,
        "project": project,
        "title": title,
        "desk_title": title,
        "back_url": reverse("admin:research_researchproject_change", args=[project.pk]),
    }


def board_page(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Every phase with its gate, its feedback, and what was changed because of it; milestones with their days."""
    project = _project(desk, request, pk)
    context = _context(desk, request, project, _("Phases and gates"))
    context |= {
        "page": page_of(project, timezone.localdate()),
        "may_see_phases": may_look(request.user, Phase),
    }
    return TemplateResponse(request, "research/admin/project_board.html", context)


def recruitment_page(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Participants against targets, and who could be invited to fill a gap."""
    project = _project(desk, request, pk)
    context = _context(desk, request, project, _("Recruitment"))
    with_leaders = may_look(request.user, ProfileAnswer)
    context["found"] = recruitment(project, timezone.now(), with_leaders=with_leaders)
    return TemplateResponse(request, "research/admin/project_recruitment.html", context)
