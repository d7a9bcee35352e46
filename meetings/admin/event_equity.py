"""One event's equity panel, whom to invite next, and what became of the invitations."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from meetings import invite_emails
from meetings.admin.equity_words import gap_words
from meetings.invite_next import InviteNext, followed, invite_next, may_invite, reason_words
from meetings.models import Attendance, Event, EventInvitation
from meetings.services.inviting import LONGEST_MESSAGE, LONGEST_SUBJECT, invite, why_not
from partners.errors import NotAllowed
from partners.permissions import may_look
from partners.underrepresented import DEFINITION


class InvitationForm(forms.Form):
    """What staff write to those they invite; the event's facts stand below it in the mail."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT, widget=UnfoldAdminTextInputWidget()
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=LONGEST_MESSAGE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "The greeting with the first name stands above it; day, place and the button to register below it."
        ),
    )


def event_equity(desk: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Panel, invitations and list of one event. A POST shows the mail first, and a second one sends it."""
    if not (desk.has_view_permission(request) and may_look(request.user, Event)):
        raise PermissionDenied
    event = get_object_or_404(Event.objects.visible_to(request.user).select_related("area"), pk=pk)
    if request.method == "POST":
        return _post(desk, request, event)
    first = {"subject": invite_emails.first_subject(event.title), "message": invite_emails.first_words()}
    return _page(desk, request, event, InvitationForm(initial=first))


def _post(desk: ModelAdmin, request: HttpRequest, event: Event) -> HttpResponse:
    form = InvitationForm(request.POST)
    chosen = _numbers(request.POST.getlist("organization"))
    if "edit" in request.POST:
        return _page(desk, request, event, form, chosen)
    if not form.is_valid():
        return _page(desk, request, event, form, chosen)
    if not chosen:
        messages.error(request, _("Choose at least one organization."))
        return _page(desk, request, event, form, chosen)
    if "send" in request.POST:
        _send(request, event, form, chosen)
        return HttpResponseRedirect(request.get_full_path())
    return _preview(desk, request, event, form, chosen)


def _send(request: HttpRequest, event: Event, form: InvitationForm, chosen: set[int]) -> None:
    """Sends, and says how it went."""
    try:
        sent = invite(
            event=event, organizations=chosen, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return
    if not sent:
        messages.info(request, _("Nobody was left to write to: no mail went out."))
        return
    words = ngettext("%(n)d invitation goes out.", "%(n)d invitations go out.", len(sent))
    messages.success(request, words % {"n": len(sent)})


def _page(
    desk: ModelAdmin,
    request: HttpRequest,
    event: Event,
    form: InvitationForm,
    chosen: set[int] | None = None,
) -> HttpResponse:
    now = timezone.now()
    problem = why_not(event, now)
    found = invite_next(event, now)
    funnel = followed(event)
    context = _context(desk, request, event, _("Who comes to “%s”") % event.title) | {
        "panel": found.panel,
        "gap_words": gap_words(found.panel.gap),
        "found": found,
        "candidates": _shown(found, request, chosen),
        "funnel": funnel,
        "followed": [
            (row, "; ".join(reason_words(row.invitation.reasons, request.user)), _status(row.status))
            for row in funnel.rows
        ],
        "form": form,
        "problem": problem if may_invite(request.user) else _("You may not invite people to events."),
        "is_over": event.is_over(now),
        "is_internal": event.kind == Event.Kind.INTERNAL,
        "definition": DEFINITION,
        "reads_answers": request.user.has_perm("partners.view_profileanswer"),
    }
    return TemplateResponse(request, "meetings/admin/event_equity.html", context)


def _shown(found: InviteNext, request: HttpRequest, chosen: set[int] | None) -> list[tuple[Any, str, bool]]:
    """Each candidate with its reasons in words and whether its box is ticked."""
    return [
        (
            row,
            "; ".join(reason_words(row.reasons, request.user)),
            row.suggested if chosen is None else row.organization.pk in chosen,
        )
        for row in found.rows
    ]


def _preview(
    desk: ModelAdmin, request: HttpRequest, event: Event, form: InvitationForm, chosen: set[int]
) -> HttpResponse:
    """The mail as the first of those who are chosen will get it."""
    rows = invite_next(event, timezone.now(), only=chosen).rows
    if not rows:
        messages.info(request, _("Nobody was left to write to: no mail went out."))
        return HttpResponseRedirect(request.get_full_path())
    first = EventInvitation(event=event, organization=rows[0].organization, person=rows[0].contacts[0])
    people = {person.pk for row in rows for person in row.contacts}
    context = _context(desk, request, event, _("The invitation as it will be read")) | {
        "draft": invite_emails.invitation(
            first, subject=form.cleaned_data["subject"], words=form.cleaned_data["message"]
        ),
        "reader": first.person,
        "rows": rows,
        "people": len(people),
        "form": form,
        "problem": why_not(event, timezone.now()),
    }
    return TemplateResponse(request, "meetings/admin/invite_preview.html", context)


def _context(desk: ModelAdmin, request: HttpRequest, event: Event, title: str) -> dict[str, Any]:
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "original": event,
        "event": event,
        "title": title,
        "desk_title": title,
        "back_url": _back(event),
    }


def _back(event: Event) -> str:
    return reverse("admin:meetings_event_change", args=[event.pk])


def _status(status: str) -> str:
    if not status:
        return _("no answer yet")
    return str(Attendance.Status(status).label)


def _numbers(words: list[str]) -> set[int]:
    return {int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 18}
