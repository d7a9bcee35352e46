"""The loan repayment program at the staff desk: its reports, its words, the rules the checker asks about."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.base import File
from django.db.models import Count, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from partners.admin.base import OnlyOneMixin
from partners.admin.editing import EditorAdmin, NamedCellsMixin
from partners.admin.history import HistoryAdmin
from partners.fiscal_year import FiscalYear
from research.admin.finding_marks import FindingMarksMixin
from research.admin.loan_repayment_numbers import ProgramNumbers
from research.models import EligibilityAnswer, EligibilityCriterion, LoanProgram, ProgramReport
from research.toolkit_files import check_upload


class ProgramReportForm(forms.ModelForm):
    """A report's numbers; what cannot be stands at its field."""

    def clean_file(self) -> File | bool | None:
        file: File | bool | None = self.cleaned_data["file"]
        check_upload(file)
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        day, year = values.get("as_of"), values.get("year")
        if day and day > timezone.localdate():
            self.add_error("as_of", _("This day is still to come."))
        elif day and year and day < FiscalYear(year).first:
            self.add_error("as_of", _("The fiscal year begins on %(day)s.") % {"day": FiscalYear(year).first})
        awards, applicants = values.get("awards"), values.get("applicants")
        if awards is not None and applicants is not None and awards > applicants:
            self.add_error("awards", _("There cannot be more awards than applicants."))
        dollars = values.get("dollars")
        if dollars is not None and dollars < 0:
            self.add_error("dollars", _("Enter what was paid, nothing or more."))
        elif dollars and awards == 0:
            self.add_error("dollars", _("Without an award nothing can have been paid."))
        return values


@admin.register(ProgramReport)
class ProgramReportAdmin(ProgramNumbers, HistoryAdmin, EditorAdmin):
    form = ProgramReportForm
    list_display = ["shown_year", "as_of", "applicants", "awards", "dollars", "source", "entered_by"]
    list_select_related = ["entered_by"]
    list_filter = ["year"]
    search_fields = ["source", "note"]
    ordering = ["-year", "-as_of"]
    readonly_fields = ["entered_at", "entered_by"]
    fieldsets = [
        (None, {"fields": ["year", "as_of", "applicants", "awards", "dollars"]}),
        (gettext_lazy("Source"), {"fields": ["source", "source_url", "file", "note"]}),
        (gettext_lazy("Entered"), {"fields": ["entered_at", "entered_by"]}),
    ]

    @display(description=gettext_lazy("fiscal year"), ordering="year")
    def shown_year(self, report: ProgramReport) -> str:
        return report.year_label

    def save_model(self, request: HttpRequest, obj: ProgramReport, form: Any, change: bool) -> None:
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(LoanProgram)
class LoanProgramAdmin(OnlyOneMixin, FindingMarksMixin, HistoryAdmin, EditorAdmin):
    """There is one program: its list is its form."""

    autocomplete_fields = ["bill", "ask", "toolkit"]
    fieldsets = [
        (None, {"fields": ["name", "summary", "body"]}),
        (
            gettext_lazy("Law and agency"),
            {"fields": ["law", "bill", "ask", "agency_name", "agency_url", "agency_contact"]},
        ),
        (
            gettext_lazy("Rules and employers"),
            {"fields": ["rules_checked_on", "employer_guide", "employer_checklist", "toolkit"]},
        ),
    ]


class AnswersFormSet(BaseInlineFormSet):
    """A question that is asked needs something to choose from."""

    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", {}).get("words") and not form.cleaned_data.get("DELETE")
        ]
        if not any(self.errors) and self.instance.is_asked and len(kept) < 2:
            raise forms.ValidationError(_("Write at least two answers, or do not ask the question."))


class AnswerInline(NamedCellsMixin, TabularInline):
    """The answers in their order, each with what it means."""

    model = EligibilityAnswer
    formset = AnswersFormSet
    fields = ["words", "meaning", "explanation", "order"]
    extra = 0
    hide_title = True


@admin.register(EligibilityCriterion)
class EligibilityCriterionAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["question", "source", "answer_count", "is_asked", "is_sample", "order"]
    list_filter = ["is_asked", "is_sample"]
    search_fields = ["question", "rule"]
    ordering = ["order", "pk"]
    inlines = [AnswerInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EligibilityCriterion]:
        return super().get_queryset(request).annotate(answers_held=Count("answers"))

    @display(description=gettext_lazy("answers"), ordering="answers_held")
    def answer_count(self, criterion: Any) -> int:
        return criterion.answers_held
