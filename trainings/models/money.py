"""Invoices for fees, what is on them, and the notes that take something off again. Cards are paid elsewhere."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import User
from trainings.models.enrollment import Enrollment, Registration
from trainings.money_querysets import InvoiceQuerySet

ZERO = Decimal("0.00")


class NumberSeries(models.Model):
    """The last number given in a year. Its row is locked with each number, so that none is left out."""

    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


class Invoice(models.Model):
    """What a registration costs, frozen as it was when it was written. Later changes are credit notes beside it.

    `credited` sums its credit notes, `paid` and `refunded` are money that came and went.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PAID = "paid", _("paid")
        CREDITED = "credited", _("nothing left to pay")
        VOID = "void", _("void")
        REFUNDED = "refunded", _("paid back")

    class How(models.TextChoices):
        CHECK = "check", _("check")
        TRANSFER = "transfer", _("bank transfer")
        CARD = "card", _("card")

    number = models.CharField(_("number"), max_length=20, unique=True)
    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="invoices", verbose_name=_("registration")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    billed_to = models.TextField(_("billed to"), help_text=_("As it was when the invoice was written."))
    about = models.CharField(_("for"), max_length=300)
    total = models.DecimalField(_("total"), max_digits=9, decimal_places=2)
    credited = models.DecimalField(_("taken off"), max_digits=9, decimal_places=2, default=ZERO)
    paid = models.DecimalField(_("received"), max_digits=9, decimal_places=2, default=ZERO)
    refunded = models.DecimalField(_("given back"), max_digits=9, decimal_places=2, default=ZERO)
    issued_at = models.DateTimeField(_("written"))
    due_on = models.DateField(_("due"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    paid_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("payment entered by")
    )
    paid_how = models.CharField(_("paid by"), max_length=8, choices=How.choices, blank=True)
    paid_note = models.CharField(
        _("note on the payment"), max_length=120, blank=True, help_text=_("Such as the number of the check.")
    )
    payment_intent = models.CharField(
        _("payment at the card service"), max_length=120, blank=True, db_index=True
    )
    refunded_at = models.DateTimeField(_("given back on"), null=True, blank=True)
    refunded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("given back by")
    )
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)
    voided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made void by")
    )
    void_reason = models.CharField(_("why it is void"), max_length=300, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("last reminder"), null=True, blank=True)

    history = HistoricalRecords()
    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total__gt=0, credited__gte=0, paid__gte=0, refunded__gte=0),
                name="invoice_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(credited__lte=models.F("total")), name="invoice_credited_at_most_total"
            ),
            models.CheckConstraint(
                condition=models.Q(refunded__lte=models.F("paid")), name="invoice_refunded_at_most_paid"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["paid", "refunded"])
                | (models.Q(paid_at__isnull=False, paid__gt=0) & ~models.Q(paid_how="")),
                name="invoice_paid_has_time_and_way",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="void") | models.Q(voided_at__isnull=False),
                name="invoice_void_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded=0) | models.Q(refunded_at__isnull=False),
                name="invoice_refunded_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(reminders=0) | models.Q(reminders__lte=2, reminded_at__isnull=False),
                name="invoice_two_reminders_at_most",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="invoice_overdue")]

    def __str__(self) -> str:
        return self.number

    @property
    def due(self) -> Decimal:
        """What is left to pay."""
        return max(self.total - self.credited, ZERO) if self.state == self.State.OPEN else ZERO

    @property
    def owed_back(self) -> Decimal:
        """Money received that is to be given back."""
        kept = max(self.total - self.credited, ZERO)
        return max(self.paid - self.refunded - kept, ZERO)


class InvoiceLine(models.Model):
    """One person's fee on an invoice, in the words of that day."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines", verbose_name=_("invoice"))
    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="invoice_lines", verbose_name=_("enrollment")
    )
    words = models.CharField(_("what for"), max_length=300)
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("line of an invoice")
        verbose_name_plural = _("lines of an invoice")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "enrollment"], name="invoice_line_once_per_person"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="invoice_line_costs_something"),
        ]

    def __str__(self) -> str:
        return self.words


class CreditNote(models.Model):
    """What is taken off an invoice after it was written: a seat given back, a reduced fee, a mistake."""

    class Reason(models.TextChoices):
        CANCELLED = "cancelled", _("seat given back")
        # The same words for every reduction: who pays the invoice need not learn of a scholarship.
        REDUCED = "reduced", _("reduced fee")
        CORRECTION = "correction", _("correction")

    number = models.CharField(_("number"), max_length=20, unique=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="credits", verbose_name=_("invoice"))
    enrollment = models.ForeignKey(
        Enrollment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_notes",
        verbose_name=_("enrollment"),
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    words = models.CharField(_("what for"), max_length=300)
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    issued_at = models.DateTimeField(_("written"))
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )

    class Meta:
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="credit_note_takes_something_off"),
        ]

    def __str__(self) -> str:
        return self.number
