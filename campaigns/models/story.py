"""Stories with facts, and the one that leads each week."""

from datetime import date, timedelta

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.addresses import not_reserved
from campaigns.models.call_to_action import CallToAction
from campaigns.models.campaign import Campaign
from campaigns.querysets import IssueQuerySet, StoryQuerySet
from partners.html import RichTextField
from partners.searching import search_words


class Story(models.Model):
    """An article about an agency and the people it serves, with its source and the consent to tell it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # On the site, or going there by itself.
    ON_ITS_WAY = frozenset({Status.PUBLISHED, Status.SCHEDULED})

    class Consent(models.TextChoices):
        PUBLIC_RECORD = "public_record", _("published facts, no private person")
        WRITTEN = "written", _("written consent on file")
        VERBAL = "verbal", _("spoken consent, noted")

    kicker = models.CharField(
        _("kicker"), max_length=60, help_text=_("Two or three words over the headline.")
    )
    headline = models.CharField(_("headline"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True, validators=[not_reserved])
    summary = models.CharField(_("summary"), max_length=300)
    agency = models.CharField(_("agency"), max_length=160, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    body = RichTextField(_("text"))
    quote = models.TextField(_("quote"), blank=True)
    quote_by = models.CharField(_("who said it"), max_length=120, blank=True)
    quote_role = models.CharField(_("their role"), max_length=160, blank=True)
    source = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), blank=True)
    consent = models.CharField(_("consent"), max_length=14, choices=Consent.choices)
    consent_note = models.CharField(_("note on consent"), max_length=300, blank=True)
    call_to_action = models.ForeignKey(
        CallToAction,
        models.SET_NULL,
        related_name="stories",
        null=True,
        blank=True,
        verbose_name=_("its call to action"),
    )
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        related_name="stories",
        null=True,
        blank=True,
        verbose_name=_("campaign"),
    )
    reports = models.ManyToManyField(
        "research.Report", blank=True, related_name="stories", verbose_name=_("reports behind it")
    )
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    search = search_words(
        a="headline", b=("kicker", "summary", "agency", "city"), c=("body", "quote", "quote_by")
    )

    history = HistoricalRecords()
    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-publish_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["scheduled", "published"])
                | models.Q(publish_at__isnull=False),
                name="story_public_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(quote="") | ~models.Q(quote_by=""), name="story_quote_has_speaker"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-publish_at"], name="story_public"),
            GinIndex(fields=["search"], name="story_search"),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("campaigns:story", args=[self.slug])

    @property
    def is_erased(self) -> bool:
        """Whether its words are gone because somebody took back their consent. No other story is without a text."""
        return self.status == self.Status.WITHDRAWN and not self.body


class StoryFact(models.Model):
    """One fact at a glance: a number or a name, what it says, and where it comes from."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="facts", verbose_name=_("story"))
    value = models.CharField(_("figure"), max_length=40, help_text=_("Such as 1,500 or $400,000"))
    label = models.CharField(_("what it says"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.value} {self.label}"


class IssueOfTheWeek(models.Model):
    """Which story leads in the week that begins on a Monday."""

    week = models.DateField(_("week of"), unique=True, help_text=_("The Monday on which the week begins."))
    story = models.OneToOneField(Story, models.CASCADE, related_name="issue", verbose_name=_("story"))

    history = HistoricalRecords()
    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("Issue of the Week")
        verbose_name_plural = _("Issues of the Week")
        ordering = ["-week"]
        constraints = [
            models.CheckConstraint(condition=models.Q(week__iso_week_day=1), name="issue_week_is_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.week:%B %-d, %Y}: {self.story}"

    @property
    def last_day(self) -> date:
        """The Sunday that ends the week."""
        return self.week + timedelta(days=6)
