"""Councils, events, tables."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.models import (
    Attendance,
    Collaborative,
    Council,
    Event,
    EventInvitation,
    FollowUp,
    SeatReport,
    Table,
)
from portal.navigation.item import Item, item, pages_below


def councils(request: HttpRequest) -> list[Item]:
    events = item(request, _("Events"), "event", Event)
    quarters = item(request, _("Council meetings"), "event_repeat", Event)
    events, quarters = pages_below(request, events, (quarters, "admin:meetings_event_council_meetings"))
    return [
        events,
        quarters,
        item(request, _("Attendance"), "how_to_reg", Attendance),
        item(request, _("Follow-ups"), "assignment_turned_in", FollowUp),
        item(request, _("Local Area Councils"), "diversity_2", Council),
        item(request, _("Collaboratives"), "hub", Collaborative),
        *_equity(request),
        item(request, _("Tables we sit at"), "table_restaurant", Table),
        item(request, _("Reports from tables"), "description", SeatReport),
    ]


def _equity(request: HttpRequest) -> list[Item]:
    """The equity panel and the invitations; the panel's address lies below theirs."""
    panel = item(request, _("Equity panel"), "balance", EventInvitation)
    invitations = item(request, _("Invitations to events"), "forward_to_inbox", EventInvitation)
    if panel:
        on_list = request.path == invitations["link"]
        on_panel = request.path.startswith(invitations["link"]) and not on_list
        panel |= {"link": reverse("admin:meetings_eventinvitation_equity"), "active": on_panel}
        invitations |= {"active": on_list}
    return [panel, invitations]
