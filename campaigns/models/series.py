"""Drip series: messages that follow somebody's joining, one after the other."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from mailing.models import Mailing, Topic
from partners.html import RichTextField
from partners.models import User


class Series(models.Model):
    """Messages that everybody gets some days after the same moment in their own life with us."""

    class Trigger(models.TextChoices):
        JOINED = "joined", _("became a member of a partner organization")
        SUBSCRIBED = "subscribed", _("confirmed a subscription to the topic")

    name = models.CharField(_("name"), max_length=120, unique=True)
    trigger = models.CharField(_("begins when somebody"), max_length=10, choices=Trigger.choices)
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="+",
        verbose_name=_("topic"),
        help_text=_("Whoever unsubscribes from it gets no further message of the series."),
    )
    is_active = models.BooleanField(_("running"), default=False)
    started_at = models.DateTimeField(
        _("running since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("People who came before this moment are left alone."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(started_at__isnull=False),
                name="series_running_has_start",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SeriesStep(models.Model):
    """One message of a series. Its mailing is compiled when the series starts, and takes people as they come."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="steps", verbose_name=_("series"))
    days = models.PositiveSmallIntegerField(
        _("days after"), default=0, validators=[MaxValueValidator(365)], help_text=_("0: within minutes.")
    )
    subject = models.CharField(_("subject"), max_length=150)
    subject_es = models.CharField(_("subject in Spanish"), max_length=150, blank=True)
    body = RichTextField(_("text"))
    body_es = RichTextField(_("text in Spanish"), blank=True)
    button_label = models.CharField(_("words on the button"), max_length=80, blank=True)
    button_label_es = models.CharField(_("words on the button in Spanish"), max_length=80, blank=True)
    button_path = models.CharField(
        _("page of the portal the button opens"),
        max_length=200,
        blank=True,
        help_text=_("Such as /take-action/"),
    )
    mailing = models.OneToOneField(
        Mailing,
        models.PROTECT,
        related_name="series_step",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("mailing"),
    )
    # Mailings of this step with other words, from before it was edited: who got one of them gets no other.
    earlier = models.ManyToManyField(Mailing, related_name="+", blank=True, editable=False)
    compiled_digest = models.CharField(max_length=64, blank=True, editable=False, default="", db_default="")

    class Meta:
        verbose_name = _("message of a series")
        verbose_name_plural = _("messages of a series")
        ordering = ["series", "days", "pk"]

    def __str__(self) -> str:
        return self.subject
