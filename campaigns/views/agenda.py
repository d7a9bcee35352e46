"""The policy and advocacy agenda of each year."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Agenda, CallToAction, Pillar, Priority, Target
from campaigns.views.preview import get_public_or_preview
from partners.caching import cached_page


@login_not_required
@cached_page
def agenda(request: HttpRequest) -> HttpResponse:
    """The newest agenda."""
    return _agenda_page(request, Agenda.objects.published().first(), is_preview=False)


@login_not_required
@cached_page
def agenda_year(request: HttpRequest, year: int) -> HttpResponse:
    """The agenda of one year."""
    shown, is_preview = get_public_or_preview(
        request, public=Agenda.objects.published(), everything=Agenda.objects.all(), year=year
    )
    return _agenda_page(request, shown, is_preview=is_preview)


def _agenda_page(request: HttpRequest, shown: Agenda | None, *, is_preview: bool) -> HttpResponse:
    own = Priority.objects.filter(agenda=shown).select_related("agenda")
    pillars = Pillar.objects.prefetch_related(Prefetch("priorities", queryset=own, to_attr="own_priorities"))
    return render(
        request,
        "campaigns/agenda.html",
        {
            "agenda": shown,
            "pillars": pillars if shown else [],
            "fields": _targets_by_field(shown) if shown else [],
            "canonical": f"{settings.SITE_URL}{shown.get_absolute_url()}" if shown else "",
            "years": list(Agenda.objects.published()),
            "is_preview": is_preview,
        },
    )


def _targets_by_field(shown: Agenda) -> list[tuple[str, list[str]]]:
    """The year's targets under the names of their fields, in the plan's order; empty fields are left out."""
    targets = list(shown.targets.all())
    grouped = (
        (str(field.label), [target.text for target in targets if target.field == field])
        for field in Target.Field
    )
    return [(label, texts) for label, texts in grouped if texts]


@login_not_required
@cached_page
def priority(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """One priority: the ask, what it pays for, and what is under way for it."""
    priorities = Priority.objects.select_related("agenda", "pillar", "fact_sheet")
    shown, is_preview = get_public_or_preview(
        request,
        public=priorities.filter(agenda__is_published=True),
        everything=priorities,
        agenda__year=year,
        slug=slug,
    )
    calls = CallToAction.objects.open(timezone.now()).filter(campaign__priority=shown)
    sheet = shown.fact_sheet
    return render(
        request,
        "campaigns/priority.html",
        {
            "priority": shown,
            "campaigns": shown.campaigns.public().exclude(status="archived"),
            "calls": calls.with_counts(),
            "voices": list(shown.voices.listed().select_related("sub_sector")),
            "reports": list(shown.reports.published()),
            "fact_sheet": sheet if sheet and sheet.state == "published" else None,
            "others": priorities.filter(agenda=shown.agenda).exclude(pk=shown.pk),
            "is_preview": is_preview,
        },
    )
