"""One link of the sidebar."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

import partners.permissions

Item = dict[str, Any]


def may_look(request: HttpRequest, model: type[Model]) -> bool:
    """Whether this staff member may see the records of a kind."""
    return partners.permissions.may_look(request.user, model)


def item(request: HttpRequest, title: str, icon: str, model: type[Model]) -> Item:
    """One link of the sidebar; nothing where there is no such list or this person may not look at it."""
    opts = model._meta
    if not may_look(request, model) or not admin.site.is_registered(model):
        return {}
    return {
        "title": title,
        "icon": icon,
        "link": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
    }


def pages_below(request: HttpRequest, records: Item, *pages: tuple[Item, str]) -> list[Item]:
    """A list and pages whose addresses lie below the list's: only one of them is where one is.

    A page begins as the list's own link, with its own words, and the name of its address.
    """
    found: list[Item] = []
    for page, name in pages:
        link = reverse(name)
        found.append({**page, "link": link, "active": request.path.startswith(link)} if page else {})
    on_page = any(page.get("active") for page in found)
    if records:
        records = {**records, "active": not on_page and request.path.startswith(records["link"])}
    return [records, *found]
