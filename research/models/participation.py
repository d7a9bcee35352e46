"""Who takes part in research. What they say of themselves lies apart, and nothing joins it to them (ADR 9, 11).

A participant is a number in one project. Their name and address, if we have them, are a row of their own with a right
of its own. What they tell about race, ability and age goes into the project's box: no key, no time, no history, random
keys, and mixed whenever something is put in.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partners.models import County, Organization, ProfileAnswer, SubSector
from research.models.project import Phase, ResearchProject
from research.querysets.participation import ParticipationQuerySet


class Participant(models.Model):
    """Somebody who takes part in one project, under a number. The same person in two projects is two of them."""

    class Role(models.TextChoices):
        WORKER = "worker", _("frontline worker")
        SUPERVISOR = "supervisor", _("supervisor")
        EXECUTIVE = "executive", _("executive or finance lead")
        CLIENT = "client", _("person who uses services")
        FAMILY = "family", _("family member or caregiver")
        OTHER = "other", _("somebody else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(
        ResearchProject, models.CASCADE, related_name="participants", verbose_name=_("project")
    )
    code = models.CharField(
        _("number"), max_length=20, help_text=_("Such as P-014. Never a name or part of one.")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    county = models.ForeignKey(
        County,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="research_participants",
        verbose_name=_("county"),
    )
    sub_sector = models.ForeignKey(
        SubSector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="research_participants",
        verbose_name=_("service area"),
    )
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="research_participants",
        verbose_name=_("organization"),
    )
    has_told = models.BooleanField(
        _("was asked about themselves and answered"), default=False, editable=False
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["project", "code"]
        constraints = [
            models.UniqueConstraint(
                "project",
                Lower("code"),
                name="participant_code_once",
                violation_error_message=_("This project has a participant with this number."),
            ),
            models.CheckConstraint(condition=~Q(code=""), name="participant_has_code"),
        ]

    def __str__(self) -> str:
        return self.code


class Participation(models.Model):
    """That a participant took part in a phase on a day, in one way."""

    class Method(models.TextChoices):
        SURVEY = "survey", _("survey")
        INTERVIEW = "interview", _("interview")
        FOCUS_GROUP = "focus_group", _("focus group")
        WORKSHOP = "workshop", _("workshop or listening session")
        ADVISORY = "advisory", _("advisory group")
        RECORDS = "records", _("records of an organization")

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="participations", verbose_name=_("participant")
    )
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="participations", verbose_name=_("phase"))
    method = models.CharField(_("method"), max_length=11, choices=Method.choices)
    participated_on = models.DateField(_("day"))
    # Which form, or which line of which file, it came from: the same twice is one row.
    entry = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["-participated_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "phase", "method", "participated_on"],
                name="participation_once",
                violation_error_message=_("This is entered already."),
            ),
        ]
        indexes = [models.Index(fields=["participated_on"], name="participation_day")]

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_method_display()}"


class ParticipantContact(models.Model):
    """The name and address behind a participant's number. For staff with a right of its own; it can be erased."""

    participant = models.OneToOneField(
        Participant, models.CASCADE, related_name="contact", verbose_name=_("participant")
    )
    project = models.ForeignKey(
        ResearchProject, models.CASCADE, editable=False, related_name="+", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    may_contact = models.BooleanField(_("may be asked again"), default=False)

    class Meta:
        verbose_name = _("contact of a participant")
        verbose_name_plural = _("contacts of participants")
        ordering = ["project", "participant__code"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="", email=""), name="contact_says_who"),
            models.UniqueConstraint(
                "project",
                Lower("email"),
                condition=~Q(email=""),
                name="contact_email_once",
                violation_error_message=_("Somebody in this project has this address."),
            ),
        ]

    def __str__(self) -> str:
        # The desk's log keeps these words for good: the number, never who is behind it.
        return self.participant.code


class ParticipantDemographics(models.Model):
    """What somebody who took part in a project told about themselves: a row of the project's box."""

    class Age(models.TextChoices):
        UNDER_25 = "under_25", _("Under 25")
        TO_44 = "25_44", _("25 to 44")
        TO_64 = "45_64", _("45 to 64")
        OVER_65 = "65_over", _("65 or older")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(
        ResearchProject, models.CASCADE, related_name="demographics", verbose_name=_("project")
    )
    races = ArrayField(
        models.CharField(max_length=40, choices=ProfileAnswer.Race.choices),
        verbose_name=_("race or ethnicity"),
        default=list,
        blank=True,
    )
    ability = models.CharField(
        _("ability status"), max_length=16, choices=ProfileAnswer.Ability.choices, blank=True
    )
    age = models.CharField(_("age"), max_length=8, choices=Age.choices, blank=True)
    declined = models.BooleanField(_("prefers not to say"), default=False)

    class Meta:
        verbose_name = _("what a participant told")
        verbose_name_plural = _("what participants told")
        constraints = [
            models.CheckConstraint(
                condition=Q(declined=True, races=[], ability="", age="")
                | (Q(declined=False) & (~Q(races=[]) | ~Q(ability="") | ~Q(age=""))),
                name="participant_told_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
