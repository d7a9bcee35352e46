"""Pages for those who come with a question: entry pages for an audience, and explanations of a topic."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.call_to_action import CallToAction
from campaigns.models.story import Story
from campaigns.querysets import AudiencePageQuerySet, ExplainerQuerySet
from partners.html import RichTextField
from partners.searching import search_words


class PublicText(models.Model):
    """What entry pages and explanations have in common: words that staff put on the site and take off again."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in one or two sentences"), max_length=300)
    body = RichTextField(_("text"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class AudiencePage(PublicText):
    """The way in for one audience: what we have for it, chosen by staff and kept up to date by what is published."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    audience = models.CharField(_("who it is for"), max_length=80, help_text=_("Such as business"))
    stories = models.ManyToManyField(
        Story, blank=True, related_name="audience_pages", verbose_name=_("stories")
    )
    findings = models.ManyToManyField(
        "research.Finding", blank=True, related_name="audience_pages", verbose_name=_("findings")
    )
    reports = models.ManyToManyField(
        "research.Report", blank=True, related_name="audience_pages", verbose_name=_("reports")
    )
    fact_sheets = models.ManyToManyField(
        "research.FactSheet", blank=True, related_name="audience_pages", verbose_name=_("fact sheets")
    )

    history = HistoricalRecords()
    objects = AudiencePageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page for an audience")
        verbose_name_plural = _("pages for audiences")
        ordering = ["order", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="audience_page_public_has_time",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("campaigns:audience_page", args=[self.slug])


class Explainer(PublicText):
    """A topic explained in plain words, with findings by reference and the one thing to do about it."""

    slug = models.SlugField(
        _("short name"),
        max_length=120,
        unique=True,
        validators=[RegexValidator(r"^feed$", inverse_match=True)],
    )
    call_to_action = models.ForeignKey(
        CallToAction,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="explainers",
        verbose_name=_("its call to action"),
    )
    reports = models.ManyToManyField(
        "research.Report", blank=True, related_name="explainers", verbose_name=_("reports")
    )

    search = search_words(a="title", b=("summary",), c=("body",))

    history = HistoricalRecords(excluded_fields=["search"])
    objects = ExplainerQuerySet.as_manager()

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        ordering = ["order", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False) & ~models.Q(body=""),
                name="explainer_public_has_text",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="explainer_search")]

    def get_absolute_url(self) -> str:
        return reverse("campaigns:explainer", args=[self.slug])
