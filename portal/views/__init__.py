"""The pages that show more than one app's data, and those about the coalition itself."""

from portal.views.about import (
    about,
    about_allies,
    about_ally,
    about_people,
    accessibility,
    contact,
    contact_sent,
    privacy,
)
from portal.views.home import home
from portal.views.my import dashboard
from portal.views.search import search
from portal.views.technical import health_live, health_mail, health_ready, public_sitemap, robots

__all__ = [
    "about",
    "about_allies",
    "about_ally",
    "about_people",
    "accessibility",
    "contact",
    "contact_sent",
    "dashboard",
    "health_live",
    "health_mail",
    "health_ready",
    "home",
    "privacy",
    "public_sitemap",
    "robots",
    "search",
]
