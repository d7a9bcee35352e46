"""The queue of requests to join."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.filters import WaitingFilter
from partners.admin.history import HistoryAdmin
from partners.models import JoinApplication
from partners.posted import posted
from partners.services import approve_application, decline_application, find_duplicates
from partners.summary import demographic_rows, summary_sections

_State = JoinApplication.State


class StateFilter(WaitingFilter):
    states = [choice for choice in _State.choices if choice[0] != _State.DRAFT]
    waiting = _State.SUBMITTED


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("The applicant gets these words by e-mail."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write the reason; the applicant will read it.")},
    )


@admin.register(JoinApplication)
class JoinApplicationAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    """Requests that were sent. What somebody has not sent yet is nobody's business."""

    list_display = ["organization_name", "city", "contact", "waiting", "shown_state", "reference"]
    list_filter = [StateFilter]
    search_fields = ["reference", "organization_answers__name", "people_answers__email"]
    ordering = ["submitted_at"]
    actions_detail = ["approve", "decline"]
    fieldsets = [
        (None, {"fields": ["shown_state", "reference", "submitted_at", "waiting"]}),
        (gettext_lazy("Looks like"), {"fields": ["likenesses"]}),
        (gettext_lazy("The request"), {"fields": ["answers"]}),
        (
            gettext_lazy("Decision"),
            {"fields": ["decided_at", "decided_by", "decline_reason", "organization"]},
        ),
    ]
    readonly_fields = ["shown_state", "waiting", "likenesses", "answers"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(state=_State.DRAFT)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        application = self.existing(request, object_id)
        waits = application and application.state == _State.SUBMITTED
        return self.buttons(request, object_id, {"approve", "decline"} if waits else set())

    @display(description=gettext_lazy("organization"))
    def organization_name(self, application: JoinApplication) -> str:
        return application.organization_answers.get("name", "")

    @display(description=gettext_lazy("city"))
    def city(self, application: JoinApplication) -> str:
        return application.organization_answers.get("city", "")

    @display(description=gettext_lazy("primary contact"))
    def contact(self, application: JoinApplication) -> str:
        people = application.people_answers
        return f"{people.get('first_name', '')} {people.get('last_name', '')} <{people.get('email', '')}>"

    @display(description=gettext_lazy("waits for"), ordering="submitted_at")
    def waiting(self, application: JoinApplication) -> str:
        end = application.decided_at or timezone.now()
        return timesince(application.submitted_at, end, depth=1)

    @display(
        description=gettext_lazy("state"),
        label={
            _State.SUBMITTED.label: "warning",
            _State.APPROVED.label: "success",
            _State.DECLINED.label: "danger",
        },
    )
    def shown_state(self, application: JoinApplication) -> str:
        return application.get_state_display()

    @display(description=gettext_lazy("partners and requests"))
    def likenesses(self, application: JoinApplication) -> SafeString:
        facts = application.organization_answers
        matches = find_duplicates(
            name=facts.get("name", ""),
            ein=facts.get("ein", ""),
            website=facts.get("website", ""),
            exclude=application,
        )
        matches = [
            match
            for match in matches
            if match.organization != application.organization or not match.organization
        ]
        denied = set(application.different_from.values_list("pk", flat=True))
        return render_to_string("partners/admin/likenesses.html", {"matches": matches, "denied": denied})

    @display(description=gettext_lazy("answers"))
    def answers(self, application: JoinApplication) -> SafeString:
        context = {
            "sections": summary_sections(application),
            "questions": demographic_rows(application),
            "consent": application.consent_text,
        }
        return render_to_string("partners/admin/answers.html", context)

    @action(description=gettext_lazy("Approve"), url_path="approve", permissions=["work"], icon="check")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        application = self.record(request, object_id)
        name = application.organization_answers.get("name", "")
        question = Question(
            title=_("Approve %s?") % name,
            explanation=_(
                "It becomes a partner, with a page in the directory. The primary contact gets a link to "
                "set up their login, and so does the colleague they named."
            ),
            button=_("Approve the request"),
            done=_("%s is a partner now.") % name,
            step=lambda answers: approve_application(application=application, by=request.user),
        )
        return self.ask(request, application, question)

    @action(description=gettext_lazy("Decline"), url_path="decline", permissions=["work"], icon="close")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        application = self.record(request, object_id)
        question = Question(
            title=_("Decline %s?") % application.organization_answers.get("name", ""),
            explanation=_("The primary contact gets your reason by e-mail. They may ask again."),
            button=_("Decline the request"),
            done=_("The request is declined, and the applicant knows why."),
            step=lambda answers: decline_application(
                application=application, by=request.user, reason=answers["reason"]
            ),
            form=DeclineForm(posted(request)),
            danger=True,
        )
        return self.ask(request, application, question)
