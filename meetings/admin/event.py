"""Events at the staff desk: written as drafts, then published, moved and cancelled by buttons that tell people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from meetings.admin.afterwards import afterwards_pages
from meetings.admin.door import door_pages, on_the_day
from meetings.admin.event_forms import CancelForm, EventForm, MoveForm
from meetings.admin.planning import council_meetings, plan
from meetings.admin.reports import report_pages
from meetings.models import Attendance, AttendanceNotice, Event, EventDocument, EventInvitation
from meetings.services import events as services
from meetings.services.registering import PLACED
from partners.admin.base import Question, desk_page
from partners.admin.editing import EditorAdmin, NamedCellsMixin
from partners.admin.filters import ComingFilter
from partners.admin.history import HistoryAdmin
from partners.gatherings.telling import writing_of
from partners.permissions import may_look
from partners.posted import posted

# What of an event stays as it is once people know of it. (Time, place and seats change over a button.)
SETTLED = ["kind", "audience", "slug"]
STATE_LABELS = {"draft": "warning", "published": "success", "cancelled": "danger", "held": "info"}


class EventDocumentInline(NamedCellsMixin, TabularInline):
    """Files and links: each row has one or the other."""

    model = EventDocument
    fields = ["title", "file", "url", "order"]
    extra = 0


@admin.register(Event)
class EventAdmin(HistoryAdmin, EditorAdmin):
    form = EventForm
    list_display = ["title", "kind", "area", "starts_at", "mode", "shown_state", "places"]
    list_filter = [ComingFilter, "kind", "state", "mode", ("area", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["area"]
    search_fields = ["title", "summary", "venue", "city"]
    ordering = ["starts_at"]
    inlines = [EventDocumentInline]
    actions_list = ["quarters"]
    actions_detail = ["publish", "move", "cancel"]
    change_form_outer_before_template = "meetings/admin/event_pages.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        held = Count("attendances", filter=Q(attendances__status__in=PLACED))
        return super().get_queryset(request).annotate(held_count=held)

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> list:
        standing = ["state", "revision", "published_at", "cancelled_at", "cancel_reason", "held_at"]
        after = [(gettext_lazy("Afterwards"), {"fields": ["notes", "notes_published_at"]})] if obj else []
        return [
            (None, {"fields": ["kind", "title", "slug", "area", "audience", "summary"]}),
            (gettext_lazy("When and where"), {"fields": list(services.MOVED)}),
            (gettext_lazy("For everybody to take part"), {"fields": ["languages", "has_captions", "access"]}),
            (gettext_lazy("What it is about"), {"fields": ["body", "agenda"]}),
            *after,
            *([(gettext_lazy("Where it stands"), {"fields": standing})] if obj else []),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> list[str]:
        standing = ["state", "revision", "published_at", "cancelled_at", "cancel_reason", "held_at"]
        locked = [*standing, "notes_published_at"]
        if obj is None or obj.state == Event.State.DRAFT:
            return locked
        return [*locked, *services.MOVED, *SETTLED]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Event | None = None) -> dict[str, list[str]]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else {"slug": ["title"]}

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        # What people know of is cancelled, so that calendars and registrations keep their meaning.
        draft = obj is None or obj.state == Event.State.DRAFT
        return draft and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_page(self, "council-meetings/", council_meetings, "council_meetings"),
            desk_page(self, "council-meetings/plan/", plan, "plan"),
            *door_pages(self),
            *report_pages(self),
            *afterwards_pages(self),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        event = context.get("original")
        context["pages"] = pages_of(request, event) if isinstance(event, Event) else []
        if isinstance(event, Event):
            notices = AttendanceNotice.objects.filter(attendance__event=event)
            context |= writing_of(notices, event.revision)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Columns ------------------------------------------------------------------------------------------------

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, event: Event) -> tuple[str, str]:
        return event.state, event.get_state_display()

    @display(description=gettext_lazy("places"), ordering="held_count")
    def places(self, event: Any) -> str:
        if event.capacity is None:
            return str(event.held_count)
        return _("%(taken)d of %(capacity)d") % {"taken": event.held_count, "capacity": event.capacity}

    # --- Buttons ------------------------------------------------------------------------------------------------

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        event = self.record(request, object_id)
        if event.state == Event.State.DRAFT:
            return self.buttons(request, object_id, {"publish"})
        over = event.is_over(timezone.now())
        return self.buttons(request, object_id, set() if over else {"move", "cancel"})

    @action(description=gettext_lazy("Council meetings"), icon="event_repeat", url_path="quarters")
    def quarters(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:meetings_event_council_meetings"))

    @action(
        description=gettext_lazy("Publish"),
        icon="publish",
        permissions=["work"],
        url_path="publish",
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.record(request, object_id)
        problems = services.problems_of(event)
        question = Question(
            title=_("Publish this event?"),
            explanation=_("Not yet: something is missing. Go back and enter it.")
            if problems
            else _("Its page shows it to those it is for, calendars follow, and people can register."),
            facts=[
                *[(_("Missing"), problem) for problem in problems],
                (_("Starts"), event.starts_at),
                (_("Who may come"), event.get_audience_display()),
            ],
            button=_("Publish the event"),
            done=_("The event is published."),
            step=lambda answers: services.publish(event=event, by=request.user, now=timezone.now()),
        )
        return self.ask(request, event, question)

    @action(
        description=gettext_lazy("Change time, place or seats"),
        icon="edit_calendar",
        permissions=["work"],
        url_path="move",
    )
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.record(request, object_id)
        values = {name: getattr(event, name) for name in services.MOVED}
        question = Question(
            title=_("Change time, place or seats"),
            explanation=_(
                "With another time, place or address to join, everybody who has a place is told once by mail, and "
                "calendars follow. With more seats those who wait move up."
            ),
            facts=_told(event),
            button=_("Change the event"),
            done=_(
                "The event is changed. Where people have to know, messages are being written; this page says how far "
                "that is."
            ),
            form=MoveForm(posted(request), initial=values),
            step=lambda changes: services.change_event(
                event=event, by=request.user, now=timezone.now(), **changes
            ),
        )
        return self.ask(request, event, question)

    @action(
        description=gettext_lazy("Cancel the event"),
        icon="event_busy",
        permissions=["work"],
        url_path="cancel",
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.record(request, object_id)
        form: forms.Form = CancelForm(posted(request))
        question = Question(
            title=_("Cancel this event?"),
            explanation=_(
                "Everybody who has a place or waits for one gets a mail. This cannot be taken back."
            ),
            facts=_told(event),
            button=_("Cancel the event"),
            done=_("The event is cancelled. The messages are being written; this page says how far that is."),
            form=form,
            danger=True,
            step=lambda answers: services.cancel_event(
                event=event, by=request.user, now=timezone.now(), **answers
            ),
        )
        return self.ask(request, event, question)


def _told(event: Event) -> list[tuple[str, object]]:
    people = event.attendances.filter(status__in=PLACED).count()
    return [(_("Starts"), event.starts_at), (_("People to be told"), people)]


def pages_of(request: HttpRequest, event: Event) -> list[tuple[str, str]]:
    """Links to the desk's other pages about an event: words and address."""
    pages = [(_("Its public page"), event.get_absolute_url())]
    if may_look(request.user, Attendance):
        people = reverse("admin:meetings_attendance_changelist")
        pages.append((_("Who comes"), f"{people}?event__id__exact={event.pk}"))
    if event.kind != Event.Kind.INTERNAL and may_look(request.user, EventInvitation):
        equity = reverse("admin:meetings_eventinvitation_of_event", args=[event.pk])
        pages.append((_("Equity and whom to invite next"), equity))
    return [*pages, *on_the_day(request, event)]
