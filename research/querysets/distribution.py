"""Reads of the distribution plan."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from research.models import Announcement, DistributionStep


class DistributionStepQuerySet(models.QuerySet["DistributionStep"]):
    def with_mail(self) -> "DistributionStepQuerySet":
        """With what our own mail sends for them."""
        return self.select_related("announcement__mailing", "announcement__topic", "owner__person")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def due(self, now: datetime) -> "AnnouncementQuerySet":
        """Scheduled ones whose moment has come, without those that are held."""
        return self.filter(send_at__lte=now, mailing__isnull=True, held_because="").order_by("send_at", "pk")
