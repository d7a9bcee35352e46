"""Drafts, which staff may see as the public will."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from campaigns.permissions import can_preview

Row = TypeVar("Row", bound=Model)


def get_public_or_preview(
    request: HttpRequest, *, public: QuerySet[Row], everything: QuerySet[Row], **lookup: Any
) -> tuple[Row, bool]:
    """The row the address names, and whether this is a preview.

    Staff with the right to view see drafts with `?preview=1`; for everybody else they are not there.
    """
    if request.GET.get("preview") == "1" and can_preview(request.user, everything.model):
        row = get_object_or_404(everything, **lookup)
        return row, not public.filter(pk=row.pk).exists()
    return get_object_or_404(public, **lookup), False
