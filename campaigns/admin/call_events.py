"""Events that calls invite to: entered with the call, then moved or cancelled in a way that tells people; who comes."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action, display

from campaigns.event_forms import EVENT_FIELDS, CallEventForm, EventForm
from campaigns.models import CallEvent, CallToAction, Rsvp
from campaigns.results.invitations import answers_to, attendance_rows
from campaigns.services import events as services
from campaigns.staff_views import Question, ask, change_url, desk_context, posted
from partners.admin.base import PartnersAdmin, ReadOnlyMixin
from partners.admin.editing import FIELDS, RoomySentencesMixin
from partners.admin.history import HistoryAdmin
from partners.spreadsheets import csv_download

_Coming = Rsvp.Coming


class CallEventInline(RoomySentencesMixin, StackedInline):
    """The event of a draft. Once the invitation is out, changes go over the event's own page, which tells people."""

    model = CallEvent
    form = CallEventForm
    formfield_overrides = FIELDS
    autocomplete_fields = ["meeting"]
    fields = ["meeting", *EVENT_FIELDS, "its_page"]
    readonly_fields = ["its_page"]
    extra = 1
    max_num = 1
    can_delete = False
    verbose_name_plural = gettext_lazy("the event")

    @display(description=gettext_lazy("who comes"))
    def its_page(self, event: CallEvent) -> SafeString | str:
        """The way to the event's own page, where staff see who comes, move it and cancel it."""
        if event.pk is None:
            return _("Nobody yet: the event is new.")
        words = _("See who comes, move or cancel the event")
        return format_html('<a class="desk-link" href="{}">{}</a>', change_url(event), words)

    def has_change_permission(self, request: HttpRequest, obj: CallToAction | None = None) -> bool:
        draft = obj is None or obj.status == CallToAction.Status.DRAFT
        return draft and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: CallToAction | None = None) -> bool:
        draft = obj is None or obj.status == CallToAction.Status.DRAFT
        return draft and super().has_add_permission(request, obj)


@admin.register(CallEvent)
class CallEventAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["call_to_action", "starts_at", "place", "coming", "seats", "perhaps", "cancelled_at"]
    list_select_related = ["call_to_action"]
    ordering = ["-starts_at"]
    search_fields = ["call_to_action__title", "place"]
    fields = ["call_to_action", "meeting", *EVENT_FIELDS, "coming", "perhaps", "cancelled_at"]
    readonly_fields = ["coming", "perhaps", "seats", "cancelled_at"]
    actions_detail = ["who_comes", "change_event", "cancel_event"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallEvent]:
        answers = "call_to_action__actions__rsvp"
        yes = Q(**{f"{answers}__coming": _Coming.YES})
        return (
            super()
            .get_queryset(request)
            .annotate(
                yes_count=Count(answers, filter=yes),
                guest_count=Coalesce(Sum(F(f"{answers}__guests"), filter=yes), 0),
                maybe_count=Count(answers, filter=Q(**{f"{answers}__coming": _Coming.MAYBE})),
            )
        )

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        event = self.record(request, object_id)
        over = event.cancelled_at or event.has_begun or event.meeting_id
        return self.buttons(
            request, object_id, {"who_comes"} | (set() if over else {"change_event", "cancel_event"})
        )

    @display(description=gettext_lazy("come"), ordering="yes_count")
    def coming(self, event: CallEvent) -> int:
        return event.yes_count

    @display(description=gettext_lazy("may come"), ordering="maybe_count")
    def perhaps(self, event: CallEvent) -> int:
        return event.maybe_count

    @display(description=gettext_lazy("seats taken"))
    def seats(self, event: CallEvent) -> str:
        taken = event.yes_count + event.guest_count
        if event.capacity is None:
            return str(taken)
        return _("%(taken)d of %(capacity)d") % {"taken": taken, "capacity": event.capacity}

    def get_urls(self) -> list[URLPattern]:
        file = self.admin_site.admin_view(self.attendance_file)
        return [
            path("<int:pk>/who-comes.csv", file, name="campaigns_callevent_attendance"),
            *super().get_urls(),
        ]

    # --- Who comes ------------------------------------------------------------------------------------------

    def has_read_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What people need to take part is theirs: to read it takes the right to see answers to invitations."""
        return request.user.has_perm("campaigns.view_rsvp")

    @action(description=gettext_lazy("Who comes"), icon="groups", permissions=["read"], url_path="who-comes")
    def who_comes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.record(request, object_id)
        answers = list(answers_to(event.call_to_action))
        context = desk_context(self, request, event, _("Who comes"))
        context |= {
            "event": event,
            "answers": answers,
            "come": event.yes_count,
            "guests": event.guest_count,
            "perhaps": event.maybe_count,
            "decline": sum(answer.coming == _Coming.NO for answer in answers),
        }
        return TemplateResponse(request, "admin/events/who_comes.html", context)

    def attendance_file(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The list as a spreadsheet."""
        if not self.has_read_permission(request):
            raise PermissionDenied
        event = self.record(request, str(pk))
        return csv_download(f"who-comes-{event.pk}.csv", attendance_rows(event.call_to_action))

    # --- Moving and cancelling ------------------------------------------------------------------------------

    @action(
        description=gettext_lazy("Change the event"),
        icon="edit_calendar",
        permissions=["work"],
        url_path="move",
    )
    def change_event(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.record(request, object_id)
        values = {name: getattr(event, name) for name in EVENT_FIELDS}
        question = Question(
            title=_("Change the event?"),
            explanation=_(
                "With another time, place or online address, everybody who comes or may come is told once by mail, "
                "and calendars follow."
            ),
            facts=self._told(event),
            button=_("Change the event"),
            done=_("The event is changed, and those concerned are told."),
            form=EventForm(posted(request), initial=values),
            step=lambda changes: _nothing(services.change_event(event=event, by=request.user, **changes)),
        )
        return ask(self, request, event, question)

    @action(
        description=gettext_lazy("Cancel the event"),
        icon="event_busy",
        permissions=["work"],
        url_path="cancel",
    )
    def cancel_event(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.record(request, object_id)
        question = Question(
            title=_("Cancel the event?"),
            explanation=_(
                "Everybody who comes or may come is told by mail at once. This cannot be taken back. "
                "The invitation's page says it; close the call with its outcome afterwards."
            ),
            facts=self._told(event),
            button=_("Cancel the event"),
            done=_("The event is cancelled, and those concerned are told."),
            danger=True,
            step=lambda answers: _nothing(services.cancel_event(event=event, by=request.user)),
        )
        return ask(self, request, event, question)

    def _told(self, event: Any) -> list[tuple[str, object]]:
        return [(_("Starts"), event.starts_at), (_("People to be told"), event.yes_count + event.maybe_count)]


def _nothing(told: int) -> None:
    """A question's step names the record to go to; after these it is the same one."""
