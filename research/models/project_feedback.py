"""What partners say about a phase, and what was changed because of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Organization, User
from research.models.project import Phase
from research.querysets.project import FeedbackQuerySet


class ProjectChange(models.Model):
    """One line of "You said, we changed" on a project's page."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="changes", verbose_name=_("phase"))
    said = models.CharField(_("partners said"), max_length=300)
    changed = models.CharField(_("we changed"), max_length=500)
    changed_on = models.DateField(_("since"))
    is_public = models.BooleanField(_("shown on the project's page"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("change because of feedback")
        verbose_name_plural = _("changes because of feedback")
        ordering = ["-changed_on", "-pk"]

    def __str__(self) -> str:
        return self.said


class PhaseFeedback(models.Model):
    """What one person of a partner said about one phase. They can change it while the phase is open."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        CONSIDERED = "considered", _("considered")

    class Verdict(models.TextChoices):
        """How well the phase serves those it is about, in the partner's eyes."""

        GOOD = "good", _("This works for us")
        CHANGE = "change", _("Something should change")
        CONCERN = "concern", _("We have a serious concern")

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="feedback", verbose_name=_("phase"))
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="research_feedback", verbose_name=_("partner")
    )
    given_at = models.DateTimeField(_("given"))
    given_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("given by"))
    verdict = models.CharField(_("in one word"), max_length=7, choices=Verdict.choices)
    text = models.TextField(_("feedback"), max_length=3000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, editable=False
    )
    considered_at = models.DateTimeField(_("considered"), null=True, blank=True, editable=False)
    considered_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("considered by"),
    )
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)

    history = HistoricalRecords()
    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback on a phase")
        verbose_name_plural = _("feedback on phases")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "given_by"], name="feedback_once_per_person"),
            models.CheckConstraint(
                condition=Q(verdict="good") | ~Q(text=""),
                name="feedback_says_what",
                violation_error_message=_("Say what should change."),
            ),
            models.CheckConstraint(
                condition=Q(state="new", considered_at__isnull=True)
                | Q(state="considered", considered_at__isnull=False),
                name="feedback_considered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.phase}"
