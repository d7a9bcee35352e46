"""An e-mail that asks an audience to act."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.call_to_action import CallToAction
from campaigns.querysets import AlertQuerySet
from mailing.models import Mailing
from partners.html import RichTextField
from partners.models import Area, Membership, SubSector, User


class ActionAlert(models.Model):
    """What is said, about which call to action, to whom. Once it is sending, `mailing` holds the compiled copy."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired: the call to action closed first")

    call_to_action = models.ForeignKey(
        CallToAction, models.PROTECT, related_name="alerts", verbose_name=_("call to action")
    )
    subject = models.CharField(
        _("subject"),
        max_length=150,
        help_text=_("May hold {{ first_name }} and {{ organization }}."),
    )
    preheader = models.CharField(
        _("preheader"),
        max_length=150,
        blank=True,
        help_text=_("The line mail programs show after the subject."),
    )
    body = RichTextField(
        _("text"), help_text=_("May hold {{ first_name }}, {{ last_name }} and {{ organization }}.")
    )
    areas = models.ManyToManyField(
        Area, blank=True, related_name="+", verbose_name=_("areas"), help_text=_("None chosen: all areas.")
    )
    sub_sectors = models.ManyToManyField(
        SubSector,
        blank=True,
        related_name="+",
        verbose_name=_("sub-sectors"),
        help_text=_("None chosen: all sub-sectors."),
    )
    roles = ArrayField(
        models.CharField(max_length=16, choices=Membership.Role.choices),
        verbose_name=_("roles"),
        default=list,
        blank=True,
        help_text=_("None chosen: all roles."),
    )
    include_subscribers = models.BooleanField(
        _("also everyone who subscribed to action alerts"),
        default=False,
        help_text=_("People outside of partner organizations who confirmed that they want alerts."),
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    mailing = models.OneToOneField(
        Mailing,
        models.PROTECT,
        related_name="alert",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("mailing"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    approved_at = models.DateTimeField(_("approved for sending"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )

    history = HistoricalRecords(m2m_fields=[areas, sub_sectors])
    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("action alert")
        verbose_name_plural = _("action alerts")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "cancelled"])
                | models.Q(mailing__isnull=False, approved_at__isnull=False),
                name="alert_on_its_way_has_mailing",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
