"""The service map."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.caching import cached_page
from research.service_map import HEIGHT, NODE, WIDTH, service_map


@login_not_required
@require_safe
@cached_page
def service_map_page(request: HttpRequest) -> HttpResponse:
    """How human services lead to one another; `?service=` marks one of them."""
    drawn = service_map(request.GET.get("service", ""))
    context = {"map": drawn, "width": WIDTH, "height": HEIGHT, "radius": NODE}
    return render(request, "research/service_map.html", context)
