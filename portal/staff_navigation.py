"""The staff desk's sidebar: groups of lists, each shown to staff who may look at it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

import partners.permissions
from campaigns.models import (
    ActionAlert,
    ActionTaken,
    Agenda,
    CallEvent,
    CallToAction,
    Campaign,
    ContactList,
    IssueOfTheWeek,
    LegislatorContact,
    Pillar,
    Priority,
    Segment,
    Series,
    SharedStory,
    Signature,
    Story,
    UnconfirmedAction,
)
from legislation.models import (
    AppropriationAsk,
    Bill,
    BillTracking,
    BudgetYear,
    Committee,
    Hearing,
    Legislator,
    LegislatorAsk,
    NameMatch,
    OrganizationPosition,
    PositionRequest,
    ReportedSlip,
    SlipMatch,
    Subject,
    SyncRun,
)
from mailing.models import (
    Delivery,
    Installation,
    Mailing,
    OutboxMessage,
    Subscription,
    Suppression,
    Topic,
)
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
from partners.models import (
    Ally,
    Area,
    Coalition,
    County,
    Invitation,
    JoinApplication,
    Membership,
    Organization,
    Person,
    ProfileAnswer,
    SubSector,
    TeamMember,
    UnderrepresentedSubSector,
    User,
)
from surveys.models import OutreachTouch, Survey, SurveyInvitation
from trainings.models import (
    AssistanceRequest,
    Certificate,
    Course,
    CourseTopic,
    Enrollment,
    Facilitation,
    Facilitator,
    FacilitatorDemographics,
    Group,
    GroupMember,
    Improvement,
    Interview,
    Invoice,
    PaymentEvent,
    Post,
    PostReport,
    Resource,
    ScholarshipFund,
    ScholarshipRequest,
    Theme,
    TrainingSponsor,
)
from trainings.models import Session as TrainingSession


def may_look(request: HttpRequest, model: type[Model]) -> bool:
    """Whether this staff member may see the records of a kind."""
    return partners.permissions.may_look(request.user, model)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar: groups of lists, each shown to staff who may look at it."""
    waiting = JoinApplication.objects.waiting().count()
    join = _item(request, _("Join requests"), "how_to_reg", JoinApplication)
    if waiting:
        join |= {"badge": str(waiting), "badge_variant": "danger"}
    names = _item(request, _("Printed names"), "spellcheck", NameMatch)
    if names and (doubtful := NameMatch.objects.for_review().count()):
        names |= {"badge": str(doubtful), "badge_variant": "warning"}
    tracked = _item(request, _("Tracked bills"), "bookmark", BillTracking)
    watched = _item(request, _("Watch list"), "visibility", BillTracking)
    if watched:
        # The watch list's address lies below the other's; only one of the two is where one is.
        watched |= {"link": reverse("admin:legislation_billtracking_watch")}
        is_watching = request.path.startswith(watched["link"])
        tracked |= {"active": not is_watching and request.path.startswith(tracked["link"])}
    alerts = _item(request, _("Action alerts"), "campaign", ActionAlert)
    lobbying = _item(request, _("Lobbying report"), "account_balance_wallet", ActionAlert)
    if lobbying:
        # The report's address lies below the alerts' too.
        lobbying |= {"link": reverse("admin:campaigns_actionalert_lobbying")}
        on_report = request.path.startswith(lobbying["link"])
        alerts |= {"active": not on_report and request.path.startswith(alerts["link"])}
    hearings = _item(request, _("Hearings"), "event", Hearing)
    windows = hearings and _item(request, _("Slip windows"), "pending_actions", CallToAction)
    if windows:
        # As above: the windows' address lies below the hearings'.
        windows |= {"link": reverse("admin:legislation_hearing_slip_windows")}
        on_windows = request.path.startswith(windows["link"])
        hearings |= {"active": not on_windows and request.path.startswith(hearings["link"])}
    shared = _item(request, _("Shared stories"), "auto_stories", SharedStory)
    outreach = _item(request, _("Outreach priority"), "connect_without_contact", OutreachTouch)
    if outreach and not request.user.has_perm("surveys.view_response"):
        outreach = {}
    if outreach:
        outreach |= {"link": reverse("admin:surveys_outreachtouch_priority")}
    events = _item(request, _("Events"), "event", Event)
    quarters = _item(request, _("Council meetings"), "event_repeat", Event)
    if quarters:
        # As above: the quarters' address lies below the events'.
        quarters |= {"link": reverse("admin:meetings_event_council_meetings")}
        on_quarters = request.path.startswith(quarters["link"])
        events |= {"active": not on_quarters and request.path.startswith(events["link"])}
    groups = [
        (
            _("Campaigns"),
            [
                alerts,
                _item(request, _("Series"), "conversion_path", Series),
                _item(request, _("Segments"), "filter_alt", Segment),
                _item(request, _("Contact lists"), "contacts", ContactList),
                _item(request, _("Calls to action"), "front_hand", CallToAction),
                _item(request, _("Actions taken"), "task_alt", ActionTaken),
                _item(request, _("Contacts with legislators"), "forum", LegislatorContact),
                _item(request, _("Surveys"), "quiz", Survey),
                _item(request, _("Invitations to surveys"), "mark_email_unread", SurveyInvitation),
                _item(request, _("Events"), "event_available", CallEvent),
                _item(request, _("Campaigns"), "flag", Campaign),
                _item(request, _("Signatures"), "draw", Signature),
                _item(request, _("Stories"), "article", Story),
                shared,
                _item(request, _("Issue of the Week"), "star", IssueOfTheWeek),
                lobbying,
            ],
        ),
        (
            _("Legislature"),
            [
                watched,
                tracked,
                _item(request, _("Bills"), "gavel", Bill),
                hearings,
                windows,
                _item(request, _("Self-reported slips"), "fact_check", ReportedSlip),
                _item(request, _("Recorded slips"), "rule", SlipMatch),
                _item(request, _("Partners' positions"), "how_to_vote", OrganizationPosition),
                _item(request, _("Requests for positions"), "contact_mail", PositionRequest),
                _item(request, _("Legislators"), "person", Legislator),
                _item(request, _("Conversations with legislators"), "forum", LegislatorAsk),
                _item(request, _("Committees"), "groups", Committee),
                names,
                _item(request, _("Imports"), "cloud_download", SyncRun),
                _item(request, _("Subjects"), "sell", Subject),
                _item(request, _("Budget years"), "savings", BudgetYear),
                _item(request, _("Appropriation asks"), "payments", AppropriationAsk),
            ],
        ),
        (
            _("Councils and events"),
            [
                events,
                quarters,
                _item(request, _("Attendance"), "how_to_reg", Attendance),
                _item(request, _("Follow-ups"), "assignment_turned_in", FollowUp),
                _item(request, _("Local Area Councils"), "diversity_2", Council),
                _item(request, _("Collaboratives"), "hub", Collaborative),
                *_equity(request),
                _item(request, _("Tables we sit at"), "table_restaurant", Table),
                _item(request, _("Reports from tables"), "description", SeatReport),
            ],
        ),
        (_("Trainings"), _trainings(request)),
        (_("Fees and facilitators"), _fees(request)),
        (_("Community and listening"), _community(request)),
        (
            _("Agenda"),
            [
                _item(request, _("Agendas"), "list_alt", Agenda),
                _item(request, _("Priorities"), "priority_high", Priority),
                _item(request, _("Pillars"), "account_balance", Pillar),
            ],
        ),
        (
            _("Partners"),
            [
                join,
                _item(request, _("Organizations"), "corporate_fare", Organization),
                outreach,
                _item(request, _("People"), "group", Person),
                _item(request, _("Memberships"), "badge", Membership),
                _item(request, _("Invitations"), "mail", Invitation),
                _item(request, _("Profile answers"), "ballot", ProfileAnswer),
            ],
        ),
        (
            _("Mail"),
            [
                _item(request, _("How mail is doing"), "monitor_heart", Installation),
                _item(request, _("Mailings"), "outgoing_mail", Mailing),
                _item(request, _("Deliveries"), "local_post_office", Delivery),
                _item(request, _("Outbox"), "outbox", OutboxMessage),
                _item(request, _("Subscriptions"), "mark_email_read", Subscription),
                _item(request, _("Suppressed addresses"), "unsubscribe", Suppression),
                _item(request, _("Topics"), "label", Topic),
                _item(request, _("Unconfirmed actions"), "pending", UnconfirmedAction),
            ],
        ),
        (
            _("Coalition"),
            [
                _item(request, _("Facts and goals"), "info", Coalition),
                _item(request, _("Board and staff"), "diversity_3", TeamMember),
                _item(request, _("Allies"), "handshake", Ally),
                _item(request, _("Areas"), "map", Area),
                _item(request, _("Counties"), "location_on", County),
                _item(request, _("Sub-sectors"), "category", SubSector),
                _item(request, _("Underrepresented sub-sectors"), "balance", UnderrepresentedSubSector),
                _item(request, _("Logins"), "key", User),
            ],
        ),
    ]
    today = {"title": _("Today"), "icon": "today", "link": reverse("admin:index")}
    return [{"title": "", "items": [today]}] + [
        {"title": title, "separator": True, "items": [item for item in items if item]}
        for title, items in groups
    ]


