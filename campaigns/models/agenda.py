"""The policy and advocacy agenda: pillars that stay, priorities and targets that change."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.querysets import AgendaQuerySet
from partners.html import RichTextField
from partners.searching import search_words


class Pillar(models.Model):
    """One of the coalition's core pillars."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=160)
    statement = models.TextField(_("what it means"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Agenda(models.Model):
    """The agenda of one year."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    title = models.CharField(_("title"), max_length=160)
    introduction = models.TextField(_("introduction"))
    commitment = models.TextField(_("long-term commitment"), blank=True)
    is_published = models.BooleanField(_("published"), default=False)

    history = HistoricalRecords()
    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:agenda_year", args=[self.year])


class Priority(models.Model):
    """One thing the agenda asks the state to do."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="priorities", verbose_name=_("agenda"))
    pillar = models.ForeignKey(Pillar, models.PROTECT, related_name="priorities", verbose_name=_("pillar"))
    slug = models.SlugField(_("short name"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("one sentence"), max_length=300)
    body = RichTextField(_("text"))
    reference = models.CharField(
        _("bill or act"), max_length=120, blank=True, help_text=_("Such as SB3925, Public Act 102-1089")
    )
    ask = models.CharField(_("the ask"), max_length=120, blank=True, help_text=_("Such as $15 million"))
    ask_detail = models.CharField(_("what it pays for"), max_length=200, blank=True)
    partners_credited = models.CharField(_("in partnership with"), max_length=300, blank=True)
    fact_sheet = models.ForeignKey(
        "research.FactSheet",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="priorities",
        verbose_name=_("fact sheet"),
    )
    reports = models.ManyToManyField(
        "research.Report", blank=True, related_name="priorities", verbose_name=_("reports")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Why it was published although no worker's voice stands beside it.
    no_voice_reason = models.CharField(
        _("why it has no worker's voice"), max_length=300, blank=True, db_default=""
    )
    no_voice_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said by"),
    )
    no_voice_at = models.DateTimeField(_("said"), null=True, blank=True)
    search = search_words(
        a="title", b=("summary", "reference", "ask"), c=("body", "ask_detail"), d=("partners_credited",)
    )

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["order", "title"]
        constraints = [
            models.UniqueConstraint(fields=["agenda", "slug"], name="priority_slug_once"),
            models.CheckConstraint(
                condition=models.Q(no_voice_reason="", no_voice_at__isnull=True)
                | ~models.Q(no_voice_reason="") & models.Q(no_voice_at__isnull=False),
                name="priority_reason_has_moment",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="priority_search")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:priority", args=[self.agenda.year, self.slug])


class Target(models.Model):
    """A short-term target of an agenda's year, as the strategic plan words it."""

    class Field(models.TextChoices):
        POLICY = "policy", _("Policy and advocacy")
        TRAINING = "training", _("Trainings")
        RESEARCH = "research", _("Research")
        FINANCE = "finance", _("Financial stability and growth")
        ORGANIZATION = "organization", _("Organizational transformation")

    agenda = models.ForeignKey(Agenda, models.CASCADE, related_name="targets", verbose_name=_("agenda"))
    field = models.CharField(_("field"), max_length=14, choices=Field.choices, default=Field.POLICY)
    text = models.CharField(_("target"), max_length=400)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.text
