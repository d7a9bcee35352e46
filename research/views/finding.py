"""The findings library: the list with its facets, a finding, several side by side, files for programs."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.caching import cached_page
from partners.framing import framed
from partners.related import groups_beside
from partners.services.identity import get_coalition
from partners.spreadsheets import csv_download
from research.charts import BarChart, bar_chart
from research.citing import citations
from research.embedding import living_source, page_address
from research.finding_files import csv_rows, document, number_of, observation, with_everything, work_of
from research.finding_filter import MOST_COMPARED, SORTS, FindingFilter, chosen_in
from research.finding_uses import uses_in_research
from research.models import Finding

PER_PAGE = 20
CARD_HEIGHT = 260


@login_not_required
@require_safe
@cached_page
def finding_list(request: HttpRequest) -> HttpResponse:
    """Findings by words, topic, service, year, place and kind of value, to be chosen and compared."""
    asked = FindingFilter.parse(request.GET)
    page = Paginator(asked.findings().shown(), PER_PAGE).get_page(request.GET.get("page"))
    facets = asked.facets()
    context = {
        "filter": asked,
        "page_obj": page,
        "facets": facets,
        "chips": _chips(asked, facets),
        "sorts": SORTS.items(),
        "carried": _carried(asked, page.object_list),
        "most": MOST_COMPARED,
    }
    return render(request, "research/finding_list.html", context)


def _chips(asked: FindingFilter, facets: list[Any]) -> list[dict[str, str]]:
    """What is set, each with the address of the list without it."""
    chips = [{"label": f"“{asked.q}”", "query": asked.without("q").query}] if asked.q else []
    return chips + [
        {"label": f"{facet.title}: {facet.label}", "query": asked.without(facet.name).query}
        for facet in facets
        if facet.chosen
    ]


def _carried(asked: FindingFilter, shown: Any) -> list[str]:
    """Chosen findings that have no box on this page: they come along unseen, and are counted in words."""
    here = {finding.slug for finding in shown}
    return [slug for slug in asked.chosen if slug not in here]


@login_not_required
@require_safe
def finding_csv(request: HttpRequest) -> HttpResponseBase:
    """The list as a table, all pages of it."""
    findings = with_everything(FindingFilter.parse(request.GET).findings())
    return csv_download("findings.csv", csv_rows(findings))


@login_not_required
@require_safe
@cached_page
def finding_json(request: HttpRequest) -> HttpResponse:
    """The list for programs, all pages of it."""
    asked = FindingFilter.parse(request.GET)
    found = [document(finding) for finding in with_everything(asked.findings())]
    address = f"{settings.SITE_URL}{reverse('research:finding_list')}"
    query = f"?{asked.file_query}" if asked.file_query else ""
    return _open_json({"url": f"{address}{query}", "count": len(found), "findings": found})


@login_not_required
@require_safe
@cached_page
def finding_compare(request: HttpRequest) -> HttpResponse:
    """Up to six chosen findings side by side, and bars where their units agree."""
    slugs = chosen_in(request.GET)
    by_slug = {
        finding.slug: finding for finding in Finding.objects.published().shown().filter(slug__in=slugs)
    }
    chosen = [by_slug[slug] for slug in slugs if slug in by_slug]
    context = {
        "findings": [(finding, _query_without(chosen, finding)) for finding in chosen],
        "charts": comparison_charts(chosen),
        "query": "&".join(f"f={finding.slug}" for finding in chosen),
        "missing": len(slugs) - len(chosen),
        "most": MOST_COMPARED,
    }
    return render(request, "research/finding_compare.html", context)


def _query_without(chosen: list[Finding], left_out: Finding) -> str:
    return "&".join(f"f={finding.slug}" for finding in chosen if finding != left_out)


def comparison_charts(findings: list[Finding]) -> list[BarChart]:
    """A chart for each unit that two findings or more share. Values of different units are never drawn together."""
    by_unit: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.number is not None:
            by_unit[finding.kind, finding.unit.strip().lower()].append(finding)
    charts = []
    for (kind, _unit), same in by_unit.items():
        if len(same) > 1:
            unit = same[0].unit.strip() or str(Finding.Kind(kind).label)
            rows = [
                (f"{finding.claim_words} ({finding.place_words}, {finding.year})", [number_of(finding)])
                for finding in same
            ]
            charts.append(bar_chart(rows, title=_("In comparison"), unit=unit))
    return charts


@login_not_required
@require_safe
@cached_page
def finding(request: HttpRequest, slug: str) -> HttpResponse:
    """One finding: its value large, where it comes from, what it does not say, what was corrected, where it is used."""
    found = _existing(request, slug)
    coalition = get_coalition()
    uses = [*uses_in_research(found), *groups_beside(found, timezone.now())]
    context = {
        "finding": found,
        "check": getattr(found, "source_check", None),
        "source_url": living_source(found),
        "corrections": list(found.corrections.all())[::-1],
        "citations": citations(work_of(found, coalition)),
        "related": [] if found.is_retracted else uses,
        "frame_code": frame_code(found),
        "is_draft": found.state == Finding.State.DRAFT,
        "json_ld": observation(found, coalition) if found.state == Finding.State.PUBLISHED else "",
    }
    return render(request, "research/finding_detail.html", context)


def _existing(request: HttpRequest, slug: str) -> Finding:
    return get_object_or_404(with_everything(Finding.objects.visible_to(request.user)), slug=slug)


@login_not_required
@require_safe
@cached_page
def finding_data(request: HttpRequest, slug: str) -> HttpResponse:
    """One finding for programs. A retracted one is gone, and says why."""
    found = _existing(request, slug)
    if found.state == Finding.State.DRAFT:
        raise Http404
    return _open_json(document(found), status=410 if found.is_retracted else 200)


def _open_json(data: dict[str, Any], status: int = 200) -> HttpResponse:
    """JSON that scripts on any site may read. Its tag lets them ask whether anything changed."""
    answer = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@login_not_required
@require_safe
@cached_page
@framed
def finding_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A finding as a small card for a frame on any site; without scripts."""
    findings = Finding.objects.visible_to(AnonymousUser()).shown().select_related("source_check")
    found = get_object_or_404(findings, slug=slug)
    context = {"finding": found, "source_url": living_source(found), "page_url": page_address(found)}
    return render(request, "research/finding_embed.html", context)


def frame_code(finding: Finding) -> SafeString:
    """What somebody pastes into their own site to show the card."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" style="border:0" loading="lazy"></iframe>',
        f"{settings.SITE_URL}{reverse('research:finding_embed', args=[finding.slug])}",
        _("Finding: %(claim)s") % {"claim": finding.claim},
        CARD_HEIGHT,
    )
