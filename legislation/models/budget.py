"""The state's budget by fiscal year, and what the coalition asks for and gets."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.models.bill import Bill
from legislation.querysets import AppropriationAskQuerySet
from partners.fiscal_year import FiscalYear


class BudgetYear(models.Model):
    """One fiscal year's General Revenue Fund and what of it goes to human services, in dollars, with its source."""

    year = models.PositiveSmallIntegerField(
        _("fiscal year"), unique=True, help_text=_("The calendar year in which it ends: 2025 for FY25.")
    )
    general_revenue_fund = models.DecimalField(
        _("General Revenue Fund, in dollars"), max_digits=14, decimal_places=0
    )
    human_services = models.DecimalField(
        _("of it human services, in dollars"), max_digits=14, decimal_places=0
    )
    is_baseline = models.BooleanField(
        _("baseline"), default=False, help_text=_("Other years are compared with this one (FY23).")
    )
    is_enacted = models.BooleanField(
        _("enacted"), default=True, help_text=_("Otherwise the proposed budget.")
    )
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("budget year")
        verbose_name_plural = _("budget years")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_baseline"], condition=models.Q(is_baseline=True), name="budgetyear_one_baseline"
            ),
            models.CheckConstraint(
                condition=models.Q(human_services__lte=models.F("general_revenue_fund")),
                name="budgetyear_part_of_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(general_revenue_fund__gt=0), name="budgetyear_has_money"
            ),
        ]

    def __str__(self) -> str:
        return FiscalYear(self.year).label

    @property
    def share(self) -> float:
        """Human services' share of the General Revenue Fund, 0 to 1."""
        return float(self.human_services / self.general_revenue_fund)

    @property
    def share_percent(self) -> float:
        """The share in percent, 0 to 100."""
        return 100 * self.share


class AppropriationAsk(models.Model):
    """Money the coalition asks the state for, over the years, such as the loan repayment program."""

    name = models.CharField(_("program"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    purpose = models.CharField(_("what it pays for"), max_length=300)
    agency = models.CharField(_("agency"), max_length=160, blank=True)
    bills = models.ManyToManyField(
        Bill, blank=True, related_name="appropriation_asks", verbose_name=_("bills")
    )
    credit_text = models.CharField(_("in partnership with"), max_length=300, blank=True)
    is_public = models.BooleanField(_("shown on the website"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords(m2m_fields=[bills])
    objects = AppropriationAskQuerySet.as_manager()

    class Meta:
        verbose_name = _("appropriation ask")
        verbose_name_plural = _("appropriation asks")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class AppropriationFigure(models.Model):
    """One step of one year's money: asked, governor's proposal, enacted, spent; in dollars, with its source."""

    class Step(models.TextChoices):
        ASKED = "asked", _("asked")
        GOVERNOR = "governor", _("governor's proposal")
        ENACTED = "enacted", _("enacted")

    ask = models.ForeignKey(
        AppropriationAsk, models.CASCADE, related_name="figures", verbose_name=_("appropriation ask")
    )
    year = models.PositiveSmallIntegerField(_("fiscal year"), help_text=_("2025 for FY25."))
    step = models.CharField(_("step"), max_length=8, choices=Step.choices)
    amount = models.DecimalField(_("dollars"), max_digits=14, decimal_places=0)
    on = models.DateField(_("date"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("figure of an appropriation ask")
        verbose_name_plural = _("figures of appropriation asks")
        ordering = ["year", "step"]
        constraints = [
            models.UniqueConstraint(fields=["ask", "year", "step"], name="appropriationfigure_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="appropriationfigure_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{FiscalYear(self.year)}: {self.get_step_display()}"

    @property
    def year_label(self) -> str:
        """Such as `FY25`."""
        return FiscalYear(self.year).label
