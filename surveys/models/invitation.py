"""Who was asked to answer a survey."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import Organization, Person
from surveys.models.survey import Survey
from surveys.querysets import SurveyInvitationQuerySet


class SurveyInvitation(models.Model):
    """One person, asked to answer a survey on one occasion; the link in the mail stands for this row.

    Without `sent_at` nobody wrote to them: they answered at the survey's own address, and the row only keeps that
    they did. `answered` has no time, so that it cannot be laid beside an anonymous answer.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations", verbose_name=_("survey"))
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="survey_invitations", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_invitations",
        verbose_name=_("organization at that time"),
    )
    occasion = models.CharField(_("occasion"), max_length=80, blank=True)
    subject = models.CharField(_("what it is about"), max_length=160, blank=True)
    sent_at = models.DateTimeField(_("invited"), null=True, blank=True)
    # The message is still to be written by the worker.
    waits = models.BooleanField(default=False, editable=False)
    due_on = models.DateField(_("answers until"), null=True, blank=True)
    reminders_sent = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("last reminder"), null=True, blank=True)
    answered = models.BooleanField(_("answered"), default=False)

    objects = SurveyInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        ordering = ["-sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "person", "occasion"], name="survey_invitation_once"),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(due_on__isnull=False),
                name="survey_invitation_sent_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(reminders_sent=0, reminded_at__isnull=True)
                | models.Q(reminders_sent__gt=0, reminded_at__isnull=False),
                name="survey_invitation_reminders_have_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=models.Q(answered=False), name="survey_invitation_waiting"
            ),
            models.Index(fields=["id"], condition=models.Q(waits=True), name="survey_invitation_unwritten"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.survey}"
