"""Reports: what strangers, partners and staff may read of them."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Q, Sum

from partners.models import Membership

if TYPE_CHECKING:
    from partners.models import User
    from research.models import Report, ReportDownload


class ReportQuerySet(models.QuerySet["Report"]):
    def published(self) -> "ReportQuerySet":
        """Reports that lists, feeds and searches name, the newest first."""
        return self.filter(state="published").order_by("-published_at", "-id")

    def public(self) -> "ReportQuerySet":
        """Reports whose page anybody may open: published ones, and the note that stays of a withdrawn one."""
        return self.filter(state__in=["published", "withdrawn"])

    def embargoed(self) -> "ReportQuerySet":
        """Reports that partners read before everybody else, the next to come out first."""
        return self.filter(state="embargoed").order_by("embargo_until", "id")

    def due(self, now: datetime) -> "ReportQuerySet":
        """Embargoed reports whose moment has come."""
        return self.filter(state="embargoed", embargo_until__lte=now)

    def visible_to(self, user: "User | AnonymousUser") -> "ReportQuerySet":
        """The public ones for everybody; embargoed ones too for people of active partners; for staff, all."""
        if not user.is_authenticated:
            return self.public()
        if user.is_staff and user.has_perm("research.view_report"):
            return self
        partner = Membership.objects.of(user).filter(organization__status="active")
        return self.filter(Q(state__in=["published", "withdrawn"]) | (Q(state="embargoed") & Exists(partner)))


class ReportDownloadQuerySet(models.QuerySet["ReportDownload"]):
    def total(self) -> int:
        """How often files were taken."""
        return self.aggregate(total=Sum("count"))["total"] or 0
