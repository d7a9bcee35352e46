"""Toolkits: who may read which, and how often they were taken."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Q, Sum

from partners.models import Membership

if TYPE_CHECKING:
    from partners.models import User
    from research.models import Toolkit, ToolkitDownload


class ToolkitQuerySet(models.QuerySet["Toolkit"]):
    def public(self) -> "ToolkitQuerySet":
        """Published toolkits for everyone, the newest first."""
        return self.filter(status="published", audience="public").order_by("-published_at", "-id")

    def visible_to(self, user: "User | AnonymousUser") -> "ToolkitQuerySet":
        """Published ones for everyone; those for partners too for people of active partners; for staff, all."""
        if not user.is_authenticated:
            return self.public()
        if user.is_staff and user.has_perm("research.view_toolkit"):
            return self.order_by("-published_at", "-id")
        partner = Membership.objects.of(user).filter(organization__status="active")
        return self.filter(Q(status="published"), Q(audience="public") | Exists(partner)).order_by(
            "-published_at", "-id"
        )


class ToolkitDownloadQuerySet(models.QuerySet["ToolkitDownload"]):
    def total(self) -> int:
        """How often something was taken."""
        return self.aggregate(total=Sum("count"))["total"] or 0
