"""Other names of an organization, edited on its page: trade names, abbreviations, former names."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from partners.models import OrganizationAlias
from partners.services.aliases import alias_key, alias_problem


class AliasForm(forms.ModelForm):
    """A name; its key follows from it, and one key means one partner."""

    class Meta:
        model = OrganizationAlias
        fields = ["name"]
        widgets = {"name": UnfoldAdminTextInputWidget}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        organization = self.instance.organization if self.instance.organization_id else None
        if problem := alias_problem(name=name, organization=organization, alias=self.instance):
            raise forms.ValidationError(problem)
        self.instance.key = alias_key(name)
        return name


class AliasFormSet(forms.BaseInlineFormSet):
    """Two new rows with one key are refused in words, too."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            name = getattr(form, "cleaned_data", {}).get("name", "")
            if not name or form.cleaned_data.get("DELETE"):
                continue
            if alias_key(name) in seen:
                form.add_error("name", _("This name stands here twice."))
            seen.add(alias_key(name))


class AliasInline(TabularInline):
    """By which names the organization is known; lists of witness slips are read with them."""

    model = OrganizationAlias
    form = AliasForm
    formset = AliasFormSet
    extra = 1  # Without scripts there is no other way to add one.
    fields = ["name", "source", "added_at", "added_by"]
    readonly_fields = ["source", "added_at", "added_by"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("organization", "added_by")
