"""Reads of fact sheets, their versions and the jobs that make them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from research.querysets.finding import PRINTED

if TYPE_CHECKING:
    from partners.models import User
    from research.models import FactSheet, FactSheetRun, FactSheetVersion

# A worker that said nothing for so long is gone.
SILENCE = timedelta(minutes=2)


class FactSheetQuerySet(models.QuerySet["FactSheet"]):
    def published(self) -> "FactSheetQuerySet":
        """Sheets everybody may read."""
        return self.filter(state="published")

    def visible_to(self, user: "User | AnonymousUser") -> "FactSheetQuerySet":
        """Published sheets; for staff with the right to view them, all."""
        if user.is_authenticated and user.is_staff and user.has_perm("research.view_factsheet"):
            return self
        return self.published()

    def of_districts(self) -> "FactSheetQuerySet":
        """The sheets of the legislative districts, the House's first."""
        return self.filter(kind="district").order_by("chamber", "district")

    def with_newest(self) -> "FactSheetQuerySet":
        """With the number and digest of the newest version, and when it was made."""
        from research.models import FactSheetVersion

        newest = FactSheetVersion.objects.filter(sheet=models.OuterRef("pk")).order_by("-number")
        return self.annotate(
            newest_number=models.Subquery(newest.values("number")[:1]),
            newest_digest=models.Subquery(newest.values("source_digest")[:1]),
            newest_made_at=models.Subquery(newest.values("made_at")[:1]),
        )


class FactSheetVersionQuerySet(models.QuerySet["FactSheetVersion"]):
    def newest(self) -> "FactSheetVersionQuerySet":
        """The newest version of each sheet."""
        return self.order_by("sheet_id", "-number").distinct("sheet_id")

    def overtaken(self) -> "FactSheetVersionQuerySet":
        """Those that quote a finding which was corrected or retracted since."""
        retracted = models.Q(findings__state="retracted")
        corrected = models.Q(
            findings__corrections__corrected_at__gt=models.F("made_at"),
            findings__corrections__changes__has_any_keys=PRINTED,
        )
        return self.filter(retracted | corrected).distinct()


class FactSheetRunQuerySet(models.QuerySet["FactSheetRun"]):
    def forgotten(self, now: datetime) -> "FactSheetRunQuerySet":
        """Runs that nobody works on though somebody should: never begun, or silent."""
        return self.filter(
            models.Q(state="waiting", asked_at__lt=now - timedelta(minutes=1))
            | models.Q(state="running", seen_at__lt=now - SILENCE)
        )
