"""What staff did at the door."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.attendance import Attendance
from meetings.models.event import Event
from partners.gatherings.models import Tick


class DoorTick(Tick):
    """One tick at the door of an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="door_ticks", verbose_name=_("event"))
    attendance = models.ForeignKey(
        Attendance, models.CASCADE, related_name="door_ticks", verbose_name=_("attendance")
    )

    class Meta(Tick.Meta):
        abstract = False
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
