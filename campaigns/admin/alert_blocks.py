"""The blocks of an alert inside of its form: added, moved, removed; a new alert starts with a text and a button."""

from typing import Any

from django.db.models import Field
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.forms import PaginationInlineFormSet

from campaigns.desk.alert_forms import BlockForm
from campaigns.models import AlertBlock
from partners.admin.editing import FIELDS, RoomySentencesMixin

Kind = AlertBlock.Kind
FIRST_BLOCKS = [{"kind": Kind.TEXT, "order": 1}, {"kind": Kind.BUTTON, "order": 2}]

# The editor's script shows it for facts alone.
FACTS_HINT = gettext_lazy(
    "One fact a line, the number before a bar, such as: $15 million | cut from child care."
)


class BlockFormSet(PaginationInlineFormSet):
    """Blocks without a number come last, in the order they were added."""

    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if hasattr(form, "cleaned_data") and not self._should_delete_form(form)
        ]
        last = max((form.cleaned_data.get("order") or 0 for form in kept), default=0)
        for form in kept:
            if form.cleaned_data.get("order") is None:
                last += 1
                form.instance.order = last


class BlockInline(RoomySentencesMixin, StackedInline):
    model = AlertBlock
    form = BlockForm
    formset = BlockFormSet
    formfield_overrides = FIELDS
    ordering_field = "order"
    fieldsets = [
        (None, {"fields": [("kind", "order"), "shown", "text", "text_es", "label", "label_es", "url"]})
    ]
    verbose_name_plural = gettext_lazy("the message, from top to bottom")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else len(FIRST_BLOCKS)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "order":
            field.required, field.initial = False, None
        if field is not None and db_field.name in {"text", "text_es"}:
            field.help_text = FACTS_HINT
        return field
