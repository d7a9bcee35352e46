"""What admin pages with public content share: rich text, roomy sentences, an emptied page cache after each change."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import models
from django.forms import Field
from django.http import HttpRequest
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from partners.admin.base import PartnersAdmin, PublicPageMixin
from partners.html import RichTextField, clean_html

SENTENCE = 250
# The editor offers exactly what `partners.html` lets through.
EDITOR_EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "History": True,
}


class RichTextFormField(ProseEditorFormField):
    """Rich text from the editor, sanitised by the same rules as on save; an empty paragraph is no text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("config", {"extensions": EDITOR_EXTENSIONS})
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str:
        text = clean_html(super().to_python(value))
        return text if strip_tags(text).strip() else ""


FIELDS = {
    RichTextField: {"form_class": RichTextFormField, "widget": AdminProseEditorWidget},
    models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
    models.URLField: {"assume_scheme": "https"},
}


def once(shown: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """For a column that costs queries: unfold's templates ask for a read-only value several times over."""
    name = f"_shown_{shown.__name__}"

    @wraps(shown)
    def remembered(self: Any, record: Any) -> Any:
        if name not in record.__dict__:
            record.__dict__[name] = shown(self, record)
        return record.__dict__[name]

    return remembered


# Marks a button that stands in a row over the form, not in the page's head, where there is room for few.
# (unfold's own drop-down cannot be opened from the keyboard.)
SECOND_ROW = {"data-rank": "second"}


class RoomySentencesMixin:
    """Fields of a sentence or two grow with what is written in them."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        if (
            type(db_field) is models.CharField
            and (db_field.max_length or 0) >= SENTENCE
            and not db_field.choices
        ):
            kwargs.setdefault("widget", UnfoldAdminExpandableTextareaWidget())
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class NamedCellsMixin(RoomySentencesMixin):
    """Rows of a table: each field says its column's name to people who do not see the head of the table."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = capfirst(db_field.verbose_name)
        return field


class EditorAdmin(RoomySentencesMixin, PublicPageMixin, PartnersAdmin):
    """Base of pages on which staff write for the public. Whatever is saved here may stand on a cached public page."""

    formfield_overrides = FIELDS
    list_per_page = 50
    warn_unsaved_form = True
    change_form_outer_before_template = "admin/desk/second_row.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        actions = context.get("actions_detail", [])
        context["second_row"] = [action for action in actions if action["attrs"] == SECOND_ROW]
        context["actions_detail"] = [action for action in actions if action["attrs"] != SECOND_ROW]
        return super().render_change_form(request, context, *args, **kwargs)


def shown_rich_text(html: str) -> SafeString:
    """Rich text to read in a locked form, sanitised once more."""
    return format_html('<div class="desk-prose">{}</div>', mark_safe(clean_html(html)))  # noqa: S308
