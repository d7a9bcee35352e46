"""Invoices in the staff desk: read-only, moved by buttons."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.errors import NotAllowed
from partners.posted import posted
from trainings.card_service import CardServiceDown
from trainings.models import CreditNote, Invoice, InvoiceLine
from trainings.money_emails import money
from trainings.money_tokens import invoice_address
from trainings.services import card_payments, payments

_State = Invoice.State


class PaidForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("How it was paid"),
        choices=[(way.value, way.label) for way in (Invoice.How.CHECK, Invoice.How.TRANSFER)],
        widget=UnfoldAdminSelectWidget,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as the number of the check."),
        widget=UnfoldAdminTextInputWidget,
    )


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is void"), max_length=300, widget=UnfoldAdminTextInputWidget
    )
    write_anew = forms.BooleanField(
        label=gettext_lazy("Write a new one right away, with today's facts"),
        required=False,
        widget=UnfoldBooleanWidget,
    )


class CorrectForm(forms.Form):
    amount = forms.DecimalField(
        label=gettext_lazy("How much, in dollars"),
        min_value=0.01,
        max_digits=8,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    words = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=300,
        help_text=gettext_lazy("These words stand on the credit note, and the payer reads them."),
        widget=UnfoldAdminTextInputWidget,
    )


class MoneyFilter(admin.SimpleListFilter):
    title = gettext_lazy("to do")
    parameter_name = "to-do"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("overdue", gettext_lazy("overdue")), ("back", gettext_lazy("money to give back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "overdue":
            return queryset & Invoice.objects.overdue(timezone.now())
        if self.value() == "back":
            return queryset & Invoice.objects.to_give_back()
        return queryset


class LineInline(ReadOnlyMixin, TabularInline):
    model = InvoiceLine
    extra = 0
    fields = readonly_fields = ["words", "amount"]


class CreditNoteInline(ReadOnlyMixin, StackedInline):
    model = CreditNote
    extra = 0
    fields = [("number", "amount"), "words", "reason", ("issued_at", "issued_by")]
    readonly_fields = ["number", "reason", "words", "amount", "issued_at", "issued_by"]


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["number", "shown_state", "about", "payer", "total", "left", "due_on"]
    list_filter = [MoneyFilter, "state", "paid_how"]
    list_select_related = ["registration__contact", "registration__organization"]
    search_fields = ["number", "registration__reference", "billed_to", "paid_note"]
    ordering = ["-issued_at", "-pk"]
    inlines = [LineInline, CreditNoteInline]
    actions_detail = ["open_page", "mark_paid", "take_off", "give_back", "void"]
    fieldsets = [
        (None, {"fields": ["number", "shown_state", "about", "billed_to", "registration"]}),
        (gettext_lazy("Sums"), {"fields": ["total", "credited", "paid", "refunded", "left", "to_give_back"]}),
        (
            gettext_lazy("What happened"),
            {
                "fields": [
                    "issued_at",
                    "due_on",
                    ("paid_at", "paid_by"),
                    ("paid_how", "paid_note"),
                    ("refunded_at", "refunded_by"),
                    ("voided_at", "voided_by", "void_reason"),
                    ("reminders", "reminded_at"),
                ]
            },
        ),
    ]
    readonly_fields = ["shown_state", "left", "to_give_back"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        invoice = self.existing(request, object_id)
        if invoice is None:
            return []
        names = {"open_page"}
        if invoice.state == _State.OPEN:
            names |= {"mark_paid", "take_off", "void"}
        if invoice.state == _State.CREDITED:
            names |= {"void"}
        if invoice.state == _State.PAID:
            names |= {"take_off"} | ({"give_back"} if invoice.owed_back else set())
        return self.buttons(request, object_id, names)

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={
            "open": "warning",
            "paid": "success",
            "void": "danger",
            "refunded": "info",
            "credited": "info",
        },
    )
    def shown_state(self, invoice: Invoice) -> str:
        return invoice.get_state_display()

    @display(description=gettext_lazy("billed to"))
    def payer(self, invoice: Invoice) -> str:
        return invoice.billed_to.partition("\n")[0]

    @display(description=gettext_lazy("left to pay"))
    def left(self, invoice: Invoice) -> str:
        return money(invoice.due)

    @display(description=gettext_lazy("to give back"))
    def to_give_back(self, invoice: Invoice) -> str:
        return money(invoice.owed_back)

    @action(
        description=gettext_lazy("As the payer sees it"),
        icon="visibility",
        permissions=["view"],
        url_path="page",
    )
    def open_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(invoice_address(self.record(request, object_id)))

    @action(description=gettext_lazy("Mark as paid"), icon="paid", permissions=["work"], url_path="paid")
    def mark_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invoice = self.record(request, object_id)
        question = Question(
            title=_("Did %(amount)s come for %(number)s?") % _facts(invoice, invoice.due),
            explanation=_("The payer is thanked by e-mail, and the invoice becomes the receipt."),
            button=_("Mark as paid"),
            done=_("The invoice is paid."),
            step=lambda said: payments.mark_paid(
                invoice=invoice, how=said["how"], note=said["note"], by=request.user, now=timezone.now()
            ),
            form=PaidForm(posted(request)),
        )
        return self.ask(request, invoice, question)

    @action(
        description=gettext_lazy("Take something off"), icon="remove", permissions=["work"], url_path="off"
    )
    def take_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invoice = self.record(request, object_id)
        question = Question(
            title=_("Take something off %(number)s?") % _facts(invoice, invoice.due),
            explanation=_("A credit note is written and sent to the payer."),
            button=_("Write the credit note"),
            done=_("The credit note is written."),
            step=lambda said: payments.correct(
                invoice=invoice,
                amount=said["amount"],
                words=said["words"],
                by=request.user,
                now=timezone.now(),
            ),
            form=CorrectForm(posted(request)),
        )
        return self.ask(request, invoice, question)

    @action(description=gettext_lazy("Give money back"), icon="undo", permissions=["work"], url_path="refund")
    def give_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invoice = self.record(request, object_id)
        by_card = invoice.paid_how == Invoice.How.CARD
        question = Question(
            title=_("Give %(amount)s back on %(number)s?") % _facts(invoice, invoice.owed_back),
            explanation=_("The card service gives it back to the card; this page shows it once it says so.")
            if by_card
            else _("Send the check or the transfer first, then note it here. The payer is told by e-mail."),
            button=_("Give it back by card") if by_card else _("Note that it was given back"),
            done=_("The card service was asked to give it back.") if by_card else _("It is noted."),
            step=lambda said: self._refund(request, invoice),
        )
        return self.ask(request, invoice, question)

    def _refund(self, request: HttpRequest, invoice: Invoice) -> None:
        if invoice.paid_how != Invoice.How.CARD:
            payments.note_refund(invoice=invoice, by=request.user, now=timezone.now())
            return
        try:
            card_payments.ask_for_refund(invoice=invoice)
        except CardServiceDown as error:
            raise NotAllowed(_("The card service does not answer. Try again in a few minutes.")) from error

    @action(description=gettext_lazy("Make void"), icon="block", permissions=["work"], url_path="void")
    def void(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invoice = self.record(request, object_id)
        question = Question(
            title=_("Make %(number)s void?") % _facts(invoice, invoice.due),
            explanation=_("It need not be paid any more. Its number stays, so that none is missing."),
            button=_("Make it void"),
            done=_("The invoice is void."),
            danger=True,
            step=lambda said: payments.void(
                invoice=invoice,
                reason=said["reason"],
                write_anew=said["write_anew"],
                by=request.user,
                now=timezone.now(),
            ),
            form=VoidForm(posted(request)),
        )
        return self.ask(request, invoice, question)


def _facts(invoice: Invoice, amount: Any) -> dict[str, str]:
    return {"number": invoice.number, "amount": money(amount)}
