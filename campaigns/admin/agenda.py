"""Pillars, and the agenda of each year with its priorities and targets."""

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import display
from unfold.enums import ActionVariant

from campaigns.models import Agenda, Pillar, Priority, Target
from campaigns.services import agendas as services
from campaigns.staff_views import Question, asking, posted
from campaigns.voice_forms import VoiceReasonForm, VoiceReasonsForm
from partners.admin.editing import EditorAdmin, NamedCellsMixin, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.admin.preview import PreviewMixin
from research.admin.finding_marks import FindingMarksMixin


@admin.register(Pillar)
class PillarAdmin(EditorAdmin):
    list_display = ["name", "order"]
    list_editable = ["order"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]


class PriorityInline(RoomySentencesMixin, StackedInline):
    """The priorities' order and headlines; the text of each has its own page."""

    model = Priority
    extra = 0
    fields = ["title", "pillar", "slug", "summary", ("ask", "reference"), "order"]
    prepopulated_fields = {"slug": ["title"]}
    show_change_link = True
    collapsible = True


class TargetInline(NamedCellsMixin, TabularInline):
    model = Target
    extra = 0
    hide_title = True
    fields = ["field", "text", "order"]


@admin.register(Agenda)
class AgendaAdmin(PreviewMixin, HistoryAdmin, EditorAdmin):
    list_display = ["title", "year", "is_published", "priority_count", "target_count"]
    list_filter = ["is_published"]
    search_fields = ["title"]
    readonly_fields = ["is_published"]
    inlines = [PriorityInline, TargetInline]
    actions_detail = ["look", "publish", "take_down"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        agenda = self.record(request, object_id)
        return self.buttons(request, object_id, {"take_down"} if agenda.is_published else {"look", "publish"})

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.is_published and services.unexplained(form.instance).exists():
            messages.warning(
                request,
                _("A priority of this published agenda has no worker's voice. Say why on its page."),
            )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agenda]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                priority_count=Count("priorities", distinct=True),
                target_count=Count("targets", distinct=True),
            )
        )

    @asking(gettext_lazy("Publish"), icon="publish", url_path="publish", variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, agenda: Agenda) -> Question:
        form = VoiceReasonsForm(posted(request), priorities=list(services.unexplained(agenda)))
        return Question(
            title=_("Publish this agenda?"),
            explanation=_(
                "Everybody can read it with all its priorities. Where no worker's voice stands beside a priority, "
                "say why: the desk keeps the reason."
            )
            if form.fields
            else _("Everybody can read it with all its priorities."),
            button=_("Publish the agenda"),
            done=_("The agenda is published."),
            form=form,
            step=lambda answers: services.publish_agenda(
                agenda=agenda, by=request.user, reasons=form.reasons()
            ),
        )

    @asking(gettext_lazy("Take off the site"), icon="unpublished", url_path="take-down")
    def take_down(self, request: HttpRequest, agenda: Agenda) -> Question:
        return Question(
            title=_("Take this agenda off the site?"),
            explanation=_("Its page and those of its priorities disappear at once."),
            button=_("Take it off the site"),
            done=_("The agenda is a draft again."),
            danger=True,
            step=lambda answers: services.take_down_agenda(agenda=agenda, by=request.user),
        )

    @display(description=gettext_lazy("priorities"), ordering="priority_count")
    def priority_count(self, agenda: Agenda) -> int:
        return agenda.priority_count

    @display(description=gettext_lazy("targets"), ordering="target_count")
    def target_count(self, agenda: Agenda) -> int:
        return agenda.target_count


@admin.register(Priority)
class PriorityAdmin(FindingMarksMixin, EditorAdmin):
    list_display = ["title", "agenda", "pillar", "ask", "reference", "voices"]
    list_filter = ["agenda", "pillar"]
    list_select_related = ["agenda", "pillar"]
    autocomplete_fields = ["fact_sheet", "reports"]
    readonly_fields = ["voices", "no_voice_reason", "no_voice_by", "no_voice_at"]
    actions_detail = ["explain"]
    search_fields = ["title", "reference", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["agenda", "pillar", "title", "slug", "summary", "body"]}),
        (
            gettext_lazy("The ask"),
            {"fields": ["ask", "ask_detail", "reference", "partners_credited", "order"]},
        ),
        (gettext_lazy("What stands beside it"), {"fields": ["fact_sheet", "reports"]}),
        (
            gettext_lazy("What workers told us"),
            {"fields": ["voices", "no_voice_reason", "no_voice_by", "no_voice_at"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Priority]:
        voices = Count("voices", filter=Q(voices__state="published") & ~Q(voices__scope="lawmakers"))
        return super().get_queryset(request).annotate(voice_count=voices)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        priority = self.record(request, object_id)
        return self.buttons(request, object_id, set() if priority.voice_count else {"explain"})

    def save_related(self, request: HttpRequest, form: Form, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        agenda = form.instance.agenda
        if agenda.is_published and services.unexplained(agenda).filter(pk=form.instance.pk).exists():
            messages.warning(
                request,
                _("This priority is public and has no worker's voice. Press “Say why no voice”, or add one."),
            )

    @display(description=gettext_lazy("workers' voices"), ordering="voice_count")
    def voices(self, priority: Priority) -> str:
        if getattr(priority, "voice_count", 0):
            return str(priority.voice_count)
        return _("none, explained") if priority.no_voice_reason else _("none")

    @asking(gettext_lazy("Say why no voice"), icon="record_voice_over", url_path="no-voice")
    def explain(self, request: HttpRequest, priority: Priority) -> Question:
        return Question(
            title=_("Why does no worker's voice stand beside this priority?"),
            explanation=_(
                "Those who do the work, Black and Brown frontline workers first, should be heard on what we ask for. "
                "The desk keeps the reason with your name; the public does not see it."
            ),
            button=_("Keep the reason"),
            done=_("The reason is kept."),
            form=VoiceReasonForm(posted(request), initial={"reason": priority.no_voice_reason}),
            step=lambda answers: services.explain_missing_voice(
                priority=priority, by=request.user, **answers
            ),
        )
