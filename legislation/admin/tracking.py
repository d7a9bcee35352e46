"""Tracked bills in the staff desk: found by number, with position, words, credits, fact sheet and relatives."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from legislation.admin import asking, watching
from legislation.forms.tracking import TrackingForm
from legislation.lineage import suggest
from legislation.models import BillEvent, BillTracking
from legislation.permissions import can_ask_partners
from legislation.search.text import SearchText
from legislation.services.tracking import after_tracking_changed
from partners.admin.editing import EditorAdmin, once
from partners.admin.history import HistoryAdmin

POSITION_LABELS = {"support": "success", "oppose": "danger", "neutral": "info"}
PRIORITY_LABELS = {"lead": "warning", "support": "primary", "monitor": "info"}


@admin.register(BillTracking)
class BillTrackingAdmin(HistoryAdmin, EditorAdmin):
    form = TrackingForm
    list_display = [
        "number",
        "title",
        "shown_position",
        "shown_priority",
        "owner_name",
        "stage",
        "last_action_day",
        "shown_public",
    ]
    list_filter = [
        "priority",
        "position",
        "is_public",
        ("owner", admin.RelatedOnlyFieldListFilter),
        "bill__stage",
        "bill__session",
    ]
    search_fields = ["bill__identifier", "bill__title", "plain_title", "summary"]
    search_help_text = gettext_lazy("A number, such as HB 1075, or words of the title.")
    ordering = ["-bill__session", "bill__prefix", "bill__number"]
    actions = ["set_for_selected"]
    actions_list = ["watch", "track_these", "cosponsors"]
    actions_detail = ["ask_partners"]
    autocomplete_fields = ["bill", "credited"]
    change_form_outer_after_template = "admin/desk/bill_relatives.html"
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BillTracking]:
        rows = super().get_queryset(request).select_related("bill", "owner__person")
        return rows.defer("bill__search", "bill__synopsis")

    def get_fieldsets(self, request: HttpRequest, obj: BillTracking | None = None) -> list:
        stance = ["position", "priority", "owner", "is_public"]
        words = ["plain_title", "summary", "talking_points"]
        credits = ["credited", "credit_text", "fact_sheet", "fact_sheet_on"]
        head = ["bill_shown", "where_it_stands", "partners_on_record", *stance] if obj else ["bill", *stance]
        return [
            (None, {"fields": head}),
            (gettext_lazy("What we say about it"), {"fields": words}),
            (gettext_lazy("Credits and fact sheet"), {"fields": credits}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: BillTracking | None = None) -> list[str]:
        return ["bill_shown", "where_it_stands", "partners_on_record"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        numbers = SearchText.read(search_term).numbers
        if not numbers:
            return super().get_search_results(request, queryset, search_term)
        found = queryset.none()
        for prefix, number in numbers:
            same = queryset.filter(bill__number=number)
            found |= same.filter(bill__prefix=prefix) if prefix else same
        return found, False

    def get_urls(self) -> list[URLPattern]:
        return [*watching.urls(self), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        tracking = kwargs.get("obj")
        if tracking is not None and self.has_change_permission(request, tracking):
            context["relations"] = list(tracking.bill.relations.all())
            context["suggestions"] = suggest(tracking.bill)
            context["relate_url"] = reverse("admin:legislation_billtracking_relate", args=[tracking.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Writing -----------------------------------------------------------------------------------------------

    def save_model(
        self, request: HttpRequest, obj: BillTracking, form: forms.ModelForm, change: bool
    ) -> None:
        """A fact sheet that was replaced or taken off goes, once the row no longer names it."""
        if change and "fact_sheet" in form.changed_data:
            _forget(BillTracking.objects.get(pk=obj.pk).fact_sheet)
        super().save_model(request, obj, form, change)
        after_tracking_changed(bills=[obj.bill_id])

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        assert isinstance(obj, BillTracking)
        _forget(obj.fact_sheet)
        bill = obj.bill_id
        super().delete_model(request, obj)
        after_tracking_changed(bills=[bill])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[BillTracking]) -> None:
        bills = []
        for tracking in queryset:
            bills.append(tracking.bill_id)
            _forget(tracking.fact_sheet)
        super().delete_queryset(request, queryset)
        after_tracking_changed(bills=bills)

    # --- Columns -----------------------------------------------------------------------------------------------

    @display(description=gettext_lazy("bill"), ordering="bill__number")
    def number(self, tracking: BillTracking) -> str:
        return f"{tracking.bill.label} ({tracking.bill.assembly})"

    @display(description=gettext_lazy("title"))
    def title(self, tracking: BillTracking) -> str:
        return tracking.plain_title or tracking.bill.shown_title

    @display(description=gettext_lazy("our position"), ordering="position", label=POSITION_LABELS)
    def shown_position(self, tracking: BillTracking) -> tuple[str, str]:
        return tracking.position, tracking.get_position_display()

    @display(description=gettext_lazy("priority"), ordering="priority", label=PRIORITY_LABELS)
    def shown_priority(self, tracking: BillTracking) -> tuple[str, str]:
        return tracking.priority, tracking.get_priority_display()

    @display(description=gettext_lazy("looked after by"), ordering="owner__email")
    def owner_name(self, tracking: BillTracking) -> str:
        return tracking.owner.get_full_name() if tracking.owner else "–"

    @display(description=gettext_lazy("stage"), ordering="bill__stage")
    def stage(self, tracking: BillTracking) -> str:
        return tracking.bill.stage_label

    @display(description=gettext_lazy("last action"), ordering="bill__last_action_on")
    def last_action_day(self, tracking: BillTracking) -> str:
        on = tracking.bill.last_action_on
        return date_format(on, "M j, Y") if on else "–"

    @display(description=gettext_lazy("public"), ordering="is_public", boolean=True)
    def shown_public(self, tracking: BillTracking) -> bool:
        return tracking.is_public

    @display(description=gettext_lazy("bill"))
    def bill_shown(self, tracking: BillTracking) -> SafeString:
        bill = tracking.bill
        return format_html(
            '<a class="desk-link" href="{}">{} ({})</a>: {}',
            bill.get_absolute_url(),
            bill.label,
            bill.assembly,
            bill.shown_title,
        )

    @display(description=gettext_lazy("where it stands"))
    @once
    def where_it_stands(self, tracking: BillTracking) -> SafeString:
        bill = tracking.bill
        replaced = bill.events.filter(kind=BillEvent.Kind.REPLACED).order_by("-observed_at").first()
        warning: SafeString | str = ""
        if replaced:
            words = _("An amendment replaces the whole text: %(name)s. Look again.") % {
                "name": replaced.after
            }
            warning = format_html('<br><strong class="desk-warning">{}</strong>', words)
        day = self.last_action_day(tracking)
        return format_html("{} · {}: {}{}", bill.stage_label, day, bill.last_action_start, warning)

    @display(description=gettext_lazy("partners on record"))
    @once
    def partners_on_record(self, tracking: BillTracking) -> SafeString:
        number = tracking.bill.organization_positions.on_record().count()
        url = reverse("admin:legislation_organizationposition_changelist")
        return format_html(
            '{} · <a class="desk-link" href="{}?bill__id__exact={}">{}</a>',
            number,
            url,
            tracking.bill_id,
            _("Partners' positions on this bill"),
        )

    # --- Buttons -----------------------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Set position, priority or owner"), permissions=["change"])
    def set_for_selected(self, request: HttpRequest, queryset: QuerySet[BillTracking]) -> HttpResponse | None:
        return watching.set_for_selected(self, request, queryset)

    def has_ask_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return can_ask_partners(request.user)

    @action(
        description=gettext_lazy("Ask partners for positions"),
        icon="contact_mail",
        permissions=["ask"],
        url_path="ask-partners",
    )
    def ask_partners(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return asking.ask_partners(self, request, object_id)

    @action(
        description=gettext_lazy("Watch list"), icon="visibility", permissions=["view"], url_path="watch-list"
    )
    def watch(self, request: HttpRequest) -> HttpResponse:
        return watching.watch(self, request)

    @action(
        description=gettext_lazy("Track several bills"),
        icon="playlist_add",
        permissions=["add"],
        url_path="track-these",
    )
    def track_these(self, request: HttpRequest) -> HttpResponse:
        return watching.track_these(self, request)

    @action(description=gettext_lazy("Cosponsors (P1)"), icon="groups", permissions=["view"], url_path="p1")
    def cosponsors(self, request: HttpRequest) -> HttpResponse:
        return watching.cosponsor_page(self, request)


def _forget(file: FieldFile) -> None:
    """Deletes an uploaded file after the commit."""
    storage, name = file.storage, file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
