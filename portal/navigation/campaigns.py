"""Campaigns, calls and alerts, and the agenda."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from campaigns.models import (
    ActionAlert,
    ActionTaken,
    Agenda,
    AudiencePage,
    CallEvent,
    CallToAction,
    Campaign,
    ContactList,
    Explainer,
    IssueOfTheWeek,
    LegislatorContact,
    Pillar,
    Priority,
    ReportEvent,
    Segment,
    Series,
    SharedStory,
    Signature,
    Story,
    WorkerProfile,
    WorkerVoice,
)
from portal.navigation.item import Item, item, pages_below
from surveys.models import Survey, SurveyInvitation


def campaigns(request: HttpRequest) -> list[Item]:
    alerts = item(request, _("Action alerts"), "campaign", ActionAlert)
    lobbying = item(request, _("Lobbying report"), "account_balance_wallet", ActionAlert)
    alerts, lobbying = pages_below(request, alerts, (lobbying, "admin:campaigns_actionalert_lobbying"))
    return [
        alerts,
        item(request, _("Series"), "conversion_path", Series),
        item(request, _("Segments"), "filter_alt", Segment),
        item(request, _("Contact lists"), "contacts", ContactList),
        item(request, _("Calls to action"), "front_hand", CallToAction),
        item(request, _("Actions taken"), "task_alt", ActionTaken),
        item(request, _("Contacts with legislators"), "forum", LegislatorContact),
        item(request, _("Surveys"), "quiz", Survey),
        item(request, _("Invitations to surveys"), "mark_email_unread", SurveyInvitation),
        item(request, _("Events"), "event_available", CallEvent),
        item(request, _("Campaigns"), "flag", Campaign),
        item(request, _("Signatures"), "draw", Signature),
        item(request, _("Stories"), "article", Story),
        item(request, _("Shared stories"), "auto_stories", SharedStory),
        item(request, _("Issue of the Week"), "star", IssueOfTheWeek),
        item(request, _("Worker profiles"), "badge", WorkerProfile),
        item(request, _("Explanations"), "lightbulb", Explainer),
        item(request, _("Pages for audiences"), "signpost", AudiencePage),
        item(request, _("Reports at events"), "event_note", ReportEvent),
        lobbying,
    ]


def agenda(request: HttpRequest) -> list[Item]:
    return [
        item(request, _("Agendas"), "list_alt", Agenda),
        item(request, _("Priorities"), "priority_high", Priority),
        item(request, _("Workers' voices"), "record_voice_over", WorkerVoice),
        item(request, _("Pillars"), "account_balance", Pillar),
    ]
