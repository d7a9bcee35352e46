"""Topics explained in plain words."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import CallToAction, Explainer
from campaigns.views.preview import get_public_or_preview
from partners.caching import cached_page


@login_not_required
@cached_page
def explainer_list(request: HttpRequest) -> HttpResponse:
    """Every explanation, in the order that staff chose."""
    return render(request, "campaigns/explainer_list.html", {"explainers": Explainer.objects.published()})


@login_not_required
@cached_page
def explainer(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: what it is, what it means for services, and the one thing to do about it."""
    pages = Explainer.objects.select_related("call_to_action")
    shown, is_preview = get_public_or_preview(request, public=pages.published(), everything=pages, slug=slug)
    call = shown.call_to_action
    return render(
        request,
        "campaigns/explainer_detail.html",
        {
            "explainer": shown,
            "call": call if call and call.status != CallToAction.Status.DRAFT else None,
            "reports": shown.reports.published(),
            "others": Explainer.objects.published().exclude(pk=shown.pk),
            "is_preview": is_preview,
        },
    )
