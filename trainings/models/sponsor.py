"""Who gives money for trainings, for which time or training, and is named for it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from trainings.models.course import Course
from trainings.models.session import Session
from trainings.money_querysets import TrainingSponsorshipQuerySet


class TrainingSponsor(models.Model):
    """An organization or a company that pays a part of our trainings."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    logo = models.ImageField(
        _("logo"),
        upload_to="logos/",
        blank=True,
        help_text=_("PNG, JPEG or WebP of at most 2 MB. Without one, pages show the name."),
    )
    summary = models.CharField(_("who they are, in one sentence"), max_length=300, blank=True)
    is_public = models.BooleanField(_("named on public pages"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("training sponsor")
        verbose_name_plural = _("training sponsors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TrainingSponsorship(models.Model):
    """What a sponsor gave, and for what: one session, one course, or all trainings of the time."""

    sponsor = models.ForeignKey(
        TrainingSponsor, models.PROTECT, related_name="sponsorships", verbose_name=_("training sponsor")
    )
    course = models.ForeignKey(
        Course,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sponsorships",
        verbose_name=_("course"),
        help_text=_("Empty, with no session either: all trainings."),
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sponsorships",
        verbose_name=_("session"),
    )
    amount = models.DecimalField(
        _("amount in dollars"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    words = models.CharField(
        _("how they are named"),
        max_length=160,
        blank=True,
        help_text=_("Such as: With support of. Empty: Sponsored by."),
    )

    history = HistoricalRecords()
    objects = TrainingSponsorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")
        ordering = ["-starts_on", "sponsor__name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="sponsorship_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="sponsorship_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(course__isnull=True) | models.Q(session__isnull=True),
                name="sponsorship_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor}, {self.starts_on:%Y-%m-%d}"
