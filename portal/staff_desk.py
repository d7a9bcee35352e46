"""The staff's start page and their navigation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Model
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.models import (
    ActionAlert,
    ActionTaken,
    CallToAction,
    IssueOfTheWeek,
    SharedStory,
    Story,
)
from campaigns.open_windows import left_behind, open_windows
from campaigns.staff_views import change_url
from legislation.models import Hearing, ReportedSlip
from legislation.slip_indicators import slips_in
from legislation.watch_list import desk_blocks
from mailing.models import Installation, OutboxMessage
from mailing.watching import Going, look, progress_of, troubles
from meetings.models import Event, Seat
from meetings.quarters import areas_without_meeting
from meetings.services.seats_at_tables import WARN
from partners.fiscal_year import FiscalYear
from partners.indicators import DEMOGRAPHIC_COVERAGE_DEFINITION, demographic_coverage
from partners.models import (
    JoinApplication,
    Organization,
    ProfileAnswer,
)
from partners.services.identity import get_coalition
from portal.navigation.item import may_look

SOON = timedelta(days=7)
ROWS = 6


@dataclass(frozen=True)
class DueItem:
    """Something that happens within a week: `kind` in a word, what, when, and where staff work on it."""

    kind: str
    title: str
    at: datetime
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class Tile:
    """One number with its definition; with a goal also its share of it, 0 to 100 percent."""

    value: str
    label: str
    note: str
    url: str
    goal: int | None = None
    percent: int | None = None
    bad: bool = False


@dataclass
class Progress:
    """An alert on its way: `done` of `total` messages handled."""

    alert: ActionAlert
    done: int = 0
    total: int = 0
    url: str = ""
    percent: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.percent = 100 * self.done // self.total if self.total else 0


def stylesheet(request: HttpRequest) -> str:
    """The address of the desk's own stylesheet, named in `settings.UNFOLD["STYLES"]`."""
    return static("css/admin-desk.css")


def script(request: HttpRequest) -> str:
    """The address of the desk's own script, named in `settings.UNFOLD["SCRIPTS"]`; every page works without it."""
    return static("js/admin-desk.js")


def mark(request: HttpRequest) -> str:
    """The address of the coalition's mark, for the sidebar and the browser's tab."""
    return static("img/favicon.svg")


# --- Start page ------------------------------------------------------------------------------------------


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What is due, what is on its way, who waits, and where the year's numbers stand. At most 35 queries."""
    now = timezone.now()
    active = Organization.objects.active().count()
    waiting = JoinApplication.objects.waiting()
    sees = {
        model._meta.model_name: may_look(request, model)
        for model in (ActionAlert, CallToAction, JoinApplication, SharedStory, Story)
    }
    joins = list(waiting[: ROWS + 1]) if sees["joinapplication"] else []
    issues = set(IssueOfTheWeek.objects.filter(week__gte=_monday(now)).values_list("week", flat=True)[:60])
    sees_slips = sees["calltoaction"] and may_look(request, Hearing)
    context.update(
        sees=sees,
        title=_("Today"),
        today=timezone.localdate(now),
        due=due_this_week(now, sees),
        next_week_free=_monday(now) + timedelta(weeks=1) not in issues,
        this_week_free=_monday(now) not in issues,
        story_url=_list(Story),
        alerts=alerts_in_flight(now) if sees["actionalert"] else [],
        approvals=_approvals(request),
        alert_url=_list(ActionAlert),
        alert_add_url=_add(ActionAlert),
        joins=[
            (join, change_url(join), now - join.submitted_at) for join in joins[:ROWS] if join.submitted_at
        ],
        join_url=_list(JoinApplication),
        joins_beyond=len(joins) > ROWS,
        stories_waiting=SharedStory.objects.waiting().count() if sees["sharedstory"] else 0,
        shared_stories_url=_list(SharedStory),
        partner_tiles=partner_tiles(now, active),
        coverage_tiles=coverage_tiles(now, active),
        coverage_definition=DEMOGRAPHIC_COVERAGE_DEFINITION,
        slip_tiles=slip_tiles(now) if may_look(request, ReportedSlip) else [],
        mail_tiles=mail_tiles(now),
        mail_troubles=troubles(look(now)) if may_look(request, Installation) else [],
        law=desk_blocks(request, now),
        slip_windows=open_windows(now) if sees_slips else None,
        left_behind=left_behind(now) if sees_slips else None,
        without_meeting=areas_without_meeting(now) if may_look(request, Event) else None,
        ending_terms=ending_terms(now) if may_look(request, Seat) else [],
    )
    return context


def ending_terms(now: datetime) -> list[Seat]:
    """Seats at tables whose term ends soon. One query."""
    return list(Seat.objects.ending(timezone.localdate(now), max(WARN)).with_people()[:ROWS])


def due_this_week(now: datetime, sees: Mapping[str | None, bool]) -> list[DueItem]:
    """Deadlines, stories and alerts of the next seven days, the soonest first, of the kinds this person sees."""
    until = now + SOON
    calls = CallToAction.objects.all() if sees["calltoaction"] else CallToAction.objects.none()
    stories = Story.objects.all() if sees["story"] else Story.objects.none()
    alerts = ActionAlert.objects.all() if sees["actionalert"] else ActionAlert.objects.none()
    closing = calls.filter(status="published", closes_at__gt=now, closes_at__lte=until)
    opening = calls.filter(status="published", opens_at__gt=now, opens_at__lte=until)
    stories = stories.filter(status="scheduled", publish_at__lte=until)
    alerts = alerts.filter(state="scheduled", send_at__lte=until)
    tomorrow = now + timedelta(days=1)
    items = [
        DueItem(_("closes"), c.title, c.closes_at, change_url(c), c.closes_at <= tomorrow) for c in closing
    ]
    items += [DueItem(_("opens"), c.title, c.opens_at, change_url(c)) for c in opening]
    items += [
        DueItem(_("story appears"), s.headline, s.publish_at, change_url(s)) for s in stories if s.publish_at
    ]
    items += [DueItem(_("alert goes out"), a.subject, a.send_at, _result(a)) for a in alerts if a.send_at]
    return sorted(items, key=lambda item: item.at)


