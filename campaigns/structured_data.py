"""What machines that read pages are told of stories (schema.org)."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.safestring import SafeString

from campaigns.models import Story
from partners.models import Coalition
from partners.structured_data import json_ld


def news_article(story: Story, coalition: Coalition) -> SafeString:
    """A story as a NewsArticle. Source: https://schema.org/NewsArticle"""
    publisher = {"@type": "Organization", "name": coalition.name, "url": settings.SITE_URL}
    article: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline[:110],
        "description": story.summary,
        "mainEntityOfPage": f"{settings.SITE_URL}{story.get_absolute_url()}",
        "image": [f"{settings.SITE_URL}{staticfiles_storage.url('img/share.png')}"],
        "author": publisher,
        "publisher": publisher,
        "dateModified": story.updated_at.isoformat(),
    }
    if story.publish_at:
        article["datePublished"] = story.publish_at.isoformat()
    if story.city:
        article["contentLocation"] = {"@type": "Place", "name": f"{story.city}, Illinois"}
    return json_ld(article)
