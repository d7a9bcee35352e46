"""Citations of our reports by others: entered by staff or suggested from press mentions, and counted once verified."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import User
from research.querysets.citation import CitationQuerySet
from research.url_normal import normal_url


class Citation(models.Model):
    """One page on which somebody outside the coalition cites one of our reports."""

    class Kind(models.TextChoices):
        MEDIA = "media", _("media")
        STATE_GOVERNMENT = "government", _("state government")
        SECTOR_LEADER = "leader", _("sector leader")
        LEGISLATOR = "legislator", _("legislator")
        ACADEMIC = "academic", _("academic")

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("to be verified")
        VERIFIED = "verified", _("verified")
        REJECTED = "rejected", _("no citation")

    report = models.ForeignKey(
        "research.Report", models.PROTECT, related_name="citations", verbose_name=_("report")
    )
    kind = models.CharField(_("who cites"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=300)
    outlet = models.CharField(_("outlet or name"), max_length=200)
    url = models.URLField(_("address"), max_length=800)
    normalized_url = models.CharField(max_length=2000, editable=False)
    cited_on = models.DateField(_("day of the citation"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.SUGGESTED)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    rejected_because = models.CharField(_("why it is no citation"), max_length=300, blank=True)
    source_mention = models.ForeignKey(
        "research.PressMention",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("suggested from the press mention"),
    )

    history = HistoricalRecords()
    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["-cited_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "normalized_url"], name="citation_once_per_address"),
            models.CheckConstraint(
                condition=Q(state="verified", verified_at__isnull=False)
                | (~Q(state="verified") & Q(verified_at__isnull=True)),
                name="citation_verified_has_time",
            ),
            models.CheckConstraint(condition=~Q(normalized_url=""), name="citation_has_compared_address"),
        ]
        indexes = [models.Index(fields=["state", "cited_on"], name="citation_state")]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalized_url = normal_url(self.url)
        super().save(*args, **kwargs)
