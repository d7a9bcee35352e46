"""In the news: where others mention the coalition, by year and as an Atom feed."""

from datetime import datetime, time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mailing.composing.compile import clean_body
from partners.caching import cached_page
from partners.fiscal_year import CHICAGO
from partners.models import Coalition
from partners.services.identity import get_coalition
from research.models import PressMention
from research.querysets.press import PressMentionQuerySet

PER_PAGE = 50
LATEST = 30


@login_not_required
@require_safe
@cached_page
def press(request: HttpRequest) -> HttpResponse:
    """Press mentions, the latest first; `?year=` shows one year's."""
    mentions = PressMention.objects.public()
    years = mentions.years()
    year = _asked(request.GET.get("year", ""), years)
    if year:
        mentions = mentions.filter(published_on__year=year)
    page = Paginator(mentions.select_related("report").defer("search"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "years": years,
        "year": year,
        "query": f"year={year}" if year else "",
    }
    return render(request, "research/press_list.html", context)


def _asked(text: str, years: list[int]) -> int | None:
    """The year an address names; none without one. A year without mentions has no page."""
    if not text:
        return None
    found = {str(year): year for year in years}.get(text)
    if found is None:
        raise Http404
    return found


class PressFeed(Feed):
    """The latest mentions; each entry leads to the article itself."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> Coalition:
        return get_coalition()

    def link(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("research:press")

    def feed_url(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("research:press_feed")

    def title(self, coalition: Coalition) -> str:
        return _("%(name)s in the news") % {"name": coalition.name}

    def subtitle(self, coalition: Coalition) -> str:
        return coalition.tagline

    def author_name(self, coalition: Coalition) -> str:
        return coalition.name

    def items(self) -> PressMentionQuerySet:
        return PressMention.objects.public().defer("search")[:LATEST]

    def item_link(self, item: PressMention) -> str:
        return item.url

    def item_guid(self, item: PressMention) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    # Word processors leave control characters in pasted text, which XML cannot hold at all.

    def item_title(self, item: PressMention) -> str:
        return clean_body(f"{item.outlet}: {item.headline}")

    def item_description(self, item: PressMention) -> str:
        return clean_body(item.summary)

    def item_pubdate(self, item: PressMention) -> datetime:
        return datetime.combine(item.published_on, time(12), CHICAGO)

    def item_updateddate(self, item: PressMention) -> datetime:
        return self.item_pubdate(item)


_feed = PressFeed()


@login_not_required
@cached_page
def press_feed(request: HttpRequest) -> HttpResponse:
    """The Atom feed's address."""
    return _feed(request)
