"""Scholarship funds in the staff desk, with what is left in them, and the way to indicator F4."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partners.admin.base import desk_page
from partners.admin.editing import EditorAdmin
from partners.admin.history import HistoryAdmin
from trainings.admin.scholarship_numbers import numbers_file, numbers_page, numbers_print
from trainings.models import ScholarshipFund
from trainings.money_emails import money


class FundForm(forms.ModelForm):
    """A fund's amount never falls below what was awarded of it."""

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount < self.instance.committed:
            raise forms.ValidationError(
                _("%(sum)s of this fund is awarded already.") % {"sum": money(self.instance.committed)}
            )
        return amount


@admin.register(ScholarshipFund)
class ScholarshipFundAdmin(HistoryAdmin, EditorAdmin):
    form = FundForm
    list_display = [
        "name",
        "funder",
        "funded_on",
        "until",
        "amount",
        "committed",
        "balance_left",
        "is_public",
    ]
    list_filter = ["is_public"]
    search_fields = ["name", "funder"]
    autocomplete_fields = ["sponsor"]
    actions_list = ["numbers"]
    fields = [
        "name",
        "funder",
        "sponsor",
        "for_whom",
        "amount",
        "funded_on",
        "until",
        "is_public",
        "committed",
        "balance_left",
    ]
    readonly_fields = ["committed", "balance_left"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "f4/print/", numbers_print, "f4_print"),
            desk_page(self, "f4.<str:kind>", numbers_file, "f4_file"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: ScholarshipFund | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.awards.exists())

    @display(description=gettext_lazy("left"))
    def balance_left(self, fund: ScholarshipFund) -> str:
        return money(fund.balance) if fund.pk else ""

    @action(
        description=gettext_lazy("Training scholarships (F4)"),
        icon="monitoring",
        permissions=["view"],
        url_path="f4",
    )
    def numbers(self, request: HttpRequest) -> HttpResponse:
        """Indicator F4 with its definition."""
        return numbers_page(self, request)
