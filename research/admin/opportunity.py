"""Opportunities to present at the staff desk: from the offer to the audience."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partners.admin.base import PartnersAdmin, Question
from partners.admin.editing import RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from research.forms.distribution import WhyForm
from research.forms.opportunity import AcceptForm, DeclineForm, DeliverForm
from research.models import Opportunity
from research.services import opportunity as services

_State = Opportunity.State
BUTTONS = {_State.OFFERED: {"accept", "decline", "withdraw"}, _State.ACCEPTED: {"deliver", "withdraw"}}


@admin.register(Opportunity)
class OpportunityAdmin(RoomySentencesMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["title", "host", "kind", "offered_on", "shown_state", "on", "audience_size"]
    list_filter = ["state", "kind", "is_external", ("report", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["report"]
    search_fields = ["title", "host", "report__title", "outcome"]
    date_hierarchy = "offered_on"
    ordering = ["-offered_on", "-pk"]
    fieldsets = [
        (None, {"fields": ["host", "is_external", "title", "kind", "report", "offered_on", "place"]}),
        (
            gettext_lazy("What came of it"),
            {"fields": ["state", "answered_on", "on", "audience_size", "outcome"]},
        ),
    ]
    readonly_fields = ["state", "answered_on", "on", "audience_size"]
    actions_detail = ["accept", "deliver", "decline", "withdraw"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        found = self.record(request, object_id)
        return self.buttons(request, object_id, BUTTONS.get(_State(found.state), set()))

    def get_readonly_fields(self, request: HttpRequest, obj: Opportunity | None = None) -> list[str]:
        # The day of the offer decides the year that counts it: it stays once there was an answer.
        answered = obj is not None and obj.state != _State.OFFERED
        return [*self.readonly_fields, "offered_on"] if answered else self.readonly_fields

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"offered": "warning", "accepted": "info", "delivered": "success"},
    )
    def shown_state(self, opportunity: Opportunity) -> tuple[str, str]:
        return opportunity.state, opportunity.get_state_display()

    @action(description=gettext_lazy("Accept"), icon="check", permissions=["work"], url_path="accept")
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        found = self.record(request, object_id)
        question = Question(
            title=_("We present"),
            explanation=_("Indicator R2 counts it as accepted."),
            button=_("Note that we accepted"),
            done=_("Noted as accepted."),
            form=AcceptForm(posted(request)),
            step=lambda said: services.accept(opportunity=found, by=request.user, **said),
        )
        return self.ask(request, found, question)

    @action(
        description=gettext_lazy("Delivered"), icon="co_present", permissions=["work"], url_path="delivered"
    )
    def deliver(self, request: HttpRequest, object_id: str) -> HttpResponse:
        found = self.record(request, object_id)
        question = Question(
            title=_("We have presented"),
            explanation=_("The audience counts toward our reach as far as somebody counted it."),
            button=_("Note the presentation"),
            done=_("The presentation is noted."),
            form=DeliverForm(posted(request), initial={"on": found.on} if found.on else None),
            step=lambda said: services.deliver(opportunity=found, by=request.user, **said),
        )
        return self.ask(request, found, question)

    @action(description=gettext_lazy("Decline"), icon="block", permissions=["work"], url_path="decline")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        found = self.record(request, object_id)
        question = Question(
            title=_("We decline"),
            explanation=_("It stays on record as offered, with the reason."),
            button=_("Note that we declined"),
            done=_("Noted as declined."),
            form=DeclineForm(posted(request)),
            step=lambda said: services.decline(opportunity=found, by=request.user, **said),
        )
        return self.ask(request, found, question)

    @action(
        description=gettext_lazy("Withdrawn"), icon="event_busy", permissions=["work"], url_path="withdrawn"
    )
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        found = self.record(request, object_id)
        question = Question(
            title=_("It did not come about"),
            explanation=_("The host took it back, or it could not be. Had we accepted, that stays counted."),
            button=_("Note it as withdrawn"),
            done=_("Noted as withdrawn."),
            form=WhyForm(posted(request)),
            step=lambda said: services.withdraw(opportunity=found, by=request.user, **said),
        )
        return self.ask(request, found, question)
