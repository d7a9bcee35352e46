"""Who comes to an event, what they were told, and what they said afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from meetings.models.event import Event
from meetings.querysets import AttendanceQuerySet
from partners.gatherings.models import Attendee, Notice


class Attendance(Attendee):
    """One person's place at one event: the one attendance record, whatever the kind of event."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="attendances", verbose_name=_("event"))
    # Whether this person has said how it was; what they said stands in `Feedback`, without them.
    gave_feedback = models.BooleanField(_("gave feedback"), default=False)

    history = HistoricalRecords()
    objects = AttendanceQuerySet.as_manager()

    class Meta(Attendee.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["person__last_name", "person__first_name"]
        constraints = [
            *Attendee.Meta.constraints,
            models.UniqueConstraint(fields=["event", "person"], name="attendance_once_per_person"),
            models.CheckConstraint(condition=~models.Q(status="offered"), name="attendance_is_never_offered"),
        ]
        indexes = [
            models.Index(fields=["event", "status", "waiting_since"], name="attendance_seats"),
            models.Index(fields=["organization", "status"], name="attendance_of_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"


class AttendanceNotice(Notice):
    """That somebody was reminded of an event, or told of its change."""

    attendance = models.ForeignKey(
        Attendance, models.CASCADE, related_name="notices", verbose_name=_("attendance")
    )

    class Meta(Notice.Meta):
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["attendance", "kind", "revision"], name="attendance_notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(written_at__isnull=True), name="attendance_notice_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.attendance}"


class Feedback(models.Model):
    """What somebody said of an event afterwards. Nobody's name stands here, and no hour."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="feedback", verbose_name=_("event"))
    rating = models.PositiveSmallIntegerField(_("how useful it was, from 1 to 5"))
    comment = models.TextField(_("in their own words"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=5), name="feedback_rating_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.rating}"


class EventInvitation(models.Model):
    """That staff asked somebody to come, and why them; whether they came, their attendance says."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="invitations", verbose_name=_("event"))
    organization = models.ForeignKey(
        "partners.Organization",
        models.CASCADE,
        related_name="event_invitations",
        verbose_name=_("organization"),
    )
    person = models.ForeignKey(
        "partners.Person", models.CASCADE, related_name="event_invitations", verbose_name=_("person")
    )
    reasons = models.JSONField(_("why they were asked"), default=list, blank=True)
    invited_at = models.DateTimeField(_("invited"))
    invited_by = models.ForeignKey(
        "partners.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )

    class Meta:
        verbose_name = _("invitation to an event")
        verbose_name_plural = _("invitations to events")
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="event_invitation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"
