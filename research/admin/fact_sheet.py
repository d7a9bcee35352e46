"""Fact sheets at the staff desk: written ones with their buttons, and the sheets of all districts in one job."""

import tempfile
import zipfile
from collections.abc import Sequence
from typing import IO, Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from legislation.chambers import SEATS
from partners.admin.base import Question, ReadOnlyMixin, desk_page
from partners.admin.editing import EditorAdmin
from partners.admin.history import HistoryAdmin
from partners.permissions import may_look
from research.fact_sheets.content import day_words
from research.forms.fact_sheet import ChangeForm, FactSheetForm
from research.models import FactSheet, FactSheetRun, FactSheetVersion
from research.services import fact_sheet as services

STATE_LABELS = {"draft": "warning", "published": "success", "withdrawn": "danger"}
_State = FactSheet.State


class VersionInline(ReadOnlyMixin, TabularInline):
    """The sheet's versions. They never change."""

    model = FactSheetVersion
    fields = readonly_fields = ["number", "made_at", "made_by", "what_changed", "paper"]
    extra = 0
    per_page = 20
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[FactSheetVersion]:
        rows = super().get_queryset(request).select_related("sheet", "made_by__person").defer("content")
        return cast("QuerySet[FactSheetVersion]", rows)

    @display(description=gettext_lazy("PDF"))
    def paper(self, version: FactSheetVersion) -> str:
        return version.pdf.name.rpartition("/")[2]