def _equity(request: HttpRequest) -> list[dict[str, Any]]:
    """The equity panel and the invitations; the panel's address lies below theirs."""
    panel = _item(request, _("Equity panel"), "balance", EventInvitation)
    invitations = _item(request, _("Invitations to events"), "forward_to_inbox", EventInvitation)
    if panel:
        on_list = request.path == invitations["link"]
        on_panel = request.path.startswith(invitations["link"]) and not on_list
        panel |= {"link": reverse("admin:meetings_eventinvitation_equity"), "active": on_panel}
        invitations |= {"active": on_list}
    return [panel, invitations]


def _item(request: HttpRequest, title: str, icon: str, model: type[Model]) -> dict[str, Any]:
    """One link of the sidebar; nothing where there is no such list or this person may not look at it."""
    opts = model._meta
    if not may_look(request, model) or not admin.site.is_registered(model):
        return {}
    return {
        "title": title,
        "icon": icon,
        "link": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
    }


def _trainings(request: HttpRequest) -> list[dict[str, Any]]:
    """Courses, their sessions, who takes part, and whom they do not reach; the last two's addresses lie below."""
    people = _item(request, _("Enrollments"), "how_to_reg", Enrollment)
    never = _item(request, _("Never attended"), "person_off", Enrollment)
    sources = _item(request, _("Sources of registrations"), "link", Enrollment)
    if people:
        never |= {"link": reverse("admin:trainings_enrollment_never_attended")}
        sources |= {"link": reverse("admin:trainings_enrollment_sources")}
        on_pages = request.path.startswith((never["link"], sources["link"]))
        people |= {"active": not on_pages and request.path.startswith(people["link"])}
    return [
        _item(request, _("Courses"), "school", Course),
        _item(request, _("Sessions"), "event", TrainingSession),
        people,
        never if may_look(request, Organization) else {},
        sources,
        _item(request, _("Certificates"), "workspace_premium", Certificate),
        _item(request, _("Topics of trainings"), "sell", CourseTopic),
    ]


