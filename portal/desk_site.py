"""The staff desk as an admin site."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite


class DeskSite(UnfoldAdminSite):
    """Unfold's site; the list of all applications, which every page asks for and hardly one shows, is made when read.

    Making it takes more time than most of the desk's pages do otherwise: a hundred kinds of records, sorted by names
    that are translated at each comparison.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        return SimpleLazyObject(lambda: super(DeskSite, self).get_app_list(request, app_label))
