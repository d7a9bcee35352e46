"""What staff write to everybody who acted on a call: what came of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.call_to_action import CallToAction


class ResultReport(models.Model):
    """The result of a call, told to everybody who acted: the words, and how far the writing of it is.

    Messages are written in the order of the people's numbers, and `last_person` moves in the same transaction as
    the messages do: whoever breaks off, the next one goes on behind it.
    """

    call_to_action = models.OneToOneField(
        CallToAction, models.CASCADE, related_name="result_report", verbose_name=_("call to action")
    )
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("message"))
    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    people = models.PositiveIntegerField(_("people who acted"))
    last_person = models.BigIntegerField(_("written up to this person"), default=0, editable=False)
    looked_at = models.PositiveIntegerField(_("people dealt with"), default=0)
    written = models.PositiveIntegerField(_("messages written"), default=0)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stopped by"),
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a result")
        verbose_name_plural = _("reports of results")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stopped_by__isnull=True) | models.Q(stopped_at__isnull=False),
                name="resultreport_stopped_by_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(written__lte=models.F("looked_at")), name="resultreport_written_of_people"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_under_way(self) -> bool:
        """Whether a worker should be writing it."""
        return self.finished_at is None and self.stopped_at is None
