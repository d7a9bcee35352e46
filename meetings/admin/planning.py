"""The quarterly rhythm at the staff desk: councils by quarters, and a year of meetings made in one step."""

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings.quarters import Cell, Month, Rule, Week, Weekday, board, quarter_of
from meetings.services.planning import Planned, plan_meetings
from partners.errors import NotAllowed
from partners.fiscal_year import CHICAGO, FiscalYear
from partners.gatherings.models import Mode
from partners.models import Area
from partners.posted import posted

FORMAT = "%Y-%m-%dT%H:%M"


class RuleForm(forms.Form):
    """On which day of each quarter councils meet, and which of them."""

    first = {"week": Week.SECOND, "weekday": Weekday.TUESDAY, "month": Month.SECOND, "at": time(10)}

    council = forms.ModelChoiceField(
        label=gettext_lazy("Local Area Council"),
        queryset=Area.objects.all(),
        required=False,
        empty_label=gettext_lazy("All councils"),
    )
    week = forms.TypedChoiceField(label=gettext_lazy("Which"), choices=Week.choices, coerce=int)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Day"), choices=Weekday.choices, coerce=int)
    month = forms.TypedChoiceField(label=gettext_lazy("Of the"), choices=Month.choices, coerce=int)
    at = forms.TimeField(
        label=gettext_lazy("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "desk-input"

    def rule(self) -> Rule:
        """The rule, the usual one where what was entered makes none."""
        answers = self.cleaned_data if self.is_valid() else self.first
        return Rule(**{name: answers[name] for name in ("week", "weekday", "month", "at")})


class DatesForm(forms.Form):
    """One date for each meeting that is to be made; an empty one is left out."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How people take part"),
        choices=Mode.choices,
        widget=forms.Select(attrs={"class": "desk-input"}),
    )

    def __init__(self, *args: Any, cells: list[Cell], rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cells = {f"at_{cell.area.pk}_{number}": cell for number, cell in enumerate(cells)}
        for name, cell in self.cells.items():
            self.fields[name] = forms.DateTimeField(
                label=f"{cell.area}, {cell.quarter.label}",
                required=False,
                initial=rule.moment(cell.quarter),
                input_formats=[FORMAT],
                widget=forms.DateTimeInput(
                    attrs={"type": "datetime-local", "class": "desk-input"}, format=FORMAT
                ),
            )

    @cached_property
    def dates(self) -> list[Any]:
        """The fields of the dates, in order."""
        return [self[name] for name in self.cells]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, cell in self.cells.items():
            moment = values.get(name)
            if moment and quarter_of(moment) != cell.quarter:
                words = _("%(quarter)s runs from %(first)s to %(last)s.")
                facts = {
                    "quarter": cell.quarter.label,
                    "first": cell.quarter.first,
                    "last": cell.quarter.last,
                }
                self.add_error(name, words % facts)
        return values

    def meetings(self) -> list[Planned]:
        """The meetings that are wanted."""
        return [
            Planned(cell.area, self.cleaned_data[name])
            for name, cell in self.cells.items()
            if self.cleaned_data[name]
        ]


def council_meetings(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Which council meets in which quarter of a fiscal year, and which has no meeting."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    now, year = timezone.now(), _year(request)
    rows = board(year, now)
    context = _context(desk, request, _("Council meetings, %(year)s") % {"year": year.label}) | {
        "year": year,
        "years": _years(),
        "rows": rows,
        "missing": sum(cell.is_missing for _area, cells in rows for cell in cells),
        "may_plan": desk.has_add_permission(request),
    }
    return TemplateResponse(request, "meetings/admin/council_meetings.html", context)


def plan(desk: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The dates by rule, to change before they are made; a POST makes drafts of them."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    year = _year(request)
    asked = RuleForm(request.GET if "week" in request.GET else {**RuleForm.first, **request.GET.dict()})
    rule = asked.rule()
    council = asked.cleaned_data.get("council")
    rows = [row for row in board(year, timezone.now()) if council is None or row[0] == council]
    missing = [cell for _area, cells in rows for cell in cells if cell.is_missing]
    form = DatesForm(posted(request), cells=missing, rule=rule)
    if form.is_bound and form.is_valid():
        return _make(request, form, year)
    context = _context(desk, request, _("Plan council meetings, %(year)s") % {"year": year.label}) | {
        "year": year,
        "years": _years(),
        "asked": asked,
        "form": form,
        "back_url": f"{reverse('admin:meetings_event_council_meetings')}?year={year.year}",
    }
    return TemplateResponse(request, "meetings/admin/plan.html", context)


def _make(request: HttpRequest, form: DatesForm, year: FiscalYear) -> HttpResponse:
    """Makes the drafts, and says how many."""
    try:
        made = plan_meetings(meetings=form.meetings(), by=request.user, mode=form.cleaned_data["mode"])
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(request.get_full_path())
    words = ngettext("%(n)d draft is made.", "%(n)d drafts are made.", len(made))
    messages.success(request, words % {"n": len(made)} + " " + _("Enter their places, then publish them."))
    return HttpResponseRedirect(f"{reverse('admin:meetings_event_council_meetings')}?year={year.year}")


def _years() -> list[FiscalYear]:
    """Last year, this one and the next."""
    current = FiscalYear.of(timezone.localdate(timezone.now(), CHICAGO)).year
    return [FiscalYear(current + step) for step in (-1, 0, 1)]


def _year(request: HttpRequest) -> FiscalYear:
    asked = request.GET.get("year", "")
    found = [year for year in _years() if str(year.year) == asked]
    return found[0] if found else FiscalYear.current()


def _context(desk: ModelAdmin, request: HttpRequest, title: str) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "title": title, "desk_title": title}
