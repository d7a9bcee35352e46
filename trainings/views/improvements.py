""" "You said, we did": what people told us of our trainings, and what changed because of it."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.caching import cached_page
from surveys.models import PublishedResults
from trainings.models import Improvement

PER_PAGE = 25


@login_not_required
@require_safe
@cached_page
def improvements(request: HttpRequest) -> HttpResponse:
    """All published ones, the newest first."""
    found = Improvement.objects.filter(state=Improvement.State.PUBLISHED).select_related("theme")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "has_results": PublishedResults.objects.public().exists()}
    return render(request, "trainings/improvements.html", context)
