"""Reads of the tables we sit at that are used twice."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from meetings.models import Seat, SeatReport, Table, TableMember


class TableQuerySet(models.QuerySet["Table"]):
    def public(self) -> "TableQuerySet":
        """Tables that everybody may read about."""
        return self.filter(is_public=True)


class SeatQuerySet(models.QuerySet["Seat"]):
    def current(self, today: date) -> "SeatQuerySet":
        """Seats whose term runs."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)

    def ending(self, today: date, days: int) -> "SeatQuerySet":
        """Seats whose term runs and ends within so many days, the soonest first.

        Where the same role at the table goes on after that day, somebody has seen to it.
        """
        later = self.model._default_manager.filter(
            table=models.OuterRef("table"),
            role=models.OuterRef("role"),
            starts_on__gt=models.OuterRef("ends_on"),
        )
        running = self.current(today).filter(ends_on__lte=today + timedelta(days=days))
        return running.filter(~models.Exists(later)).order_by("ends_on", "pk")

    def with_people(self) -> "SeatQuerySet":
        """With everything their names need."""
        return self.select_related(
            "table__ally", "team_member", "person", "alternate_member", "alternate_person"
        )


class SeatReportQuerySet(models.QuerySet["SeatReport"]):
    def public(self) -> "SeatReportQuerySet":
        """Reports that everybody may read, of tables that everybody may read about."""
        return self.filter(is_public=True, seat__table__is_public=True)


class TableMemberQuerySet(models.QuerySet["TableMember"]):
    def current(self, today: date) -> "TableMemberQuerySet":
        """Organizations that belong today."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=today), Q(since__isnull=True) | Q(since__lte=today)
        )
