"""Reads of people and organizations that are used twice; the one spelling of access: `.visible_to(user)`."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from mailing.addresses import normalize_address

if TYPE_CHECKING:
    from partners.models import (
        Invitation,
        JoinApplication,
        Membership,
        Organization,
        Person,
        ProfileAnswer,
        User,
    )


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def active(self) -> "OrganizationQuerySet":
        """Partners today."""
        return self.filter(status="active")

    def listed(self) -> "OrganizationQuerySet":
        """Partners the public directory shows."""
        return self.active().filter(is_listed=True)

    def visible_to(self, user: "User | AnonymousUser") -> "OrganizationQuerySet":
        """Organizations whose inside this user may see: their own; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("partners.view_organization"):
            return self
        return self.filter(memberships__person__user=user, memberships__ended_on__isnull=True).distinct()

    def found(self, words: str) -> "OrganizationQuerySet":
        """Organizations whose name, city or summary holds every word."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(name__icontains=word) | Q(city__icontains=word) | Q(summary__icontains=word)
            )
        return found


class PersonQuerySet(models.QuerySet["Person"]):
    def by_email(self, email: str) -> "PersonQuerySet":
        """The person behind an address, however it was typed."""
        return self.filter(email=normalize_address(email))

    def in_active_organizations(self) -> "PersonQuerySet":
        """People who belong to a partner today, each once."""
        return self.filter(
            memberships__ended_on__isnull=True, memberships__organization__status="active"
        ).distinct()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        """Memberships that have not ended."""
        return self.filter(ended_on__isnull=True)

    def ranked(self) -> "MembershipQuerySet":
        """Primary contacts first, then advocates, then viewers; each group by name."""
        rank = models.Case(
            models.When(role="primary_contact", then=0), models.When(role="advocate", then=1), default=2
        )
        return self.order_by(rank, "person__last_name", "person__first_name")

    def of(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """This user's own current memberships."""
        if not user.is_authenticated:
            return self.none()
        return self.current().filter(person__user=user)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        """Invitations whose link still works."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)


class JoinApplicationQuerySet(models.QuerySet["JoinApplication"]):
    def waiting(self) -> "JoinApplicationQuerySet":
        """Requests that staff must decide on, the oldest first."""
        return self.filter(state="submitted").order_by("submitted_at")

    def abandoned(self, now: datetime) -> "JoinApplicationQuerySet":
        """Drafts nobody has finished within 30 days."""
        return self.filter(state="draft", started_at__lt=now - timedelta(days=30))


class ProfileAnswerQuerySet(models.QuerySet["ProfileAnswer"]):
    def newest(self) -> "ProfileAnswerQuerySet":
        """The newest answer per organization and marker."""
        return self.order_by("organization_id", "marker", "-answered_at", "-id").distinct(
            "organization_id", "marker"
        )
