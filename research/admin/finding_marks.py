"""Tells staff who write which findings a text quotes that readers will not see."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from partners.html import RichTextField
from research.embedding import trouble_with_findings


class FindingMarksMixin:
    """For pages with rich text in which `[finding:short-name]` may stand; inline rows count too."""

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        rows = [form.instance]
        for formset in formsets:
            rows += [one.instance for one in formset.forms if one.instance.pk]
        for trouble in trouble_with_findings(*(text for row in rows for text in _texts(row))):
            messages.warning(request, trouble)


def _texts(row: Any) -> list[str]:
    fields = [field for field in row._meta.get_fields() if isinstance(field, RichTextField)]
    return [getattr(row, field.attname) for field in fields]
