"""Reads of projects, their phases and what partners say about them."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from partners.models import Membership, User

if TYPE_CHECKING:
    from research.models import Phase, PhaseFeedback, ResearchProject


class ProjectQuerySet(models.QuerySet["ResearchProject"]):
    def visible_to(self, user: User | AnonymousUser) -> "ProjectQuerySet":
        """Public ones; for people of active partners also those that run or ran; for staff with the right all."""
        if user.is_authenticated and user.is_staff and user.has_perm("research.view_researchproject"):
            return self
        if is_of_a_partner(user):
            return self.filter(Q(is_public=True) | Q(status__in=["running", "released"]))
        return self.filter(is_public=True)

    def public(self) -> "ProjectQuerySet":
        """What anybody may see."""
        return self.filter(is_public=True)

    def in_reading_order(self) -> "ProjectQuerySet":
        """Those that run first, then planned ones, then what was released or stopped."""
        rank = models.Case(
            models.When(status="running", then=0), models.When(status="planned", then=1), default=2
        )
        return self.order_by(rank, "session_date", "-created_at", "-pk")


class PhaseQuerySet(models.QuerySet["Phase"]):
    def open(self) -> "PhaseQuerySet":
        """Phases in which partners are asked for feedback."""
        return self.filter(state="open", project__status="running")


class FeedbackQuerySet(models.QuerySet["PhaseFeedback"]):
    def visible_to(self, user: User | AnonymousUser) -> "FeedbackQuerySet":
        """What the people of one's own organizations said; for staff with the right all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("research.view_phasefeedback"):
            return self
        mine = Membership.objects.of(user).values("organization")
        return self.filter(organization__in=mine)


def is_of_a_partner(user: User | AnonymousUser) -> bool:
    """Whether somebody belongs to an active partner today."""
    return Membership.objects.of(user).filter(organization__status="active").exists()
