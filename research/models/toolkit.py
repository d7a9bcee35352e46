"""Toolkits: what people need to speak up for something, ready to copy and to send."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.models import Bill
from partners.html import RichTextField
from partners.models import User
from partners.searching import search_words
from research.querysets.toolkit import ToolkitDownloadQuerySet, ToolkitQuerySet
from research.toolkit_files import toolkit_file_name, toolkit_files

# Kinds that are nothing without words: people copy them.
WRITTEN = ("letter", "script", "post", "points")


class Toolkit(models.Model):
    """Letters, scripts, posts, slides and graphics for one purpose, filled in for each organization and district."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("everyone")
        PARTNERS = "partners", _("people of partner organizations")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    summary = models.CharField(_("summary, in one or two sentences"), max_length=300)
    body = RichTextField(_("how to use it"), blank=True)
    topics = models.ManyToManyField(
        "research.ResearchTopic", related_name="toolkits", blank=True, verbose_name=_("topics")
    )
    report = models.ForeignKey(
        "research.Report",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="toolkits",
        verbose_name=_("report it builds on"),
    )
    bill = models.ForeignKey(
        Bill, models.SET_NULL, null=True, blank=True, related_name="toolkits", verbose_name=_("bill")
    )
    audience = models.CharField(
        _("for whom"), max_length=8, choices=Audience.choices, default=Audience.PUBLIC
    )
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    reviewed_on = models.DateField(
        _("reviewed"),
        null=True,
        blank=True,
        help_text=_("When somebody last read all of it and found it right."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    search = search_words(a="title", b=("summary",), c=("body",))

    history = HistoricalRecords(m2m_fields=[topics], excluded_fields=["search"])
    objects = ToolkitQuerySet.as_manager()

    class Meta:
        verbose_name = _("toolkit")
        verbose_name_plural = _("toolkits")
        ordering = ["-published_at", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(published_at__isnull=False, reviewed_on__isnull=False),
                name="toolkit_published_is_reviewed",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="toolkit_search"),
            models.Index(fields=["status", "audience", "-published_at"], name="toolkit_listed"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("research:toolkit", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_for_partners(self) -> bool:
        return self.audience == self.Audience.PARTNERS


class ToolkitItem(models.Model):
    """One thing of a toolkit. Its text may hold merge fields (`research/toolkit_fields.py`)."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("Letter")
        SCRIPT = "script", _("Phone script")
        POST = "post", _("Social post")
        POINTS = "points", _("Talking points")
        SLIDES = "slides", _("Slides")
        GRAPHIC = "graphic", _("Graphic")
        OTHER = "other", _("Something else")

    toolkit = models.ForeignKey(Toolkit, models.CASCADE, related_name="items", verbose_name=_("toolkit"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    note = models.CharField(
        _("when to use it"), max_length=300, blank=True, help_text=_("Shown over it and never copied.")
    )
    text = models.TextField(
        _("text"),
        max_length=12_000,
        blank=True,
        help_text=_("May hold merge fields. Slides: a line of three hyphens (---) begins the next one."),
    )
    length_limit = models.PositiveSmallIntegerField(
        _("characters at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(20)],
        help_text=_("For posts: what the network takes."),
    )
    file = models.FileField(
        _("file"), upload_to=toolkit_file_name, storage=toolkit_files, max_length=200, blank=True
    )
    finding = models.ForeignKey(
        "research.Finding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="toolkit_items",
        verbose_name=_("finding to draw"),
        help_text=_("For graphics: we draw it, wide and square, and again when it is corrected."),
    )
    alt_text = models.CharField(
        _("words for those who do not see it"),
        max_length=300,
        blank=True,
        help_text=_("For a graphic that is uploaded. Of a finding we know them."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("item of a toolkit")
        verbose_name_plural = _("items of toolkits")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") | ~models.Q(file="") | models.Q(finding__isnull=False),
                name="toolkititem_holds_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=WRITTEN) | ~models.Q(text=""),
                name="toolkititem_written_has_text",
            ),
            models.CheckConstraint(
                condition=models.Q(length_limit__isnull=True) | models.Q(kind="post"),
                name="toolkititem_limit_is_of_posts",
            ),
            models.CheckConstraint(
                condition=models.Q(finding__isnull=True) | models.Q(kind="graphic", file=""),
                name="toolkititem_finding_is_drawn",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="graphic") | models.Q(file="") | ~models.Q(alt_text=""),
                name="toolkititem_graphic_has_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ToolkitDownload(models.Model):
    """How often something of a toolkit was taken on a day. Nobody is remembered: it is a number and no list."""

    class Kind(models.TextChoices):
        ZIP = "zip", _("whole toolkit")
        TEXT = "txt", _("text")
        WORD = "docx", _("Word file")
        PDF = "pdf", _("PDF")
        PICTURE = "png", _("graphic")
        FILE = "file", _("uploaded file")

    toolkit = models.ForeignKey(Toolkit, models.CASCADE, related_name="downloads", verbose_name=_("toolkit"))
    day = models.DateField(_("day"))
    kind = models.CharField(_("what"), max_length=4, choices=Kind.choices)
    count = models.PositiveIntegerField(_("times"), default=0)

    objects = ToolkitDownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("downloads of a toolkit")
        verbose_name_plural = _("downloads of toolkits")
        ordering = ["-day", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["toolkit", "day", "kind"], name="toolkitdownload_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.toolkit}, {self.day}: {self.count}"
