"""Asking partners for their positions, from a tracked bill; and talks with legislators, in the staff desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ModelAdmin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display

from legislation.models import BillTracking, LegislatorAsk, PositionRequest
from legislation.pages.position_requests import Rule, candidates, requests_of
from legislation.services.asking import problem_of, remind_of_requests, request_positions
from partners.admin.base import PartnersAdmin, ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.errors import NotAllowed

STANCE_LABELS = {
    "supports": "success",
    "leans_for": "success",
    "undecided": "warning",
    "leans_against": "danger",
    "opposes": "danger",
    "unknown": "info",
}
ANSWER_LABELS = {"support": "success", "oppose": "danger", "neutral": "info", "": "warning"}


def ask_partners(desk: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Who would be asked by a rule and why; who was asked before; a POST sends the mails or the reminders."""
    tracking = desk.get_object(request, object_id)
    if not isinstance(tracking, BillTracking):
        raise Http404(_("This record does not exist any more."))
    if request.method == "POST":
        return _send(request, tracking)
    now = timezone.now()
    asked = request.GET.get("rule", "")
    rule = Rule(asked) if asked in Rule.values else _first_rule(tracking)
    title = _("Ask partners where they stand on %s") % tracking.bill.label
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": tracking,
        "title": title,
        "desk_title": title,
        "back_url": reverse("admin:legislation_billtracking_change", args=[tracking.pk]),
        "tracking": tracking,
        "problem": problem_of(tracking),
        "rule": rule,
        "rules": Rule,
        "found": candidates(tracking.bill, rule, now),
        "requests": requests_of(tracking.bill, now),
    }
    return TemplateResponse(request, "admin/desk/ask_partners.html", context)


def _first_rule(tracking: BillTracking) -> Rule:
    """While a committee has the bill, its members matter most."""
    return Rule.COMMITTEE if tracking.bill.committee_id else Rule.NOT_SPONSORS


def _send(request: HttpRequest, tracking: BillTracking) -> HttpResponse:
    """Asks or reminds, and says how it went."""
    here, now = request.get_full_path(), timezone.now()
    try:
        if "remind" in request.POST:
            number = len(remind_of_requests(tracking=tracking, by=request.user, now=now))
            words = ngettext("%(n)d partner is reminded.", "%(n)d partners are reminded.", number)
        else:
            number = _request(request, tracking, now)
            words = ngettext("%(n)d partner is asked.", "%(n)d partners are asked.", number)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        say = messages.success if number else messages.info
        say(
            request,
            words % {"n": number} if number else _("Nobody was left to write to: no mail went out."),
        )
    return HttpResponseRedirect(here)


def _request(request: HttpRequest, tracking: BillTracking, now: datetime) -> int:
    """Asks the partners that stood on the page, but for those that were left out."""
    rule = request.POST.get("rule", "")
    if rule not in Rule.values:
        raise Http404
    chosen = _numbers(request, "shown") - _numbers(request, "leave_out")
    return len(
        request_positions(tracking=tracking, rule=Rule(rule), organizations=chosen, by=request.user, now=now)
    )


def _numbers(request: HttpRequest, name: str) -> set[int]:
    """Numbers of partners; `shown` is one field with commas, since a form may not have thousands of fields."""
    words = ",".join(request.POST.getlist(name)).split(",")
    return {int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 18}


@admin.register(PositionRequest)
class PositionRequestAdmin(ReadOnlyMixin, PartnersAdmin):
    list_display = ["organization", "number", "shown_answer", "asked_at", "times", "asked_by_name", "reason"]
    list_filter = ["bill__session", "times"]
    search_fields = ["organization__name", "bill__identifier", "bill__title"]
    search_help_text = gettext_lazy("A partner's name, or a bill's number without a space.")
    ordering = ["-asked_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PositionRequest]:
        rows = super().get_queryset(request).select_related("organization", "bill", "asked_by__person")
        return rows.with_answers().defer("bill__search", "bill__synopsis")

    @display(description=gettext_lazy("bill"), ordering="bill__number")
    def number(self, row: PositionRequest) -> str:
        return f"{row.bill.label} ({row.bill.assembly})"

    @display(description=gettext_lazy("answer"), ordering="answer", label=ANSWER_LABELS)
    def shown_answer(self, row: Any) -> tuple[str, str]:
        words = {"support": _("support"), "oppose": _("oppose"), "neutral": _("neutral")}
        return row.answer, words.get(row.answer, _("no answer yet"))

    @display(description=gettext_lazy("asked by"))
    def asked_by_name(self, row: PositionRequest) -> str:
        return row.asked_by.get_full_name() if row.asked_by else "–"


class LegislatorAskForm(forms.ModelForm):
    """A talk as staff enter it."""

    class Meta:
        model = LegislatorAsk
        fields = ("bill", "legislator", "organization", "asked_on", "stance", "will_sponsor", "note")

    def clean_asked_on(self) -> Any:
        day = self.cleaned_data["asked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day of the talk cannot lie in the future."))
        return day


@admin.register(LegislatorAsk)
class LegislatorAskAdmin(HistoryAdmin, PartnersAdmin):
    form = LegislatorAskForm
    list_display = ["legislator", "number", "shown_stance", "will_sponsor", "asker", "asked_on"]
    list_filter = ["stance", "will_sponsor", "legislator__chamber", "bill__session"]
    search_fields = ["legislator__name", "bill__identifier", "organization__name", "note"]
    search_help_text = gettext_lazy(
        "A legislator, a partner, a bill's number without a space, or words of a note."
    )
    ordering = ["-asked_on", "-pk"]
    date_hierarchy = "asked_on"
    autocomplete_fields = ["bill", "legislator", "organization"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegislatorAsk]:
        rows = super().get_queryset(request).select_related("legislator", "bill", "organization")
        return rows.defer("bill__search", "bill__synopsis")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"asked_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: LegislatorAsk, form: forms.Form, change: bool) -> None:
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)

    @display(description=gettext_lazy("bill"), ordering="bill__number")
    def number(self, ask: LegislatorAsk) -> str:
        return ask.bill.label

    @display(description=gettext_lazy("where they stand"), ordering="stance", label=STANCE_LABELS)
    def shown_stance(self, ask: LegislatorAsk) -> tuple[str, str]:
        return ask.stance, ask.get_stance_display()

    @display(description=gettext_lazy("asked by"), ordering="organization__name")
    def asker(self, ask: LegislatorAsk) -> str:
        return ask.organization.name if ask.organization else _("our staff")
