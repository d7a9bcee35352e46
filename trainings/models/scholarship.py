"""Scholarships: the funds they come from, who asked for one, and what was awarded.

Nobody but the reviewers sees who asked. A person's reasons are not kept in the history.
"""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Person, User
from trainings.models.enrollment import Enrollment
from trainings.models.money import ZERO
from trainings.models.sponsor import TrainingSponsor
from trainings.money_querysets import FundQuerySet, ScholarshipRequestQuerySet


class ScholarshipFund(models.Model):
    """Money given so that people can learn without paying. `committed` is what awards took, never more than came."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    funder = models.CharField(_("given by"), max_length=160)
    sponsor = models.ForeignKey(
        TrainingSponsor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="funds",
        verbose_name=_("training sponsor"),
        help_text=_("Where the funder is one of the training sponsors."),
    )
    for_whom = models.CharField(
        _("for whom it is"), max_length=300, help_text=_("Shown on the page about fees.")
    )
    amount = models.DecimalField(
        _("amount given"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    committed = models.DecimalField(
        _("awarded of it"), max_digits=10, decimal_places=2, default=ZERO, editable=False
    )
    funded_on = models.DateField(_("given on"), help_text=_("The fiscal year of this day counts it."))
    until = models.DateField(_("can be awarded until"), null=True, blank=True)
    is_public = models.BooleanField(_("named on the page about fees"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = HistoricalRecords()
    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("scholarship fund")
        verbose_name_plural = _("scholarship funds")
        ordering = ["-funded_on", "name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="fund_has_money"),
            models.CheckConstraint(
                condition=models.Q(committed__gte=0, committed__lte=models.F("amount")),
                name="fund_never_overdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("funded_on")),
                name="fund_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def balance(self) -> Decimal:
        """What can still be awarded."""
        return self.amount - self.committed


class ScholarshipRequest(models.Model):
    """That somebody asked for help with a fee: all of it, or a part. Why is nobody's business unless they say it."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="scholarship_requests", verbose_name=_("enrollment")
    )
    # Who asked and is answered: the person themselves, or the colleague who registered them.
    asker = models.ForeignKey(
        Person, models.PROTECT, related_name="scholarship_requests", verbose_name=_("asked by")
    )
    asked_amount = models.DecimalField(
        _("asked for, in dollars"), max_digits=8, decimal_places=2, help_text=_("Of the fee at that time.")
    )
    reason = models.TextField(_("why"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    answer = models.TextField(_("words to the person"), max_length=1000, blank=True)

    history = HistoricalRecords(excluded_fields=["reason", "answer"])
    objects = ScholarshipRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("scholarship request")
        verbose_name_plural = _("scholarship requests")
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked_amount__gt=0), name="scholarship_asks_for_something"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked") | models.Q(decided_at__isnull=False),
                name="scholarship_decided_has_time",
            ),
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=models.Q(state__in=["asked", "approved"]),
                name="scholarship_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ScholarshipAward(models.Model):
    """Money of a fund for one seat. Where the seat is given back, the money goes back to its fund."""

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        USED = "used", _("used")
        RETURNED = "returned", _("back in the fund")

    request = models.OneToOneField(
        ScholarshipRequest, models.PROTECT, related_name="award", verbose_name=_("request")
    )
    fund = models.ForeignKey(
        ScholarshipFund, models.PROTECT, related_name="awards", verbose_name=_("scholarship fund")
    )
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OFFERED)
    awarded_at = models.DateTimeField(_("awarded"))
    awarded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("awarded by")
    )
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("scholarship")
        verbose_name_plural = _("scholarships")
        ordering = ["-awarded_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="award_gives_something"),
            models.CheckConstraint(
                condition=~models.Q(state="used") | models.Q(used_at__isnull=False),
                name="award_used_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="returned") | models.Q(returned_at__isnull=False),
                name="award_returned_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
