"""What was noted at the door: who was there on which day of a session, and each tick of staff."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.gatherings.models import Attendee, Tick
from partners.models import User
from trainings.models.enrollment import Enrollment
from trainings.models.session import Session, SessionPart


class DayAttendance(models.Model):
    """That somebody was there on one day of a session that has several; without `minutes` the whole day.

    Somebody who was there and has none of these was noted for the session as a whole.
    """

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="day_attendances", verbose_name=_("enrollment")
    )
    part = models.ForeignKey(SessionPart, models.CASCADE, related_name="attendances", verbose_name=_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes there"), null=True, blank=True)
    check_in = models.CharField(_("checked in by"), max_length=6, choices=Attendee.CheckIn.choices)
    checked_in_at = models.DateTimeField(_("checked in"))
    checked_in_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("checked in by")
    )

    class Meta:
        verbose_name = _("attendance of a day")
        verbose_name_plural = _("attendances of days")
        ordering = ["part__starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "part"], name="day_attendance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrollment}, {self.part}"


class DoorTick(Tick):
    """One tick at the door of a session; `part` says of which day, where there are several."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="door_ticks", verbose_name=_("session"))
    part = models.ForeignKey(
        SessionPart,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="door_ticks",
        verbose_name=_("day"),
    )
    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="door_ticks", verbose_name=_("enrollment")
    )

    class Meta(Tick.Meta):
        abstract = False
        verbose_name = _("tick at the door")
        verbose_name_plural = _("ticks at the door")
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["enrollment", "-made_at"], name="training_tick_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(made_at__lte=models.F("received_at")),
                name="training_tick_made_before_it_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.enrollment}"
