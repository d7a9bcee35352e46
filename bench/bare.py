"""The peers: a constant Django view, and a view with six ORM queries and one template, both without middleware."""

from typing import Any

import django
from django.conf import settings as portal_settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

django.setup()
portal_settings.MIDDLEWARE = []
portal_settings.ROOT_URLCONF = __name__

_TEMPLATE = """<!DOCTYPE html><html lang="en"><head><title>Bare</title></head><body>
{% for list in lists %}<h2>{{ list.0 }}</h2><ul>
{% for row in list.1 %}<li><a href="/{{ row.pk }}/">{{ row }}</a> {{ row.pk }}</li>{% endfor %}</ul>{% endfor %}
</body></html>"""


def constant(request: HttpRequest) -> HttpResponse:
    """As little as Django can do."""
    return HttpResponse("The same words every time.")


def six_queries(request: HttpRequest) -> HttpResponse:
    """Six lists of 25 rows at most and one template: about what a page with lists cannot do without."""
    from campaigns.models import CallToAction, Campaign, Story
    from partners.models import County, Organization, SubSector

    lists: list[tuple[str, Any]] = [
        ("Organizations", list(Organization.objects.all()[:25])),
        ("Counties", list(County.objects.all()[:25])),
        ("Sub-sectors", list(SubSector.objects.all()[:25])),
        ("Stories", list(Story.objects.all()[:25])),
        ("Campaigns", list(Campaign.objects.all()[:25])),
        ("Calls to action", list(CallToAction.objects.all()[:25])),
    ]
    return HttpResponse(_compiled.render({"lists": lists}))


_compiled = engines["django"].from_string(_TEMPLATE)
urlpatterns = [
    path("health/live/", constant),
    path("constant/", constant),
    path("six/", six_queries),
]
application = WSGIHandler()
