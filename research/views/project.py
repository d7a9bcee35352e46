"""Research projects for everybody, and what signed-in partners say about their phases."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partners.caching import cached_page
from partners.errors import NotAllowed
from partners.models import Organization
from partners.posted import posted
from partners.related import groups_beside
from research.forms.project import FeedbackForm
from research.models import Phase, PhaseFeedback, Report, ResearchProject
from research.project_page import page_of
from research.services import project_feedback as services

PER_PAGE = 20


@login_not_required
@require_safe
@cached_page
def project_list(request: HttpRequest) -> HttpResponse:
    """What is being studied, and what was."""
    found = ResearchProject.objects.visible_to(request.user).in_reading_order().defer("search", "body")
    page = Paginator(found.prefetch_related("topics", "phases"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "research/project_list.html", {"page_obj": page})


@login_not_required
@require_safe
@cached_page
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """One project: how far it is, what is due, who was heard, how to take part."""
    found = get_object_or_404(ResearchProject.objects.visible_to(request.user), slug=slug)
    context = {
        "project": found,
        "page": page_of(found, timezone.localdate()),
        "reports": Report.objects.filter(project=found).published().defer("released_text", "search"),
        "related": groups_beside(found, timezone.now()),
    }
    return render(request, "research/project_detail.html", context)


# --- For people of partners -------------------------------------------------------------------------------------


@require_safe
def my_projects(request: HttpRequest) -> HttpResponse:
    """The phases that ask for feedback, and what I said before with what came of it."""
    organizations = _organizations(request)
    open_phases = Phase.objects.open().select_related("project").order_by("project__session_date", "order")
    said = PhaseFeedback.objects.filter(given_by=request.user).select_related("phase__project")
    answered = {row.phase_id for row in said}
    context = {
        "phases": [(phase, phase.pk in answered) for phase in open_phases] if organizations else [],
        "said": said,
        "is_of_a_partner": bool(organizations),
    }
    return render(request, "research/my_projects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give_feedback(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The form about one phase; while the phase is open it can be sent again."""
    phase = get_object_or_404(
        Phase.objects.select_related("project"),
        project__in=ResearchProject.objects.visible_to(request.user),
        project__slug=slug,
        kind=kind,
    )
    organizations = _organizations(request)
    before = PhaseFeedback.objects.filter(phase=phase, given_by=request.user).first()
    form = FeedbackForm(posted(request), initial=_initial(before), organizations=organizations)
    if organizations and form.is_bound and form.is_valid():
        try:
            services.give_feedback(phase=phase, by=request.user, now=timezone.now(), **form.cleaned_data)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Thank you. Your feedback is with the people who lead the project."))
        return redirect("my_research:projects")
    context = {
        "phase": phase,
        "project": phase.project,
        "form": form,
        "before": before,
        "is_of_a_partner": bool(organizations),
        "is_open": phase.state == Phase.State.OPEN and phase.project.status == "running",
    }
    return render(request, "research/project_feedback.html", context)


def _organizations(request: HttpRequest) -> Any:
    """The active partners for which this person can speak."""
    return (
        Organization.objects.active()
        .filter(memberships__person__user=request.user, memberships__ended_on__isnull=True)
        .distinct()
    )


def _initial(before: PhaseFeedback | None) -> dict[str, Any]:
    if before is None:
        return {}
    return {"organization": before.organization_id, "verdict": before.verdict, "text": before.text}
