"""The search over everything public."""

from dataclasses import dataclass, replace

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mailing.web.limits import reads_too_often
from partners.caching import cached_page
from portal.search.asked import Asked
from portal.search.found import MOST_COUNTED, PER_PAGE, Found, find, finds_anything
from portal.search.kinds import BY_NAME, KINDS
from portal.search.words import longer, respelled, vocabulary

logger = structlog.get_logger(__name__)


@login_not_required
@require_safe
@cached_page
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, of all kinds or of one; without words, how to search."""
    asked = Asked.read(request.GET, BY_NAME)
    if not asked.q:
        return render(request, "portal/search.html", {"asked": asked})
    if reads_too_often(request, "search", settings.SEARCH_RATE):
        return render(request, "429.html", status=429)
    now = timezone.now()
    known = vocabulary(KINDS, now)
    # Without this "housing" would find households: both begin with the same stem.
    asked = replace(asked, is_whole=asked.last_word in known)
    found = find(asked, KINDS, now)
    if not found.total:
        # What people look for in vain is what the site lacks. Who looked for it is not noted.
        logger.info("search found nothing", words=asked.q.lower())
    context = {
        "asked": asked,
        "found": found,
        "page_obj": Paginator(range(found.pages * PER_PAGE), PER_PAGE).get_page(found.page),
        "query": asked.address_query(page=1),
        "everything": asked.address_query(kind="", page=1),
        "everything_url": f"?{asked.address_query(kind='', page=1)}",
        "filters": _filters(asked, found),
        "did_you_mean": "" if found.total else _better(respelled(asked.q, known)),
        "longer": [(words, asked.address_query(q=words, page=1)) for words in longer(asked, known)],
    }
    return render(request, "portal/search.html", context)


@dataclass(frozen=True)
class Filter:
    """One kind that has something: its name, how many at least and whether more, its address, whether it is chosen."""

    label: str
    number: int
    is_more: bool
    query: str
    is_chosen: bool


def _filters(asked: Asked, found: Found) -> list[Filter]:
    """The kinds that have something, and the chosen one even if it has nothing."""
    counts = {
        name: found.counts.get(name, 0) for name in BY_NAME if name in found.counts or name == asked.kind
    }
    return [
        Filter(
            label=str(BY_NAME[name].label),
            number=min(number, MOST_COUNTED),
            is_more=number > MOST_COUNTED,
            query=asked.address_query(kind=name, page=1),
            is_chosen=name == asked.kind,
        )
        for name, number in counts.items()
    ]


def _better(words: str) -> dict[str, str] | None:
    """“Did you mean …”: the words, and the address's query; only where it would find something."""
    better = Asked(q=words)
    if not words or not finds_anything(better, KINDS, timezone.now()):
        return None
    return {"words": words, "query": better.address_query()}
