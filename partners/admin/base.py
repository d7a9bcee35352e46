"""What the desk's pages share: read-only rows, buttons that ask before they act, an emptied page cache."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed


@dataclass
class Question:
    """One step staff confirm: what it does in words, its button, and what runs when the button is pressed."""

    title: str
    explanation: str
    button: str
    done: str
    step: Callable[[dict[str, Any]], object]
    form: forms.Form | None = None
    danger: bool = False
    facts: list[tuple[str, object]] = field(default_factory=list)


class PartnersAdmin(ModelAdmin):
    """Base of the app's admin pages."""

    list_per_page = 50

    def has_work_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What buttons ask for: the right to change, also where the form itself is locked."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def existing(self, request: HttpRequest, object_id: str) -> Any:
        """The record behind an address, or nothing: somebody may have typed it."""
        return self.get_object(request, unquote(object_id))

    def record(self, request: HttpRequest, object_id: str) -> Any:
        """The record a button was pressed on."""
        record = self.existing(request, object_id)
        if record is None:
            raise Http404(_("This record does not exist any more."))
        return record

    def buttons(self, request: HttpRequest, object_id: str, names: set[str]) -> list:
        """The record's buttons among `names`."""
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if button.method.original_function_name in names
        ]

    def ask(self, request: HttpRequest, record: Model, question: Question) -> HttpResponse:
        """Shows the question; its POST takes the step and says how it went."""
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        form = question.form
        if request.method == "POST" and (form is None or form.is_valid()):
            try:
                question.step(form.cleaned_data if form else {})
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, question.done)
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": question.title,
            "desk_title": question.title,
            "back_url": back,
            "question": question,
            "form": form,
        }
        return TemplateResponse(request, "admin/desk/question.html", context)


class PublicPageMixin:
    """For records that stand on cached public pages: every change empties the cache."""

    def save_related(self, request: HttpRequest, form: forms.Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        empty_page_cache_on_commit()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        empty_page_cache_on_commit()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        empty_page_cache_on_commit()


class ReadOnlyMixin:
    """Rows that are facts: staff read them here and change them through buttons, if at all."""

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def desk_page(
    admin: ModelAdmin, address: str, view: Callable[..., HttpResponseBase], name: str
) -> URLPattern:
    """A page of a kind of record beside its list and forms, for `get_urls`: `view` gets the admin and the request.

    Its name is the model's and then `name`: `legislation_hearing_slip_remind`.
    """

    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(admin, request, **kwargs)

    opts = admin.opts
    return path(
        address, admin.admin_site.admin_view(answer), name=f"{opts.app_label}_{opts.model_name}_{name}"
    )
