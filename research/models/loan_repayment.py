"""The Human Services Professional Loan Repayment Program: what its reports say, and by what rules people get in.

Sums and counts alone: of no borrower is anything kept, also not by the checker.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.models import AppropriationAsk, Bill
from partners.fiscal_year import FiscalYear
from partners.html import RichTextField
from partners.models import User
from research.models.toolkit import Toolkit
from research.querysets.loan_repayment import EligibilityCriterionQuerySet, ProgramReportQuerySet
from research.toolkit_files import program_file_name, program_files

# The program's first year: the act is in force since January 2023.
FIRST_YEAR = 2023


class LoanProgram(models.Model):
    """The one row that says what our pages tell about the program, and where its rules were last looked up."""

    name = models.CharField(_("name"), max_length=160)
    summary = models.CharField(_("what it does, in one or two sentences"), max_length=300)
    body = RichTextField(_("about the program"), blank=True)
    agency_name = models.CharField(_("agency that runs it"), max_length=120)
    agency_url = models.URLField(_("the program's page at the agency"), max_length=500)
    agency_contact = models.CharField(
        _("how to reach the agency"), max_length=200, blank=True, help_text=_("Phone or e-mail address.")
    )
    law = models.CharField(_("law"), max_length=120, help_text=_("Such as PA 102-1089 (110 ILCS 997)"))
    bill = models.ForeignKey(
        Bill,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bill that made it a law"),
    )
    # Whose enacted figures are the program's appropriations: they are kept there and nowhere else.
    ask = models.ForeignKey(
        AppropriationAsk,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("appropriation ask"),
        help_text=_("Its enacted figures are the program's appropriations."),
    )
    rules_checked_on = models.DateField(_("rules compared with the source"), null=True, blank=True)
    employer_guide = RichTextField(_("guide for employers"), blank=True)
    employer_checklist = models.TextField(
        _("checklist for employers"), blank=True, help_text=_("One thing to do a line.")
    )
    toolkit = models.ForeignKey(
        Toolkit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("toolkit with the employer's letter"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("loan repayment program")
        verbose_name_plural = _("loan repayment program")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="loanprogram_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def checklist(self) -> list[str]:
        """The employer's steps, one by one."""
        return [line.strip() for line in self.employer_checklist.splitlines() if line.strip()]

    @property
    def guides_employers(self) -> bool:
        """Whether the page for employers has something to say."""
        return bool(self.employer_guide or self.checklist or self.open_toolkit)

    @property
    def open_toolkit(self) -> Toolkit | None:
        """The toolkit with the employer's letter, while it is on the site for everybody."""
        toolkit = self.toolkit
        return toolkit if toolkit and toolkit.is_published and not toolkit.is_for_partners else None


class ProgramReport(models.Model):
    """How the program stood on a day, counted from July 1 of its fiscal year on. Sums and counts alone."""

    year = models.PositiveSmallIntegerField(
        _("fiscal year"),
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)],
        help_text=_("The calendar year in which it ends: 2025 for FY25."),
    )
    as_of = models.DateField(_("as of"), help_text=_("The day for which the source says it."))
    applicants = models.PositiveIntegerField(
        _("applicants"), null=True, blank=True, help_text=_("So far in the fiscal year; empty if not told.")
    )
    awards = models.PositiveIntegerField(_("awards"), help_text=_("So far in the fiscal year."))
    dollars = models.DecimalField(
        _("dollars distributed"),
        max_digits=12,
        decimal_places=2,
        help_text=_("So far in the fiscal year, paid to lenders for people who got an award."),
    )
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    file = models.FileField(
        _("file"), upload_to=program_file_name, storage=program_files, max_length=200, blank=True
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("Shown to readers, never about one person.")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    entered_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    history = HistoricalRecords()
    objects = ProgramReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of the loan repayment program")
        verbose_name_plural = _("reports of the loan repayment program")
        ordering = ["-year", "-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["year", "as_of"], name="programreport_day_once"),
            models.CheckConstraint(
                condition=Q(applicants__isnull=True) | Q(awards__lte=F("applicants")),
                name="programreport_awards_of_applicants",
            ),
            models.CheckConstraint(condition=Q(dollars__gte=0), name="programreport_dollars_not_negative"),
            models.CheckConstraint(
                condition=Q(dollars=0) | Q(awards__gt=0), name="programreport_dollars_have_awards"
            ),
            models.CheckConstraint(condition=Q(year__gte=FIRST_YEAR), name="programreport_since_the_act"),
        ]

    def __str__(self) -> str:
        return f"{self.year_label}, {self.as_of:%Y-%m-%d}"

    @property
    def year_label(self) -> str:
        """Such as `FY25`."""
        return FiscalYear(self.year).label


class EligibilityCriterion(models.Model):
    """One rule of the program as a question. Staff keep its words and numbers, because the rules may change."""

    question = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    rule = models.CharField(
        _("rule"), max_length=300, help_text=_("What the program asks for, in a sentence of ours.")
    )
    source = models.CharField(_("source"), max_length=200, help_text=_("Such as 110 ILCS 997/30(a)(2)"))
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    is_sample = models.BooleanField(
        _("sample"), default=False, help_text=_("Readers are told to check this rule with the agency.")
    )
    is_asked = models.BooleanField(_("asked"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()
    objects = EligibilityCriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of eligibility")
        verbose_name_plural = _("rules of eligibility")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.question


class EligibilityAnswer(models.Model):
    """One answer to a question, and what it means for somebody who gives it."""

    class Meaning(models.TextChoices):
        MEETS = "meets", _("meets the rule")
        FAILS = "fails", _("does not meet it")
        UNSURE = "unsure", _("has to ask the agency")

    criterion = models.ForeignKey(
        EligibilityCriterion, models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    words = models.CharField(_("answer"), max_length=120)
    meaning = models.CharField(_("what it means"), max_length=6, choices=Meaning.choices)
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "words"], name="eligibilityanswer_once"),
        ]

    def __str__(self) -> str:
        return self.words
