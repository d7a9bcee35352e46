"""Reads of requests for assistance and of resources."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from trainings.community_querysets import may_read_community

if TYPE_CHECKING:
    from partners.models import User
    from trainings.models import AssistanceRequest, Resource


class AssistanceRequestQuerySet(models.QuerySet["AssistanceRequest"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AssistanceRequestQuerySet":
        """One's own; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("trainings.view_assistancerequest"):
            return self
        return self.filter(person__user=user)

    def opened_between(self, start: datetime, end: datetime) -> "AssistanceRequestQuerySet":
        """Asked from `start` up to but not including `end`."""
        return self.filter(opened_at__gte=start, opened_at__lt=end)

    def waiting(self) -> "AssistanceRequestQuerySet":
        """Those that wait for us, the oldest first."""
        return self.filter(state="open").order_by("opened_at", "pk")


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ResourceQuerySet":
        """Public ones; for people of partners, theirs too."""
        return self.all() if may_read_community(user) else self.filter(audience="everyone")
