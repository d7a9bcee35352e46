"""The page that explains the API."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from legislation.api.documentation import documentation
from legislation.api.paging import MOST_PER_PAGE
from partners.caching import cached_page


@login_not_required
@require_safe
@cached_page
def documentation_page(request: HttpRequest) -> HttpResponse:
    """Every address of the API with its parameters and answers."""
    facts = {
        "api": documentation(),
        "root": f"{settings.SITE_URL}{request.path}",
        "rate": settings.API_RATE.split("/")[0],
        "most": MOST_PER_PAGE,
    }
    return render(request, "legislation/api_docs.html", facts)
