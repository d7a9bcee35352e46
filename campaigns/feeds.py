"""Feeds of what is published."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from campaigns.models import Story
from campaigns.querysets import StoryQuerySet
from partners.caching import cached_page
from partners.models import Coalition
from partners.services.identity import get_coalition

LATEST = 30


class StoryFeed(Feed):
    """The newest stories, whole, as Atom."""

    feed_type = Atom1Feed
    link = reverse_lazy("campaigns:story_list")
    feed_url = reverse_lazy("campaigns:story_feed")

    def get_object(self, request: HttpRequest) -> Coalition:
        return get_coalition()

    def title(self, coalition: Coalition) -> str:
        return _("Stories of %(name)s") % {"name": coalition.name}

    def subtitle(self, coalition: Coalition) -> str:
        return coalition.tagline

    def author_name(self, coalition: Coalition) -> str:
        return coalition.name

    def items(self) -> StoryQuerySet:
        return Story.objects.published()[:LATEST]

    def item_title(self, item: Story) -> str:
        return item.headline

    def item_description(self, item: Story) -> str:
        return linebreaks(item.summary, autoescape=True) + item.body

    def item_pubdate(self, item: Story) -> datetime | None:
        return item.publish_at

    def item_updateddate(self, item: Story) -> datetime:
        return item.updated_at

    def item_categories(self, item: Story) -> list[str]:
        return [item.kicker]


_feed = StoryFeed()


@login_not_required
@cached_page
def story_feed(request: HttpRequest) -> HttpResponse:
    """The Atom feed's address."""
    return _feed(request)
