"""Asking for technical assistance, following one's requests, and the library of resources."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mailing.web.forms import PortalFormMixin
from mailing.web.limits import limited
from partners.fields import LineField
from partners.posted import posted
from trainings.community_forms import WordsField
from trainings.community_querysets import may_read_community
from trainings.models import AssistanceRequest, CourseTopic, Resource, Session
from trainings.services import assistance as services

PER_PAGE = 20


class AskForm(PortalFormMixin, forms.Form):
    """What somebody needs help with. `person` limits the trainings to their own."""

    subject = LineField(
        label=gettext_lazy("What is it about?"),
        max_length=160,
        error_messages={"required": gettext_lazy("Say in a few words what it is about.")},
    )
    text = WordsField(
        label=gettext_lazy("What do you want to do, and where are you stuck?"),
        error_messages={"required": gettext_lazy("Tell us where you are stuck.")},
    )
    topic = forms.ModelChoiceField(
        CourseTopic.objects.all(),
        label=gettext_lazy("Topic (optional)"),
        required=False,
        empty_label=gettext_lazy("Another one"),
    )
    session = forms.ModelChoiceField(
        Session.objects.none(),
        label=gettext_lazy("The training it follows (optional)"),
        required=False,
        empty_label=gettext_lazy("None of these"),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Session.objects.filter(enrollments__person=person, enrollments__status="attended")
        sessions: Any = self.fields["session"]
        sessions.queryset = own.select_related("course").order_by("-starts_at")


class MoreForm(PortalFormMixin, forms.Form):
    text = WordsField(
        label=gettext_lazy("Write back"),
        error_messages={"required": gettext_lazy("Write what you want to add.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@limited("assistance")
def ask(request: HttpRequest) -> HttpResponse:
    """The form for people of partners; `session` in the address chooses the training."""
    person = getattr(request.user, "person", None)
    if person is None or not may_read_community(request.user):
        return render(request, "trainings/assistance/for_partners.html", status=403)
    form = AskForm(posted(request), person=person, initial={"session": request.GET.get("session")})
    if form.is_bound and form.is_valid():
        asked = services.ask(person=person, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("We have your request. We answer by e-mail, and here."))
        return redirect(asked)
    return render(request, "trainings/assistance/ask.html", {"form": form})


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """One's own requests, the newest first."""
    own = AssistanceRequest.objects.filter(person__user=request.user).order_by("-opened_at", "-pk")
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "trainings/assistance/requests.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@limited("assistance")
def assistance_request(request: HttpRequest, reference: str) -> HttpResponse:
    """One of one's own requests; POST adds to it."""
    own = AssistanceRequest.objects.filter(person__user=request.user).select_related("session__course")
    found = get_object_or_404(own, reference=reference)
    form = MoreForm(posted(request))
    if form.is_bound and form.is_valid():
        services.write_more(request=found, text=form.cleaned_data["text"], now=timezone.now())
        return redirect(found)
    context = {"asked": found, "messages_of_it": found.messages.all(), "form": form}
    return render(request, "trainings/assistance/request.html", context)


@login_not_required
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """The library: public resources, and for people of partners also theirs; by kind and topic, or a single one."""
    shown = Resource.objects.visible_to(request.user).prefetch_related("topics")
    only = request.GET.get("only", "")
    if only.isascii() and only.isdigit() and len(only) < 12:
        shown = shown.filter(pk=int(only))
    else:
        only = ""
    kind, topic = request.GET.get("kind", ""), request.GET.get("topic", "")
    if kind in Resource.Kind.values:
        shown = shown.filter(kind=kind)
    if topic:
        shown = shown.filter(topics__slug=topic[:60])
    context = {
        "page_obj": Paginator(shown.order_by("title", "pk"), PER_PAGE).get_page(request.GET.get("page")),
        "kinds": Resource.Kind.choices,
        "topics": CourseTopic.objects.filter(resources__isnull=False).distinct(),
        "kind": kind,
        "topic": topic,
        "only": only,
        "query": urlencode({name: value for name, value in (("kind", kind), ("topic", topic)) if value}),
        "sees_all": may_read_community(request.user),
    }
    return render(request, "trainings/resources.html", context)


@login_not_required
@require_POST
@limited("resource", "240/h")
def open_resource(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts an opening and leads to the resource."""
    found = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    services.count_opening(resource=found.pk)
    return redirect(found.url)
