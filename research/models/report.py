"""Reports of the coalition's research: who wrote them, what they are about, and where they stand."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.models import Bill
from partners.html import RichTextField
from partners.models import User
from partners.searching import search_words
from research.querysets.report import ReportQuerySet

doi_validator = RegexValidator(
    r"^10\.\d{4,9}/[^\s\"<>]+$",
    _("Enter a DOI as it is registered, such as 10.5555/12345678, without its web address."),
    code="doi",
)
# Addresses below `reports/` that are not a report's.
not_reserved = RegexValidator(
    r"^feed$",
    _("This short name is an address of the portal itself. Choose another."),
    code="reserved",
    inverse_match=True,
)


class ResearchTopic(models.Model):
    """What research is about, such as rates or the true cost of services."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("topic of research")
        verbose_name_plural = _("topics of research")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """A report: the draft staff work on, and the head of what readers see.

    Chapters, key findings, tables and the method are what the newest version froze (`ReportVersion`); the draft goes on
    behind it. Title, summary, authors, topics and DOI are the same everywhere and show at once.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        EMBARGOED = "embargoed", _("embargoed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=120, unique=True, validators=[not_reserved])
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    summary = models.TextField(
        _("summary"), max_length=1200, blank=True, help_text=_("A paragraph that can stand alone.")
    )
    topics = models.ManyToManyField(
        ResearchTopic, related_name="reports", blank=True, verbose_name=_("topics")
    )
    method = RichTextField(
        _("method"), blank=True, help_text=_("How the figures came about, and what they cannot say.")
    )
    doi = models.CharField(
        _("DOI"),
        max_length=120,
        blank=True,
        validators=[doi_validator],
        help_text=_("Such as 10.5555/12345678"),
    )
    bills = models.ManyToManyField(Bill, related_name="reports", blank=True, verbose_name=_("related bills"))
    project = models.ForeignKey(
        "research.ResearchProject",
        models.SET_NULL,
        related_name="reports",
        null=True,
        blank=True,
        verbose_name=_("research project"),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True, editable=False)
    # The day of the first release; versions have their own.
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
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawn_because = models.CharField(
        _("why it was withdrawn"), max_length=400, blank=True, editable=False
    )
    # The newest version's words for the search: what only the draft says cannot be found.
    released_text = models.TextField(_("released text"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    search = search_words(a="title", b=("subtitle", "summary"), c=("released_text",))

    history = HistoricalRecords(excluded_fields=["released_text", "search"])
    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="embargoed") | models.Q(embargo_until__isnull=False),
                name="report_embargo_has_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["published", "withdrawn"])
                | models.Q(published_at__isnull=False),
                name="report_public_has_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_because="")),
                name="report_withdrawn_says_why",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="report_search"),
            models.Index(fields=["state", "-published_at"], name="report_public"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("research:report", args=[self.slug])

    @property
    def full_title(self) -> str:
        """Title and subtitle as they are cited."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_embargoed(self) -> bool:
        return self.state == self.State.EMBARGOED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN


class ReportAuthor(models.Model):
    """Somebody who wrote a report, with the parts of the name that citations need; or an organization."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="authors", verbose_name=_("report"))
    family = models.CharField(
        _("family name"), max_length=160, help_text=_("Or the whole name of an organization.")
    )
    given = models.CharField(
        _("given names"), max_length=120, blank=True, help_text=_("Empty for an organization.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()
