"""The front page of research: what there is, with the newest report first."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.caching import cached_page
from research.models import Finding, Report
from surveys.models import PublishedResults

LATEST = 4
FINDINGS = 3


@login_not_required
@require_safe
@cached_page
def hub(request: HttpRequest) -> HttpResponse:
    """The newest reports, a few findings, and the ways to everything else."""
    reports = Report.objects.published().defer("released_text", "search", "method")
    newest = list(reports.prefetch_related("topics", "authors")[:LATEST])
    context = {
        "lead": newest[0] if newest else None,
        "reports": newest[1:],
        "findings": Finding.objects.published()
        .select_related("county")
        .order_by("-published_at", "-pk")[:FINDINGS],
        "has_results": PublishedResults.objects.public().exists(),
    }
    return render(request, "research/hub.html", context)
