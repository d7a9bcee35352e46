"""What was released of a report, and how often its files were taken."""

from typing import Any

from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.models import User
from research.models.report import Report
from research.querysets.report import ReportDownloadQuerySet


def report_storage() -> Storage:
    """Where the files lie: not below the public media, because a withdrawn report's must not be found."""
    from django.conf import settings

    return FileSystemStorage(location=str(settings.PRIVATE_ROOT))


class ReportVersion(models.Model):
    """A report as it was released once. What it says stays; what changed since the one before is said in words.

    `content` is what `research.report_content` makes of the draft. `pdf` is set from it when somebody asks for
    it first, and again when a finding named in it was corrected: `pdf_digest` knows what it was set from.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions", verbose_name=_("report"))
    number = models.PositiveSmallIntegerField(_("number"))
    released_at = models.DateTimeField(_("released"))
    released_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    what_changed = models.CharField(_("what changed"), max_length=600, blank=True)
    content: Any = models.JSONField(_("content"), default=dict)
    pdf = models.FileField(_("PDF"), upload_to="reports/", storage=report_storage, blank=True)
    pdf_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="report_version_counts_from_one"),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(what_changed=""),
                name="report_version_says_what_changed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("research:report_version", args=[self.report.slug, self.number])


class ReportDownload(models.Model):
    """How often files of a report were taken on a day. Nobody is remembered: it is a number and no list."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        CSV = "csv", _("table as CSV")
        DATASET = "dataset", _("all tables")

    report = models.ForeignKey(Report, models.CASCADE, related_name="downloads", verbose_name=_("report"))
    day = models.DateField(_("day"))
    kind = models.CharField(_("file"), max_length=7, choices=Kind.choices)
    count = models.PositiveIntegerField(_("times"), default=0)

    objects = ReportDownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("downloads of a day")
        verbose_name_plural = _("downloads")
        ordering = ["-day", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["report", "day", "kind"], name="report_download_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.day}: {self.count}"