class StaleFilter(admin.SimpleListFilter):
    """Sheets whose newest version no longer says what the data say."""

    title = gettext_lazy("data")
    parameter_name = "data"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("stale", gettext_lazy("out of date")), ("fresh", gettext_lazy("up to date"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in {"stale", "fresh"}:
            return queryset.filter(stale_since__isnull=self.value() == "fresh")
        return queryset


@admin.register(FactSheet)
class FactSheetAdmin(HistoryAdmin, EditorAdmin):
    form = FactSheetForm
    list_display = ["title", "kind", "shown_state", "newest", "shown_age"]
    list_filter = ["kind", "state", StaleFilter, "chamber"]
    search_fields = ["title", "summary", "reference"]
    ordering = ["kind", "chamber", "district", "title"]
    autocomplete_fields = ["bill"]
    inlines = [VersionInline]
    list_before_template = "research/admin/fact_sheet_districts.html"
    change_form_outer_before_template = "research/admin/fact_sheet_pages.html"
    actions_detail = ["publish", "renew", "withdraw"]
    readonly_fields = ["state", "published_at", "withdrawn_at", "stale_since"]
    fieldsets = [
        (None, {"fields": ["kind", "bill", "reference", "title", "slug", "summary", "body", "ask"]}),
        (
            gettext_lazy("Where it stands"),
            {"fields": ["state", "published_at", "withdrawn_at", "stale_since"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FactSheet]:
        sheets = cast(Any, super().get_queryset(request))
        return cast("QuerySet[FactSheet]", sheets.select_related("bill").defer("search").with_newest())

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: FactSheet | None = None
    ) -> dict[str, Sequence[str]]:
        return {"slug": ["title"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is not None and obj.is_of_district:
            # Everything on it comes from the data.
            return [*self.readonly_fields, *self.fieldsets[0][1]["fields"]]
        settled = ["slug", "kind"] if obj is not None and obj.published_at else []
        return [*self.readonly_fields, *settled]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        draft = obj is None or (obj.state == _State.DRAFT and not obj.versions.exists())
        return draft and super().has_delete_permission(request, obj)

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, sheet: FactSheet) -> tuple[str, str]:
        return sheet.state, str(sheet.get_state_display())

    @display(description=gettext_lazy("newest version"), ordering="newest_made_at")
    def newest(self, sheet: Any) -> str:
        if sheet.newest_number is None:
            return _("none yet")
        day = day_words(timezone.localtime(sheet.newest_made_at).date())
        return _("%(number)s, of %(day)s") % {"number": sheet.newest_number, "day": day}

    @display(
        description=gettext_lazy("data"),
        ordering="stale_since",
        label={"stale": "danger", "fresh": "success"},
    )
    def shown_age(self, sheet: Any) -> tuple[str, str] | str:
        if sheet.newest_number is None:
            return "–"
        if sheet.stale_since is None:
            return "fresh", _("up to date")
        day = day_words(timezone.localtime(sheet.stale_since).date())
        return "stale", _("out of date since %(day)s") % {"day": day}

    # --- All districts ------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = [desk_page(self, "district-sheets.zip", zip_of_districts, "zip")]
        return own + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = FactSheetRun.objects.select_related("asked_by").first()
        districts = FactSheet.objects.of_districts()
        context = {
            "run": run if may_look(request.user, FactSheetRun) else None,
            "seats": sum(SEATS.values()),
            "made": districts.filter(state=_State.PUBLISHED).count(),
            "stale": districts.filter(state=_State.PUBLISHED, stale_since__isnull=False).count(),
            "may_make": self.has_work_permission(request) and (run is None or not run.is_open),
            "make_url": reverse("admin:research_factsheetrun_make"),
            "zip_url": reverse("admin:research_factsheet_zip"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        sheet = context.get("original")
        if isinstance(sheet, FactSheet) and sheet.versions.exists():
            context["pages"] = [
                (_("Its page"), sheet.get_absolute_url()),
                (_("Its PDF"), reverse("research:fact_sheet_pdf", args=[sheet.slug])),
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Buttons ------------------------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        sheet = self.record(request, object_id)
        names = {"publish"}
        if sheet.state == _State.PUBLISHED:
            names = {"withdraw"} if sheet.is_of_district else {"withdraw", "renew"}
        return self.buttons(request, object_id, names)

    @action(
        description=gettext_lazy("Publish"),
        icon="publish",
        permissions=["work"],
        url_path="publish",
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        sheet = self.record(request, object_id)
        question = Question(
            title=_("Publish this fact sheet?"),
            explanation=_(
                "Its page and its PDF become public. What it says now is kept as a version; later changes of the "
                "text are seen when you make a new one."
            ),
            button=_("Publish the fact sheet"),
            done=_("The fact sheet is public."),
            step=lambda answers: services.publish_sheet(sheet=sheet, by=request.user, now=timezone.now()),
        )
        return self.ask(request, sheet, question)

    @action(
        description=gettext_lazy("Make a new version"),
        icon="published_with_changes",
        permissions=["work"],
        url_path="new-version",
        variant=ActionVariant.PRIMARY,
    )
    def renew(self, request: HttpRequest, object_id: str) -> HttpResponse:
        sheet = self.record(request, object_id)
        question = Question(
            title=_("Make a new version?"),
            explanation=_(
                "The page and the PDF say from now on what the text says. Earlier versions stay readable."
            ),
            button=_("Make the new version"),
            done=_("The new version is public."),
            form=ChangeForm(request.POST or None),
            step=lambda answers: services.new_version(
                sheet=sheet, what_changed=answers["what_changed"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, sheet, question)

    @action(description=gettext_lazy("Withdraw"), icon="block", permissions=["work"], url_path="withdraw")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        sheet = self.record(request, object_id)
        question = Question(
            title=_("Withdraw this fact sheet?"),
            explanation=_(
                "Its page, its PDF and all earlier versions go off the site. You can publish it again."
            ),
            button=_("Withdraw the fact sheet"),
            done=_("The fact sheet is withdrawn."),
            danger=True,
            step=lambda answers: services.withdraw_sheet(sheet=sheet, now=timezone.now()),
        )
        return self.ask(request, sheet, question)


def zip_of_districts(sheets: FactSheetAdmin, request: HttpRequest) -> HttpResponse | FileResponse:
    """The newest PDF of every public district sheet in one file."""
    if not may_look(request.user, FactSheet):
        return HttpResponse(status=403)
    public = FactSheet.objects.of_districts().published()
    versions = (
        FactSheetVersion.objects.newest().filter(sheet__in=public).select_related("sheet").defer("content")
    )
    packed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    # PDFs are compressed already.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for version in versions.iterator(chunk_size=50):
            with services.open_pdf(version) as file:
                archive.writestr(f"{version.sheet.slug}.pdf", file.read())
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename="district-fact-sheets.zip")
