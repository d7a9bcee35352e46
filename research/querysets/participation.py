"""Reads of who took part in research."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from partners.fiscal_year import CHICAGO, Period

if TYPE_CHECKING:
    from research.models import Participation


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def during(self, period: Period, now: datetime) -> "ParticipationQuerySet":
        """On the days of a period, and by today."""
        today = timezone.localdate(now, CHICAGO)
        return self.filter(participated_on__gte=period.first, participated_on__lte=min(period.last, today))
