"""The staff desk's sidebar: groups of lists, each shown to staff who may look at it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.navigation.campaigns import agenda, campaigns
from portal.navigation.coalition import coalition, mail, partners
from portal.navigation.councils import councils
from portal.navigation.item import Item
from portal.navigation.legislature import legislature
from portal.navigation.research import research
from portal.navigation.trainings import community, fees, trainings


def navigation(request: HttpRequest) -> list[Item]:
    """The sidebar's groups, in the order in which staff read them."""
    groups = [
        (_("Campaigns"), campaigns(request)),
        (_("Legislature"), legislature(request)),
        (_("Councils and events"), councils(request)),
        (_("Trainings"), trainings(request)),
        (_("Fees and facilitators"), fees(request)),
        (_("Community and listening"), community(request)),
        (_("Research"), research(request)),
        (_("Agenda"), agenda(request)),
        (_("Partners"), partners(request)),
        (_("Mail"), mail(request)),
        (_("Coalition"), coalition(request)),
    ]
    today: Item = {"title": _("Today"), "icon": "today", "link": reverse("admin:index")}
    return [{"title": "", "items": [today]}] + [
        {"title": title, "separator": True, "items": [entry for entry in entries if entry]}
        for title, entries in groups
    ]
