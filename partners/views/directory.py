"""The public directory, an organization's public page, and its logo."""

import re

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.caching import cached_page
from partners.directory import directory_page
from partners.models import Organization

_LOGO_NAME = re.compile(r"[0-9a-f]{32}(_[A-Za-z0-9]{7})?\.webp")


@login_not_required
@require_safe
@cached_page
def directory(request: HttpRequest) -> HttpResponse:
    """Every listed partner, with the count of partners today."""
    page = directory_page(request.GET)
    return render(
        request,
        "partners/organization_list.html",
        {"directory": page, "rows": page.rows, "today": timezone.localdate()},
    )


@login_not_required
@require_safe
@cached_page
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """What the public may know of a partner: nothing about its people or its answers."""
    partner = get_object_or_404(
        Organization.objects.listed().select_related("county", "area").prefetch_related("sub_sectors"),
        slug=slug,
    )
    return render(request, "partners/organization_detail.html", {"organization": partner})


@login_not_required
@require_safe
def logo(request: HttpRequest, name: str) -> FileResponse:
    """A logo as we re-encoded it. Its name is random and never used twice, so it may be kept for a year."""
    path = f"logos/{name}"
    if not _LOGO_NAME.fullmatch(name) or not default_storage.exists(path):
        raise Http404
    response = FileResponse(default_storage.open(path), content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
