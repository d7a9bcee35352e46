"""Partners' feedback on phases at the staff desk: read, weighed, answered in a sentence."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from research.forms.project import OutcomeForm
from research.models import PhaseFeedback
from research.services.project_feedback import consider_feedback


@admin.register(PhaseFeedback)
class PhaseFeedbackAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["organization", "phase", "verdict", "given_at", "shown_state"]
    list_filter = ["state", "verdict", "phase__kind", ("phase__project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organization", "phase__project"]
    search_fields = ["organization__name", "text", "outcome"]
    date_hierarchy = "given_at"
    fields = [
        "phase",
        "organization",
        "given_by",
        "given_at",
        "verdict",
        "text",
        ("state", "considered_by", "considered_at"),
        "outcome",
    ]
    actions_detail = ["consider"]

    @display(
        description=gettext_lazy("state"), ordering="state", label={"new": "warning", "considered": "success"}
    )
    def shown_state(self, row: PhaseFeedback) -> tuple[str, str]:
        return row.state, row.get_state_display()

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        row = self.existing(request, object_id)
        is_new = row is not None and row.state == PhaseFeedback.State.NEW
        return self.buttons(request, object_id, {"consider"} if is_new else set())

    @action(description=gettext_lazy("Answer"), icon="reply", permissions=["work"], url_path="consider")
    def consider(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.record(request, object_id)
        question = Question(
            title=_("What came of this feedback?"),
            explanation=_(
                "A change that everybody should know of is entered under “Changes because of feedback” too."
            ),
            button=_("Note it as considered"),
            done=_("The feedback is considered."),
            form=OutcomeForm(posted(request)),
            facts=[(row.get_verdict_display(), row.text)],
            step=lambda said: consider_feedback(feedback=row, by=request.user, now=timezone.now(), **said),
        )
        return self.ask(request, row, question)
