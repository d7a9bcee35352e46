"""Continuing education (CE): which bodies credit a course, and the certificates of those who completed it."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import User
from trainings.models.course import Course
from trainings.models.enrollment import Enrollment


class CreditApproval(models.Model):
    """That a body counts a course as continuing education: so many hours, under its number, for a time."""

    course = models.ForeignKey(
        Course, models.CASCADE, related_name="credit_approvals", verbose_name=_("course")
    )
    authority = models.CharField(
        _("body"), max_length=160, help_text=_("Such as: Illinois Department of Professional Regulation.")
    )
    profession = models.CharField(_("for whom"), max_length=120, blank=True)
    hours = models.DecimalField(
        _("CE hours"), max_digits=4, decimal_places=2, validators=[MinValueValidator(0.25)]
    )
    number = models.CharField(_("approval number"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("CE approval")
        verbose_name_plural = _("CE approvals")
        ordering = ["authority", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="credit_approval_has_hours"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="credit_approval_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority}, {self.number}"


class Certificate(models.Model):
    """That somebody completed a training, as it stood on the day of issue: later changes do not reach it.

    Anybody who has the code can see whether it holds. A corrected one replaces another, which says so.
    """

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="certificates", verbose_name=_("enrollment")
    )
    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=161)
    course_title = models.CharField(_("course"), max_length=160)
    held_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    # What each body credits: dictionaries with body, profession, hours and number.
    credits = models.JSONField(_("CE credits"), default=list, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_reason = models.CharField(_("why it was revoked"), max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(revoked_at__isnull=True), name="certificate_valid_once"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""),
                name="certificate_revoked_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.course_title}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:certificate", args=[self.printed_code])

    @property
    def printed_code(self) -> str:
        """The code in groups of four, as it stands on the certificate."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def holds(self) -> bool:
        """Whether it is valid."""
        return self.revoked_at is None

    @property
    def credit_lines(self) -> list[dict[str, Any]]:
        """What each body credits."""
        return list(self.credits)
