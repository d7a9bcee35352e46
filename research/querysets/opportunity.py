"""Reads of opportunities to present."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from research.models import Opportunity


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def external(self) -> "OpportunityQuerySet":
        """Those that somebody else hosts."""
        return self.filter(is_external=True)
