"""What people are written after an event: what they took on, and whether they tell us how it was."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from mailing.services import Draft, Precedence
from meetings.models import Attendance, Event, FollowUp
from partners.emails import render_message
from partners.gatherings.tokens import place_token, read_place_token

ROOM, FEEDBACK = "meetings", "feedback"
LONGEST_TASK = 100


def feedback_token(place: Attendance) -> str:
    """The signed word in the address of the question how it was."""
    return place_token(ROOM, FEEDBACK, place.pk)


def feedback_place(token: str) -> Attendance | None:
    """Who was asked with this word."""
    pk = read_place_token(ROOM, FEEDBACK, token)
    return Attendance.objects.select_related("event").filter(pk=pk).first() if pk else None


def feedback_request(place: Attendance, event: Event) -> Draft:
    """Asks somebody who was there how it was."""
    message = render_message(
        "meetings/email/feedback_request",
        to=place.person.email,
        subject=_("How was it? %(title)s") % {"title": Truncator(event.title).chars(LONGEST_TASK)},
        event=event,
        person=place.person,
        url=settings.SITE_URL + reverse("meetings:feedback", args=[feedback_token(place)]),
    )
    return Draft(**message, precedence=Precedence.NOTICE)


def follow_up_given(follow_up: FollowUp) -> Draft:
    """Tells somebody that a follow-up is theirs."""
    return _follow_up("follow_up_given", _("You took this on: %(task)s"), follow_up, Precedence.ANSWER)


def follow_up_due(follow_up: FollowUp) -> Draft:
    """Reminds somebody on the day until which they wanted to be done."""
    return _follow_up("follow_up_due", _("Due today: %(task)s"), follow_up, Precedence.NOTICE)


def _follow_up(template: str, subject: str, follow_up: FollowUp, precedence: Precedence) -> Draft:
    owner = follow_up.owner
    assert owner is not None
    message = render_message(
        f"meetings/email/{template}",
        to=owner.email,
        subject=subject % {"task": Truncator(follow_up.task).chars(LONGEST_TASK)},
        follow_up=follow_up,
        event=follow_up.event,
        person=owner,
        url=settings.SITE_URL + reverse("my_meetings:events") if owner.user_id else "",
    )
    return Draft(**message, precedence=precedence)
