"""Who teaches: what they say of themselves in public, what they told us apart, when they can, and what they are paid."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.html import RichTextField
from partners.models import ProfileAnswer, User
from trainings.models.session import Session
from trainings.money_querysets import FacilitationQuerySet, FacilitatorQuerySet


class Facilitator(models.Model):
    """Somebody who teaches with professional and lived experience. The public words are their own."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    email = models.EmailField(
        _("e-mail address"), max_length=254, blank=True, help_text=_("For staff alone.")
    )
    headline = models.CharField(
        _("in one line"), max_length=160, blank=True, help_text=_("Such as: trainer and former caseworker.")
    )
    bio = RichTextField(_("about them, in their own words"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    portrait = models.ImageField(
        _("portrait"),
        upload_to="logos/",
        blank=True,
        help_text=_("PNG, JPEG or WebP of at most 2 MB."),
    )
    is_public = models.BooleanField(
        _("shown on public pages"), default=False, help_text=_("Only when they agreed to the words above.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = HistoricalRecords()
    objects = FacilitatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("facilitator")
        verbose_name_plural = _("facilitators")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:facilitators") + f"#{self.slug}"


class FacilitatorDemographics(models.Model):
    """What a facilitator chose to tell about themselves. Apart from all else, for staff with a right of its own."""

    facilitator = models.OneToOneField(
        Facilitator, models.CASCADE, related_name="demographics", verbose_name=_("facilitator")
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
    self_description = models.CharField(_("in their own words"), max_length=200, blank=True)
    declined = models.BooleanField(_("prefers not to say"), default=False)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("demographics of a facilitator")
        verbose_name_plural = _("demographics of facilitators")
        ordering = ["facilitator__name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(declined=False) | models.Q(races=[], ability="", self_description=""),
                name="facilitator_declined_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.facilitator)

    def clean(self) -> None:
        super().clean()
        if self.declined and (self.races or self.ability or self.self_description):
            raise ValidationError(_("Enter the answers or “prefers not to say”, not both."))


class FacilitatorAvailability(models.Model):
    """Days on which a facilitator can teach."""

    facilitator = models.ForeignKey(
        Facilitator, models.CASCADE, related_name="availability", verbose_name=_("facilitator")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("time in which they can teach")
        verbose_name_plural = _("times in which they can teach")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="availability_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"


class Facilitation(models.Model):
    """That somebody teaches at a session, how long it takes them, and what they are paid for it."""

    class Role(models.TextChoices):
        LEAD = "lead", _("leads the session")
        CO_LEAD = "co_lead", _("co-leads the session")
        GUEST = "guest", _("guest")

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="facilitations", verbose_name=_("session")
    )
    facilitator = models.ForeignKey(
        Facilitator, models.PROTECT, related_name="facilitations", verbose_name=_("facilitator")
    )
    role = models.CharField(_("role"), max_length=7, choices=Role.choices, default=Role.LEAD)
    hours_prepared = models.DecimalField(
        _("hours of preparing"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    hours_held = models.DecimalField(
        _("hours of teaching"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    fee = models.DecimalField(
        _("agreed fee in dollars"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True, editable=False)
    paid_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("payment entered by"),
    )

    history = HistoricalRecords()
    objects = FacilitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("facilitation")
        verbose_name_plural = _("facilitations")
        ordering = ["session__starts_at", "role", "facilitator__name"]
        constraints = [
            models.UniqueConstraint(fields=["session", "facilitator"], name="facilitation_once_per_session"),
            models.CheckConstraint(
                condition=models.Q(hours_prepared__gte=0, hours_held__gte=0, fee__gte=0),
                name="facilitation_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facilitator}: {self.session}"

    @property
    def hours(self) -> Decimal:
        """All hours that the fee is for."""
        return self.hours_prepared + self.hours_held
