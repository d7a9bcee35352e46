"""What the desk's pages share: read-only rows, buttons that ask before they act, an emptied page cache."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A form writes the whole row, its read-only state too: while it is saved, no step may change that state."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self._lock(unquote(object_id))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _lock(self, object_id: str) -> None:
        with suppress(ValidationError, ValueError):  # Not a number; the form says what to do.
            pk = self.opts.pk.to_python(object_id)
            list(self.model._default_manager.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"))

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


class OnlyOneMixin:
    """Facts of which there is one row, number 1: its list is its form.

    Whether the row is there is asked on its own pages only; a right that asks would cost every page of the desk a read.
    """

    def _its_form(self, request: HttpRequest) -> HttpResponse | None:
        only = self.model._default_manager.first()
        if only is None or not self.has_view_or_change_permission(request):
            return None
        opts = only._meta
        return HttpResponseRedirect(
            reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[only.pk])
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return self._its_form(request) or super().changelist_view(request, extra_context)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._its_form(request) or super().add_view(request, *args, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "show_save_and_add_another": False}
        return super().change_view(request, object_id, form_url, context)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)


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
