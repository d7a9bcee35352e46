"""Reads of the distribution plan."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from research.models import DistributionStep


class DistributionStepQuerySet(models.QuerySet["DistributionStep"]):
    def with_mail(self) -> "DistributionStepQuerySet":
        """With what our own mail sends for them."""
        return self.select_related("announcement__mailing", "announcement__topic", "owner__person")
