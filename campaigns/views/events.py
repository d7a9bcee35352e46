"""Events people are invited to: their calendar files, and the link by which somebody changes their answer."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.event_calendar import event_calendar
from campaigns.invitation_links import read_answer_token
from campaigns.kinds.rsvp import Invitation, InvitationForm
from campaigns.models import ActionTaken, CallToAction, Rsvp
from campaigns.services.errors import AnswerRefused
from campaigns.services.invitations import change_answer, event_of, free_seats
from campaigns.services.meeting_places import place_of
from campaigns.tokens import LinkForged
from campaigns.visitors import Visitor
from legislation.calendars import calendar_response
from mailing.web.limits import limited
from meetings.models import Event
from meetings.places import manage_token
from partners.posted import posted

_Kind = CallToAction.Kind


@login_not_required
@require_safe
def event_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """An open event for a calendar, without the address to join online. One for partners only is theirs."""
    calls = CallToAction.objects.public().filter(kind=_Kind.RSVP, audience=CallToAction.Audience.EVERYONE)
    call = get_object_or_404(calls, slug=slug)
    if meeting := _meeting_of(call):
        return redirect("meetings:event_ics", meeting.slug)
    return _file(request, call, online=False)


@login_not_required
@never_cache
@require_safe
def own_event_ics(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """The same for somebody who answered: with the address to join online where they come."""
    answers = Rsvp.objects.select_related("action__call_to_action")
    answer = get_object_or_404(answers, action__reference=reference, action__call_to_action__slug=slug)
    if meeting := _meeting_of(answer.action.call_to_action):
        place = place_of(answer, meeting)
        return (
            redirect("meetings:place_ics", manage_token(place))
            if place
            else redirect("meetings:event", meeting.slug)
        )
    return _file(request, answer.action.call_to_action, online=answer.coming == Rsvp.Coming.YES)


def _meeting_of(call: CallToAction) -> Event | None:
    """The event of ours that a call invites to; its files are those of its own pages."""
    return getattr(event_of(call), "meeting", None)


def _file(request: HttpRequest, call: CallToAction, *, online: bool) -> HttpResponseBase:
    event = event_of(call)
    if event is None:
        raise Http404
    return calendar_response(request, event_calendar(call, event, online=online), filename=call.slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("action")
def invitation_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: GET shows the event and one's answer, POST changes it, until the event begins."""
    try:
        pk = read_answer_token(token)
    except LinkForged:
        return render(request, "campaigns/link_trouble.html", {"trouble": "forged"}, status=404)
    action = get_object_or_404(ActionTaken.objects.select_related("call_to_action", "person", "rsvp"), pk=pk)
    # The link speaks for the person it was mailed to, and shows what a mailed link may show.
    visitor = Visitor(person=action.person, verified=ActionTaken.Verified.ALERT)
    call = action.call_to_action
    form = InvitationForm(
        posted(request), call=call, visitor=visitor, initial=Invitation().initial(action, visitor)
    )
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            change_answer(action=action, **form.details())
        except AnswerRefused as error:
            refusal = str(error)
        else:
            thanks = redirect("campaigns:action_thanks", slug=call.slug, reference=action.reference)
            thanks["Location"] += "?changed=1"
            return thanks
    return _answer_page(request, action, form, refusal)


def _answer_page(
    request: HttpRequest, action: ActionTaken, form: InvitationForm, refusal: str
) -> HttpResponse:
    call = action.call_to_action
    event = event_of(call)
    context = {
        "call": call,
        "action": action,
        "event": event,
        "free": free_seats(call, event) if event else None,
        "can_change": event is not None and not event.cancelled_at and event.starts_at > timezone.now(),
        "form": form,
        "refusal": refusal,
        "own_answer": action.rsvp,
    }
    return render(request, "campaigns/invitation_answer.html", context, status=409 if refusal else 200)
