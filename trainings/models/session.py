"""When a course is given."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.gatherings.models import Gathering
from partners.models import Area
from trainings.models.course import Course
from trainings.querysets import SessionQuerySet


class Session(Gathering):
    """One time that a course is given, on one day or several (`SessionPart`).

    `starts_at` and `ends_at` span the first day's start and the last day's end.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions", verbose_name=_("course"))
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="training_sessions",
        verbose_name=_("Local Area Council"),
        help_text=_("Where it takes place; empty for sessions online."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to accept an offered seat"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )

    history = HistoricalRecords()
    objects = SessionQuerySet.as_manager()

    class Meta(Gathering.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["state", "starts_at"], name="session_coming")]

    def __str__(self) -> str:
        return f"{self.course}, {self.starts_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:session", args=[self.slug])

    @property
    def days(self) -> "list[Session | SessionPart]":
        """Its days, each with `starts_at` and `ends_at`; itself where it has no parts."""
        return list(self.parts.all()) or [self]


class SessionPart(models.Model):
    """One day of a session that has several; a session without parts is one stretch of time."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="parts", verbose_name=_("session"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    # Each day has its own, so that nobody checks in to the second day with what they saw on the first.
    check_in_code = models.CharField(_("check-in code"), max_length=8, blank=True, editable=False)

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_part_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
