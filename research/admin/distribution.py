"""The distribution plan at the staff desk: steps by channel, and what came of each."""

from typing import Any

from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partners.admin.base import PartnersAdmin, Question
from partners.admin.editing import RoomySentencesMixin, once
from partners.admin.history import HistoryAdmin
from partners.models import User
from partners.posted import posted
from research.distribution_mail import report_address
from research.distribution_results import mail_results
from research.forms.distribution import DoneForm, PlanAgainForm, WhyForm
from research.models import DistributionStep
from research.services import distribution as services

_State = DistributionStep.State
BUTTONS = {
    _State.PLANNED: {"announcement", "done", "drop"},
    _State.DONE: {"announcement", "plan_again"},
    _State.DROPPED: {"plan_again"},
}


@admin.register(DistributionStep)
class DistributionStepAdmin(RoomySentencesMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["audience", "channel", "planned_on", "shown_state", "done_on", "owner"]
    list_filter = ["state", "channel", ("report", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["audience", "note", "source_code", "report__title"]
    date_hierarchy = "planned_on"
    ordering = ["planned_on", "pk"]
    fields = ["report", "channel", "audience", "planned_on", "owner", "source_code", "note"]
    fields += ["state", "done_on", "sent_count", "link", "mail"]
    readonly_fields = ["state", "done_on", "sent_count", "link", "mail"]
    actions_detail = ["announcement", "done", "drop", "plan_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DistributionStep]:
        return super().get_queryset(request).select_related("announcement", "report", "owner__person")

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).select_related("person")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: DistributionStep | None = None) -> bool:
        # What was done stays; a step that was only planned may go, its announcement unsent.
        planned = obj is None or obj.state == _State.PLANNED
        return planned and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        step = self.record(request, object_id)
        names = BUTTONS[_State(step.state)]
        if step.state == _State.DONE:
            names = {"announcement"} if services.has_mail(step) else {"plan_again"}
        return self.buttons(request, object_id, names)

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"planned": "warning", "done": "success", "dropped": "info"},
    )
    def shown_state(self, step: DistributionStep) -> tuple[str, str]:
        return step.state, step.get_state_display()

    @display(description=gettext_lazy("link with its source code"))
    def link(self, step: DistributionStep) -> str:
        return report_address(step.report, step.source_code) if step.pk else "–"

    @display(description=gettext_lazy("our own mail"))
    @once
    def mail(self, step: DistributionStep) -> str:
        """What the mail engine knows of the step's announcement."""
        announcement = getattr(step, "announcement", None)
        if announcement is None or announcement.mailing_id is None:
            return _("nothing sent")
        result = mail_results([announcement.mailing_id])[announcement.mailing_id]
        words = _(
            "%(readers)d readers: %(accepted)d accepted, %(delivered)d reported as delivered, "
            "%(clicked)d opened a link"
        )
        return format_html("{}", words % {**vars(result)})

    @action(
        description=gettext_lazy("Announcement by mail"),
        icon="mail",
        permissions=["announcement"],
        url_path="announcement",
    )
    def announcement(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to the step's message, or to where it is written."""
        step = self.record(request, object_id)
        found = getattr(step, "announcement", None)
        if found is not None:
            return HttpResponseRedirect(reverse("admin:research_announcement_change", args=[found.pk]))
        return HttpResponseRedirect(f"{reverse('admin:research_announcement_add')}?step={step.pk}")

    def has_announcement_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("research.change_announcement")

    @action(description=gettext_lazy("Done"), icon="check", permissions=["work"], url_path="done")
    def done(self, request: HttpRequest, object_id: str) -> HttpResponse:
        step = self.record(request, object_id)
        question = Question(
            title=_("This step is done"),
            explanation=_("The reach of the report counts it."),
            button=_("Note it as done"),
            done=_("The step is done."),
            form=DoneForm(posted(request)),
            step=lambda said: services.mark_done(step=step, by=request.user, **said),
        )
        return self.ask(request, step, question)

    @action(description=gettext_lazy("Drop"), icon="block", permissions=["work"], url_path="drop")
    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        step = self.record(request, object_id)
        question = Question(
            title=_("Drop this step?"),
            explanation=_("It stays in the plan, with the reason. You can plan it again."),
            button=_("Drop the step"),
            done=_("The step is dropped."),
            form=WhyForm(posted(request)),
            step=lambda said: services.drop(step=step, by=request.user, **said),
            danger=True,
        )
        return self.ask(request, step, question)

    @action(
        description=gettext_lazy("Plan again"), icon="replay", permissions=["work"], url_path="plan-again"
    )
    def plan_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        step = self.record(request, object_id)
        question = Question(
            title=_("Plan this step again?"),
            explanation=_("It counts as open until it is done."),
            button=_("Plan it again"),
            done=_("The step is planned again."),
            form=PlanAgainForm(posted(request)),
            step=lambda said: services.plan_again(step=step, by=request.user, **said),
        )
        return self.ask(request, step, question)
