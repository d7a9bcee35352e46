"""What partners told us in conversation, by theme, and what we did about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Organization, Person, User


class Theme(models.Model):
    """What comes up again and again, such as travel time or staff turnover."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    summary = models.CharField(_("what belongs to it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Interview(models.Model):
    """One conversation with somebody of a partner about trainings. Only staff with the right to it read it."""

    class Consent(models.TextChoices):
        INTERNAL = "internal", _("for us alone")
        UNNAMED = "unnamed", _("may be quoted without a name")
        NAMED = "named", _("may be quoted with name and organization")

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="interviews", verbose_name=_("organization")
    )
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("person"),
        help_text=_("Empty where somebody wants to stay unnamed."),
    )
    held_on = models.DateField(_("day"))
    interviewer = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("interviewer")
    )
    consent = models.CharField(_("consent"), max_length=8, choices=Consent.choices, default=Consent.INTERNAL)
    summary = models.TextField(_("summary"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.organization}, {self.held_on}"


class InterviewNote(models.Model):
    """One passage of an interview and the themes it belongs to."""

    interview = models.ForeignKey(
        Interview, models.CASCADE, related_name="notes", verbose_name=_("interview")
    )
    text = models.TextField(_("what was said"))
    themes = models.ManyToManyField(Theme, related_name="notes", blank=True, verbose_name=_("themes"))
    is_verbatim = models.BooleanField(_("in their own words"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class Improvement(models.Model):
    """One line of "You said, we did": what people told us, and what changed because of it."""

    class Source(models.TextChoices):
        SURVEY = "survey", _("surveys")
        INTERVIEW = "interview", _("interviews")
        FEEDBACK = "feedback", _("feedback after events")
        COMMUNITY = "community", _("the community of practice")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    said = models.CharField(_("you said"), max_length=300)
    source = models.CharField(_("told in"), max_length=9, choices=Source.choices)
    theme = models.ForeignKey(
        Theme,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="improvements",
        verbose_name=_("theme"),
    )
    did = models.CharField(_("we did"), max_length=500)
    done_on = models.DateField(_("since"))
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("you said, we did")
        verbose_name_plural = _("you said, we did")
        ordering = ["-done_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="improvement_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.said
