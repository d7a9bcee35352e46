"""The job that makes the sheets of all districts: asked for, watched, stopped and continued."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from legislation.chambers import SEATS
from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin, desk_page
from partners.errors import NotAllowed
from research.fact_sheets.gathering import default_ask
from research.forms.fact_sheet import MakeForm
from research.models import FactSheet, FactSheetRun
from research.services import fact_sheet_runs as services

STATE_COLORS = {"done": "success", "partial": "warning", "failed": "danger", "running": "info"}
_State = FactSheetRun.State


@admin.register(FactSheetRun)
class FactSheetRunAdmin(ReadOnlyMixin, PartnersAdmin):
    list_display = ["asked_at", "shown_state", "progress", "made", "failed", "asked_by"]
    list_filter = ["state"]
    list_select_related = ["asked_by__person"]
    change_form_before_template = "research/admin/fact_sheet_run_progress.html"
    actions_detail = ["stop", "go_on", "end"]
    fields = readonly_fields = [
        "state",
        "ask",
        "make_all",
        "progress",
        "made",
        "failed",
        "error",
        "asked_at",
        "asked_by",
        "started_at",
        "ended_at",
    ]

    @display(description=gettext_lazy("state"), label=STATE_COLORS, ordering="state")
    def shown_state(self, run: FactSheetRun) -> tuple[str, str]:
        return run.state, str(run.get_state_display())

    @display(description=gettext_lazy("looked at"))
    def progress(self, run: FactSheetRun) -> str:
        return _("%(done)s of %(total)s sheets") % {"done": run.done, "total": run.total}

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        response = super().changeform_view(request, object_id, *args, **kwargs)
        run = self.existing(request, object_id) if object_id else None
        if run is not None and run.state in {_State.WAITING, _State.RUNNING}:
            response["Refresh"] = "2"  # The page shows progress without a script.
        return response

    def get_urls(self) -> list[URLPattern]:
        return [desk_page(self, "make/", make_page, "make"), *super().get_urls()]

    def has_work_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("research.change_factsheet")

    # --- Buttons ------------------------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        run = self.record(request, object_id)
        names: set[str] = set()
        if run.state in {_State.WAITING, _State.RUNNING}:
            names = {"stop"}
        elif run.state == _State.STOPPED:
            names = {"go_on", "end"}
        return self.buttons(request, object_id, names)

    @action(description=gettext_lazy("Stop"), icon="stop_circle", permissions=["work"], url_path="stop")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run = self.record(request, object_id)
        question = Question(
            title=_("Stop making fact sheets?"),
            explanation=_("The sheet in hand is finished. You can continue later with the next one."),
            button=_("Stop"),
            done=_("The run is stopped."),
            step=lambda answers: services.stop_run(run=run, now=timezone.now()),
        )
        return self.ask(request, run, question)

    @action(
        description=gettext_lazy("Continue"),
        icon="play_circle",
        permissions=["work"],
        url_path="continue",
        variant=ActionVariant.PRIMARY,
    )
    def go_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run = self.record(request, object_id)
        question = Question(
            title=_("Continue making fact sheets?"),
            explanation=_("It goes on behind the sheet that was made last."),
            button=_("Continue"),
            done=_("The run goes on."),
            step=lambda answers: services.continue_run(run=run, now=timezone.now()),
        )
        return self.ask(request, run, question)

    @action(description=gettext_lazy("End this run"), icon="cancel", permissions=["work"], url_path="end")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run = self.record(request, object_id)
        question = Question(
            title=_("End this run?"),
            explanation=_("What it made stays. A new run can be started then."),
            button=_("End the run"),
            done=_("The run is ended."),
            danger=True,
            step=lambda answers: services.end_run(run=run, now=timezone.now()),
        )
        return self.ask(request, run, question)


def make_page(runs: FactSheetRunAdmin, request: HttpRequest) -> HttpResponse:
    """Asks for the ask, and starts the job."""
    back = reverse("admin:research_factsheet_changelist")
    if not runs.has_work_permission(request):
        return HttpResponse(status=403)
    form = MakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.request_run(
                ask=form.cleaned_data["ask"],
                make_all=form.cleaned_data["make_all"],
                by=request.user,
                now=timezone.now(),
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(back)
        return HttpResponseRedirect(reverse("admin:research_factsheetrun_change", args=[run.pk]))
    context = {
        **runs.admin_site.each_context(request),
        "opts": FactSheet._meta,
        "title": _("Make the district sheets"),
        "desk_title": _("Make the district sheets"),
        "back_url": back,
        "form": form,
        "default_ask": default_ask(),
        "seats": SEATS,
    }
    return TemplateResponse(request, "research/admin/fact_sheet_make.html", context)
