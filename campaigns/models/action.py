"""What people did. A row here is a fact a funder may be told about."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.call_to_action import CallToAction
from campaigns.querysets import ActionTakenQuerySet, UnconfirmedActionQuerySet
from mailing.models import Delivery
from partners.models import Organization, Person
from partners.references import random_code


def new_reference() -> str:
    """A reference for the confirmation, such as `A-4WPZK82C`."""
    return "A-" + random_code(8)


class ActionTaken(models.Model):
    """A person's completed answer to a call to action, with the organization they belonged to at that time."""

    class Verified(models.TextChoices):
        MAILBOX = "mailbox", _("confirmed from the mailbox")
        LOGIN = "login", _("signed in")
        ALERT = "alert", _("came over a signed link in an alert")

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference)
    call_to_action = models.ForeignKey(
        CallToAction, models.PROTECT, related_name="actions", verbose_name=_("call to action")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="actions", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="actions",
        null=True,
        blank=True,
        verbose_name=_("organization at that time"),
    )
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    show_name = models.BooleanField(_("name may be shown"), default=False)
    consent_text = models.TextField(_("consent given"))
    verified = models.CharField(_("verified by"), max_length=8, choices=Verified.choices)
    source_code = models.CharField(_("source"), max_length=60, blank=True)
    via = models.ForeignKey(
        Delivery,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("alert that brought the person"),
    )
    credited = models.ForeignKey(
        Organization,
        models.SET_NULL,
        related_name="credited_actions",
        null=True,
        blank=True,
        verbose_name=_("partner on whose site the person acted"),
    )
    acted_at = models.DateTimeField(_("acted"))

    # What an answer first said goes into the history when it changes: until then the row itself says it.
    history = HistoricalRecords()
    objects = ActionTakenQuerySet.as_manager()

    class Meta:
        verbose_name = _("action taken")
        verbose_name_plural = _("actions taken")
        ordering = ["-acted_at"]
        constraints = [
            models.UniqueConstraint(fields=["call_to_action", "person"], name="action_once_per_person"),
        ]
        indexes = [
            models.Index(fields=["organization", "-acted_at"], name="action_by_organization"),
            models.Index(fields=["acted_at"], name="action_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.call_to_action}"


class UnconfirmedAction(models.Model):
    """An answer that waits for its sender to confirm it from the mailbox. Counted nowhere; erased after a week."""

    call_to_action = models.ForeignKey(
        CallToAction, models.CASCADE, related_name="unconfirmed", verbose_name=_("call to action")
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    show_name = models.BooleanField(_("name may be shown"), default=False)
    wants_updates = models.BooleanField(_("wants updates"), default=False)
    consent_text = models.TextField(_("consent given"))
    source_code = models.CharField(_("source"), max_length=60, blank=True)
    # What the kind of call asked beside it, as its form gives it (`campaigns.kinds`).
    details = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("mail asked for"), null=True, blank=True)

    objects = UnconfirmedActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("unconfirmed action")
        verbose_name_plural = _("unconfirmed actions")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["call_to_action", "email"], name="unconfirmed_once_per_address"),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.call_to_action}"
