"""Reads of courses, sessions and enrollments that are used twice; the one spelling of access: `.visible_to(user)`."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from partners.models import User
    from trainings.models import Course, Enrollment, Session


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> "CourseQuerySet":
        """Courses that everybody can read about."""
        return self.filter(state="published")

    def visible_to(self, user: "User | AnonymousUser") -> "CourseQuerySet":
        """Courses whose page this user may open: published ones; for staff with the right to view them, all."""
        if user.is_authenticated and user.is_staff and user.has_perm("trainings.view_course"):
            return self
        return self.published()


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SessionQuerySet":
        """Sessions whose page this user may open: those of published courses that are no drafts; for staff, all."""
        if user.is_authenticated and user.is_staff and user.has_perm("trainings.view_session"):
            return self
        return self.filter(course__state="published").exclude(state="draft")

    def coming(self, now: datetime) -> "SessionQuerySet":
        """Published and not over, the next first."""
        return self.filter(state="published", ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "SessionQuerySet":
        """Over and not called off, the latest first."""
        return self.filter(Q(state="held") | Q(state="published", ends_at__lte=now)).order_by(
            "-starts_at", "-pk"
        )


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def attended(self) -> "EnrollmentQuerySet":
        """Those who were there."""
        return self.filter(status="attended")

    def seated(self) -> "EnrollmentQuerySet":
        """Those who have a seat: the join link and the reminders are for them."""
        return self.filter(status__in=["registered", "attended"])

    def visible_to(self, user: "User | AnonymousUser") -> "EnrollmentQuerySet":
        """A person's own and those they registered; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("trainings.view_enrollment"):
            return self
        return self.filter(Q(person__user=user) | Q(registration__contact__user=user))
