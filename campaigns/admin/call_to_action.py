"""Calls to action, with who has answered them so far."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from campaigns.models import CallToAction
from campaigns.services import calls as services
from campaigns.staff_forms import OutcomeForm
from campaigns.staff_views import Question, ask, posted
from legislation.models import Hearing
from partners.admin.editing import EditorAdmin

# Which buttons a call to action has in each state.
BUTTONS = {
    CallToAction.Status.DRAFT: {"publish"},
    CallToAction.Status.PUBLISHED: {"close", "write_alert"},
    CallToAction.Status.CLOSED: {"archive"},
    CallToAction.Status.ARCHIVED: set(),
}


@admin.register(CallToAction)
class CallToActionAdmin(SimpleHistoryAdmin, EditorAdmin):
    list_display = ["title", "shown_status", "audience", "closes_at", "people", "organizations", "goal"]
    ordering = ["-closes_at"]
    list_filter = ["status", "kind", "audience", "campaign"]
    search_fields = ["title", "ask"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["campaign"]
    readonly_fields = ["status", "outcome", "answered"]
    actions_detail = ["publish", "write_alert", "close", "archive"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "campaign", "ask", "why", "statement"]}),
        (gettext_lazy("Who and when"), {"fields": ["audience", "opens_at", "closes_at", "hearing", "goal"]}),
        (gettext_lazy("After acting"), {"fields": ["consent_text", "next_step", "next_step_url"]}),
        (gettext_lazy("Where it stands"), {"fields": ["status", "answered", "outcome"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallToAction]:
        return super().get_queryset(request).with_counts()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if request.path == reverse("admin:autocomplete") and request.GET.get("model_name") == "actionalert":
            # An alert leads to a page where people can act.
            found = found.filter(status=CallToAction.Status.PUBLISHED, closes_at__gt=timezone.now())
        return found, may_have_duplicates

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name == "hearing":
            # Hearings still to come, and whichever this call has: its day may have passed.
            chosen = Hearing.objects.filter(calls_to_action=self._edited(request))
            coming = Hearing.objects.upcoming(timezone.now())
            kwargs["queryset"] = Hearing.objects.filter(Q(pk__in=coming) | Q(pk__in=chosen)).order_by(
                "starts_at"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _edited(self, request: HttpRequest) -> int:
        """The number of the call whose form this is; 0 for a new one."""
        number = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
        return int(number) if number.isdecimal() and len(number) < 18 else 0

    def has_delete_permission(self, request: HttpRequest, obj: CallToAction | None = None) -> bool:
        draft = obj is None or obj.status == CallToAction.Status.DRAFT
        return draft and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        call = self.record(request, object_id)
        return self.buttons(request, object_id, BUTTONS[CallToAction.Status(call.status)])

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={"open": "success", "draft": "warning", "waiting": "info", "over": "danger"},
    )
    def shown_status(self, call: CallToAction) -> tuple[str, str]:
        """The status as it matters to people: a published call may not be open yet, or be over."""
        if call.is_open():
            return "open", _("open")
        if call.status == CallToAction.Status.PUBLISHED:
            return ("over", _("time is over")) if call.is_over() else ("waiting", _("opens later"))
        return call.status, call.get_status_display()

    @display(description=gettext_lazy("people"), ordering="people")
    def people(self, call: CallToAction) -> int:
        return call.people

    @display(description=gettext_lazy("organizations"), ordering="organizations")
    def organizations(self, call: CallToAction) -> int:
        return call.organizations

    @display(description=gettext_lazy("answered by"))
    def answered(self, call: CallToAction) -> SafeString | str:
        if call.pk is None:
            return _("Nobody yet: the call is new.")
        people = ngettext("%(n)d person", "%(n)d people", call.people) % {"n": call.people}
        organizations = ngettext("%(n)d organization", "%(n)d organizations", call.organizations) % {
            "n": call.organizations
        }
        url = f"{reverse('admin:campaigns_actiontaken_changelist')}?call_to_action__id__exact={call.pk}"
        return format_html(
            '{}, {} · <a class="desk-link" href="{}">{}</a>',
            people,
            organizations,
            url,
            _("List of actions taken"),
        )

    @action(description=gettext_lazy("Publish"), icon="publish", permissions=["work"], url_path="publish")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        call = self.record(request, object_id)
        question = Question(
            title=_("Publish this call to action?"),
            explanation=_("Its page becomes public. People can act from the day it opens to its deadline."),
            facts=[(_("Opens"), call.opens_at), (_("Closes"), call.closes_at)],
            button=_("Publish the call to action"),
            done=_("The call to action is published."),
            step=lambda answers: services.publish_call(call_to_action=call, by=request.user),
        )
        return ask(self, request, call, question)

    @action(
        description=gettext_lazy("Write an alert about it"),
        icon="campaign",
        permissions=["work"],
        url_path="alert",
        variant=ActionVariant.PRIMARY,
    )
    def write_alert(self, request: HttpRequest, object_id: str) -> HttpResponse:
        call = self.record(request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:campaigns_actionalert_add')}?call_to_action={call.pk}")

    @action(description=gettext_lazy("Close"), icon="flag", permissions=["work"], url_path="close")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        call = self.record(request, object_id)
        question = Question(
            title=_("Close this call to action?"),
            explanation=_(
                "Nobody can act from then on, and an alert about it sends nothing more. "
                "The page shows the outcome."
            ),
            button=_("Close the call to action"),
            done=_("The call to action is closed."),
            form=OutcomeForm(posted(request), initial={"outcome": call.outcome}),
            step=lambda answers: services.close_call(call_to_action=call, by=request.user, **answers),
        )
        return ask(self, request, call, question)

    @action(description=gettext_lazy("Archive"), icon="inventory_2", permissions=["work"], url_path="archive")
    def archive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        call = self.record(request, object_id)
        question = Question(
            title=_("Archive this call to action?"),
            explanation=_("It leaves the lists. Its page stays, so that old links keep their meaning."),
            button=_("Archive the call to action"),
            done=_("The call to action is archived."),
            step=lambda answers: services.archive_call(call_to_action=call, by=request.user),
        )
        return ask(self, request, call, question)
