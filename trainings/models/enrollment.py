"""Who takes part in a session, and who registered them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.gatherings.models import Attendee, Notice
from partners.models import Organization, Person
from trainings.models.course import FeeTier
from trainings.models.session import Session
from trainings.querysets import EnrollmentQuerySet


class Registration(models.Model):
    """One registration: of oneself, or of several colleagues at once, for one session.

    `reference` is what people quote; whoever has it sees nothing by it alone.
    """

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="registrations", verbose_name=_("session")
    )
    contact = models.ForeignKey(
        Person, models.PROTECT, related_name="training_registrations", verbose_name=_("registered by")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="training_registrations",
        verbose_name=_("organization at that time"),
    )
    reference = models.CharField(_("reference"), max_length=12, unique=True)
    source = models.CharField(_("source code"), max_length=60, blank=True)
    placed_at = models.DateTimeField(_("registered"))

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-placed_at"]

    def __str__(self) -> str:
        return self.reference


class Enrollment(Attendee):
    """One person's place in one session."""

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="enrollments", verbose_name=_("session")
    )
    registration = models.ForeignKey(
        Registration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrollments",
        verbose_name=_("registration"),
        help_text=_("Empty for somebody who walked in."),
    )
    tier = models.ForeignKey(
        FeeTier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrollments",
        verbose_name=_("chosen fee"),
    )
    price = models.DecimalField(
        _("fee at that time, in dollars"),
        max_digits=8,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    offer_expires_at = models.DateTimeField(_("offer holds until"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    history = HistoricalRecords()
    objects = EnrollmentQuerySet.as_manager()

    class Meta(Attendee.Meta):
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        ordering = ["person__last_name", "person__first_name"]
        constraints = [
            *Attendee.Meta.constraints,
            models.UniqueConstraint(fields=["session", "person"], name="enrollment_once_per_person"),
            models.CheckConstraint(
                condition=~models.Q(status="offered") | models.Q(offer_expires_at__isnull=False),
                name="enrollment_offer_has_end",
            ),
            models.CheckConstraint(
                condition=models.Q(completed_at__isnull=True) | models.Q(status="attended"),
                name="enrollment_completed_was_there",
            ),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="enrollment_price_not_negative"),
        ]
        indexes = [
            models.Index(fields=["session", "status", "waiting_since"], name="enrollment_seats"),
            models.Index(fields=["organization", "status"], name="enrollment_of_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.session}"


class EnrollmentNotice(Notice):
    """That somebody was reminded of a session, or told of its change."""

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="notices", verbose_name=_("enrollment")
    )

    class Meta(Notice.Meta):
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "kind", "revision"], name="enrollment_notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(written_at__isnull=True), name="enrollment_notice_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.enrollment}"
