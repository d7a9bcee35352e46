"""The tables we sit at, in the staff desk: seats with terms, members, reports, and the gap matrix."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import StackedInline
from unfold.decorators import action, display

from meetings.admin.table_forms import SeatForm, TableForm, TableMemberForm
from meetings.gap_matrix import GapMatrix, gap_matrix
from meetings.models import Seat, SeatReport, Table, TableMember
from meetings.services.seats_at_tables import add_tables_of_allies
from partners.admin.base import PartnersAdmin, Question, desk_page
from partners.admin.editing import FIELDS, EditorAdmin
from partners.admin.history import HistoryAdmin
from partners.errors import NotAllowed
from partners.models import Ally
from partners.spreadsheets import csv_download, xlsx_download


class SeatInline(StackedInline):
    model = Seat
    form = SeatForm
    extra = 0
    show_change_link = False
    autocomplete_fields = ["team_member", "person", "alternate_member", "alternate_person"]
    fields = [
        "role",
        ("starts_on", "ends_on"),
        "team_member",
        "person",
        "alternate_member",
        "alternate_person",
        "note",
    ]


@admin.register(Table)
class TableAdmin(HistoryAdmin, EditorAdmin):
    form = TableForm
    formfield_overrides = FIELDS
    list_display = ["title", "kind", "sitting", "next_end", "belonging", "is_public"]
    list_filter = ["kind", "is_public"]
    search_fields = ["name", "ally__name"]
    list_select_related = ["ally"]
    fields = ["kind", "ally", "name", "slug", "summary", "website", ("is_public", "order")]
    inlines = [SeatInline]
    actions_list = ["from_allies"]
    actions_detail = ["gaps", "members"]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "<int:pk>/gaps.<str:kind>", gap_file, "gap_file"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Table]:
        today = timezone.localdate()
        runs = Q(seats__starts_on__lte=today) & (Q(seats__ends_on=None) | Q(seats__ends_on__gte=today))
        belongs = Q(members__until=None) | Q(members__until__gte=today)
        return (
            super()
            .get_queryset(request)
            .annotate(
                seat_count=Count("seats", filter=runs, distinct=True),
                ends_next=Min("seats__ends_on", filter=runs),
                member_count=Count("members", filter=belongs, distinct=True),
            )
        )

    @display(description=gettext_lazy("table"), ordering="order")
    def title(self, table: Table) -> str:
        return table.title

    @display(description=gettext_lazy("our seats"), ordering="seat_count")
    def sitting(self, table: Any) -> int:
        return table.seat_count

    @display(description=gettext_lazy("next term ends"), ordering="ends_next")
    def next_end(self, table: Any) -> Any:
        return table.ends_next

    @display(description=gettext_lazy("members"), ordering="member_count")
    def belonging(self, table: Any) -> int:
        return table.member_count

    @action(
        description=gettext_lazy("Take over coalitions from the allies"),
        icon="playlist_add",
        permissions=["add"],
        url_path="from-allies",
    )
    def from_allies(self, request: HttpRequest) -> HttpResponse:
        """Asks, then adds a table for each coalition among the allies that has none."""
        if request.method == "POST":
            return _take_over(request)
        waiting = Ally.objects.filter(kind=Ally.Kind.COALITION, table__isnull=True)
        names = list(waiting.values_list("name", flat=True))
        question = Question(
            title=_("Take over coalitions from the allies"),
            explanation=_(
                "Each coalition among the allies becomes a table we sit at, with seats, members and reports of its "
                "own. Its name and words stay where they are."
            )
            if names
            else _("Every coalition among the allies is a table already."),
            button=_("Take them over"),
            done="",
            step=lambda _answers: None,
            facts=[(_("coalition"), name) for name in names],
        )
        context = _context(self, request, question.title) | {
            "question": question,
            "form": None,
            "back_url": _list_url(),
        }
        return TemplateResponse(request, "admin/desk/question.html", context)

    @action(description=gettext_lazy("Gap matrix"), icon="grid_on", permissions=["view"], url_path="gaps")
    def gaps(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Which sub-sectors are missing among a table's members, and who could fill the gap."""
        table = self.record(request, object_id)
        title = _("Sub-sectors at “%s”") % table.title
        context = _context(self, request, title) | {
            "original": table,
            "table": table,
            "found": gap_matrix(table, timezone.now()),
            "back_url": reverse("admin:meetings_table_change", args=[table.pk]),
        }
        return TemplateResponse(request, "meetings/admin/gaps.html", context)

    @action(description=gettext_lazy("Members"), icon="groups", permissions=["view"], url_path="members")
    def members(self, request: HttpRequest, object_id: str) -> HttpResponse:
        table = self.record(request, object_id)
        address = reverse("admin:meetings_tablemember_changelist")
        return HttpResponseRedirect(f"{address}?table__id__exact={table.pk}")


