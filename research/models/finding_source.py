"""Whether the page that a finding names as its source still answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from research.models.finding import Finding
from research.querysets.finding import DAYS_UNTIL_DEAD, SourceCheckQuerySet


class SourceCheck(models.Model):
    """The newest look at a finding's source: how it went, when the page last answered, since when it fails."""

    class Outcome(models.TextChoices):
        FOUND = "found", _("answers")
        MOVED = "moved", _("answers from another address")
        UNSURE = "unsure", _("does not answer to programs")
        GONE = "gone", _("says that there is no such page")
        BROKEN = "broken", _("answers with an error")
        SLOW = "slow", _("does not answer in time")
        UNREACHABLE = "unreachable", _("cannot be reached")
        REFUSED = "refused", _("leads into a private network")

    FAILURES = frozenset({Outcome.GONE, Outcome.BROKEN, Outcome.SLOW, Outcome.UNREACHABLE, Outcome.REFUSED})

    finding = models.OneToOneField(
        Finding, models.CASCADE, related_name="source_check", verbose_name=_("finding")
    )
    # Which address was looked at: once the finding names another, this row says nothing any more.
    url = models.URLField(_("address"), max_length=500)
    checked_at = models.DateTimeField(_("looked at"))
    outcome = models.CharField(_("outcome"), max_length=11, choices=Outcome.choices)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    moved_to = models.URLField(_("now at"), max_length=2000, blank=True)
    last_seen_at = models.DateTimeField(_("last answered"), null=True, blank=True)
    first_failed_at = models.DateTimeField(_("fails since"), null=True, blank=True)
    failed_days = models.PositiveSmallIntegerField(_("days on which it failed"), default=0)

    objects = SourceCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a source")
        verbose_name_plural = _("checks of sources")
        ordering = ["first_failed_at", "finding_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(failed_days=0, first_failed_at__isnull=True)
                | models.Q(failed_days__gt=0, first_failed_at__isnull=False),
                name="sourcecheck_failure_has_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.get_outcome_display()}"

    @property
    def is_dead(self) -> bool:
        """Whether it failed on enough different days to say so."""
        return self.failed_days >= DAYS_UNTIL_DEAD
