"""Facilitators in the staff desk, what they are paid, and apart from that what they told us about themselves."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from partners.admin.base import PartnersAdmin, Question, desk_page
from partners.admin.editing import EditorAdmin, NamedCellsMixin
from partners.admin.history import HistoryAdmin
from partners.models import ProfileAnswer
from partners.spreadsheets import csv_download
from trainings.models import Facilitation, Facilitator, FacilitatorAvailability, FacilitatorDemographics
from trainings.money_emails import money
from trainings.pay_equity import Pay, PayEquity, pay_equity
from trainings.pictures import FacilitatorForm
from trainings.services.facilitators import mark_facilitation_paid, take_back_payment


class AvailabilityInline(NamedCellsMixin, TabularInline):
    model = FacilitatorAvailability
    extra = 0
    fields = ["starts_on", "ends_on", "note"]


class FacilitationForm(forms.ModelForm):
    """What is paid stays as it is, also where it stands in a table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.paid_at:
            for name in ("session", "facilitator", "hours_prepared", "hours_held", "fee"):
                if name in self.fields:
                    self.fields[name].disabled = True


class FacilitationInline(StackedInline):
    """Who teaches a session: stands on the session's page."""

    model = Facilitation
    form = FacilitationForm
    extra = 0
    can_delete = False
    fields = [("facilitator", "role"), ("hours_prepared", "hours_held"), ("fee", "paid_at")]
    readonly_fields = ["paid_at"]
    autocomplete_fields = ["facilitator"]


@admin.register(Facilitator)
class FacilitatorAdmin(HistoryAdmin, EditorAdmin):
    form = FacilitatorForm
    list_display = ["name", "headline", "is_public", "sessions"]
    list_filter = ["is_public"]
    search_fields = ["name", "email"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AvailabilityInline]
    fields = ["name", "slug", "email", "headline", "bio", "website", "portrait", "is_public"]

    def has_delete_permission(self, request: HttpRequest, obj: Facilitator | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.facilitations.exists())

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("facilitations")

    @display(description=gettext_lazy("sessions"))
    def sessions(self, facilitator: Facilitator) -> int:
        return len(facilitator.facilitations.all())


@admin.register(Facilitation)
class FacilitationAdmin(HistoryAdmin, EditorAdmin):
    """Agreed fees, and which are paid."""

    form = FacilitationForm
    list_display = ["facilitator", "session", "role", "hours", "fee", "per_hour", "paid_at"]
    list_filter = [("paid_at", admin.EmptyFieldListFilter), "role"]
    list_select_related = ["facilitator", "session__course"]
    search_fields = ["facilitator__name", "session__course__title"]
    autocomplete_fields = ["facilitator"]
    ordering = ["-session__starts_at"]
    fields = ["session", "facilitator", "role", "hours_prepared", "hours_held", "fee", "paid_at", "paid_by"]
    readonly_fields = ["paid_at", "paid_by"]
    actions_detail = ["mark_paid", "not_paid"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        row = self.existing(request, object_id)
        if row is None:
            return []
        return self.buttons(request, object_id, {"not_paid"} if row.paid_at else {"mark_paid"})

    def has_delete_permission(self, request: HttpRequest, obj: Facilitation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.paid_at)

    @display(description=gettext_lazy("hours"))
    def hours(self, row: Facilitation) -> str:
        return f"{row.hours:g}"

    @display(description=gettext_lazy("for an hour"))
    def per_hour(self, row: Facilitation) -> str:
        return money(row.fee / row.hours) if row.hours else ""

    @action(description=gettext_lazy("Mark as paid"), icon="paid", permissions=["work"], url_path="paid")
    def mark_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.record(request, object_id)
        question = Question(
            title=_("Did %(name)s get %(fee)s?") % {"name": row.facilitator.name, "fee": money(row.fee)},
            explanation=_("Fee and hours can be changed no more after that."),
            button=_("Mark as paid"),
            done=_("It is noted as paid."),
            step=lambda said: mark_facilitation_paid(facilitation=row, by=request.user, now=timezone.now()),
        )
        return self.ask(request, row, question)

    @action(
        description=gettext_lazy("Not paid after all"), icon="undo", permissions=["work"], url_path="unpaid"
    )
    def not_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.record(request, object_id)
        question = Question(
            title=_("Take back that %s was paid?") % row.facilitator.name,
            explanation=_("For a mistake. Fee and hours can be changed again then."),
            button=_("Take it back"),
            done=_("It is noted as not paid."),
            step=lambda said: take_back_payment(facilitation=row, by=request.user),
            danger=True,
        )
        return self.ask(request, row, question)


class DemographicsForm(forms.ModelForm):
    """Answers to choose from: several races or ethnicities, one ability status, own words, or none of it."""

    races = forms.MultipleChoiceField(
        label=gettext_lazy("Race or ethnicity"),
        choices=ProfileAnswer.Race.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("As they said it; never guessed. Several are possible."),
    )


@admin.register(FacilitatorDemographics)
class FacilitatorDemographicsAdmin(PartnersAdmin):
    """Apart from the facilitators, with a right of its own; the report of pay stands here too."""

    form = DemographicsForm
    list_display = ["facilitator", "answered_at"]
    list_select_related = ["facilitator"]
    autocomplete_fields = ["facilitator"]
    fields = ["facilitator", "races", "ability", "self_description", "declined", "answered_at"]
    actions_list = ["report"]

    def get_urls(self) -> list[URLPattern]:
        return [desk_page(self, "pay.csv", report_file, "pay_csv"), *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"answered_at": timezone.now(), **super().get_changeform_initial_data(request)}

    @action(description=gettext_lazy("Pay by group"), icon="balance", permissions=["view"], url_path="pay")
    def report(self, request: HttpRequest) -> HttpResponse:
        """What an hour is paid, by who teaches."""
        found = pay_equity(timezone.now())
        parts = [
            (_("Race or ethnicity"), found.races, found.answered_races),
            (_("Ability status"), found.abilities, found.answered_abilities),
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What facilitators are paid"),
            "found": found,
            "parts": parts,
        }
        return TemplateResponse(request, "trainings/admin/pay_equity.html", context)


def report_file(admin: FacilitatorDemographicsAdmin, request: HttpRequest) -> HttpResponseBase:
    """The same as a table."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    return csv_download("pay-by-group.csv", _rows(pay_equity(timezone.now())))


def _rows(found: PayEquity) -> Iterator[list[object]]:
    yield [_("by"), _("group"), _("facilitators"), _("hours"), _("fees"), _("for an hour")]
    yield ["", *_cells(found.total)]
    for by, pays in ((_("race or ethnicity"), found.races), (_("ability status"), found.abilities)):
        for pay in pays:
            yield [by, *_cells(pay)]
    yield [str(found.definition)]


def _cells(pay: Pay) -> list[object]:
    if pay.is_withheld:
        return [str(pay.label), _("withheld"), "", "", ""]
    return [str(pay.label), pay.people, pay.hours, pay.fees, pay.per_hour]
