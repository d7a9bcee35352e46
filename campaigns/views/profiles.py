"""The people who work in human services, each with a page."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import WorkerProfile
from campaigns.views.preview import get_public_or_preview
from partners.caching import cached_page

PROFILES_PER_PAGE = 18
OTHERS = 3


@login_not_required
@cached_page
def profile_list(request: HttpRequest) -> HttpResponse:
    """Everybody who lets us tell of their work."""
    profiles = WorkerProfile.objects.listed().select_related("organization")
    page = Paginator(profiles, PROFILES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/profile_list.html", {"page_obj": page})


@login_not_required
@cached_page
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """One person's skill, training and result."""
    profiles = WorkerProfile.objects.select_related("organization")
    shown, is_preview = get_public_or_preview(
        request, public=profiles.listed(), everything=profiles, slug=slug
    )
    others = WorkerProfile.objects.listed().exclude(pk=shown.pk)[:OTHERS]
    return render(
        request,
        "campaigns/profile_detail.html",
        {"profile": shown, "others": others, "is_preview": is_preview},
    )
