"""The questions of a survey inside of its form: added, moved, and fixed once somebody has answered."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.forms import PaginationInlineFormSet

from partners.admin.editing import FIELDS, RoomySentencesMixin
from surveys.models import Question, Survey
from surveys.services.questions import (
    faults_of_order,
    hold_survey,
    refused_changes,
    why_locked,
)


class QuestionFormSet(PaginationInlineFormSet):
    """Questions without a number come last. Those of a survey that was answered stay as they were asked."""

    def clean(self) -> None:
        super().clean()
        responses = hold_survey(survey=self.instance) if self.instance.pk else 0
        if responses:
            self._keep_what_was_asked(responses)
        kept = self._kept()
        self._number_the_new_ones(kept, answered=bool(responses))
        if not any(self.errors):
            faults = faults_of_order(
                [form.instance for form in kept], is_anonymous=self.instance.is_anonymous
            )
            for question, name, words in faults:
                next(form for form in kept if form.instance is question).add_error(name, words)

    def _kept(self) -> list[Any]:
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        return [form for form in kept if hasattr(form, "cleaned_data") and not self._should_delete_form(form)]

    def _keep_what_was_asked(self, responses: int) -> None:
        for form in self.initial_forms:
            if self._should_delete_form(form):
                raise ValidationError(_("No question can be removed. %s") % why_locked(responses))
            for name in refused_changes(form.changed_data):
                form.add_error(name, why_locked(responses))

    def _number_the_new_ones(self, kept: list[Any], *, answered: bool) -> None:
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
    fields = [
        ("kind", "order"),
        ("text", "text_es"),
        "is_required",
        ("hint", "hint_es"),
        ("choices", "choices_es"),
        ("lines", "lines_es"),
        ("shown_if", "shown_values"),
        ("measures", "counting"),
    ]
    verbose_name_plural = gettext_lazy("questions, in their order")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return not (obj and obj.responses.exists()) and super().has_delete_permission(request, obj)

    def get_formset(self, request: HttpRequest, obj: Survey | None = None, **kwargs: Any) -> Any:
        # Looked up once for all the questions, where the chooser would ask again for each.
        earlier = Question.objects.filter(survey=obj, kind__in=Question.DECISIVE) if obj else None
        self.earlier = [(str(each.pk), f"{each.order}. {each.text}") for each in earlier or ()]
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "shown_if":
            field.choices = [("", "–"), *self.earlier]
        return field

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "order":
            field.required, field.initial = False, None
            field.help_text = _("Empty: it comes last.")
        if field is not None and db_field.name == "kind" and not settings.SURVEY_FILES:
            field.choices = [choice for choice in field.choices if choice[0] != Question.Kind.FILE]
        if field is not None and db_field.name == "shown_if":
            # Its little buttons would lead to a list of questions that does not exist.
            for button in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, button, False)
        return field
