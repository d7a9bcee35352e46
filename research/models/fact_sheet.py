"""Fact sheets: one page on a bill, a priority, a legislative district or anything else, with every version of it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.chambers import Chamber
from legislation.models import Bill
from partners.html import RichTextField
from partners.models import User
from partners.searching import search_words
from research.querysets.fact_sheet import FactSheetQuerySet, FactSheetRunQuerySet, FactSheetVersionQuerySet


class FactSheet(models.Model):
    """One page of facts with an ask. What is printed stands in its versions; the public sees the newest."""

    class Kind(models.TextChoices):
        BILL = "bill", _("bill")
        PRIORITY = "priority", _("priority")
        DISTRICT = "district", _("legislative district")
        GENERAL = "general", _("general")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.GENERAL)
    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    summary = models.CharField(_("summary, in one or two sentences"), max_length=300)
    body = RichTextField(
        _("text"), blank=True, help_text=_("It must fit on one page: about 300 words, in short parts.")
    )
    ask = models.TextField(
        _("the ask"), max_length=600, blank=True, help_text=_("What the reader is asked to do, in words.")
    )
    bill = models.ForeignKey(
        Bill, models.PROTECT, null=True, blank=True, related_name="fact_sheets", verbose_name=_("bill")
    )
    reference = models.CharField(
        _("priority it is about"), max_length=200, blank=True, help_text=_("Its name on the agenda.")
    )
    chamber = models.CharField(_("chamber"), max_length=5, choices=Chamber.choices, blank=True)
    district = models.PositiveSmallIntegerField(_("district"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    # Since when the newest version no longer says what our data say today; found every night.
    stale_since = models.DateTimeField(_("out of date since"), null=True, blank=True, editable=False)
    # What the newest version says, for lists and the search: what only the draft says cannot be found.
    released_title = models.CharField(_("released title"), max_length=200, blank=True, editable=False)
    released_summary = models.TextField(_("released summary"), blank=True, editable=False)
    released_text = models.TextField(_("released text"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    search = search_words(a="released_title", b=("released_summary",), c=("released_text",))

    history = HistoricalRecords(
        excluded_fields=["search", "stale_since", "released_title", "released_summary", "released_text"]
    )
    objects = FactSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact sheet")
        verbose_name_plural = _("fact sheets")
        ordering = ["kind", "chamber", "district", "title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="district", chamber__in=["lower", "upper"], district__gte=1)
                | (~models.Q(kind="district") & models.Q(chamber="", district__isnull=True)),
                name="factsheet_district_is_named",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="bill") | models.Q(bill__isnull=False),
                name="factsheet_bill_is_named",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="factsheet_published_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="district")
                | ~models.Q(slug__regex=r"^(house|senate)-district-[0-9]+$"),
                name="factsheet_district_slugs_are_kept",
            ),
            models.UniqueConstraint(
                fields=["chamber", "district"],
                condition=models.Q(kind="district"),
                name="factsheet_one_per_district",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="factsheet_search")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("research:fact_sheet", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_of_district(self) -> bool:
        return self.kind == self.Kind.DISTRICT


class FactSheetVersion(models.Model):
    """What one edition of a sheet says, to the letter, and its PDF. A version never changes."""

    sheet = models.ForeignKey(
        FactSheet, models.CASCADE, related_name="versions", verbose_name=_("fact sheet")
    )
    number = models.PositiveIntegerField(_("version"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    # Exactly what is printed, on the page and in the PDF.
    content = models.JSONField(_("content"))
    content_digest = models.CharField(max_length=64)
    # Of what it was made from: the content without the day of its data.
    source_digest = models.CharField(max_length=64)
    # Set from the content; where the file is gone, it is set again when somebody asks for it.
    pdf = models.FileField(_("PDF"), upload_to="fact-sheets/", max_length=200, blank=True)
    what_changed = models.CharField(_("what changed"), max_length=300, blank=True)
    # The findings it quotes, as they stood then.
    findings = models.ManyToManyField(
        "research.Finding",
        blank=True,
        editable=False,
        related_name="fact_sheet_versions",
        verbose_name=_("findings"),
    )

    objects = FactSheetVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a fact sheet")
        verbose_name_plural = _("versions of fact sheets")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="factsheetversion_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="factsheetversion_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}, {self.number}"


class FactSheetRun(models.Model):
    """One job that makes the sheets of all districts; stopped, it goes on where it stood."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        PARTIAL = "partial", _("done, but some sheets failed")
        FAILED = "failed", _("failed")

    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    ask = models.TextField(
        _("the ask"),
        max_length=600,
        blank=True,
        help_text=_("Printed on every sheet. Left empty, it is the newest open appropriation ask."),
    )
    make_all = models.BooleanField(
        _("make all anew"), default=False, help_text=_("Otherwise only sheets whose data changed.")
    )
    total = models.PositiveIntegerField(_("sheets"), default=0)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    made = models.PositiveIntegerField(_("made anew"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    # The district whose turn was last, such as `lower-25`: the next turn goes on behind it.
    cursor = models.CharField(max_length=12, blank=True)
    # Each a pair of the sheet's name and the reason in words.
    failures = models.JSONField(_("what failed"), default=list, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked for by")
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # A worker says so often that it is alive; a run that went silent is taken up again.
    seen_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)

    objects = FactSheetRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("making of fact sheets")
        verbose_name_plural = _("makings of fact sheets")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(state__in=["waiting", "running", "stopped"]),
                name="factsheetrun_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total"))
                & models.Q(done__gte=models.F("made") + models.F("failed")),
                name="factsheetrun_counts_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.asked_at):%Y-%m-%d %H:%M}, {self.get_state_display()}"

    @property
    def unchanged(self) -> int:
        """Sheets whose newest version still says what our data say."""
        return self.done - self.made - self.failed

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self.state in {self.State.WAITING, self.State.RUNNING, self.State.STOPPED}
