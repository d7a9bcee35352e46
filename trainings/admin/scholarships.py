"""The queue of scholarship requests in the staff desk.

Who asked is shown to staff with the right on requests alone.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.filters import WaitingFilter
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from trainings.models import ScholarshipFund, ScholarshipRequest
from trainings.money_emails import money
from trainings.services import scholarships as services

_State = ScholarshipRequest.State


class StateFilter(WaitingFilter):
    states, waiting = _State.choices, _State.ASKED


class FundField(forms.ModelChoiceField):
    def label_from_instance(self, fund: Any) -> str:
        return _("%(fund)s: %(sum)s left") % {"fund": fund.name, "sum": money(fund.balance)}


class ApproveForm(forms.Form):
    fund = FundField(
        ScholarshipFund.objects.none(),
        label=gettext_lazy("Out of which fund"),
        empty_label=None,
        widget=UnfoldAdminSelectWidget,
    )
    amount = forms.DecimalField(
        label=gettext_lazy("How much, in dollars"),
        min_value=0.01,
        max_digits=8,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    words = forms.CharField(
        label=gettext_lazy("A word to the person"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Stands in the e-mail, under the amount."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class DeclineForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What you write to the person"),
        max_length=1000,
        help_text=gettext_lazy("They get these words by e-mail. Be kind, and say what else may help."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write why; the person will read it.")},
    )


@admin.register(ScholarshipRequest)
class ScholarshipRequestAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    """The queue, the oldest first."""

    list_display = ["asked_at", "waiting", "session", "asked_amount", "fee", "awarded", "shown_state"]
    list_filter = [StateFilter]
    list_select_related = ["enrollment__session__course", "enrollment__person", "award"]
    search_fields = ["enrollment__person__last_name", "enrollment__person__email"]
    ordering = ["asked_at", "pk"]
    actions_detail = ["approve", "decline", "erase"]
    fields = [
        "shown_state",
        "person",
        "asker",
        "organization",
        "session",
        "fee",
        "asked_amount",
        "reason",
        "asked_at",
        "waiting",
        "awarded",
        "balances",
        "decided_at",
        "decided_by",
        "answer",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request) & ScholarshipRequest.objects.visible_to(request.user)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        asked = self.existing(request, object_id)
        if asked is None:
            return []
        if asked.state == _State.ASKED:
            return self.buttons(request, object_id, {"approve", "decline"})
        return self.buttons(request, object_id, {"erase"} if asked.reason or asked.answer else set())

    @display(description=gettext_lazy("for whom"))
    def person(self, asked: ScholarshipRequest) -> str:
        return asked.enrollment.person.name

    @display(description=gettext_lazy("organization"))
    def organization(self, asked: ScholarshipRequest) -> str:
        organization = asked.enrollment.organization
        return organization.name if organization else _("none")

    @display(description=gettext_lazy("session"))
    def session(self, asked: ScholarshipRequest) -> str:
        return str(asked.enrollment.session)

    @display(description=gettext_lazy("fee"))
    def fee(self, asked: ScholarshipRequest) -> str:
        return money(asked.enrollment.price)

    @display(description=gettext_lazy("awarded"))
    def awarded(self, asked: ScholarshipRequest) -> str:
        award = getattr(asked, "award", None)
        return f"{money(award.amount)}, {award.get_state_display()}" if award else ""

    @display(description=gettext_lazy("waits for"), ordering="asked_at")
    def waiting(self, asked: ScholarshipRequest) -> str:
        return timesince(asked.asked_at, asked.decided_at or timezone.now(), depth=1)

    @display(description=gettext_lazy("what the funds have left"))
    def balances(self, asked: ScholarshipRequest) -> str:
        funds = ScholarshipFund.objects.awardable(timezone.localdate())
        return "; ".join(f"{fund.name}: {money(fund.balance)}" for fund in funds) or _("Nothing is left.")

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={
            _State.ASKED.label: "warning",
            _State.APPROVED.label: "success",
            _State.DECLINED.label: "danger",
            _State.WITHDRAWN.label: "info",
        },
    )
    def shown_state(self, asked: ScholarshipRequest) -> str:
        return asked.get_state_display()

    @action(description=gettext_lazy("Approve"), icon="check", permissions=["work"], url_path="approve")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.record(request, object_id)
        form = ApproveForm(posted(request), initial={"amount": asked.asked_amount})
        form.fields["fund"].queryset = ScholarshipFund.objects.awardable(timezone.localdate())
        question = Question(
            title=_("Help with this fee?"),
            explanation=_("The invoice becomes lower by the amount, or is not written. The person is told."),
            button=_("Award the scholarship"),
            done=_("The scholarship is awarded."),
            facts=_facts(asked),
            step=lambda said: services.approve(
                request=asked,
                fund=said["fund"],
                amount=said["amount"],
                words=said["words"],
                by=request.user,
                now=timezone.now(),
            ),
            form=form,
        )
        return self.ask(request, asked, question)

    @action(description=gettext_lazy("Decline"), icon="close", permissions=["work"], url_path="decline")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.record(request, object_id)
        question = Question(
            title=_("Say no to this request?"),
            explanation=_("The person keeps the seat, and the invoice is written for the whole fee."),
            button=_("Decline the request"),
            done=_("The request is declined, and the person is told."),
            facts=_facts(asked),
            step=lambda said: services.decline(
                request=asked, words=said["words"], by=request.user, now=timezone.now()
            ),
            form=DeclineForm(posted(request)),
            danger=True,
        )
        return self.ask(request, asked, question)

    @action(
        description=gettext_lazy("Erase the words"), icon="ink_eraser", permissions=["work"], url_path="erase"
    )
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.record(request, object_id)
        question = Question(
            title=_("Erase what was written?"),
            explanation=_(
                "The reasons and the answer go; that it was decided, and how, stays for the books."
            ),
            button=_("Erase the words"),
            done=_("The words are erased."),
            step=lambda said: services.erase_words(request=asked),
            danger=True,
        )
        return self.ask(request, asked, question)


def _facts(asked: ScholarshipRequest) -> list[tuple[str, object]]:
    return [
        (_("For whom"), asked.enrollment.person.name),
        (_("Training"), str(asked.enrollment.session)),
        (_("Fee"), money(asked.enrollment.price)),
        (_("Asked for"), money(asked.asked_amount)),
        *([(_("Why"), asked.reason)] if asked.reason else []),
    ]
