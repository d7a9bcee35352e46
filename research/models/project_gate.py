"""Who was heard in a phase, and why somebody was not: what a phase needs before it closes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Organization, User
from research.models.project import Phase


class UnderrepresentedGroup(models.TextChoices):
    """The groups that must be heard: the reasons of `partners.underrepresented`, leaders' groups one by one."""

    BLACK = "black", _("Black or African American leaders")
    LATINO = "latino", _("Hispanic or Latino leaders")
    ASIAN = "asian", _("Asian leaders")
    MENA = "mena", _("Middle Eastern or North African leaders")
    DISABILITY = "disability", _("leaders with a disability")
    SMALL_BUDGET = "small_budget", _("organizations with a budget under $5 million")
    SUB_SECTOR = "sub_sector", _("underrepresented sub-sectors")


class PhaseInput(models.Model):
    """What somebody of an underrepresented group told us in a phase. For staff alone."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="inputs", verbose_name=_("phase"))
    group = models.CharField(_("group"), max_length=12, choices=UnderrepresentedGroup.choices)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="research_inputs",
        verbose_name=_("partner"),
        help_text=_("Only with a group that the partner named itself."),
    )
    source = models.CharField(
        _("or who it was"),
        max_length=200,
        blank=True,
        help_text=_("Such as: advisory group of small agencies."),
    )
    given_on = models.DateField(_("day"))
    said = models.TextField(_("what they said"), max_length=4000)
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)
    noted_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("noted by"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("input of a group")
        verbose_name_plural = _("input of groups")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | ~Q(source=""),
                name="input_says_who",
                violation_error_message=_("Choose a partner, or say who it was."),
            ),
        ]
        indexes = [models.Index(fields=["phase", "group"], name="input_of_phase")]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.organization or self.source}"


class GateWaiver(models.Model):
    """That a phase may close without a group, with the reason."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="waivers", verbose_name=_("phase"))
    group = models.CharField(_("group"), max_length=12, choices=UnderrepresentedGroup.choices)
    reason = models.CharField(_("why it was not heard"), max_length=400)
    waived_at = models.DateTimeField(_("waived"))
    waived_by = models.ForeignKey(
        User, models.PROTECT, editable=False, related_name="+", verbose_name=_("waived by")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["-waived_at"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "group"], name="waiver_once_per_group"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.phase}"
