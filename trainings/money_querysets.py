"""Reads of invoices, scholarships, facilitators and sponsors that are used twice."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from partners.fiscal_year import CHICAGO

if TYPE_CHECKING:
    from partners.models import User
    from trainings.models import (
        Course,
        Facilitation,
        Facilitator,
        Invoice,
        PaymentEvent,
        ScholarshipFund,
        ScholarshipRequest,
        Session,
        TrainingSponsorship,
    )


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, user: "User | AnonymousUser") -> "InvoiceQuerySet":
        """Invoices of one's own registrations; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("trainings.view_invoice"):
            return self
        return self.filter(registration__contact__user=user)

    def overdue(self, now: datetime) -> "InvoiceQuerySet":
        """Open and past the day on which they were due."""
        return self.filter(state="open", due_on__lt=now.astimezone(CHICAGO).date())

    def to_give_back(self) -> "InvoiceQuerySet":
        """Paid, and more than what is still asked for."""
        return self.filter(state="paid", paid__gt=F("total") - F("credited") + F("refunded"))


class PaymentEventQuerySet(models.QuerySet["PaymentEvent"]):
    def needing_a_person(self) -> "PaymentEventQuerySet":
        """Messages that somebody must look into."""
        return self.filter(outcome="trouble", settled_at__isnull=True)


class FundQuerySet(models.QuerySet["ScholarshipFund"]):
    def awardable(self, day: date) -> "FundQuerySet":
        """Funds with money left on that day, the one that ends first before the others."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=day), funded_on__lte=day, committed__lt=F("amount")
        ).order_by(F("until").asc(nulls_last=True), "funded_on", "pk")


class ScholarshipRequestQuerySet(models.QuerySet["ScholarshipRequest"]):
    def waiting(self) -> "ScholarshipRequestQuerySet":
        """Not decided yet, the oldest first."""
        return self.filter(state="asked").order_by("asked_at", "pk")

    def visible_to(self, user: "User | AnonymousUser") -> "ScholarshipRequestQuerySet":
        """Staff with the right on requests, and nobody else: not even others who see the enrollment."""
        if user.is_authenticated and user.is_staff and user.has_perm("trainings.view_scholarshiprequest"):
            return self
        return self.none()


class FacilitatorQuerySet(models.QuerySet["Facilitator"]):
    def public(self) -> "FacilitatorQuerySet":
        """Those who agreed to be shown."""
        return self.filter(is_public=True)


class FacilitationQuerySet(models.QuerySet["Facilitation"]):
    def public(self) -> "FacilitationQuerySet":
        """Of facilitators who agreed to be shown."""
        return self.filter(facilitator__is_public=True).select_related("facilitator")

    def held(self, now: datetime) -> "FacilitationQuerySet":
        """Of sessions that took place."""
        return self.filter(
            Q(session__state="held") | Q(session__state="published", session__ends_at__lte=now)
        )


class TrainingSponsorshipQuerySet(models.QuerySet["TrainingSponsorship"]):
    def shown_at(self, session: "Session") -> "TrainingSponsorshipQuerySet":
        """Of public sponsors, for this session, its course or all trainings at its time."""
        day = session.starts_at.astimezone(CHICAGO).date()
        ours = Q(session=session) | Q(session__isnull=True, course=session.course_id)
        return self._shown(day).filter(ours | Q(session__isnull=True, course__isnull=True))

    def shown_for(self, course: "Course", day: date) -> "TrainingSponsorshipQuerySet":
        """Of public sponsors, for this course or all trainings on that day."""
        return self._shown(day).filter(Q(course=course) | Q(course__isnull=True), session__isnull=True)

    def of_all_trainings(self, day: date) -> "TrainingSponsorshipQuerySet":
        """Of public sponsors, for all trainings on that day."""
        return self._shown(day).filter(course__isnull=True, session__isnull=True)

    def _shown(self, day: date) -> "TrainingSponsorshipQuerySet":
        found = self.filter(sponsor__is_public=True, starts_on__lte=day, ends_on__gte=day)
        return found.select_related("sponsor").order_by("-amount", "sponsor__name")
