"""Pages behind the buttons of the staff desk: they ask, and a POST acts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from unfold.decorators import action

from campaigns.models import CallToAction
from campaigns.services.errors import StateError


@dataclass
class Question:
    """One step staff confirm: what it does in words, the button that names it, and the service it calls.

    `step` gets the form's cleaned data and returns the record to show next, or nothing for the same one.
    """

    title: str
    explanation: str
    button: str
    done: str
    step: Callable[[dict[str, Any]], Model | None]
    form: forms.Form | None = None
    problems: list[str] = field(default_factory=list)
    facts: list[tuple[str, object]] = field(default_factory=list)
    danger: bool = False
    next_url: str = ""
    template: str = "admin/desk/question.html"


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, and nothing for a form that is only opened."""
    return request.POST if request.method == "POST" else None


def change_url(obj: Model) -> str:
    """The record's page in the staff desk."""
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def closing_words(call: CallToAction) -> str:
    """When a call closes, in Chicago's time; the one that takes stories at any time never does."""
    if call.is_standing:
        return _("never")
    return date_format(timezone.localtime(call.closes_at), "F j, Y, g:i a")


def desk_context(admin: ModelAdmin, request: HttpRequest, obj: Model, title: str) -> dict[str, Any]:
    """What every desk page of a record needs: the admin's frame, the record, the way back."""
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": obj,
        "title": title,
        "desk_title": title,
        "back_url": change_url(obj),
    }


def asking(description: Promise, **button: Any) -> Callable[[Callable[..., Question]], Any]:
    """A button of a record's page that asks before it acts: the method tells what it asks about that record.

    `button` is what the desk's own decorator takes: its icon, its address, its color.
    """

    def decorate(method: Callable[..., Question]) -> Any:
        @wraps(method)
        def page(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
            record = admin.record(request, object_id)
            return ask(admin, request, record, method(admin, request, record))

        return action(description=description, permissions=["work"], **button)(page)

    return decorate


def ask(admin: ModelAdmin, request: HttpRequest, obj: Model, question: Question) -> HttpResponse:
    """Shows the question; answered by POST, takes the step, tells how it went and goes on."""
    form = question.form
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            result = question.step(form.cleaned_data if form else {})
        except StateError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(change_url(obj))
        messages.success(request, question.done)
        return HttpResponseRedirect(question.next_url or change_url(result or obj))
    context = desk_context(admin, request, obj, question.title)
    context |= {"question": question, "form": form, "media": form.media if form else ""}
    return TemplateResponse(request, question.template, context)
