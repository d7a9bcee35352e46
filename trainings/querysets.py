"""Reads of courses, sessions and enrollments that are used twice; the one spelling of access: `.visible_to(user)`."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from partners.models import Organization, User
    from trainings.models import CertificatePackage, Course, Enrollment, Session

# So long without a sign of life, and a worker counts as gone.
SILENCE = timedelta(minutes=2)


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> "CourseQuerySet":
        """Courses that everybody can read about."""
        return self.filter(state="published")

    def visible_to(self, user: "User | AnonymousUser") -> "CourseQuerySet":
        """Courses whose page this user may open: published ones; for staff with the right to view them, all."""
        if user.is_authenticated and user.is_staff and user.has_perm("trainings.view_course"):
            return self
        return self.published()

    def with_coming(self, sessions: "SessionQuerySet") -> "CourseQuerySet":
        """With their topics, the fees that can be chosen (`offered`) and `sessions` (`coming_sessions`)."""
        from trainings.models import FeeTier

        return self.prefetch_related(
            "topics",
            Prefetch("tiers", FeeTier.objects.filter(is_offered=True), to_attr="offered"),
            Prefetch("sessions", sessions.select_related("area"), to_attr="coming_sessions"),
        )

    def review_overdue(self, today: date) -> "CourseQuerySet":
        """Courses in use whose equity objectives should have been looked at again by now."""
        return self.exclude(state="archived").filter(review_due_on__lt=today).order_by("review_due_on")


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

    def with_changed_at(self) -> "SessionQuerySet":
        """With the moment of the last change (`changed_at`), for calendars."""
        from trainings.models import Session

        changes = Session.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_date")
        return self.annotate(changed_at=Coalesce(Subquery(changes.values("history_date")[:1]), "created_at"))


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
        return self.filter(Q(person__user=user) | Q(registration__contact__user=user)).distinct()

    def of_own_people(self, organization: "Organization") -> "EnrollmentQuerySet":
        """Places of people who belong to an organization today, taken for it."""
        people = organization.memberships.current().values("person")
        return self.filter(organization=organization, person__in=people)


class CertificatePackageQuerySet(models.QuerySet["CertificatePackage"]):
    def forgotten(self, now: datetime) -> "CertificatePackageQuerySet":
        """Jobs that nobody works on though somebody should: never begun, or silent."""
        return self.filter(
            Q(state="waiting", asked_at__lt=now - timedelta(minutes=1))
            | Q(state="running", seen_at__lt=now - SILENCE)
        )

    def old(self, before: datetime) -> "CertificatePackageQuerySet":
        """Jobs that ended before this moment."""
        return self.filter(state__in=["done", "failed"], ended_at__lt=before)
