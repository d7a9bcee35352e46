"""What an organization chose to tell about its leader, its people and those it serves.

Race and ethnicity follow the seven categories of the 2024 federal standard (SPD 15): several at once, never
guessed.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.organization import Organization
from partners.models.person import User
from partners.querysets import ProfileAnswerQuerySet


class ProfileAnswer(models.Model):
    """One answer to one marker on one day. A later answer stands beside the earlier; none is overwritten."""

    class Marker(models.TextChoices):
        LEADER_RACE = "leader_race", _("leader's race or ethnicity")
        LEADER_ABILITY = "leader_ability", _("leader's ability status")
        POPULATIONS = "populations", _("populations served")
        EMPLOYED = "employed", _("number of people employed")

    class Race(models.TextChoices):
        AMERICAN_INDIAN = "american_indian", _("American Indian or Alaska Native")
        ASIAN = "asian", _("Asian")
        BLACK = "black", _("Black or African American")
        LATINO = "latino", _("Hispanic or Latino")
        MENA = "mena", _("Middle Eastern or North African")
        PACIFIC = "pacific", _("Native Hawaiian or Pacific Islander")
        WHITE = "white", _("White")

    class Ability(models.TextChoices):
        DISABILITY = "disability", _("Has a disability")
        NO_DISABILITY = "no_disability", _("Has no disability")

    class Population(models.TextChoices):
        CHILDREN = "children", _("Children and youth")
        FAMILIES = "families", _("Families")
        OLDER_ADULTS = "older_adults", _("Older adults")
        DISABILITY = "disability", _("People with disabilities")
        MENTAL_HEALTH = "mental_health", _("People with mental health or substance use needs")
        LOW_INCOME = "low_income", _("People with low incomes")
        HOUSING = "housing", _("People without stable housing")
        IMMIGRANTS = "immigrants", _("Immigrants and refugees")
        LGBTQ = "lgbtq", _("LGBTQ+ people")
        SURVIVORS = "survivors", _("Survivors of violence")
        JUSTICE = "justice", _("People in or leaving the justice system")
        VETERANS = "veterans", _("Veterans")
        COLOR = "color", _("Communities of color")
        RURAL = "rural", _("Rural communities")

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="profile_answers", verbose_name=_("organization")
    )
    marker = models.CharField(_("question"), max_length=16, choices=Marker.choices)
    values = ArrayField(models.CharField(max_length=40), verbose_name=_("answers"), default=list, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    self_description = models.CharField(_("in their own words"), max_length=200, blank=True)
    declined = models.BooleanField(_("prefers not to say"), default=False)
    answered_at = models.DateTimeField(_("answered"))
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    objects = ProfileAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile answer")
        verbose_name_plural = _("profile answers")
        ordering = ["-answered_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(declined=False)
                | models.Q(values=[], number__isnull=True, self_description=""),
                name="profile_declined_says_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "marker", "-answered_at"], name="profile_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_marker_display()}"
