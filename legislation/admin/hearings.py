"""Hearings in the staff desk: noting the end, entering one by hand; and the slips on record, read-only."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from legislation.forms.hearings import HearingForm
from legislation.models import Hearing, RecordedSlip
from legislation.services import hearings as services
from legislation.slip_windows import slip_window
from partners.admin.base import PartnersAdmin, PublicPageMixin, Question, ReadOnlyMixin

WINDOW_LABELS = {
    "open": "success",
    "closing": "warning",
    "closed": "info",
    "cancelled": "danger",
    "not_posted": "info",
}


class ComingFilter(admin.SimpleListFilter):
    """Shows what is still to come, unless staff ask for more."""

    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("past", gettext_lazy("over")), ("all", gettext_lazy("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        if self.value() == "all":
            return queryset
        if self.value() == "past":
            return queryset.filter(starts_at__lt=midnight).order_by("-starts_at")
        return queryset.filter(starts_at__gte=midnight)


@admin.register(Hearing)
class HearingAdmin(PublicPageMixin, PartnersAdmin):
    """What staff save goes the way of every source: with its events, and a feed that catches up may correct it."""

    form = HearingForm
    list_display = ["starts_at", "committee_title", "documents_heard", "shown_window", "location"]
    list_display_links = ["starts_at", "committee_title"]
    list_filter = [ComingFilter, "chamber", "state"]
    search_fields = ["committee_name", "subject", "documents__identifier"]
    ordering = ["starts_at"]
    actions_detail = ["ended", "goes_on", "upload_slips"]

    def get_fieldsets(self, request: HttpRequest, obj: Hearing | None = None) -> list:
        notice = ["committee", "committee_name", "starts_at", "posted_at", "location", "documents", "subject"]
        if obj is None:
            return [(None, {"fields": ["chamber", *notice, "number", "source_url"]})]
        return [
            (None, {"fields": ["slips", *notice, "source_url", "cancelled"]}),
            (
                gettext_lazy("What we know"),
                {"fields": ["ended_at", "ended_by", "moved_from", "revision", "changed_at"]},
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Hearing | None = None) -> list[str]:
        return ["slips", "ended_at", "ended_by", "moved_from", "revision", "changed_at"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hearing]:
        standing = Count("documents", filter=Q(documents__removed_at=None))
        return (
            super().get_queryset(request).select_related("committee").annotate(number_of_documents=standing)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Hearing | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Hearing, form: HearingForm, change: bool) -> None:
        stored = services.enter_hearing(record=form.record())
        obj.__dict__.update(stored.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: list, change: bool) -> None:
        """Nothing hangs on the form; `enter_hearing` has emptied the page cache."""

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        hearing = self.record(request, object_id)
        begun = hearing.starts_at <= timezone.now() and hearing.state != Hearing.State.CANCELLED
        names = (
            {"goes_on"}
            if hearing.ended_at
            else {"ended"}
            if begun and not hearing.is_over(timezone.now())
            else set()
        )
        if request.user.has_perm("legislation.add_syncrun") and _had_slips(hearing):
            names |= {"upload_slips"}
        return self.buttons(request, object_id, names)

    @display(description=gettext_lazy("committee"), ordering="committee_name")
    def committee_title(self, hearing: Hearing) -> str:
        return hearing.committee_title

    @display(description=gettext_lazy("documents"), ordering="number_of_documents")
    def documents_heard(self, hearing: Hearing) -> int:
        return hearing.number_of_documents

    @display(description=gettext_lazy("witness slips"), label=WINDOW_LABELS)
    def shown_window(self, hearing: Hearing) -> tuple[str, str]:
        window = slip_window(hearing, timezone.now())
        return window.state, window.label

    @display(description=gettext_lazy("witness slips"))
    def slips(self, hearing: Hearing) -> str:
        window = slip_window(hearing, timezone.now())
        return f"{window.label}. {window.rule}"

    @action(description=gettext_lazy("It has ended"), icon="flag", permissions=["work"], url_path="ended")
    def ended(self, request: HttpRequest, object_id: str) -> HttpResponse:
        hearing = self.record(request, object_id)
        question = Question(
            title=_("Has this hearing ended?"),
            explanation=_(
                "Its page then says that slips are closed, in the House and before joint committees. The Senate "
                "takes slips until the end of the day all the same."
            ),
            facts=[(_("Began"), hearing.starts_at)],
            button=_("It has ended"),
            done=_("The end is noted."),
            step=lambda answers: services.note_end(hearing=hearing, by=request.user, at=timezone.now()),
        )
        return self.ask(request, hearing, question)

    @action(description=gettext_lazy("It goes on"), icon="undo", permissions=["work"], url_path="goes-on")
    def goes_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        hearing = self.record(request, object_id)
        question = Question(
            title=_("Does this hearing go on?"),
            explanation=_(
                "The end that was noted is taken back, and slips count as open again for that day."
            ),
            facts=[(_("Noted end"), hearing.ended_at)],
            button=_("It goes on"),
            done=_("The end is taken back."),
            step=lambda answers: services.take_back_end(hearing=hearing),
        )
        return self.ask(request, hearing, question)

    @action(
        description=gettext_lazy("Upload the list of slips"),
        icon="upload_file",
        permissions=["work"],
        url_path="upload-slips",
    )
    def upload_slips(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The export names bill, committee and hour itself; here only the kind of file is chosen beforehand."""
        self.record(request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:legislation_syncrun_upload')}?source=ilga-slips")


def _had_slips(hearing: Hearing) -> bool:
    """Whether the General Assembly can have a list of slips for it."""
    return slip_window(hearing, timezone.now()).state not in {"cancelled", "not_posted"}


@admin.register(RecordedSlip)
class RecordedSlipAdmin(ReadOnlyMixin, PartnersAdmin):
    """Witness slips as the General Assembly lists them."""

    list_display = ["bill", "amendment", "name", "firm", "representation", "position", "scheduled_at"]
    list_filter = ["position", "committee_name"]
    search_fields = ["bill__identifier", "name", "firm", "representation"]
    ordering = ["-scheduled_at", "bill", "name"]
    list_select_related = ["bill"]
    fields = [
        "bill",
        "amendment",
        "hearing",
        "committee_name",
        "scheduled_at",
        "name",
        "firm",
        "representation",
        "position",
        "imported_at",
    ]
