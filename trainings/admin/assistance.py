"""Technical assistance at the staff desk: the queue, its answers, and the library of resources."""

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.editing import EditorAdmin
from partners.admin.filters import WaitingFilter
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from trainings.models import AssistanceRequest, Resource
from trainings.services import assistance as services

_State = AssistanceRequest.State


class QueueFilter(WaitingFilter):
    states, waiting = _State.choices, _State.OPEN


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What you write to them"),
        max_length=5000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Write your answer.")},
    )


class CloseForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("What came of it, as they read it"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": gettext_lazy("Say what came of it.")},
    )


@admin.register(AssistanceRequest)
class AssistanceRequestAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    """The queue, the oldest first."""

    list_display = [
        "reference",
        "subject",
        "organization",
        "topic",
        "age",
        "response",
        "assigned_to",
        "shown_state",
    ]
    list_filter = [QueueFilter, "topic", ("assigned_to", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organization", "topic", "assigned_to"]
    search_fields = ["reference", "subject", "organization__name", "person__last_name", "person__email"]
    ordering = ["opened_at", "pk"]
    fields = ["shown_state", "subject", "thread", "person", "organization", "topic", "session", "opened_at"]
    fields += ["response", "assigned_to", "closed_at", "closed_by", "outcome"]
    readonly_fields = fields
    actions_detail = ["answer", "take", "close"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(took=F("answered_at") - F("opened_at"))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        asked = self.existing(request, object_id)
        if asked is None or asked.state == _State.CLOSED:
            return []
        own = asked.assigned_to_id == request.user.pk
        return self.buttons(request, object_id, {"answer", "close"} if own else {"answer", "take", "close"})

    @display(description=gettext_lazy("what was written"))
    def thread(self, asked: AssistanceRequest) -> str:
        lines = (
            (message.written_at.strftime("%Y-%m-%d"), message.staff or _("staff"), message.text)
            if message.is_ours
            else (message.written_at.strftime("%Y-%m-%d"), asked.person, message.text)
            for message in asked.messages.select_related("staff")
        )
        return format_html_join("", "<p><strong>{}, {}</strong><br>{}</p>", lines)

    @display(description=gettext_lazy("asked"), ordering="opened_at")
    def age(self, asked: AssistanceRequest) -> str:
        return _("%(time)s ago") % {"time": timesince(asked.opened_at, depth=1)}

    @display(description=gettext_lazy("first answer after"), ordering="took")
    def response(self, asked: AssistanceRequest) -> str:
        if asked.answered_at is None:
            return _("not answered yet")
        return timesince(asked.opened_at, asked.answered_at, depth=1)

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={"open": "danger", "answered": "warning", "closed": "success"},
    )
    def shown_state(self, asked: AssistanceRequest) -> tuple[str, str]:
        return asked.state, asked.get_state_display()

    @action(description=gettext_lazy("Write an answer"), permissions=["work"], url_path="answer")
    def answer(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.record(request, object_id)
        question = Question(
            title=_("Answer %(reference)s") % {"reference": asked.reference},
            explanation=_("They get your words by e-mail and see them in their portal."),
            facts=[
                (_("From"), asked.person),
                (_("About"), asked.subject),
                (_("Last"), asked.messages.last()),
            ],
            button=_("Send the answer"),
            done=_("The answer is on its way."),
            form=AnswerForm(posted(request)),
            step=lambda said: services.answer(
                request=asked, text=said["text"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, asked, question)

    @action(description=gettext_lazy("I look after it"), permissions=["work"], url_path="take")
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.record(request, object_id)
        question = Question(
            title=_("Look after %(reference)s yourself?") % {"reference": asked.reference},
            explanation=_("The queue shows your name."),
            button=_("I look after it"),
            done=_("It is yours."),
            step=lambda said: services.take(request=asked, by=request.user),
        )
        return self.ask(request, asked, question)

    @action(description=gettext_lazy("Close"), permissions=["work"], url_path="close")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.record(request, object_id)
        question = Question(
            title=_("Close %(reference)s?") % {"reference": asked.reference},
            explanation=_("They can still write back, which opens it again."),
            button=_("Close the request"),
            done=_("The request is closed."),
            form=CloseForm(posted(request)),
            step=lambda said: services.close(
                request=asked, outcome=said["outcome"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, asked, question)


@admin.register(Resource)
class ResourceAdmin(EditorAdmin):
    list_display = ["title", "kind", "audience", "opened", "added_on"]
    list_filter = ["kind", "audience", "topics"]
    search_fields = ["title", "summary"]
    ordering = ["title"]
    autocomplete_fields = ["topics"]
    fields = ["title", "kind", "summary", "url", "topics", "audience", "opened"]
    readonly_fields = ["opened"]
