"""A phase at the staff desk: its gate as a checklist, input and waivers, and the button that closes it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from partners.admin.base import PartnersAdmin, PublicPageMixin, Question, ReadOnlyMixin
from partners.admin.editing import FIELDS, EditorAdmin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.permissions import may_look
from partners.posted import posted
from research.forms.project import InputForm, WaiverForm
from research.models import GateWaiver, Phase, PhaseInput, ProjectChange
from research.services import project as services
from research.services.project_gate import (
    checklist,
    missing_groups,
    note_input,
    take_back_waiver,
    waive_group,
)

_State = Phase.State
BUTTONS = {
    _State.AHEAD: {"open_phase"},
    _State.OPEN: {"hear", "waive", "close"},
    _State.CLOSED: {"reopen"},
}


@admin.register(Phase)
class PhaseAdmin(ReadOnlyMixin, PartnersAdmin):
    """Phases are written on their project's page; here they go on, and their gate is looked after."""

    list_display = ["kind", "project", "state", "starts_on", "ends_on", "closed_at"]
    list_display_links = ["kind"]
    list_filter = ["state", "kind", ("project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["project"]
    search_fields = ["project__title"]
    ordering = ["-project__created_at", "order"]
    fields = [
        "project",
        "kind",
        ("starts_on", "ends_on"),
        "what",
        "feedback_question",
        ("state", "closed_at", "closed_by"),
    ]
    change_form_before_template = "research/admin/phase_gate.html"
    actions_detail = ["hear", "waive", "close", "open_phase", "reopen"]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The phase with its checklist. Who was heard, and who let a group pass and why, have rights of their own."""
        phase = self.existing(request, object_id)
        context: dict[str, Any] = {}
        if phase is not None:
            context = {
                "gate": checklist(phase),
                "inputs": phase.inputs.select_related("organization")
                if may_look(request.user, PhaseInput)
                else [],
                "may_see_waivers": may_look(request.user, GateWaiver),
                "responses": phase.feedback.count(),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        phase = self.existing(request, object_id)
        return [] if phase is None else self.buttons(request, object_id, BUTTONS[_State(phase.state)])

    def has_hear_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("research.add_phaseinput")

    def has_waive_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("research.add_gatewaiver")

    @action(
        description=gettext_lazy("Note input"),
        icon="record_voice_over",
        permissions=["hear"],
        url_path="hear",
    )
    def hear(self, request: HttpRequest, object_id: str) -> HttpResponse:
        phase = self.record(request, object_id)
        form = InputForm(
            posted(request), instance=PhaseInput(phase=phase), initial={"given_on": timezone.localdate()}
        )
        question = Question(
            title=_("What did somebody of an underrepresented group say?"),
            explanation=_("Name a partner only with a group that the partner named itself."),
            button=_("Note the input"),
            done=_("The input is noted."),
            form=form,
            step=lambda said: note_input(phase=phase, by=request.user, **said),
        )
        return self.ask(request, phase, question)

    @action(
        description=gettext_lazy("Let a group pass"), icon="rule", permissions=["waive"], url_path="waive"
    )
    def waive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        phase = self.record(request, object_id)
        question = Question(
            title=_("Let the phase pass without a group?"),
            explanation=_(
                "First ask again: the reason stands with your name, and readers see that one was let pass."
            ),
            button=_("Let the group pass"),
            done=_("The waiver is noted."),
            form=WaiverForm(posted(request), groups=missing_groups(phase)),
            step=lambda said: waive_group(phase=phase, by=request.user, now=timezone.now(), **said),
            danger=True,
        )
        return self.ask(request, phase, question)

    @action(description=gettext_lazy("Close the phase"), icon="lock", permissions=["work"], url_path="close")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        phase = self.record(request, object_id)
        missing = missing_groups(phase)
        question = Question(
            title=_("Close this phase?"),
            explanation=_(
                "The next phase opens; after the last one the project is released. It can be opened again."
            ),
            button=_("Close the phase"),
            done=_("The phase is closed."),
            facts=[
                (
                    _("Not heard yet"),
                    ", ".join(str(group.label) for group in missing) or _("nobody: all were heard"),
                )
            ],
            step=lambda said: services.close_phase(phase=phase, by=request.user, now=timezone.now()),
        )
        return self.ask(request, phase, question)

    @action(description=gettext_lazy("Open"), icon="play_arrow", permissions=["work"], url_path="open")
    def open_phase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        phase = self.record(request, object_id)
        question = Question(
            title=_("Begin this phase?"),
            explanation=_(
                "It runs beside the phases that are open, and partners are asked for feedback on it."
            ),
            button=_("Begin the phase"),
            done=_("The phase is open."),
            step=lambda said: services.open_phase(phase=phase, by=request.user),
        )
        return self.ask(request, phase, question)

    @action(description=gettext_lazy("Open again"), icon="undo", permissions=["work"], url_path="reopen")
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        phase = self.record(request, object_id)
        question = Question(
            title=_("Open this phase again?"),
            explanation=_("For a phase that was closed too early. Input and feedback can be given again."),
            button=_("Open it again"),
            done=_("The phase is open again."),
            step=lambda said: services.reopen_phase(phase=phase, by=request.user),
        )
        return self.ask(request, phase, question)


@admin.register(PhaseInput)
class PhaseInputAdmin(RoomySentencesMixin, PublicPageMixin, HistoryAdmin, PartnersAdmin):
    """Who was heard. Noted at the phase; mistakes are mended here while the phase is open."""

    list_display = ["group", "who", "phase", "given_on"]
    list_filter = ["group", ("phase__project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["phase__project", "organization"]
    search_fields = ["source", "said", "organization__name"]
    autocomplete_fields = ["organization"]
    formfield_overrides = FIELDS
    fields = ["phase", "group", "organization", "source", "given_on", "said", "noted_by", "noted_at"]
    readonly_fields = ["phase", "noted_by", "noted_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PhaseInput | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: PhaseInput | None = None) -> bool:
        # One by one, where the phase can be seen: a closed gate keeps what it was closed with.
        return obj is not None and super().has_delete_permission(request, obj) and _is_open(obj)

    @admin.display(description=gettext_lazy("who it was"))
    def who(self, row: PhaseInput) -> str:
        return str(row.organization or row.source)


def _is_open(obj: PhaseInput | None) -> bool:
    return obj is None or obj.phase.state == _State.OPEN


@admin.register(GateWaiver)
class GateWaiverAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["group", "phase", "reason", "waived_by", "waived_at"]
    list_filter = ["group", ("phase__project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["phase__project", "waived_by__person"]
    search_fields = ["reason", "phase__project__title"]
    fields = ["phase", "group", "reason", "waived_by", "waived_at"]
    actions_detail = ["take_back"]

    @action(
        description=gettext_lazy("Take back"), icon="undo", permissions=["take_back"], url_path="take-back"
    )
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        waiver = self.record(request, object_id)
        question = Question(
            title=_("Ask for this group again?"),
            explanation=_("The phase then needs its input before it closes. The history keeps the waiver."),
            button=_("Take the waiver back"),
            done=_("The waiver is taken back."),
            step=lambda said: take_back_waiver(waiver=waiver, by=request.user),
        )
        return self.ask(request, waiver, question)

    def has_take_back_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("research.delete_gatewaiver")


@admin.register(ProjectChange)
class ProjectChangeAdmin(HistoryAdmin, EditorAdmin):
    """What was changed because of feedback."""

    list_display = ["said", "phase", "changed_on", "is_public"]
    list_filter = ["is_public", ("phase__project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["phase__project"]
    search_fields = ["said", "changed"]
    fields = ["phase", "said", "changed", "changed_on", "is_public"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"changed_on": timezone.localdate(), **super().get_changeform_initial_data(request)}
