"""A goal over months that calls to action and stories work for."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.agenda import Priority
from campaigns.querysets import CampaignQuerySet
from partners.html import RichTextField
from partners.searching import search_words


class Campaign(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        WON = "won", _("won")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    summary = models.CharField(_("one sentence"), max_length=300)
    goal = models.CharField(_("goal"), max_length=200, help_text=_("What will be different when it is won."))
    body = RichTextField(_("text"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.DRAFT)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    priority = models.ForeignKey(
        Priority,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("priority on the agenda"),
    )
    reports = models.ManyToManyField(
        "research.Report", blank=True, related_name="campaigns", verbose_name=_("reports")
    )
    toolkits = models.ManyToManyField(
        "research.Toolkit", blank=True, related_name="campaigns", verbose_name=_("toolkits")
    )
    partners_credited = models.CharField(_("in partnership with"), max_length=300, blank=True)
    outcome = models.TextField(_("outcome"), blank=True, help_text=_("What came of it, with numbers."))
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("continued by"),
        help_text=_("An archived campaign leads its visitors here."),
    )
    search = search_words(a="title", b=("summary", "goal"), c=("body", "outcome"), d=("partners_credited",))

    history = HistoricalRecords()
    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["won", "closed"]) | ~models.Q(outcome=""),
                name="campaign_finished_has_outcome",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="campaign_search")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign", args=[self.slug])
