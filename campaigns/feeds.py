"""Feeds of what is published."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from campaigns.models import Story
from campaigns.querysets import StoryQuerySet
from mailing.composing.compile import clean_body
from partners.caching import cached_page
from partners.models import Coalition
from partners.services.identity import get_coalition
from research.embedding import findings_as_text

LATEST = 30


class StoryFeed(Feed):
    """The newest stories, whole, as Atom. Every address in it is the portal's own, whatever host it was asked by."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> Coalition:
        return get_coalition()

    def link(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("campaigns:story_list")

    def feed_url(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("campaigns:story_feed")

    def title(self, coalition: Coalition) -> str:
        return _("Stories of %(name)s") % {"name": coalition.name}

    def subtitle(self, coalition: Coalition) -> str:
        return coalition.tagline

    def author_name(self, coalition: Coalition) -> str:
        return coalition.name

    def items(self) -> StoryQuerySet:
        return Story.objects.published()[:LATEST]

    def item_link(self, item: Story) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    # Word processors leave control characters in pasted text, which XML cannot hold at all.

    def item_title(self, item: Story) -> str:
        return clean_body(item.headline)

    def item_description(self, item: Story) -> str:
        return clean_body(linebreaks(item.summary, autoescape=True) + findings_as_text(item.body))

    def item_pubdate(self, item: Story) -> datetime | None:
        return item.publish_at

    def item_updateddate(self, item: Story) -> datetime:
        return item.updated_at

    def item_categories(self, item: Story) -> list[str]:
        return [clean_body(item.kicker)]


class IssueFeed(StoryFeed):
    """The newest Issues of the Week, whole, by their weeks."""

    def link(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("campaigns:issue_list")

    def feed_url(self, coalition: Coalition) -> str:
        return settings.SITE_URL + reverse("campaigns:issue_feed")

    def title(self, coalition: Coalition) -> str:
        return _("Issue of the Week of %(name)s") % {"name": coalition.name}

    def items(self) -> StoryQuerySet:
        return Story.objects.of_the_week(timezone.localdate())[:LATEST]


_feed = StoryFeed()
_issue_feed = IssueFeed()


@login_not_required
@cached_page
def story_feed(request: HttpRequest) -> HttpResponse:
    """The Atom feed's address."""
    return _feed(request)


@login_not_required
@cached_page
def issue_feed(request: HttpRequest) -> HttpResponse:
    """The feed of the stories that led a week."""
    return _issue_feed(request)
