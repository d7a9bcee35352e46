"""Whom a project wants to reach, and how many of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Area, Organization, SubSector
from research.models.participation import Participant
from research.models.project import ResearchProject
from research.models.project_gate import UnderrepresentedGroup


class RecruitmentTarget(models.Model):
    """So many participants of one group. What the group is depends on the dimension."""

    class Dimension(models.TextChoices):
        AREA = "area", _("area")
        SUB_SECTOR = "sub_sector", _("service area")
        BUDGET = "budget", _("annual budget")
        LEADER = "leader", _("leader identity")
        ROLE = "role", _("role")

    project = models.ForeignKey(
        ResearchProject, models.CASCADE, related_name="targets", verbose_name=_("project")
    )
    dimension = models.CharField(_("by"), max_length=10, choices=Dimension.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    sub_sector = models.ForeignKey(
        SubSector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service area")
    )
    value = models.CharField(_("group"), max_length=16, blank=True)
    number = models.PositiveSmallIntegerField(_("wanted participants"))

    class Meta:
        verbose_name = _("recruitment target")
        verbose_name_plural = _("recruitment targets")
        ordering = ["project", "dimension", "area__order", "sub_sector__order", "value"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gt=0), name="target_is_not_nothing"),
            models.CheckConstraint(
                condition=Q(dimension="area", area__isnull=False, sub_sector__isnull=True, value="")
                | Q(dimension="sub_sector", area__isnull=True, sub_sector__isnull=False, value="")
                | (
                    Q(dimension__in=["budget", "leader", "role"], area__isnull=True, sub_sector__isnull=True)
                    & ~Q(value="")
                ),
                name="target_names_its_group",
            ),
            models.UniqueConstraint(
                fields=["project", "dimension", "area", "sub_sector", "value"],
                nulls_distinct=False,
                name="target_once_per_group",
                violation_error_message=_("This project has a target for this group."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.group}"

    @property
    def group(self) -> str:
        """Whom it is about, in words."""
        if self.area is not None:
            return self.area.name
        if self.sub_sector is not None:
            return self.sub_sector.name
        return str(dict(VALUES[self.dimension]).get(self.value, self.value))


# What can be chosen where a group is neither an area nor a service area. Leaders' groups are those that must be heard.
LEADER_GROUPS = [
    choice
    for choice in UnderrepresentedGroup.choices
    if choice[0] not in {UnderrepresentedGroup.SMALL_BUDGET, UnderrepresentedGroup.SUB_SECTOR}
]
VALUES = {
    RecruitmentTarget.Dimension.BUDGET.value: Organization.BudgetBand.choices,
    RecruitmentTarget.Dimension.LEADER.value: LEADER_GROUPS,
    RecruitmentTarget.Dimension.ROLE.value: Participant.Role.choices,
}
