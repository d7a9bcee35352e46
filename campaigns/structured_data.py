"""What machines that read pages are told (schema.org), as a data block that no browser executes."""

import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from campaigns.models import Story
from partners.models import Coalition

# The same three signs as Django's own json_script: nothing in the data can end the element.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(data: dict[str, object]) -> SafeString:
    """The data block for a page's head."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 (escaped above)


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
