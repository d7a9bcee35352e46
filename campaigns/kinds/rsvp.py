"""Invitations to an event: who comes, and what they need."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.invitation_emails import invitation_answered
from campaigns.kinds.base import CallKind, Details, DetailsForm
from campaigns.models import ActionTaken, CallEvent, CallToAction, Rsvp
from campaigns.services.invitations import (
    MOST_GUESTS,
    answer_invitation,
    event_of,
    free_seats,
    refuse_impossible,
)
from campaigns.services.meeting_places import place_of
from campaigns.structured_data import invited_event
from campaigns.visitors import Visitor
from mailing.services import queue_message

_Coming = Rsvp.Coming


class InvitationForm(DetailsForm):
    """Whether somebody comes, with how many, and what they need to take part.

    What somebody needs is shown to themself alone: where only a mailed link speaks for them, the field stays empty,
    and empty leaves what we know.
    """

    coming = forms.ChoiceField(
        label=_("Will you come?"),
        choices=_Coming.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether you will come."),
            "invalid_choice": _("Say whether you will come."),
        },
    )
    guests = forms.TypedChoiceField(
        label=_("People you bring along"),
        choices=[(number, str(number)) for number in range(MOST_GUESTS + 1)],
        coerce=int,
        initial=0,
        required=False,
        widget=forms.Select(attrs={"class": "input--short"}),
        help_text=_("Counts only if you come. Each takes a seat."),
        error_messages={"invalid_choice": _("You can bring at most 5 people along.")},
    )
    needs = forms.CharField(
        label=_("What you need to take part"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Such as captions, a sign language interpreter, a ramp, or food you cannot eat. Only staff see it."
        ),
        error_messages={
            "max_length": _("Shorten what you need to 300 characters. It has %(show_value)d now.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(event_of(self.call), "meeting_id", None):
            # A place at an event of ours is one person's.
            del self.fields["guests"]
        if self._is_link:
            self.fields["needs"].help_text = _(
                "What you told us before stays, unless you write something here. Only staff see it."
            )

    @property
    def _is_link(self) -> bool:
        return self.visitor.person is not None and not _is_signed_in(self.visitor)

    def details(self) -> dict[str, Any]:
        needs = " ".join(self.cleaned_data["needs"].split())
        return {
            "coming": self.cleaned_data["coming"],
            "guests": self.cleaned_data.get("guests") or 0,
            "needs": needs if needs or _is_signed_in(self.visitor) else None,
        }


def _is_signed_in(visitor: Visitor) -> bool:
    return visitor.person is not None and visitor.verified == ActionTaken.Verified.LOGIN


class Invitation(CallKind):
    kind = CallToAction.Kind.RSVP
    update_label = _("Change my answer")
    thanks = _("Thank you for your answer")
    body_template = "campaigns/kinds/rsvp.html"
    thanks_template = "campaigns/kinds/rsvp_thanks.html"
    details_form = InvitationForm
    asks_comment = False
    asks_to_show_name = False

    def problems(self, call: CallToAction) -> list[str]:
        event = event_of(call)
        if event is None:
            return [gettext("Enter when and where the event is.")]
        found = []
        if not event.place and not event.online_url:
            found.append(gettext("Say where the event is: a place, an address to join online, or both."))
        if isinstance(event, CallEvent) and event.meeting and event.meeting.state != "published":
            found.append(gettext("Publish the event of ours first: people are registered for it."))
        if event.starts_at < call.closes_at:
            found.append(gettext("The invitation must close before the event starts, or when it does."))
        return found

    def context(self, request: HttpRequest, call: CallToAction, visitor: Visitor) -> dict[str, Any]:
        event = event_of(call)
        own = _own_answer(call, visitor)
        is_public = event is not None and call.audience == CallToAction.Audience.EVERYONE
        return {
            "event": event,
            "free": free_seats(call, event) if event else None,
            "own_answer": own,
            "has_begun": _has_begun(event),
            "event_json_ld": invited_event(call, event) if event and is_public else "",
        }

    def thanks_context(self, taken: ActionTaken) -> dict[str, Any]:
        answer = Rsvp.objects.filter(action=taken).first()
        event = event_of(taken.call_to_action)
        meeting = event.meeting if isinstance(event, CallEvent) else None
        place = place_of(answer, meeting) if answer and meeting else None
        return {"event": event, "answer": answer, "place": place, "has_begun": _has_begun(event)}

    def initial(self, action: ActionTaken | None, visitor: Visitor) -> dict[str, Any]:
        answer = Rsvp.objects.filter(action=action).first() if action else None
        if answer is None:
            return {}
        needs = answer.needs if _is_signed_in(visitor) else ""
        return {"coming": answer.coming, "guests": answer.guests, "needs": needs}

    def check(self, call: CallToAction, details: Details, visitor: Visitor) -> None:
        if visitor.person is None:  # Others are told by `record`, which knows the seats they hold.
            refuse_impossible(
                call=call,
                event=event_of(call),
                coming=details["coming"],
                guests=details["guests"],
                now=timezone.now(),
            )

    def record(self, action: ActionTaken, details: Details, *, created: bool) -> None:
        answer, differs = answer_invitation(
            action=action,
            coming=details.get("coming", ""),
            guests=details.get("guests", 0),
            needs=details.get("needs"),
            now=timezone.now(),
        )
        # Whoever confirmed from the mailbox gets our thanks by mail anyway, with the same facts.
        is_thanked = created and action.verified == ActionTaken.Verified.MAILBOX
        event = event_of(action.call_to_action)
        # To those who come to an event of ours, it writes itself.
        is_written = getattr(event, "meeting_id", None) is not None
        if differs and event and not is_thanked and not is_written and answer.coming != _Coming.NO:
            message = invitation_answered(action.call_to_action, event, answer)
            queue_message(**message, expires_at=event.starts_at)

    def mail_until(self, call: CallToAction) -> datetime | None:
        event = event_of(call)
        return event.starts_at if event else None

    def summary(self, call: CallToAction, details: Details) -> list[tuple[str, str]]:
        coming = details.get("coming", "")
        rows = [(gettext("Will you come?"), str(dict(_Coming.choices).get(coming, "")))]
        if coming == _Coming.YES and details.get("guests"):
            rows.append((gettext("People you bring along"), str(details["guests"])))
        if details.get("needs"):
            rows.append((gettext("What you need to take part"), details["needs"]))
        return rows


def _own_answer(call: CallToAction, visitor: Visitor) -> Rsvp | None:
    if visitor.person is None:
        return None
    return Rsvp.objects.filter(action__call_to_action=call, action__person=visitor.person).first()


def _has_begun(event: Any) -> bool:
    return event is not None and event.starts_at <= timezone.now()
