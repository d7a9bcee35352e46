"""Events by which a report comes to people: a release, a webinar, a council's meeting about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models import Event
from trainings.models import Session


class ReportEvent(models.Model):
    """One report at one event or one training session."""

    report = models.ForeignKey(
        "research.Report", models.CASCADE, related_name="report_events", verbose_name=_("report")
    )
    event = models.ForeignKey(
        Event, models.CASCADE, null=True, blank=True, related_name="report_events", verbose_name=_("event")
    )
    session = models.ForeignKey(
        Session,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="report_events",
        verbose_name=_("training session"),
    )
    note = models.CharField(
        _("what happens there"), max_length=120, blank=True, help_text=_("Such as release, or webinar")
    )

    class Meta:
        verbose_name = _("report at an event")
        verbose_name_plural = _("reports at events")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event__isnull=False, session__isnull=True)
                | models.Q(event__isnull=True, session__isnull=False),
                name="report_event_is_one_occasion",
                violation_error_message=_("Choose an event or a training session, not both."),
            ),
            models.UniqueConstraint(fields=["report", "event"], name="report_at_event_once"),
            models.UniqueConstraint(fields=["report", "session"], name="report_at_session_once"),
        ]

    def __str__(self) -> str:
        return self.note or str(_("Report at an event"))
