"""Press mentions: where the coalition is in the news."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.searching import search_words
from research.querysets.press import PressMentionQuerySet
from research.url_normal import normal_url


class PressMention(models.Model):
    """One article, broadcast or post of others in which the coalition or its research is mentioned."""

    outlet = models.CharField(_("outlet"), max_length=200)
    headline = models.CharField(_("headline"), max_length=300)
    url = models.URLField(_("address"), max_length=800)
    normalized_url = models.CharField(max_length=2000, editable=False)
    published_on = models.DateField(_("published on"))
    summary = models.CharField(
        _("what it says about us"), max_length=500, blank=True, help_text=_("In our own words.")
    )
    report = models.ForeignKey(
        "research.Report",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="press_mentions",
        verbose_name=_("about the report"),
        help_text=_("A citation of this report is suggested for review."),
    )
    is_public = models.BooleanField(_("shown under “In the news”"), default=True)
    search = search_words(a="headline", b=("outlet", "summary"))

    history = HistoricalRecords(excluded_fields=["search"])
    objects = PressMentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("press mention")
        verbose_name_plural = _("press mentions")
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["normalized_url"], name="press_mention_once_per_address"),
            models.CheckConstraint(
                condition=~Q(normalized_url=""), name="press_mention_has_compared_address"
            ),
        ]
        indexes = [
            models.Index(fields=["is_public", "-published_on"], name="press_mention_public"),
            GinIndex(fields=["search"], name="pressmention_search"),
        ]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.headline}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalized_url = normal_url(self.url)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its row on the page of its year."""
        return f"{reverse('research:press')}?year={self.published_on.year}#mention-{self.pk}"
