"""Sessions at the staff desk: written as drafts, then published, changed, cancelled and given again by buttons."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from partners.admin.editing import EditorAdmin, NamedCellsMixin
from partners.admin.filters import ComingFilter
from partners.admin.history import HistoryAdmin
from partners.gatherings.telling import writing_of
from partners.permissions import may_look
from trainings.admin.attendance import attendance_pages
from trainings.admin.attendance_days import attendance_address
from trainings.admin.desk_forms import MOVED, SessionForm
from trainings.admin.door import door_pages
from trainings.admin.facilitators import FacilitationInline
from trainings.admin.numbers import SessionNumbers
from trainings.admin.session_buttons import SessionButtons
from trainings.models import Enrollment, EnrollmentNotice, Session, SessionPart
from trainings.services.sessions import free_slug, span_days

STATE_LABELS = {"draft": "warning", "published": "success", "cancelled": "danger", "held": "info"}
# What stays as it is once people know of it. (Days, place and seats change over a button.)
SETTLED = ["course", "slug", "starts_at", "ends_at", *MOVED]
STANDING = ["state", "revision", "published_at", "cancelled_at", "cancel_reason", "held_at"]


class SessionPartInline(NamedCellsMixin, TabularInline):
    """The days of a draft that has several. Once it is published they change over the button, which tells people."""

    model = SessionPart
    fields = ["starts_at", "ends_at"]
    extra = 0
    verbose_name_plural = gettext_lazy("days, where there are several")

    def _is_draft(self, obj: Session | None) -> bool:
        return obj is None or obj.state == Session.State.DRAFT

    def has_add_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        return self._is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        return self._is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        return self._is_draft(obj) and super().has_delete_permission(request, obj)


@admin.register(Session)
class SessionAdmin(SessionNumbers, SessionButtons, HistoryAdmin, EditorAdmin):
    form = SessionForm
    list_display = ["course", "starts_at", "mode", "area", "shown_state", "seats", "waiting"]
    list_filter = [ComingFilter, "state", "mode", ("area", admin.RelatedOnlyFieldListFilter), "course"]
    list_select_related = ["course", "area"]
    search_fields = ["course__title", "venue", "city", "slug"]
    ordering = ["starts_at"]
    autocomplete_fields = ["course"]
    inlines = [SessionPartInline, FacilitationInline]
    change_form_outer_before_template = "admin/desk/pages.html"

    def get_urls(self) -> list[URLPattern]:
        return [*attendance_pages(self), *door_pages(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        def people(*statuses: str) -> Count:
            return Count("enrollments", filter=Q(enrollments__status__in=statuses), distinct=True)

        return (
            super()
            .get_queryset(request)
            .annotate(taken=people("registered", "attended", "offered"), waiting_count=people("waitlisted"))
        )

    def get_fieldsets(self, request: HttpRequest, obj: Session | None = None) -> list:
        when = ["starts_at", "ends_at", *MOVED]
        return [
            (None, {"fields": ["course", *(["slug"] if obj else []), "area"]}),
            (gettext_lazy("When and where"), {"fields": when}),
            (gettext_lazy("For everybody to take part"), {"fields": ["languages", "has_captions", "access"]}),
            (gettext_lazy("Waiting list"), {"fields": ["offer_hours"]}),
            *([(gettext_lazy("Where it stands"), {"fields": STANDING})] if obj else []),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Session | None = None) -> list[str]:
        if obj is None or obj.state == Session.State.DRAFT:
            return STANDING
        return [*STANDING, *SETTLED]

    def has_delete_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        # What people know of is cancelled, so that calendars and registrations keep their meaning.
        draft = obj is None or obj.state == Session.State.DRAFT
        return draft and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:
        if not obj.slug:
            obj.slug = free_slug(obj.course, obj.starts_at)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.state == Session.State.DRAFT:
            span_days(session=form.instance)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        session = context.get("original")
        context["pages"] = pages_of(request, session) if isinstance(session, Session) else []
        if isinstance(session, Session):
            notices = EnrollmentNotice.objects.filter(enrollment__session=session)
            context |= writing_of(notices, session.revision)
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, session: Session) -> tuple[str, str]:
        return session.state, session.get_state_display()

    @display(description=gettext_lazy("seats taken"), ordering="taken")
    def seats(self, session: Any) -> str:
        if session.capacity is None:
            return str(session.taken)
        return _("%(taken)d of %(capacity)d") % {"taken": session.taken, "capacity": session.capacity}

    @display(description=gettext_lazy("waiting"), ordering="waiting_count")
    def waiting(self, session: Any) -> int:
        return session.waiting_count


def pages_of(request: HttpRequest, session: Session) -> list[tuple[str, str]]:
    """Links to the desk's other pages about a session: words and address."""
    pages = [(_("Its public page"), session.get_absolute_url())]
    if request.user.has_perm("trainings.change_enrollment") and session.state in ("published", "held"):
        pages.append((_("Door"), reverse("admin:trainings_session_doors", args=[session.pk])))
        pages.append((_("Attendance"), attendance_address(session)))
    if may_look(request.user, Enrollment):
        people = reverse("admin:trainings_enrollment_changelist")
        pages.append((_("Who takes part"), f"{people}?session__id__exact={session.pk}"))
    return pages
