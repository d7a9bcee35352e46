"""Whom we asked for what: partners for their position on a bill, legislators for their name on it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.models.bill import Bill
from legislation.models.people import Legislator
from legislation.querysets import LegislatorAskQuerySet, PositionRequestQuerySet
from partners.models import Organization


class PositionRequest(models.Model):
    """A partner was asked to take a position on a bill. The mail about it is written after that, by the worker."""

    class Mail(models.TextChoices):
        """What is still to be written to its primary contacts."""

        NONE = "", _("written")
        REQUEST = "request", _("the question")
        REMINDER = "reminder", _("a reminder")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="position_requests", verbose_name=_("bill"))
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="position_requests", verbose_name=_("partner")
    )
    reason = models.CharField(_("why this partner"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    times = models.PositiveSmallIntegerField(_("times asked"), default=1)
    mail = models.CharField(
        _("mail to write"), max_length=8, choices=Mail.choices, default=Mail.NONE, blank=True, editable=False
    )

    objects = PositionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a position")
        verbose_name_plural = _("requests for positions")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "organization"], name="positionrequest_once"),
        ]
        indexes = [
            models.Index(fields=["bill"], condition=~models.Q(mail=""), name="positionrequest_to_write"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.bill}"


class LegislatorAsk(models.Model):
    """Somebody asked a legislator about a bill, and what they answered: where each of them stands."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports it")
        LEANS_FOR = "leans_for", _("leans toward it")
        UNDECIDED = "undecided", _("undecided")
        LEANS_AGAINST = "leans_against", _("leans against it")
        OPPOSES = "opposes", _("opposes it")
        UNKNOWN = "unknown", _("has not said")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="asks", verbose_name=_("bill"))
    legislator = models.ForeignKey(
        Legislator, models.CASCADE, related_name="asks", verbose_name=_("legislator")
    )
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="legislator_asks",
        verbose_name=_("partner that asked"),
        help_text=_("Empty where our own staff asked."),
    )
    asked_on = models.DateField(_("asked on"))
    stance = models.CharField(_("where they stand"), max_length=13, choices=Stance.choices)
    will_sponsor = models.BooleanField(_("promised to put their name on it"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )

    history = HistoricalRecords()
    objects = LegislatorAskQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation with a legislator")
        verbose_name_plural = _("conversations with legislators")
        ordering = ["-asked_on", "-id"]
        indexes = [models.Index(fields=["bill", "legislator", "-asked_on"], name="legislatorask_latest")]

    def __str__(self) -> str:
        return f"{self.legislator}: {self.get_stance_display()}"