def alerts_in_flight(now: datetime) -> list[Progress]:
    """Scheduled, sending and paused alerts with how far they are. Two queries."""
    alerts = list(ActionAlert.objects.in_flight().select_related("call_to_action").order_by("send_at")[:ROWS])
    going = progress_of([alert.mailing_id for alert in alerts if alert.mailing_id], now)
    return [
        Progress(alert, found.handled, found.total, url=_result(alert))
        for alert in alerts
        for found in [going.get(alert.mailing_id or 0, Going())]
    ]


def _approvals(request: HttpRequest) -> list[tuple[ActionAlert, str]]:
    """Submitted alerts that this person may approve, with the page on which to look at them."""
    if not request.user.is_authenticated or not request.user.has_perm("campaigns.approve_actionalert"):
        return []
    waiting = ActionAlert.objects.waiting_for(request.user).select_related("submitted_by")[:ROWS]
    return [(alert, reverse("admin:campaigns_actionalert_approve", args=[alert.pk])) for alert in waiting]


def _result(alert: ActionAlert) -> str:
    return reverse("admin:campaigns_actionalert_result", args=[alert.pk])


def partner_tiles(now: datetime, active: int) -> list[Tile]:
    """Active partners, and participants in calls to action (P2) in the fiscal year so far."""
    coalition, year = get_coalition(), FiscalYear.of(now)
    this_year = _list(ActionTaken, urlencode({"acted_at__gte": year.start.isoformat()}))
    acted = ActionTaken.objects.between(year.start, year.end).totals()
    return [
        _goal_tile(
            active,
            coalition.partner_goal,
            _("active partners"),
            _("Member organizations today."),
            _list(Organization, "status__exact=active"),
        ),
        _goal_tile(
            acted["people"],
            coalition.participant_goal,
            _("people who acted, %(year)s") % {"year": year.label},
            _("Each counted once, since July 1."),
            this_year,
        ),
        Tile(
            _shown(acted["organizations"]),
            _("organizations that acted, %(year)s") % {"year": year.label},
            _("Each counted once."),
            this_year,
        ),
        Tile(
            _shown(acted["actions"]),
            _("actions taken, %(year)s") % {"year": year.label},
            _("Every completed answer."),
            this_year,
        ),
    ]


def slip_tiles(now: datetime) -> list[Tile]:
    """Witness slips in support (P3) in the fiscal year so far: two numbers that are never added. Three queries."""
    year = FiscalYear.of(now)
    found = slips_in(year.period)
    url = reverse("admin:legislation_reportedslip_slips_in_support")
    return [
        Tile(
            _shown(found.reported.proponents),
            _("slips in support that our people report, %(year)s") % {"year": year.label},
            _("By %(people)s people, naming %(organizations)s organizations.")
            % {
                "people": _shown(found.reported.people),
                "organizations": _shown(found.reported.organizations),
            },
            url,
        ),
        Tile(
            _shown(found.recorded.proponents),
            _("slips in support that the General Assembly lists, %(year)s") % {"year": year.label},
            _("%(slips)s of them name a partner.") % {"slips": _shown(found.recorded.proponents_by_partners)},
            url,
        ),
    ]


def coverage_tiles(now: datetime, active: int) -> list[Tile]:
    """Demographic data collected (P6), one tile per marker."""
    return [
        Tile(
            f"{coverage.percent}%",
            str(coverage.label),
            _("Answered by %(answered)s of %(partners)s active partners.")
            % {"answered": _shown(coverage.answered), "partners": _shown(coverage.partners)},
            _list(ProfileAnswer, f"marker__exact={coverage.marker}"),
            percent=coverage.percent,
        )
        for coverage in demographic_coverage(now, partners=active)
    ]


def mail_tiles(now: datetime) -> list[Tile]:
    """Single messages of the last seven days that were refused, or whose fate nobody knows."""
    troubled = dict(
        OutboxMessage.objects.filter(created_at__gte=now - SOON, state__in=["failed", "unknown"])
        .values_list("state")
        .annotate(messages=Count("pk"))
        .order_by()
    )
    failed, unknown = troubled.get("failed", 0), troubled.get("unknown", 0)
    return [
        Tile(
            _shown(failed),
            _("single messages refused"),
            _("Last 7 days: invitations, confirmations, resets."),
            _list(OutboxMessage, "state__exact=failed"),
            bad=bool(failed),
        ),
        Tile(
            _shown(unknown),
            _("single messages unknown"),
            _("Last 7 days: may have been sent."),
            _list(OutboxMessage, "state__exact=unknown"),
            bad=bool(unknown),
        ),
    ]


def _shown(number: int) -> str:
    return number_format(number, force_grouping=True)


def _goal_tile(value: int, goal: int | None, label: str, note: str, url: str) -> Tile:
    percent = min(100, 100 * value // goal) if goal else None
    return Tile(_shown(value), label, note, url, goal=goal, percent=percent)


def _monday(now: datetime) -> date:
    today = timezone.localdate(now)
    return today - timedelta(days=today.weekday())


def _list(model: type[Model], query: str = "") -> str:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{query}" if query else address


def _add(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
