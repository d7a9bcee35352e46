"""A step about one record that staff confirm before it happens."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from mailing.errors import StateError


@dataclass
class Question:
    """What the step does in words, its button, and what runs when the button is pressed; it returns what to say."""

    title: str
    explanation: str
    button: str
    step: Callable[[dict[str, object]], str]
    form: forms.Form | None = None
    danger: bool = False
    facts: list[tuple[str, object]] = field(default_factory=list)
    problems: tuple[str, ...] = ()


def decide(
    model_admin: ModelAdmin,
    request: HttpRequest,
    question: Question,
    *,
    back_url: str,
    record: Model | None = None,
    done_url: str = "",
) -> HttpResponse:
    """Shows the question; its POST takes the step, says how it went and notes who did it in the record's history.

    `done_url` is where one goes when the step leaves no record to go back to.
    """
    form = question.form
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            done = question.step(form.cleaned_data if form else {})
        except StateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
            if record is not None:
                model_admin.log_change(request, record, done)
            return HttpResponseRedirect(done_url or back_url)
        return HttpResponseRedirect(back_url)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": record,
        "title": question.title,
        "desk_title": question.title,
        "back_url": back_url,
        "question": question,
        "form": form,
    }
    return TemplateResponse(request, "admin/desk/question.html", context)
