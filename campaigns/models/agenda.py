"""The policy and advocacy agenda: pillars that stay, priorities and targets that change."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.querysets import AgendaQuerySet
from partners.html import RichTextField


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
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["order", "title"]
        constraints = [models.UniqueConstraint(fields=["agenda", "slug"], name="priority_slug_once")]

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
