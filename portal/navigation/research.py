"""Reports, findings, fact sheets, projects, uptake, toolkits."""

from django.http import HttpRequest

from portal.navigation.item import Item


def research(request: HttpRequest) -> list[Item]:
    return []
