"""An organization's request to join, from its first page to staff's decision."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models.organization import Organization
from partners.models.person import User
from partners.querysets import JoinApplicationQuerySet
from partners.references import random_code


def new_reference() -> str:
    """A reference people can read out on the phone, such as `J-7KQ2MX`."""
    return "J-" + random_code(6)


class JoinApplication(models.Model):
    """The answers so far, one JSON object per step, as the step's form cleaned them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being filled in")
        SUBMITTED = "submitted", _("waiting for staff")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    organization_answers = models.JSONField(_("organization"), default=dict, blank=True)
    people_answers = models.JSONField(_("people"), default=dict, blank=True)
    service_answers = models.JSONField(_("services and area"), default=dict, blank=True)
    demographic_answers = models.JSONField(_("optional questions"), default=dict, blank=True)
    different_from = models.ManyToManyField(
        Organization,
        related_name="+",
        blank=True,
        verbose_name=_("is not, says the applicant"),
        help_text=_("Partners that looked alike and that the applicant said are somebody else."),
    )
    consent_text = models.TextField(_("agreed to"), blank=True)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decline_reason = models.TextField(_("reason for declining"), blank=True)
    organization = models.OneToOneField(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("organization"),
    )

    history = HistoricalRecords()
    objects = JoinApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("join request")
        verbose_name_plural = _("join requests")
        ordering = ["submitted_at", "started_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(submitted_at__isnull=False),
                name="join_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "declined"]) | models.Q(decided_at__isnull=False),
                name="join_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(decline_reason=""),
                name="join_declined_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="join_queue")]

    def __str__(self) -> str:
        return f"{self.organization_answers.get('name') or _('(no name yet)')} ({self.reference})"