def _community(request: HttpRequest) -> list[dict[str, Any]]:
    """The community of practice and what people tell us."""
    return [
        _item(request, _("Requests for assistance"), "support_agent", AssistanceRequest),
        _item(request, _("Resources"), "menu_book", Resource),
        _item(request, _("Groups"), "forum", Group),
        _item(request, _("Reported posts"), "flag", PostReport),
        _item(request, _("Posts"), "chat", Post),
        _item(request, _("Members of groups"), "group", GroupMember),
        _item(request, _("Interviews"), "record_voice_over", Interview),
        _item(request, _("Themes"), "label", Theme),
        _item(request, _("You said, we did"), "thumb_up", Improvement),
    ]


def _fees(request: HttpRequest) -> list[dict[str, Any]]:
    """What trainings cost, who is helped with it, and who teaches."""
    return [
        _item(request, _("Invoices"), "receipt_long", Invoice),
        _item(request, _("Messages of the card service"), "credit_card", PaymentEvent),
        _item(request, _("Scholarship requests"), "volunteer_activism", ScholarshipRequest),
        _item(request, _("Scholarship funds"), "savings", ScholarshipFund),
        _item(request, _("Facilitators"), "co_present", Facilitator),
        _item(request, _("Pay of facilitators"), "payments", Facilitation),
        _item(request, _("Demographics of facilitators"), "shield_person", FacilitatorDemographics),
        _item(request, _("Training sponsors"), "handshake", TrainingSponsor),
    ]
