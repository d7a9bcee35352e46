"""Imports: what each source brought last, fetching now, uploading a file, and what was refused."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from legislation.chambers import GeneralAssembly
from legislation.models import Rejection, SyncRun
from legislation.services.sync import detected_source, missing_key, request_sync, scheduled_sources
from legislation.sources import SOURCES, SourceBroken
from partners.admin.base import PartnersAdmin, ReadOnlyMixin

STATE_COLORS = {"done": "success", "partial": "warning", "failed": "danger", "running": "info"}


class UploadForm(forms.Form):
    """A file with legislative data; what it is is found out by its content unless staff say so."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=UnfoldAdminFileFieldWidget,
        error_messages={"required": gettext_lazy("Choose a file")},
        help_text=gettext_lazy(
            "Bills or roll calls (JSON, NDJSON, gz, zip), legislators (YAML zip or CSV), BillStatus XML, a hearing "
            "schedule, a witness slip export, districts (shapefile zip or GeoJSON) or ZIP codes."
        ),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("What it is"), required=False, widget=UnfoldAdminSelectWidget, choices=[]
    )
    session = forms.IntegerField(
        label=gettext_lazy("General Assembly"),
        required=False,
        min_value=70,
        max_value=200,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("Such as 104. Left empty, the file brings whatever it holds."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [
            ("", _("Find out by its content")),
            *((name, source.label) for name, source in SOURCES.items()),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file: UploadedFile | None = values.get("file")
        if file and not values.get("source"):
            try:
                values["source"] = detected_source(file)
            except SourceBroken as reason:
                raise ValidationError({"file": str(reason)}) from None
        return values


class RejectionInline(ReadOnlyMixin, TabularInline):
    """What the run refused, with the reason."""

    model = Rejection
    fields = readonly_fields = ["kind", "identifier", "reason"]
    extra = 0
    per_page = 50
    hide_title = True


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyMixin, PartnersAdmin):
    list_display = ["started", "shown_source", "shown_state", "progress", "added", "changed", "rejected"]
    list_filter = ["source", "state"]
    list_before_template = "admin/desk/sources.html"
    change_form_before_template = "admin/desk/sync_progress.html"
    inlines = [RejectionInline]
    fields = [
        "shown_source",
        "shown_location",
        "shown_session",
        "since",
        "state",
        "message",
        "progress",
        "outcomes",
        "started_at",
        "finished_at",
        "retry_at",
        "requested_by",
    ]
    readonly_fields = ["shown_source", "shown_location", "shown_session", "state", "progress", "outcomes"]

    @display(description=gettext_lazy("asked for"), ordering="requested_at")
    def started(self, run: SyncRun) -> object:
        return run.requested_at

    @display(description=gettext_lazy("source"), ordering="source")
    def shown_source(self, run: SyncRun) -> str:
        return str(SOURCES[run.source].label) if run.source in SOURCES else run.source

    @display(description=gettext_lazy("file or address"))
    def shown_location(self, run: SyncRun) -> str:
        return run.location or PurePath(run.upload.name or "").name or "–"

    @display(description=gettext_lazy("General Assembly"))
    def shown_session(self, run: SyncRun) -> str:
        return str(GeneralAssembly(run.session)) if run.session else _("whatever it holds")

    @display(description=gettext_lazy("state"), label=STATE_COLORS, ordering="state")
    def shown_state(self, run: SyncRun) -> tuple[str, str]:
        return run.state, str(run.get_state_display())

    @display(description=gettext_lazy("read"))
    def progress(self, run: SyncRun) -> str:
        if run.total:
            return _("%(done)s of %(total)s records") % {"done": f"{run.done:,}", "total": f"{run.total:,}"}
        return _("%(done)s records") % {"done": f"{run.done:,}"}

    @display(description=gettext_lazy("what became of them"))
    def outcomes(self, run: SyncRun) -> str:
        return "; ".join(
            f"{kind}: " + ", ".join(f"{number:,} {_(outcome)}" for outcome, number in outcomes.items())
            for kind, outcomes in sorted(run.counts.items())
        )

    # --- Fetching and uploading ----------------------------------------------------------------------------------

    def has_work_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("legislation.add_syncrun")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("fetch/", self.admin_site.admin_view(self.fetch), name="legislation_syncrun_fetch"),
            path("upload/", self.admin_site.admin_view(self.upload), name="legislation_syncrun_upload"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {
            "source_rows": source_rows(),
            "may_fetch": self.has_work_permission(request),
            "upload_url": reverse("admin:legislation_syncrun_upload"),
            "fetch_url": reverse("admin:legislation_syncrun_fetch"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        response = super().changeform_view(request, object_id, *args, **kwargs)
        run = self.existing(request, object_id) if object_id else None
        if run is not None and run.state in {SyncRun.State.WAITING, SyncRun.State.RUNNING}:
            response["Refresh"] = "2"  # The page shows progress without a script.
        return response

    def fetch(self, request: HttpRequest) -> HttpResponse:
        """Has a configured source read now; only addresses of the settings, never one that somebody types."""
        if request.method != "POST" or not self.has_work_permission(request):
            return HttpResponseRedirect(reverse("admin:legislation_syncrun_changelist"))
        wanted = dict(scheduled_sources())
        name = request.POST.get("source", "")
        if name not in wanted:
            messages.error(request, _("This source is not configured."))
            return HttpResponseRedirect(reverse("admin:legislation_syncrun_changelist"))
        run = request_sync(source=name, location=wanted[name], by=request.user)
        return HttpResponseRedirect(_address(run))

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Takes a file and shows how its import goes."""
        if not self.has_work_permission(request):
            return HttpResponseRedirect(reverse("admin:legislation_syncrun_changelist"))
        wanted = {"source": request.GET.get("source", "")}
        form = UploadForm(request.POST or None, request.FILES or None, initial=wanted)
        if request.method == "POST" and form.is_valid():
            values = form.cleaned_data
            try:
                run = request_sync(
                    source=values["source"],
                    session=values["session"] or 0,
                    upload=values["file"],
                    by=request.user,
                )
            except OSError as error:  # The disk is full, or the folder may not be written.
                words = _("The portal could not keep the file: %(error)s.") % {"error": error.strerror}
                form.add_error("file", words)
            else:
                return HttpResponseRedirect(_address(run))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Upload legislative data"),
            "desk_title": _("Upload legislative data"),
            "back_url": reverse("admin:legislation_syncrun_changelist"),
            "form": form,
        }
        return TemplateResponse(request, "admin/desk/sync_upload.html", context)


def _address(run: Model) -> str:
    return reverse("admin:legislation_syncrun_change", args=[run.pk])


def source_rows() -> list[dict[str, Any]]:
    """Per source: its last good time, its newest run, and whether the clock or a button can fetch it. Two queries."""
    good = {run.source: run for run in SyncRun.objects.last_good()}
    latest = {run.source: run for run in SyncRun.objects.newest()}
    scheduled = dict(scheduled_sources())
    return [
        {
            "name": name,
            "label": source.label,
            "good": good.get(name),
            "latest": latest.get(name),
            "url": _address(latest[name]) if name in latest else "",
            "fetchable": name in scheduled,
            "missing_key": missing_key(source),
        }
        for name, source in SOURCES.items()
    ]
