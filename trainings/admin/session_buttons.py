"""The steps staff take with a session: publish, change, cancel, give it again, register somebody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from partners.admin.base import PartnersAdmin, Question
from partners.admin.editing import SECOND_ROW
from partners.posted import posted
from trainings.admin.desk_forms import CancelForm, CopyForm, MoveForm, StaffRegistrationForm
from trainings.models import Session
from trainings.permissions import can_register_others
from trainings.services import sessions as services
from trainings.services.cancelling import PLACED
from trainings.services.registering import register

_State = Session.State


class SessionButtons(PartnersAdmin):
    """The buttons of a session's page."""

    actions_detail = ["publish", "register_somebody", "move", "copy", "cancel"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        session = self.record(request, object_id)
        now, names = timezone.now(), {"copy"}
        if session.state == _State.DRAFT:
            names.add("publish")
        if session.state == _State.PUBLISHED and not session.is_over(now):
            names.add("cancel")
            names |= {"move"} if now < session.starts_at else set()
            if session.takes_registrations(now) and can_register_others(request.user):
                names.add("register_somebody")
        return self.buttons(request, object_id, names)

    def has_register_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return can_register_others(request.user)

    @action(
        description=gettext_lazy("Publish"),
        icon="publish",
        permissions=["work"],
        url_path="publish",
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        session = self.record(request, object_id)
        problems = services.problems_of(session, timezone.now())
        question = Question(
            title=_("Publish this session?"),
            explanation=_("Not yet: something is missing. Go back and enter it.")
            if problems
            else _("It stands on the course's page, calendars follow, and people can register."),
            facts=[
                *[(_("Missing"), problem) for problem in problems],
                (_("Starts"), session.starts_at),
                (_("Who may register"), session.course.get_audience_display()),
            ],
            button=_("Publish the session"),
            done=_("The session is published."),
            step=lambda answers: services.publish_session(
                session=session, by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, session, question)

    @action(
        description=gettext_lazy("Change days, place or seats"),
        icon="edit_calendar",
        permissions=["work"],
        url_path="move",
        attrs=SECOND_ROW,
    )
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        session = self.record(request, object_id)
        question = Question(
            title=_("Change days, place or seats"),
            explanation=_(
                "With another time, place or address to join, everybody who has a place is told once by mail, and "
                "calendars follow. With more seats those who wait get offers."
            ),
            facts=_told(session),
            button=_("Change the session"),
            done=_(
                "The session is changed. Where people have to know, messages are being written; this page says how far "
                "that is."
            ),
            form=MoveForm(posted(request), session=session),
            step=lambda changes: services.change_session(
                session=session, by=request.user, now=timezone.now(), **changes
            ),
        )
        return self.ask(request, session, question)

    @action(
        description=gettext_lazy("Give it again"),
        icon="content_copy",
        permissions=["work"],
        url_path="copy",
        attrs=SECOND_ROW,
    )
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        session = self.record(request, object_id)

        def step(answers: dict[str, Any]) -> None:
            services.copy_session(session=session, by=request.user, **answers)

        question = Question(
            title=_("Give this session again?"),
            explanation=_(
                "Makes a draft for another date: as long, with as many days and seats, at the same place."
            ),
            facts=[(_("This one starts"), session.starts_at)],
            button=_("Make the draft"),
            done=_("The draft is made. You find it in the list of sessions."),
            form=CopyForm(posted(request)),
            step=step,
        )
        return self.ask(request, session, question)

    @action(
        description=gettext_lazy("Cancel the session"),
        icon="event_busy",
        permissions=["work"],
        url_path="cancel",
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        session = self.record(request, object_id)
        question = Question(
            title=_("Cancel this session?"),
            explanation=_(
                "Everybody who has a place or waits for one gets a mail, and fees go back in full. This cannot be taken "
                "back."
            ),
            facts=_told(session),
            button=_("Cancel the session"),
            done=_(
                "The session is cancelled. The messages are being written; this page says how far that is."
            ),
            form=CancelForm(posted(request)),
            danger=True,
            step=lambda answers: services.cancel_session(
                session=session, by=request.user, now=timezone.now(), **answers
            ),
        )
        return self.ask(request, session, question)

    @action(
        description=gettext_lazy("Register somebody"),
        icon="person_add",
        permissions=["register"],
        url_path="register",
        attrs=SECOND_ROW,
    )
    def register_somebody(self, request: HttpRequest, object_id: str) -> HttpResponse:
        session = self.record(request, object_id)

        def step(answers: dict[str, Any]) -> None:
            one = StaffRegistrationForm.participant(answers)
            register(
                session=session,
                contact=one,
                people=[one],
                tier=answers.get("tier"),
                source="staff",
                by=request.user,
                now=timezone.now(),
            )

        question = Question(
            title=_("Register somebody"),
            explanation=_(
                "They get the same message as everybody, with a seat or a place on the waiting list."
            ),
            facts=[(_("Starts"), session.starts_at)],
            button=_("Register this person"),
            done=_("The person is registered, and has our mail."),
            form=StaffRegistrationForm(posted(request), session=session),
            step=step,
        )
        return self.ask(request, session, question)


def _told(session: Session) -> list[tuple[str, object]]:
    people = session.enrollments.filter(status__in=PLACED).count()
    return [(_("Starts"), session.starts_at), (_("People to be told"), people)]
