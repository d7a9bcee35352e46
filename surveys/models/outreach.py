"""What came of getting in touch with a partner."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import Organization


class OutreachTouch(models.Model):
    """Somebody of the staff got in touch with a partner, or tried to. The partner goes down the list after that."""

    class Outcome(models.TextChoices):
        TALKED = "talked", _("we talked")
        MEETING = "meeting", _("we agreed to meet")
        MESSAGE = "message", _("I left a message")
        NOBODY = "nobody", _("I reached nobody")
        NOT_NEEDED = "not_needed", _("nothing is needed")

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="outreach_touches", verbose_name=_("organization")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    touched_at = models.DateTimeField(_("when"))
    touched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("contact with a partner")
        verbose_name_plural = _("contacts with partners")
        ordering = ["-touched_at"]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_outcome_display()}"
