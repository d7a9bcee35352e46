"""Reads of press mentions."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import ExtractYear

if TYPE_CHECKING:
    from research.models import PressMention


class PressMentionQuerySet(models.QuerySet["PressMention"]):
    def public(self) -> "PressMentionQuerySet":
        """Mentions under "In the news", the latest first."""
        return self.filter(is_public=True).order_by("-published_on", "-pk")

    def years(self) -> list[int]:
        """The years with a mention, the latest first."""
        found = self.order_by().annotate(year=ExtractYear("published_on")).values_list("year", flat=True)
        return sorted(set(found.distinct()), reverse=True)
