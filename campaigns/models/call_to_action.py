"""One thing to do before a deadline."""

from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.addresses import not_reserved
from campaigns.models.campaign import Campaign
from campaigns.querysets import CallToActionQuerySet
from legislation.models import Hearing
from partners.html import RichTextField


class CallToAction(models.Model):
    """A call to action (CTA). It is open while it is published and now lies between its two dates."""

    class Kind(models.TextChoices):
        PETITION = "petition", _("add your name")
        PLEDGE = "pledge", _("make a pledge")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        PARTNERS = "partners", _("people of partner organizations")

    title = models.CharField(_("headline"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True, validators=[not_reserved])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PETITION)
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        related_name="calls_to_action",
        null=True,
        blank=True,
        verbose_name=_("campaign"),
    )
    ask = models.CharField(_("the ask, in one sentence"), max_length=300)
    why = RichTextField(_("why it matters"))
    statement = models.TextField(
        _("what people put their name to"),
        help_text=_("The words of the petition or the pledge, as decision makers will read them."),
    )
    audience = models.CharField(
        _("who may act"), max_length=8, choices=Audience.choices, default=Audience.EVERYONE
    )
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    hearing = models.ForeignKey(
        Hearing,
        models.SET_NULL,
        related_name="calls_to_action",
        null=True,
        blank=True,
        verbose_name=_("hearing it is about"),
        help_text=_("Alerts stop when the hearing begins, and wait when it is cancelled."),
    )
    goal = models.PositiveIntegerField(_("goal: people"), null=True, blank=True)
    consent_text = models.CharField(
        _("privacy line"),
        max_length=400,
        help_text=_("What happens with a person's name and answer. Stored with each action."),
    )
    next_step = models.CharField(_("next step after acting"), max_length=200, blank=True)
    next_step_url = models.URLField(_("address of the next step"), blank=True)
    outcome = models.TextField(_("outcome"), blank=True, help_text=_("What came of it, with numbers."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = HistoricalRecords()
    objects = CallToActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")
        ordering = ["closes_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="cta_closes_after_opening"
            ),
        ]
        indexes = [models.Index(fields=["status", "closes_at"], name="cta_open")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:action", args=[self.slug])

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether people can act at this moment."""
        now = now or timezone.now()
        return self.status == self.Status.PUBLISHED and self.opens_at <= now < self.closes_at

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether the time to act has passed."""
        now = now or timezone.now()
        return self.status in {self.Status.CLOSED, self.Status.ARCHIVED} or self.closes_at <= now

    @property
    def mail_until(self) -> datetime:
        """When alerts about it stop: at its deadline, or when its hearing begins or has ended, if that is sooner."""
        moments = [self.closes_at]
        if self.hearing is not None and not self.hearing_is_off:
            moments += [moment for moment in (self.hearing.starts_at, self.hearing.ended_at) if moment]
        return min(moments)

    @property
    def hearing_is_off(self) -> bool:
        """Whether its hearing was cancelled, or another posting took its place: staff decide what comes now."""
        hearing = self.hearing
        if hearing is None or hearing.state == Hearing.State.SCHEDULED:
            return False
        return hearing.state == Hearing.State.CANCELLED or hearing.moved_from is None

    @property
    def act_label(self) -> str:
        """What the button says."""
        return str(_("Add my name") if self.kind == self.Kind.PETITION else _("Make my pledge"))