@admin.register(TableMember)
class TableMemberAdmin(PartnersAdmin):
    """Which organizations belong to which table."""

    form = TableMemberForm
    list_display = ["member", "table", "is_partner", "since", "until"]
    list_filter = [("table", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organization", "table__ally"]
    search_fields = ["organization__name", "name"]
    autocomplete_fields = ["organization", "sub_sectors"]
    fields = ["table", "organization", "name", "sub_sectors", ("since", "until")]

    @display(description=gettext_lazy("organization"), ordering="organization__name")
    def member(self, row: TableMember) -> str:
        return str(row)

    @display(description=gettext_lazy("partner"), boolean=True)
    def is_partner(self, row: TableMember) -> bool:
        return row.organization_id is not None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From a table's list, the new member is one of that table."""
        filters = request.GET.get("_changelist_filters", "")
        asked = parse_qs(filters).get("table__id__exact", [""])[0]
        initial = super().get_changeform_initial_data(request)
        return {"table": asked, **initial} if asked.isdecimal() else initial


@admin.register(SeatReport)
class SeatReportAdmin(HistoryAdmin, EditorAdmin):
    list_display = ["title", "seat", "day", "is_public"]
    list_filter = ["is_public", "seat__table__kind"]
    search_fields = ["title", "body", "seat__role", "seat__table__name", "seat__table__ally__name"]
    list_select_related = ["seat__table__ally"]
    date_hierarchy = "day"
    fields = ["seat", "day", "title", "body", "is_public"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "seat":
            kwargs["queryset"] = Seat.objects.with_people().order_by("table__order", "table", "starts_on")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"day": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: SeatReport, form: forms.Form, change: bool) -> None:
        if not change:
            obj.written_by = request.user
        super().save_model(request, obj, form, change)


# --- Pages ------------------------------------------------------------------------------------------------------


def gap_file(desk: ModelAdmin, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The gap matrix as a spreadsheet: `kind` is csv or xlsx."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    table = desk.get_object(request, str(pk))
    if table is None:
        raise Http404
    rows = gap_rows(gap_matrix(table, timezone.now()))
    name = f"sub-sectors-{table.slug}"
    if kind == "csv":
        return csv_download(f"{name}.csv", rows)
    if kind == "xlsx":
        return xlsx_download(f"{name}.xlsx", rows, title=_("Sub-sectors"))
    raise Http404


def gap_rows(found: GapMatrix) -> Iterator[list[object]]:
    """A line for each sub-sector, the widest gap first."""
    yield [
        _("sub-sector"),
        _("members"),
        _("members, %"),
        _("active partners"),
        _("active partners, %"),
        _("gap, percentage points"),
        _("partners that could fill it"),
    ]
    for row in found.rows:
        shares = ["" if share is None else share for share in (row.member_share, row.partner_share, row.gap)]
        names = ", ".join(partner.name for partner in row.could_fill)
        yield [row.sub_sector.name, row.members, shares[0], row.partners, shares[1], shares[2], names]
    yield [
        _("Members: %(members)d organizations, of which the sub-sectors of %(known)d are known.")
        % {"members": found.members, "known": found.known}
    ]


def _take_over(request: HttpRequest) -> HttpResponse:
    try:
        added = len(add_tables_of_allies(by=request.user))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(n)d table is added.", "%(n)d tables are added.", added)
        say = messages.success if added else messages.info
        say(request, words % {"n": added} if added else _("No table was left to add."))
    return HttpResponseRedirect(_list_url())


def _list_url() -> str:
    return reverse("admin:meetings_table_changelist")


def _context(desk: ModelAdmin, request: HttpRequest, title: str) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "title": title, "desk_title": title}
