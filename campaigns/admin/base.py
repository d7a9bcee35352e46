"""What every admin page of campaigns shares: rich text, buttons, an emptied page cache after each change."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import models
from django.forms import Field
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django_prose_editor.widgets import AdminProseEditorWidget
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from campaigns.html import RichTextField, clean_html
from campaigns.staff_forms import RichTextFormField
from partners.admin.base import PartnersAdmin, PublicPageMixin

SENTENCE = 250
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


class CampaignsAdmin(RoomySentencesMixin, PublicPageMixin, PartnersAdmin):
    """Base of the app's admin pages. Whatever is saved here may stand on a cached public page."""

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
