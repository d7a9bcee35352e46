"""Partners' positions in the staff desk: to read, and to decide on behalf of a partner that told the coalition."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from legislation.admin.tracking import POSITION_LABELS
from legislation.models import OrganizationPosition
from legislation.pages.partner_positions import replaced_since
from legislation.search.text import SearchText
from legislation.services.positions import approve_position, decline_position, withdraw_position
from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.editing import once
from partners.admin.history import HistoryAdmin
from partners.posted import posted

_State = OrganizationPosition.State
STATE_LABELS = {"proposed": "warning", "on_record": "success", "declined": "danger", "withdrawn": "info"}
BUTTONS = {_State.PROPOSED: {"approve", "decline", "withdraw"}, _State.ON_RECORD: {"withdraw"}}


class NoteForm(forms.Form):
    """How staff know what the partner wants."""

    staff_note = forms.CharField(
        label=gettext_lazy("How the partner told you"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy(
            "Such as: call with Rosa Sample, director, March 5. It stays with the position."
        ),
        error_messages={"required": gettext_lazy("Note how the partner told you so.")},
    )


class ReasonForm(NoteForm):
    """The same, with the reason that the person who proposed it will read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=600,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy("Whoever proposed it gets these words by e-mail."),
        error_messages={"required": gettext_lazy("Write the reason; whoever proposed it will read it.")},
    )


@admin.register(OrganizationPosition)
class OrganizationPositionAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["organization", "number", "shown_position", "shown_state", "proposed_at", "decided_at"]
    list_filter = ["state", "position", "bill__session"]
    list_select_related = ["organization", "bill"]
    search_fields = ["organization__name", "bill__identifier", "bill__title"]
    search_help_text = gettext_lazy("A partner's name, or a bill's number.")
    ordering = ["-proposed_at"]
    actions_detail = ["approve", "decline", "withdraw"]
    fieldsets = [
        (None, {"fields": ["state", "organization", "bill_shown", "position", "statement"]}),
        (
            gettext_lazy("How it came about"),
            {"fields": ["proposed_at", "proposed_by", "decided_at", "decided_by", "staff_note"]},
        ),
        (
            gettext_lazy("How it ended"),
            {"fields": ["decline_reason", "withdrawn_at", "withdrawn_by"]},
        ),
    ]
    readonly_fields = ["state", "bill_shown", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrganizationPosition]:
        rows = super().get_queryset(request).select_related("organization", "bill")
        return rows.defer("bill__search", "bill__synopsis")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        numbers = SearchText.read(search_term).numbers
        if not numbers:
            return super().get_search_results(request, queryset, search_term)
        found = queryset.none()
        for prefix, number in numbers:
            same = queryset.filter(bill__number=number)
            found |= same.filter(bill__prefix=prefix) if prefix else same
        return found, False

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        position = self.existing(request, object_id)
        return self.buttons(request, object_id, BUTTONS.get(position.state, set()) if position else set())

    @display(description=gettext_lazy("bill"), ordering="bill__number")
    def number(self, position: OrganizationPosition) -> str:
        return f"{position.bill.label} ({position.bill.assembly})"

    @display(description=gettext_lazy("position"), ordering="position", label=POSITION_LABELS)
    def shown_position(self, position: OrganizationPosition) -> tuple[str, str]:
        return position.position, position.get_position_display()

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, position: OrganizationPosition) -> tuple[str, str]:
        return position.state, position.get_state_display()

    @display(description=gettext_lazy("bill"))
    @once
    def bill_shown(self, position: OrganizationPosition) -> SafeString:
        bill = position.bill
        warning: SafeString | str = ""
        holds = position.state in {_State.ON_RECORD, _State.PROPOSED}
        if holds and replaced_since([position])[position.pk]:
            words = _("The text was replaced since this position was taken.")
            warning = format_html('<br><strong class="desk-warning">{}</strong>', words)
        return format_html(
            '<a class="desk-link" href="{}">{} ({})</a>: {}{}',
            bill.get_absolute_url(),
            bill.label,
            bill.assembly,
            bill.shown_title,
            warning,
        )

    @action(
        description=gettext_lazy("Approve for the partner"),
        url_path="approve",
        permissions=["work"],
        icon="check",
        variant=ActionVariant.PRIMARY,
    )
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        position = self.record(request, object_id)
        question = Question(
            title=_("Put the position of %s on record?") % position.organization,
            explanation=_(
                "Its name appears on the bill's public page. Do so only when somebody who may speak for the partner "
                "told you."
            ),
            button=_("Put it on record"),
            done=_("The position is on record."),
            step=lambda answers: approve_position(position=position, by=request.user, **answers),
            form=NoteForm(posted(request)),
            facts=_facts(position),
        )
        return self.ask(request, position, question)

    @action(
        description=gettext_lazy("Decline for the partner"),
        url_path="decline",
        permissions=["work"],
        icon="close",
    )
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        position = self.record(request, object_id)
        question = Question(
            title=_("Decline the proposal of %s?") % position.organization,
            explanation=_("Whoever proposed it gets your reason by e-mail."),
            button=_("Decline the proposal"),
            done=_("The proposal is declined."),
            step=lambda answers: decline_position(position=position, by=request.user, **answers),
            form=ReasonForm(posted(request)),
            danger=True,
            facts=_facts(position),
        )
        return self.ask(request, position, question)

    @action(
        description=gettext_lazy("Withdraw for the partner"),
        url_path="withdraw",
        permissions=["work"],
        icon="undo",
    )
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        position = self.record(request, object_id)
        question = Question(
            title=_("Withdraw the position of %s?") % position.organization,
            explanation=_("It leaves the bill's public page. The row stays, with its dates."),
            button=_("Withdraw the position"),
            done=_("The position is withdrawn."),
            step=lambda answers: withdraw_position(position=position, by=request.user, **answers),
            form=NoteForm(posted(request)),
            danger=True,
            facts=_facts(position),
        )
        return self.ask(request, position, question)


def _facts(position: OrganizationPosition) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("Bill"), f"{position.bill.label}: {position.bill.shown_title}"),
        (_("Position"), position.get_position_display()),
    ]
    if position.statement:
        facts.append((_("In their words"), position.statement))
    if position.proposed_by:
        facts.append((_("Proposed by"), position.proposed_by.get_full_name()))
    page = reverse("my_legislation:positions", args=[position.organization.slug])
    link = format_html('<a class="desk-link" href="{}">{}</a>', page, position.organization)
    return [*facts, (_("The partner's own page"), link)]
