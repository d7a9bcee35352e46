"""Reads of events and attendance that are used twice; the one spelling of access: `.visible_to(user)`."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from partners.models import Membership

if TYPE_CHECKING:
    from meetings.models import Attendance, Event, FollowUp, ImportedPerson
    from partners.models import User

_SHOWN = ("published", "cancelled", "held")


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EventQuerySet":
        """Events whose page this user may open: public ones; partners' for people of partners; staff's for staff."""
        if user.is_authenticated and user.is_staff:
            return self if user.has_perm("meetings.view_event") else self.filter(state__in=_SHOWN)
        open_to = ["everyone"]
        if Membership.objects.of(user).filter(organization__status="active").exists():
            open_to.append("partners")
        return self.filter(state__in=_SHOWN, audience__in=open_to)

    def coming(self, now: datetime) -> "EventQuerySet":
        """Published and not over, the next first."""
        return self.filter(state="published", ends_at__gt=now).order_by("starts_at", "pk")

    def public(self) -> "EventQuerySet":
        """Events that everybody may come to, whatever became of them."""
        return self.filter(state__in=_SHOWN, audience="everyone")

    def with_changed_at(self) -> "EventQuerySet":
        """Adds when each was last changed, by its history."""
        changes = self.model.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_date")
        return self.annotate(changed_at=Subquery(changes.values("history_date")[:1]))

    def past(self, now: datetime) -> "EventQuerySet":
        """Over and not called off, the latest first."""
        return self.filter(Q(state="held") | Q(state="published", ends_at__lte=now)).order_by(
            "-starts_at", "-pk"
        )


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def attended(self) -> "AttendanceQuerySet":
        """Those who were there."""
        return self.filter(status="attended")

    def seated(self) -> "AttendanceQuerySet":
        """Those who have a seat: the join link and the reminders are for them."""
        return self.filter(status__in=["registered", "attended"])

    def visible_to(self, user: "User | AnonymousUser") -> "AttendanceQuerySet":
        """A person's own; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("meetings.view_attendance"):
            return self
        return self.filter(person__user=user)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> "FollowUpQuerySet":
        """What is still to do, the most urgent first; what has no date comes last."""
        return self.filter(done_at__isnull=True).order_by(models.F("due_on").asc(nulls_last=True), "pk")

    def due(self, today: date) -> "FollowUpQuerySet":
        """What is still to do on its last day or after it, and whose owner was not reminded."""
        return self.open().filter(due_on__lte=today, owner__isnull=False, reminded_at__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> "FollowUpQuerySet":
        """What a person took on themself; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("meetings.view_followup"):
            return self
        return self.filter(owner__user=user)

    def of(self, user: "User | AnonymousUser") -> "FollowUpQuerySet":
        """What this person took on themself."""
        return self.filter(owner__user=user) if user.is_authenticated else self.none()


class ImportedPersonQuerySet(models.QuerySet["ImportedPerson"]):
    def waiting(self) -> "ImportedPersonQuerySet":
        """People in reports about whom staff must decide."""
        return self.filter(state__in=["doubtful", "unknown"])

    def found(self) -> "ImportedPersonQuerySet":
        """People in reports who are certain or confirmed."""
        return self.filter(state__in=["sure", "confirmed"])
