"""Toolkits: the library, a toolkit filled in for its reader, its files one by one and as one archive."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from legislation.chambers import SEATS, Chamber
from legislation.places.district_plans import district_name
from mailing.web.limits import reads_too_often
from partners.caching import cached_page
from partners.related import groups_beside
from research.models import ResearchTopic, Toolkit, ToolkitDownload, ToolkitItem
from research.services.downloads import count_download
from research.toolkit_filling import SIZES, FilledItem, fill_toolkit
from research.toolkit_listing import ToolkitFilter
from research.toolkit_making import content_type, file_of, zip_of
from research.toolkit_readers import Reader, reader_of

PER_PAGE = 20
# Files made for one network address: setting a page costs us, reading it does not.
FILE_RATE = "240/h"
_Kind = ToolkitDownload.Kind


@login_not_required
@require_safe
@cached_page
def toolkit_list(request: HttpRequest) -> HttpResponse:
    """Every toolkit one may read, by topic and by what is in it."""
    topics = list(ResearchTopic.objects.filter(toolkits__status=Toolkit.Status.PUBLISHED).distinct())
    asked = ToolkitFilter.parse(request.GET, topics)
    context = {
        "filter": asked,
        "topics": topics,
        "kinds": ToolkitItem.Kind.choices,
        "page_obj": Paginator(asked.toolkits(request.user), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "research/toolkit_list.html", context)


@login_not_required
@require_safe
def toolkit(request: HttpRequest, slug: str) -> HttpResponse:
    """One toolkit with everything in it, filled in as far as we know the reader."""
    found, reader = _asked(request, slug)
    context: dict[str, Any] = {
        "toolkit": found,
        "reader": reader,
        "items": fill_toolkit(found, reader),
        "houses": [
            (f"house-{number}", district_name(Chamber.LOWER, number))
            for number in range(1, SEATS[Chamber.LOWER] + 1)
        ],
        "sizes": SIZES,
        "related": groups_beside(found, timezone.now()),
    }
    response: Any = render(request, "research/toolkit_detail.html", context)
    # What a visitor typed is kept nowhere, also not in the cache of pages.
    response.page_cache = not reader.is_personal
    if reader.is_personal:
        response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def toolkit_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All of it as one archive, filled in as on the page."""
    found, reader = _asked(request, slug)
    if _too_often(request):
        return render(request, "429.html", status=429)
    count_download(of=found, kind=_Kind.ZIP, request=request)
    pieces = zip_of(found, fill_toolkit(found, reader), reader)
    return StreamingHttpResponse(
        pieces, content_type="application/zip", headers=_headers(f"{found.slug}.zip", as_file=True)
    )


@login_not_required
@require_safe
def toolkit_item(request: HttpRequest, slug: str, pk: int, form: str) -> HttpResponseBase:
    """One item as a file. Texts and pictures open in the browser, everything else is saved."""
    found, reader = _asked(request, slug)
    filled = next((one for one in fill_toolkit(found, reader) if one.item.pk == pk), None)
    if filled is None or form not in filled.formats:
        raise Http404
    if _too_often(request):
        return render(request, "429.html", status=429)
    count_download(of=found, kind=_kind_of(form), request=request)
    return _file(filled, form, reader)


def _file(filled: FilledItem, form: str, reader: Reader) -> HttpResponse:
    name = filled.file_name(form)
    try:
        content = file_of(filled, form, keep=not reader.typed_name)
    except FileNotFoundError as error:
        raise Http404 from error
    shown = form in {"txt", *SIZES}
    return HttpResponse(content, content_type=content_type(name), headers=_headers(name, as_file=not shown))


def _headers(name: str, *, as_file: bool) -> dict[str, str]:
    way = "attachment" if as_file else "inline"
    return {
        "Content-Disposition": f'{way}; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
    }


def _kind_of(form: str) -> ToolkitDownload.Kind:
    return _Kind.PICTURE if form in SIZES else _Kind(form)


def _asked(request: HttpRequest, slug: str) -> tuple[Toolkit, Reader]:
    toolkits = Toolkit.objects.visible_to(request.user).select_related("bill", "report")
    found = get_object_or_404(toolkits, slug=slug)
    return found, reader_of(request.user, request.GET)


def _too_often(request: HttpRequest) -> bool:
    return reads_too_often(request, "toolkit_files", FILE_RATE)
