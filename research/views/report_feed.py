"""The newest reports as an Atom feed."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from mailing.composing.compile import clean_body
from partners.caching import cached_page
from partners.models import Coalition
from partners.services.identity import get_coalition
from research.models import Report
from research.querysets.report import ReportQuerySet

LATEST = 30


class ReportFeed(Feed):
    """Published reports with their summaries. Every address in it is the portal's own, whatever host it was asked by."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> Coalition:
        return get_coalition()

    def link(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("research:report_list")

    def feed_url(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("research:report_feed")

    def title(self, coalition: Coalition) -> str:
        return _("Research by %(name)s") % {"name": coalition.name}

    def subtitle(self, coalition: Coalition) -> str:
        return coalition.tagline

    def author_name(self, coalition: Coalition) -> str:
        return coalition.name

    def items(self) -> ReportQuerySet:
        reports = Report.objects.published().defer("released_text", "search", "method")
        return reports.annotate(newest=Max("versions__released_at")).prefetch_related("topics")[:LATEST]

    def item_link(self, item: Report) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_title(self, item: Report) -> str:
        return clean_body(item.full_title)

    def item_description(self, item: Report) -> str:
        return clean_body(item.summary)

    def item_pubdate(self, item: Report) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Report) -> datetime | None:
        return getattr(item, "newest", None) or item.published_at

    def item_categories(self, item: Report) -> list[str]:
        return [clean_body(topic.name) for topic in item.topics.all()]


_feed = ReportFeed()


@login_not_required
@cached_page
def report_feed(request: HttpRequest) -> HttpResponse:
    """The Atom feed's address."""
    return _feed(request)
