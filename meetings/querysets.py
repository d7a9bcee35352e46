"""Reads of events and attendance that are used twice; the one spelling of access: `.visible_to(user)`."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from partners.models import Membership

if TYPE_CHECKING:
    from meetings.models import Attendance, Event
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
