"""Reads of citations."""

from typing import TYPE_CHECKING

from django.db import models

from partners.fiscal_year import Period

if TYPE_CHECKING:
    from research.models import Citation


class CitationQuerySet(models.QuerySet["Citation"]):
    def verified(self) -> "CitationQuerySet":
        """Citations that somebody has looked up. Only these are counted and shown, the latest first."""
        return self.filter(state="verified").order_by("-cited_on", "-pk")

    def cited_in(self, period: Period) -> "CitationQuerySet":
        """Of a period, by the day of the citation."""
        return self.filter(cited_on__range=(period.first, period.last))
