"""Surveys at the staff desk: built, looked at as people will see them, read, and taken along."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Field, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import Field as FormField
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import StackedInline
from unfold.decorators import action, display
from unfold.forms import PaginationInlineFormSet

from partners.admin.editing import FIELDS, EditorAdmin, RoomySentencesMixin
from partners.posted import posted
from partners.spreadsheets import csv_download
from surveys.exports import response_rows, xlsx_download
from surveys.forms import SurveyForm
from surveys.models import Question, Response, Survey
from surveys.results import (
    SMALLEST,
    active_organizations,
    answering_organizations,
    survey_results,
    text_answers,
)
from surveys.services.questions import hold_survey, refused_changes, why_locked

TEXTS_PER_PAGE = 50


class QuestionFormSet(PaginationInlineFormSet):
    """Questions without a number come last. Those of a survey that was answered stay as they were asked."""

    def clean(self) -> None:
        super().clean()
        responses = hold_survey(survey=self.instance) if self.instance.pk else 0
        if responses:
            self._keep_what_was_asked(responses)
        self._number_the_new_ones(answered=bool(responses))

    def _keep_what_was_asked(self, responses: int) -> None:
        for form in self.initial_forms:
            if self._should_delete_form(form):
                raise ValidationError(_("No question can be removed. %s") % why_locked(responses))
            for name in refused_changes(form.changed_data):
                form.add_error(name, why_locked(responses))

    def _number_the_new_ones(self, *, answered: bool) -> None:
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in kept if hasattr(form, "cleaned_data") and not self._should_delete_form(form)]
        last = max(
            (
                form.instance.order if form.instance.pk else form.cleaned_data.get("order") or 0
                for form in kept
            ),
            default=0,
        )
        for form in kept:
            is_new = form.instance.pk is None
            if form.cleaned_data.get("order") is None or (answered and is_new):
                last += 1
                form.instance.order = last


class QuestionInline(RoomySentencesMixin, StackedInline):
    model = Question
    formset = QuestionFormSet
    formfield_overrides = FIELDS
    ordering_field = "order"
    fields = [("kind", "order"), "text", "hint", "choices", "is_required"]
    verbose_name_plural = gettext_lazy("questions, in their order")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return not (obj and obj.responses.exists()) and super().has_delete_permission(request, obj)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "order":
            field.required, field.initial = False, None
            field.help_text = _("Empty: it comes last.")
        return field


@admin.register(Survey)
class SurveyAdmin(SimpleHistoryAdmin, EditorAdmin):
    list_display = ["title", "question_count", "response_count", "created_at"]
    ordering = ["-created_at"]
    search_fields = ["title"]
    inlines = [QuestionInline]
    readonly_fields = ["locked"]
    actions_detail = ["preview", "results"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        responses = Response.objects.filter(survey=OuterRef("pk")).order_by().values("survey")
        return (
            super()
            .get_queryset(request)
            .annotate(
                question_count=Count("questions"),
                response_count=Coalesce(Subquery(responses.annotate(n=Count("id")).values("n")), 0),
            )
        )

    def get_fields(self, request: HttpRequest, obj: Survey | None = None) -> list:
        answered = obj is not None and obj.responses.exists()
        return ["title", "introduction", *(["locked"] if answered else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> list:
        return self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        answered = obj is not None and obj.responses.exists()
        return not answered and super().has_delete_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        # A survey without questions has nothing to show yet.
        survey = self.record(request, object_id)
        names = {"preview"} if survey.questions.exists() else set()
        return self.buttons(request, object_id, names | ({"results"} if survey.responses.exists() else set()))

    @display(description=gettext_lazy("questions"), ordering="question_count")
    def question_count(self, survey: Survey) -> int:
        return survey.question_count

    @display(description=gettext_lazy("answered by"), ordering="response_count")
    def response_count(self, survey: Survey) -> int:
        return survey.response_count

    @display(description=gettext_lazy("questions are fixed"))
    def locked(self, survey: Survey) -> str:
        return why_locked(survey.responses.count())

    # --- Pages ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(
                f"<int:pk>/{address}", self.admin_site.admin_view(view), name=f"surveys_survey_{name}"
            )

        return [
            page("results/texts/<int:question>/", self.texts, "texts"),
            page("results/organizations/", self.organizations, "organizations"),
            page("results/answers.<str:kind>", self.file, "file"),
            *super().get_urls(),
        ]

    @action(description=gettext_lazy("Preview"), icon="visibility", permissions=["view"], url_path="preview")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The survey as people will see it. Answers typed here are checked, and kept nowhere."""
        survey = self.record(request, object_id)
        form = SurveyForm(posted(request), survey=survey)
        context = {"survey": survey, "form": form, "would_do": form.is_bound and form.is_valid()}
        return TemplateResponse(request, "surveys/preview.html", context)

    @action(description=gettext_lazy("Results"), icon="bar_chart", permissions=["read"], url_path="results")
    def results(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey = self.record(request, object_id)
        organizations = answering_organizations(survey)
        return self._page(
            request,
            survey,
            "results",
            _("Results: %s") % survey,
            results=survey_results(survey),
            responses=survey.responses.count(),
            organization_count=len(organizations),
            active_count=active_organizations(),
            smallest=SMALLEST,
        )

    def texts(self, request: HttpRequest, pk: int, question: int) -> HttpResponse:
        """What people wrote to one question, page by page."""
        survey = self._readable(request, pk)
        asked = get_object_or_404(survey.questions, pk=question)
        answers = Paginator(text_answers(asked), TEXTS_PER_PAGE).get_page(request.GET.get("page"))
        return self._page(request, survey, "texts", asked.text, answers=answers)

    def organizations(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Which partners' people answered."""
        survey = self._readable(request, pk)
        return self._page(
            request,
            survey,
            "organizations",
            _("Organizations that answered"),
            organizations=answering_organizations(survey),
            active_count=active_organizations(),
        )

    def file(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        """Everybody's answers as a spreadsheet: `kind` is csv or xlsx."""
        survey = self._readable(request, pk)
        if kind not in {"csv", "xlsx"}:
            raise Http404
        name, rows = f"survey-{survey.pk}.{kind}", response_rows(survey)
        return csv_download(name, rows) if kind == "csv" else xlsx_download(name, rows)

    def has_read_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Answers carry names: to read them takes the right to see responses."""
        return request.user.has_perm("surveys.view_response")

    def _readable(self, request: HttpRequest, pk: int) -> Survey:
        if not self.has_read_permission(request):
            raise PermissionDenied
        return self.record(request, str(pk))

    def _page(
        self, request: HttpRequest, survey: Survey, template: str, title: str, **more: Any
    ) -> HttpResponse:
        back = "change" if template == "results" else "results"
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": survey,
            "survey": survey,
            "title": title,
            "desk_title": title,
            "back_url": reverse(f"admin:surveys_survey_{back}", args=[survey.pk]),
        }
        return TemplateResponse(request, f"admin/surveys/{template}.html", context | more)
