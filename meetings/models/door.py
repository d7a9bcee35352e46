"""What staff did at the door."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.attendance import Attendance
from meetings.models.event import Event
from partners.models import User


class DoorTick(models.Model):
    """One tick of a phone at the door, sent as often as it takes until it arrives; its key makes it count once.

    `made_at` is when somebody tapped, which may be long before it arrived. An older tick never undoes a newer one.
    """

    class Action(models.TextChoices):
        IN = "in", _("checked in")
        OUT = "out", _("taken back")

    event = models.ForeignKey(Event, models.CASCADE, related_name="door_ticks", verbose_name=_("event"))
    key = models.UUIDField(_("key"), unique=True)
    attendance = models.ForeignKey(
        Attendance, models.CASCADE, related_name="door_ticks", verbose_name=_("attendance")
    )
    action = models.CharField(_("what was done"), max_length=3, choices=Action.choices)
    made_at = models.DateTimeField(_("done"))
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    received_at = models.DateTimeField(_("arrived"))

    class Meta:
        verbose_name = _("tick at the door")
        verbose_name_plural = _("ticks at the door")
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["attendance", "-made_at"], name="door_tick_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(made_at__lte=models.F("received_at")), name="door_tick_made_before_it_came"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.attendance}"
