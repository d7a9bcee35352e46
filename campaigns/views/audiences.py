"""Ways in for those who come with a question of their own: policy makers, business, the media, anyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.kit import facts_of_the_coalition, mark_drawing
from campaigns.models import AudiencePage, CallToAction
from campaigns.views.preview import get_public_or_preview
from partners.caching import cached_page
from partners.models import TeamMember
from research.models import PressMention

CALLS_SHOWN = 2
MENTIONS_SHOWN = 5
MEDIA = "media"


@login_not_required
@cached_page
def audience_list(request: HttpRequest) -> HttpResponse:
    """Who the site has a way in for."""
    pages = AudiencePage.objects.published()
    # The media kit has its card whether or not staff wrote words for it.
    return render(request, "campaigns/audience_list.html", {"pages": pages.exclude(slug=MEDIA)})


@login_not_required
@cached_page
def audience_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What we have for one audience: chosen by staff, and only what is public today."""
    pages = AudiencePage.objects.all()
    page, is_preview = get_public_or_preview(request, public=pages.published(), everything=pages, slug=slug)
    return render(
        request, "campaigns/audience_page.html", {**_composed(page), "page": page, "is_preview": is_preview}
    )


def _composed(page: AudiencePage) -> dict[str, object]:
    """The live things of a page; what is withdrawn or not yet published is not among them."""
    calls = CallToAction.objects.open(timezone.now()).filter(audience=CallToAction.Audience.EVERYONE)
    return {
        "findings": list(page.findings.published().shown()),
        "reports": list(page.reports.published()),
        "fact_sheets": list(page.fact_sheets.published()),
        "stories": list(page.stories.published()),
        "calls": list(calls.with_counts()[:CALLS_SHOWN]),
        "others": AudiencePage.objects.published().exclude(pk=page.pk),
    }


@login_not_required
@cached_page
def media_kit(request: HttpRequest) -> HttpResponse:
    """For reporters: who we are in one paragraph, facts with their day, logos, people to ask, what was written."""
    page = AudiencePage.objects.published().filter(slug=MEDIA).first()
    now = timezone.now()
    return render(
        request,
        "campaigns/media_kit.html",
        {
            **(_composed(page) if page else {"others": AudiencePage.objects.published()}),
            "page": page,
            "facts": facts_of_the_coalition(now),
            "today": timezone.localdate(now),
            "staff": TeamMember.objects.filter(kind=TeamMember.Kind.STAFF),
            "mentions": list(PressMention.objects.public()[:MENTIONS_SHOWN]),
        },
    )


@login_not_required
@cached_page
def mark_file(request: HttpRequest) -> HttpResponse:
    """The coalition's drawn mark, as a file to download."""
    response = HttpResponse(mark_drawing(), content_type="image/svg+xml")
    response["Content-Disposition"] = 'attachment; filename="mark.svg"'
    return response
