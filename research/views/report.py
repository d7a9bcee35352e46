"""Reports for readers: the list, one report, its older versions, its PDF, its tables, its citation as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from partners.caching import cached_page
from partners.related import groups_beside
from partners.services.identity import get_coalition
from partners.spreadsheets import csv_download
from research.citing import Work, bibtex, citations, ris
from research.models import Report, ReportDownload, ReportVersion, ResearchTopic
from research.report_content import ReadReport, content_of, read
from research.report_files import file_name, table_rows, tables_package
from research.report_pdf import draft_pdf, version_pdf, work_of
from research.report_structured_data import report_data
from research.services.downloads import count_download

PER_PAGE = 12
CITATION_FILES: dict[str, tuple[str, Callable[[Work], str]]] = {
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
}
_Kind = ReportDownload.Kind


@dataclass(frozen=True)
class Opened:
    """A report as somebody opened it. `version` is None for what only partners or staff see: the draft itself."""

    report: Report
    version: ReportVersion | None
    is_newest: bool

    def read(self) -> ReadReport:
        return read(self.version.content if self.version else content_of(self.report))

    @property
    def name(self) -> str:
        """The beginning of its files' names."""
        version = f"-version-{self.version.number}" if self.version and not self.is_newest else ""
        return f"{self.report.slug}{version}"


Page = Callable[..., HttpResponseBase]


def opened(page: Page) -> Page:
    """Hands the page the report that its address names, with the version.

    What this reader may not see does not exist; a withdrawn report is a note about why it is gone.
    """

    @wraps(page)
    def answer(request: HttpRequest, slug: str, version: int = 0, **kwargs: Any) -> HttpResponseBase:
        reports = Report.objects.visible_to(request.user).prefetch_related("topics")
        report = get_object_or_404(reports.defer("released_text", "search"), slug=slug)
        if report.is_withdrawn:
            return render(request, "research/report_withdrawn.html", {"report": report}, status=410)
        found = _version(request, report, version)
        response = page(request, found, **kwargs)
        if found.version is None:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer


def _version(request: HttpRequest, report: Report, number: int) -> Opened:
    """The version asked for, else the newest; staff see what a new one would say with `?draft=1`."""
    wants_draft = request.GET.get("draft") == "1" and request.user.has_perm("research.view_report")
    if not report.is_published or (wants_draft and not number):
        if number:
            raise Http404
        return Opened(report, None, True)
    newest = report.versions.first()
    if newest is None:
        raise Http404
    if not number or number == newest.number:
        return Opened(report, newest, True)
    return Opened(report, get_object_or_404(report.versions, number=number), False)


@login_not_required
@require_safe
@cached_page
def report_list(request: HttpRequest) -> HttpResponse:
    """Published reports, the newest first, by topic; for partners also those under embargo."""
    topics = list(ResearchTopic.objects.filter(reports__state=Report.State.PUBLISHED).distinct())
    topic = next((one for one in topics if one.slug == request.GET.get("topic")), None)
    columns = Report.objects.defer("released_text", "search", "method").prefetch_related("topics", "authors")
    reports = columns.published()
    if topic:
        reports = reports.filter(topics=topic)
    embargoed = columns.visible_to(request.user).embargoed() if request.user.is_authenticated else ()
    context = {
        "page_obj": Paginator(reports, PER_PAGE).get_page(request.GET.get("page")),
        "topics": topics,
        "topic": topic,
        "query": f"topic={topic.slug}" if topic else "",
        "embargoed": list(embargoed),
    }
    return render(request, "research/report_list.html", context)


@login_not_required
@require_safe
@cached_page
@opened
def report(request: HttpRequest, found: Opened) -> HttpResponse:
    """A report in HTML: key findings, chapters with charts and tables, method, citation, versions, what belongs to it."""
    shown = found.read()
    one = found.report
    context = {
        "report": one,
        "version": found.version,
        "is_newest": found.is_newest,
        "shown": shown,
        "versions": list(one.versions.defer("content")),
        "citations": citations(work_of(one, shown, found.version)),
        "downloads": one.downloads.total(),
        "bills": list(one.bills.select_related("tracking").defer("search", "synopsis")),
        "news": list(one.citations.verified()),
        "related": groups_beside(one, timezone.now()) if found.version else [],
        # Files of the draft too, where staff look at what a new version would say.
        "files_query": "?draft=1" if found.version is None and one.is_published else "",
        "canonical": f"{settings.SITE_URL}{one.get_absolute_url()}",
        "json_ld": report_data(one, shown, found.version, get_coalition()) if found.is_newest else "",
    }
    return render(request, "research/report_detail.html", context)


@login_not_required
@require_safe
@opened
def report_pdf(request: HttpRequest, found: Opened) -> HttpResponse:
    """The same to print and to keep."""
    file = version_pdf(found.version) if found.version else draft_pdf(found.report)
    count_download(of=found.report, kind=_Kind.PDF, request=request)
    return HttpResponse(file, content_type="application/pdf", headers=_named(f"{found.name}.pdf", "inline"))


@login_not_required
@require_safe
@opened
def report_table(request: HttpRequest, found: Opened, number: int) -> HttpResponseBase:
    """One table as CSV."""
    table = found.read().table(number)
    if table is None:
        raise Http404
    count_download(of=found.report, kind=_Kind.CSV, request=request)
    return csv_download(f"{found.name}-{file_name(table)}", table_rows(table))


@login_not_required
@require_safe
@opened
def report_tables(request: HttpRequest, found: Opened) -> HttpResponse:
    """All tables in one package with their sources."""
    shown = found.read()
    if not shown.tables:
        raise Http404
    count_download(of=found.report, kind=_Kind.DATASET, request=request)
    package = tables_package(shown, work_of(found.report, shown, found.version))
    return HttpResponse(package, content_type="application/zip", headers=_named(f"{found.name}-tables.zip"))


@login_not_required
@require_safe
@opened
def report_citation(request: HttpRequest, found: Opened, style: str) -> HttpResponse:
    """How to cite it, as a file for programs that keep a library."""
    if style not in CITATION_FILES:
        raise Http404
    kind, written = CITATION_FILES[style]
    text = written(work_of(found.report, found.read(), found.version))
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=_named(f"{found.name}.{style}"))


def _named(name: str, how: str = "attachment") -> dict[str, str]:
    return {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "no-cache"}
