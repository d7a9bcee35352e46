"""What machines that read pages are told of stories and events (schema.org)."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.safestring import SafeString

from campaigns.models import CallToAction, Story
from campaigns.services.invitations import Event
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


def invited_event(call: CallToAction, event: Event) -> SafeString:
    """An event that everybody is invited to, as an Event. Source: https://schema.org/Event"""
    status = "EventCancelled" if event.cancelled_at else "EventScheduled"
    page = f"{settings.SITE_URL}{call.get_absolute_url()}"
    place = {"@type": "Place", "name": event.place}
    online = {"@type": "VirtualLocation", "url": page}
    mode = "Mixed" if event.place and event.online_url else "Online" if event.online_url else "Offline"
    return json_ld(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": call.title,
            "description": call.ask,
            "startDate": event.starts_at.isoformat(),
            "endDate": event.ends_at.isoformat(),
            "eventStatus": f"https://schema.org/{status}",
            "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
            "location": [*([place] if event.place else []), *([online] if event.online_url else [])],
            "url": page,
        }
    )
