"""Findings at the staff desk: drafts are written freely, what is published changes by corrections readers see."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from mailing.queueing import queue
from partners.admin.base import Question, ReadOnlyMixin, desk_page
from partners.admin.editing import SECOND_ROW, EditorAdmin
from partners.admin.history import HistoryAdmin
from partners.posted import posted
from research.admin import finding_pages
from research.forms.finding import CorrectionForm, FindingForm, ReasonForm
from research.models import Finding, FindingCorrection
from research.querysets.finding import DAYS_UNTIL_DEAD
from research.services import finding as services
from research.tasks import check_source

STATE_LABELS = {"draft": "warning", "published": "success", "retracted": "danger"}
_State = Finding.State
BUTTONS = {
    _State.DRAFT: {"publish", "look"},
    _State.PUBLISHED: {"correct", "retract", "try_source", "look"},
    _State.RETRACTED: {"look"},
}


class SourceFilter(admin.SimpleListFilter):
    """Findings whose source's page does not answer any more."""

    title = gettext_lazy("source")
    parameter_name = "answers"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("gone", gettext_lazy("its page is gone")), ("none", gettext_lazy("has no address"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "gone":
            return queryset.filter(
                source_check__failed_days__gte=DAYS_UNTIL_DEAD, source_check__url=F("source_url")
            )
        return queryset.filter(source_url="") if self.value() == "none" else queryset


class CorrectionInline(ReadOnlyMixin, TabularInline):
    """What was corrected; readers see the same."""

    model = FindingCorrection
    fields = ["corrected_at", "reason", "shown_changes", "corrected_by"]
    readonly_fields = fields
    extra = 0
    hide_title = True

    @display(description=gettext_lazy("before and now"))
    def shown_changes(self, correction: FindingCorrection) -> str:
        return "; ".join(f"{line['label']}: {line['before']} → {line['after']}" for line in correction.lines)


@admin.register(Finding)
class FindingAdmin(HistoryAdmin, EditorAdmin):
    form = FindingForm
    list_display = ["claim", "value", "year", "shown_place", "shown_state", "shown_source"]
    list_filter = ["state", SourceFilter, "kind", "topics", "sub_sector", "place", "year"]
    list_select_related = ["county", "source_check"]
    search_fields = ["claim", "value", "source", "place_note", "slug"]
    ordering = ["-year", "claim"]
    inlines = [CorrectionInline]
    autocomplete_fields = ["topics", "report"]
    actions_detail = ["publish", "correct", "retract", "try_source", "look"]
    actions_list = ["sources", "import_table"]
    readonly_fields = ["state", "published_at", "retracted_at", "retraction", "shown_mark", "shown_check"]
    fieldsets = [
        (None, {"fields": ["claim", "slug", "value", "number", "kind", "unit", "year", "shown_mark"]}),
        (gettext_lazy("Place"), {"fields": ["place", "county", "chamber", "district", "place_note"]}),
        (gettext_lazy("Where it belongs"), {"fields": ["sub_sector", "topics", "report"]}),
        (
            gettext_lazy("How we know"),
            {"fields": ["method", "source", "source_url", "shown_check", "caveat"]},
        ),
        (
            gettext_lazy("Where it stands"),
            {"fields": ["state", "published_at", "retracted_at", "retraction"]},
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "sources/check/", finding_pages.check_all, "check_sources"),
            *super().get_urls(),
        ]

    def view_on_site(self, finding: Finding) -> str | None:
        return finding.get_absolute_url() if finding.state != _State.DRAFT else None

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Finding | None = None
    ) -> dict[str, list[str]]:
        return {"slug": ["claim"]} if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Finding | None = None) -> list[str]:
        # What readers may have quoted changes by a correction, and its address stays.
        settled = ["slug", *services.CORRECTABLE] if obj is not None and obj.state != _State.DRAFT else []
        return [*self.readonly_fields, *settled]

    def has_delete_permission(self, request: HttpRequest, obj: Finding | None = None) -> bool:
        draft = obj is None or obj.state == _State.DRAFT
        return draft and super().has_delete_permission(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        # What was public is retracted, never gone without a word.
        super().delete_queryset(request, queryset.filter(state=_State.DRAFT))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        finding = self.record(request, object_id)
        names = BUTTONS[_State(finding.state)]
        return self.buttons(request, object_id, names - ({"try_source"} if not finding.source_url else set()))

    # --- Columns ------------------------------------------------------------------------------------------------

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, finding: Finding) -> tuple[str, str]:
        return finding.state, finding.get_state_display()

    @display(description=gettext_lazy("place"), ordering="place")
    def shown_place(self, finding: Finding) -> str:
        return finding.place_words

    @display(description=gettext_lazy("source"), label={"gone": "danger", "moved": "info"})
    def shown_source(self, finding: Finding) -> tuple[str, str] | str:
        check = finding_pages.current_check(finding)
        if check is None:
            return ""
        if check.is_dead:
            return "gone", _("gone since %s") % timezone.localdate(check.first_failed_at)
        return ("moved", _("moved")) if check.moved_to else check.get_outcome_display()

    @display(description=gettext_lazy("last look at the source"))
    def shown_check(self, finding: Finding) -> str:
        check = finding_pages.current_check(finding)
        if check is None:
            return _("not looked at yet")
        words = f"{timezone.localtime(check.checked_at):%Y-%m-%d %H:%M}: {check.get_outcome_display()}"
        return f"{words} ({check.moved_to})" if check.moved_to else words

    @display(description=gettext_lazy("to quote it in a text"))
    def shown_mark(self, finding: Finding) -> str:
        return finding.mark if finding.slug else ""

    # --- Buttons ------------------------------------------------------------------------------------------------

    @action(
        description=gettext_lazy("Its page"),
        icon="visibility",
        permissions=["view"],
        url_path="look",
        attrs={**SECOND_ROW, "target": "_blank"},
    )
    def look(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(self.record(request, object_id).get_absolute_url())

    @action(
        description=gettext_lazy("Publish"),
        icon="publish",
        permissions=["work"],
        url_path="publish",
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        finding = self.record(request, object_id)
        question = Question(
            title=_("Publish this finding?"),
            explanation=_("It joins the library, and shows in every text that quotes it. From then on it "
                          "changes only by corrections that readers see."),
            facts=[(_("What is missing"), problem) for problem in services.problems_of(finding)]
            or [(_("Value"), finding.value), (_("Claim"), finding.claim), (_("Source"), finding.source)],
            button=_("Publish the finding"),
            done=_("The finding is published."),
            step=lambda answers: services.publish_finding(finding=finding, by=request.user, now=timezone.now()),
        )  # fmt: skip
        return self.ask(request, finding, question)

    @action(
        description=gettext_lazy("Correct"),
        icon="edit_note",
        permissions=["work"],
        url_path="correct",
        variant=ActionVariant.PRIMARY,
    )
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        finding = self.record(request, object_id)
        # A copy of its own: the form writes what was typed into its record.
        form = CorrectionForm(posted(request), instance=self.record(request, object_id))
        form.is_valid()
        question = Question(
            title=_("What does this finding say from now on?"),
            explanation=_("It changes at once in the library, in stories, reports and on other sites. What it said "
                          "before stays on its page, with your reason. Fact sheets are printed: those that quote it "
                          "tell readers of the correction until they get a new version."),
            button=_("Correct the finding"),
            done=_("The finding is corrected. Fact sheets that quote it are marked as out of date."),
            facts=form.differs,
            form=form,
            step=lambda answers: services.correct_finding(
                finding=finding,
                by=request.user,
                now=timezone.now(),
                reason=answers["reason"],
                seen=answers["seen"],
                **form.said,
            ),
        )  # fmt: skip
        return self.ask(request, finding, question)

    @action(
        description=gettext_lazy("Retract"),
        icon="block",
        permissions=["work"],
        url_path="retract",
        attrs=SECOND_ROW,
    )
    def retract(self, request: HttpRequest, object_id: str) -> HttpResponse:
        finding = self.record(request, object_id)
        question = Question(
            title=_("Retract this finding?"),
            explanation=_("It leaves every list and text at once. Its page stays and says why. Fact sheets that "
                          "quote it tell readers of the retraction until they get a new version. This cannot be "
                          "undone."),
            button=_("Retract the finding"),
            danger=True,
            done=_("The finding is retracted."),
            form=ReasonForm(posted(request)),
            step=lambda answers: services.retract_finding(
                finding=finding, by=request.user, now=timezone.now(), reason=answers["reason"]
            ),
        )  # fmt: skip
        return self.ask(request, finding, question)

    @action(
        description=gettext_lazy("Try the source"),
        icon="link",
        permissions=["work"],
        url_path="try-source",
        attrs=SECOND_ROW,
    )
    def try_source(self, request: HttpRequest, object_id: str) -> HttpResponse:
        finding = self.record(request, object_id)
        question = Question(
            title=_("Look whether the source's page answers?"),
            explanation=_("The portal opens this address; within a minute the result stands on this page."),
            facts=[(_("Address"), finding.source_url)],
            button=_("Open the address"),
            done=_("The portal is looking. Load this page again in a moment."),
            step=lambda answers: queue(check_source, finding.pk),
        )
        return self.ask(request, finding, question)

    # --- Pages of the list --------------------------------------------------------------------------------------

    @action(
        description=gettext_lazy("Sources to mend"), icon="link_off", permissions=["view"], url_path="sources"
    )
    def sources(self, request: HttpRequest) -> HttpResponse:
        """Sources whose pages are gone or moved."""
        return finding_pages.sources(self, request)

    @action(description=gettext_lazy("Import a table"), icon="upload", permissions=["add"], url_path="import")
    def import_table(self, request: HttpRequest) -> HttpResponse:
        """A table of findings, read back before it is written."""
        return finding_pages.import_table(self, request)
