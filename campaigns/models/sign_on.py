"""A letter that organizations sign."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.action import ActionTaken
from campaigns.models.call_to_action import CallToAction
from campaigns.querysets import SignatureQuerySet
from partners.models import Organization


class SignOnLetter(models.Model):
    """What the letter of a call needs beside its text, which is the call's statement."""

    call_to_action = models.OneToOneField(
        CallToAction, models.CASCADE, related_name="letter", verbose_name=_("call to action")
    )
    addressed_to = models.TextField(
        _("addressed to"), max_length=400, help_text=_("One line each: name, office, address.")
    )
    subject = models.CharField(_("subject line"), max_length=200)
    show_logos = models.BooleanField(_("print the logos of those who allow it"), default=True)
    delivered_on = models.DateField(_("handed over on"), null=True, blank=True)
    delivered_note = models.CharField(_("to whom and how"), max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("sign-on letter")
        verbose_name_plural = _("sign-on letters")

    def __str__(self) -> str:
        return self.subject


class Signature(models.Model):
    """An organization's name under a letter, given by somebody who may speak for it. One that was taken back stays.

    Who speaks for several organizations signs for each; one that came on paper has no action, but a note.
    """

    action = models.ForeignKey(
        ActionTaken,
        models.PROTECT,
        related_name="signatures",
        null=True,
        blank=True,
        verbose_name=_("action taken"),
    )
    call_to_action = models.ForeignKey(
        CallToAction, models.PROTECT, related_name="signatures", verbose_name=_("call to action")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="signatures", verbose_name=_("organization")
    )
    organization_name = models.CharField(_("name as printed"), max_length=200)
    signer_name = models.CharField(_("signed by"), max_length=170)
    signer_title = models.CharField(_("job title"), max_length=120, blank=True)
    logo_allowed = models.BooleanField(_("logo may be printed"), default=False)
    signed_at = models.DateTimeField(_("signed"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    note = models.CharField(
        _("how it came"),
        max_length=300,
        blank=True,
        help_text=_("For a signature on paper or by e-mail: when it came, from whom, where it is kept."),
    )

    history = HistoricalRecords()
    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["organization_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["call_to_action", "organization"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="signature_once_per_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(action__isnull=False) | ~models.Q(note=""),
                name="signature_has_action_or_note",
            ),
        ]

    def __str__(self) -> str:
        return self.organization_name
