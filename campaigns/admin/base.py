"""What every admin page of campaigns shares: rich text, buttons, an emptied page cache after each change."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import models
from django.forms import Field, Form
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_prose_editor.widgets import AdminProseEditorWidget
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from campaigns.html import RichTextField, clean_html
from campaigns.staff_forms import RichTextFormField
from partners.caching import empty_page_cache_on_commit

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


class CampaignsAdmin(RoomySentencesMixin, ModelAdmin):
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

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        # Called for every save, after the record itself.
        super().save_related(request, form, formsets, change)
        empty_page_cache_on_commit()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        super().delete_model(request, obj)
        empty_page_cache_on_commit()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        super().delete_queryset(request, queryset)
        empty_page_cache_on_commit()

    def has_work_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What a record's buttons ask for: the right to change, even when its state locks the form."""
        opts = self.opts
        return request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}")

    def record(self, request: HttpRequest, object_id: str) -> Any:
        """The record a button was pressed on."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404(_("This record does not exist any more."))
        return obj

    def buttons(self, request: HttpRequest, object_id: str, names: set[str]) -> list:
        """The record's buttons among `names`: those its state allows."""
        return [
            action
            for action in super().get_actions_detail(request, object_id)
            if action.method.original_function_name in names
        ]


class ReadOnlyMixin:
    """Rows that are facts: staff read them and never write them."""

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def shown_rich_text(html: str) -> SafeString:
    """Rich text to read in a locked form, sanitised once more."""
    return format_html('<div class="desk-prose">{}</div>', mark_safe(clean_html(html)))  # noqa: S308
