"""After an event at the staff desk: attendance closed, notes published, what people took on, how it was."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from meetings.feedback_results import feedback_of
from meetings.models import Attendance, Event, FollowUp
from meetings.services import afterwards, closing
from partners.admin.base import PartnersAdmin, desk_page
from partners.admin.history import HistoryAdmin
from partners.errors import NotAllowed
from partners.permissions import may_look


def afterwards_pages(desk: ModelAdmin) -> list[URLPattern]:
    """The page after an event, for the event's `get_urls`."""
    return [desk_page(desk, "<int:pk>/afterwards/", _afterwards, "afterwards")]


def _afterwards(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is left to do once people went home; a POST takes one step."""
    if not may_look(request.user, Event):
        raise PermissionDenied
    event = get_object_or_404(Event, pk=pk)
    if request.method == "POST":
        if not request.user.has_perm("meetings.change_event"):
            raise PermissionDenied
        _take_step(request, event)
        return HttpResponseRedirect(request.path)
    statuses = dict(event.attendances.values_list("status").annotate(number=Count("pk")).order_by())
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": event,
        "event": event,
        "title": _("After the event"),
        "desk_title": _("After the event"),
        "back_url": reverse("admin:meetings_event_change", args=[event.pk]),
        "numbers": [(label, statuses.get(status, 0)) for status, label in _counted()],
        "has_ended": timezone.now() >= event.ends_at,
        "follow_ups": event.follow_ups.select_related("owner"),
        "documents": event.documents.all(),
        "feedback": feedback_of(event),
        "may_change": request.user.has_perm("meetings.change_event"),
        "may_add": request.user.has_perm("meetings.add_followup"),
    }
    return TemplateResponse(request, "meetings/admin/afterwards.html", context)


def _counted() -> list[tuple[str, Any]]:
    skipped = {Attendance.Status.OFFERED}
    return [(status.value, status.label) for status in Attendance.Status if status not in skipped]


def _take_step(request: HttpRequest, event: Event) -> None:
    """What one of the page's buttons does, and what is said to it."""
    by, now = request.user, timezone.now()
    steps: dict[str, Callable[[], str]] = {
        "close": lambda: _absent(closing.close_attendance(event=event, by=by, now=now)),
        "reopen": lambda: _said(
            closing.reopen_attendance(event=event, by=by, now=now), _("Attendance is open again.")
        ),
        "publish_notes": lambda: _said(
            afterwards.publish_notes(event=event, by=by, now=now), _("The notes are published.")
        ),
        "take_back_notes": lambda: _said(
            afterwards.take_back_notes(event=event, by=by), _("The notes are a draft again.")
        ),
    }
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        return
    try:
        messages.success(request, step())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))


def _absent(number: int) -> str:
    words = ngettext(
        "Attendance is closed. %(n)d person who was expected did not come.",
        "Attendance is closed. %(n)d people who were expected did not come.",
        number,
    )
    return words % {"n": number}


def _said(_result: object, words: str) -> str:
    return words


class OpenFilter(admin.SimpleListFilter):
    """Shows what is still to do, unless staff ask for more."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [
            ("late", gettext_lazy("late")),
            ("done", gettext_lazy("done")),
            ("all", gettext_lazy("all")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "all":
            return queryset
        if self.value() == "done":
            return queryset.filter(done_at__isnull=False)
        still = queryset.filter(done_at__isnull=True)
        return still.filter(due_on__lt=timezone.localdate()) if self.value() == "late" else still


@admin.register(FollowUp)
class FollowUpAdmin(HistoryAdmin, PartnersAdmin):
    """What people took on at events. A new owner is told by mail, and reminded on the day."""

    list_display = ["task", "owner", "due_on", "event", "shown_state"]
    list_filter = [OpenFilter, ("event__area", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner", "event"]
    search_fields = ["task", "owner__last_name", "owner__first_name", "owner__email", "event__title"]
    ordering = ["due_on", "pk"]
    autocomplete_fields = ["event", "owner"]
    fields = ["event", "task", "owner", "due_on", "assigned_at", "reminded_at", "done_at", "done_by"]
    readonly_fields = ["assigned_at", "reminded_at", "done_at", "done_by"]
    actions = ["mark_done"]

    @display(
        description=gettext_lazy("state"),
        label={"open": "info", "late": "danger", "done": "success"},
    )
    def shown_state(self, follow_up: FollowUp) -> tuple[str, str]:
        if follow_up.done_at:
            return "done", _("done")
        if follow_up.due_on and follow_up.due_on < timezone.localdate():
            return "late", _("late")
        return "open", _("open")

    def save_model(self, request: HttpRequest, obj: FollowUp, form: ModelForm, change: bool) -> None:
        afterwards.save_follow_up(follow_up=obj, by=request.user, now=timezone.now())

    @admin.action(description=gettext_lazy("Mark as done"), permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[FollowUp]) -> None:
        for follow_up in queryset:
            afterwards.finish_follow_up(follow_up=follow_up, by=request.user, now=timezone.now())
        messages.success(request, _("The follow-ups are marked as done."))
