"""Bills, as sources tell them: to look at, and to say which belong together. Subjects, by which bills are found."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from legislation.models import (
    Bill,
    BillAction,
    BillDocument,
    BillRelation,
    RollCall,
    Sponsorship,
    Subject,
)
from legislation.search.bills import NEWEST, BillSearch
from legislation.search.text import SearchText, text_query
from partners.admin.base import PartnersAdmin, PublicPageMixin, ReadOnlyMixin


class RelationForm(forms.ModelForm):
    """Another measure, by its number in any spelling."""

    class Meta:
        model = BillRelation
        fields = ["kind", "session", "identifier", "title", "outcome", "url"]

    def clean_identifier(self) -> str:
        numbers = SearchText.read(self.cleaned_data["identifier"]).numbers
        if len(numbers) != 1 or not numbers[0][0]:
            raise ValidationError(_("Enter a number such as HB 1075."))
        return f"{numbers[0][0]}{numbers[0][1]}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        bill = self.instance.bill if self.instance.bill_id else None
        if bill and (cleaned.get("session"), cleaned.get("identifier")) == (bill.session, bill.identifier):
            raise ValidationError(_("A bill is no relation of itself."))
        return cleaned


class RelationInline(TabularInline):
    model = BillRelation
    form = RelationForm
    extra = 0


class SponsorInline(ReadOnlyMixin, TabularInline):
    model = Sponsorship
    fields = readonly_fields = ["name", "legislator", "chamber", "role", "added_on", "removed_on"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("legislator")


class ActionInline(ReadOnlyMixin, TabularInline):
    model = BillAction
    fields = readonly_fields = ["happened_on", "chamber", "description", "rule", "stage", "removed_on"]
    ordering = ["-position"]
    extra = 0


class DocumentInline(ReadOnlyMixin, TabularInline):
    model = BillDocument
    fields = readonly_fields = ["note", "kind", "date", "fate", "replaces_everything", "html_url"]
    extra = 0


class RollCallInline(ReadOnlyMixin, TabularInline):
    model = RollCall
    fields = readonly_fields = [
        "date",
        "chamber",
        "motion",
        "passed",
        "stated_yes",
        "stated_no",
        "named_yes",
        "named_no",
        "counts_agree",
    ]
    extra = 0


@admin.register(Bill)
class BillAdmin(PublicPageMixin, PartnersAdmin):
    """Everything comes from the sources; only which measures belong together is ours to say."""

    list_display = ["number_shown", "shown_title", "stage_shown", "chamber", "last_action_on", "changed_at"]
    list_filter = ["session", "stage", "kind", "chamber", "replaces_everything"]
    search_fields = ["identifier", "title"]
    search_help_text = gettext_lazy("A number, such as HB 1075, or words as on the website.")
    ordering = NEWEST
    show_full_result_count = False
    inlines = [RelationInline, SponsorInline, RollCallInline, DocumentInline, ActionInline]
    fieldsets = [
        (None, {"fields": ["session", "identifier", "kind", "chamber", "title", "synopsis"]}),
        (
            gettext_lazy("Where it stands"),
            {
                "fields": [
                    "stage",
                    "stage_on",
                    "furthest_stage",
                    "current_chamber",
                    "committee_name",
                    "committee",
                    "introduced_on",
                    "last_action",
                    "last_action_on",
                    "public_act",
                    "effective_on",
                    "replaces_everything",
                ]
            },
        ),
        (
            gettext_lazy("From the sources"),
            {"fields": ["ocd_id", "source_url", "first_seen_at", "changed_at"]},
        ),
    ]
    readonly_fields = [name for _title, options in fieldsets for name in options["fields"]]

    @display(description=gettext_lazy("number"), ordering=["-session", "prefix", "number"])
    def number_shown(self, bill: Bill) -> str:
        return f"{bill.label} ({bill.assembly})"

    @display(description=gettext_lazy("title"))
    def shown_title(self, bill: Bill) -> str:
        return bill.shown_title

    @display(description=gettext_lazy("stage"), ordering="stage")
    def stage_shown(self, bill: Bill) -> str:
        return bill.stage_label

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bill]:
        return super().get_queryset(request).select_related("tracking").defer("search")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """As the website searches: numbers in any spelling, words, names of sponsors."""
        if not search_term.strip():
            return queryset, False
        search = BillSearch.parse({"q": search_term})
        return queryset.filter(pk__in=search.filtered().values("pk")), False


@admin.register(BillRelation)
class BillRelationAdmin(PublicPageMixin, PartnersAdmin):
    """Which measures belong together."""

    form = RelationForm
    list_display = ["bill", "kind", "label", "title", "outcome"]
    list_filter = ["kind", "session"]
    search_fields = ["identifier", "title", "bill__identifier"]
    autocomplete_fields = ["bill"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["fields"] = ["bill", *RelationForm.Meta.fields]
        return super().get_form(request, obj, change, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BillRelation]:
        return super().get_queryset(request).select_related("bill").defer("bill__search", "bill__synopsis")


class SubjectForm(forms.ModelForm):
    """A subject; its words must be a search that can find something."""

    class Meta:
        model = Subject
        fields = ["name", "slug", "words", "order"]

    def clean_words(self) -> str:
        words = self.cleaned_data["words"]
        if not text_query(words):
            raise ValidationError(_("Enter at least one word to look for."))
        return words


@admin.register(Subject)
class SubjectAdmin(PublicPageMixin, PartnersAdmin):
    form = SubjectForm
    list_display = ["name", "words", "order"]
    list_editable = ["order"]
    search_fields = ["name", "words"]
    prepopulated_fields = {"slug": ["name"]}
