"""What campaigns have beside the pages of research: stories, calls, campaigns, priorities, events."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.models import CallToAction, Campaign, Explainer, Priority, ReportEvent, Story
from meetings.models import Event
from partners.related import Group, Link, beside
from research.models import FactSheet, Finding, Report, Toolkit
from trainings.models import Session

SHOWN = 6


def _story_links(stories: QuerySet[Story]) -> list[Link]:
    return [Link(story.headline, story.get_absolute_url(), story.agency) for story in stories[:SHOWN]]


def _call_links(calls: QuerySet[CallToAction]) -> list[Link]:
    return [
        Link(
            call.title,
            call.get_absolute_url(),
            _("until %(day)s") % {"day": date_format(timezone.localtime(call.closes_at), "F j")},
        )
        for call in calls[:SHOWN]
    ]


def _campaign_links(campaigns: QuerySet[Campaign]) -> list[Link]:
    shown = campaigns.exclude(status=Campaign.Status.ARCHIVED)
    return [Link(campaign.title, campaign.get_absolute_url()) for campaign in shown[:SHOWN]]


def _priority_links(priorities: QuerySet[Priority]) -> list[Link]:
    public = priorities.filter(agenda__is_published=True).select_related("agenda")
    return [
        Link(priority.title, priority.get_absolute_url(), str(priority.agenda.year))
        for priority in public.order_by("-agenda__year", "order")[:SHOWN]
    ]


def _for_everyone(calls: QuerySet[CallToAction]) -> QuerySet[CallToAction]:
    return calls.filter(audience=CallToAction.Audience.EVERYONE)


@beside(Report)
def open_calls_of_report(report: Report, now: datetime) -> Group:
    """What readers can do now: open calls of the report's campaigns and about its bills."""
    calls = CallToAction.objects.open(now).filter(
        Q(campaign__in=report.campaigns.all()) | Q(bill__in=report.bills.all())
    )
    return Group(_("What you can do now"), _call_links(_for_everyone(calls)))


@beside(Report)
def stories_of_report(report: Report, now: datetime) -> Group:
    """Stories that stand on the report."""
    return Group(_("Stories"), _story_links(Story.objects.published().filter(reports=report)))


@beside(Report)
def campaigns_of_report(report: Report, now: datetime) -> Group:
    """Campaigns that work with it."""
    return Group(_("Campaigns"), _campaign_links(Campaign.objects.public().filter(reports=report)))


@beside(Report)
def priorities_of_report(report: Report, now: datetime) -> Group:
    """What the agenda asks for because of it."""
    return Group(_("Priorities on the agenda"), _priority_links(Priority.objects.filter(reports=report)))


@beside(Report)
def events_of_report(report: Report, now: datetime) -> Group:
    """Public events and sessions at which it is released or talked about, the latest first."""
    tied = ReportEvent.objects.filter(report=report).filter(
        Q(event__in=Event.objects.public())
        | Q(session__in=Session.objects.filter(course__state="published").exclude(state="draft"))
    )
    occasions = [
        (tie.event or tie.session, tie.note) for tie in tied.select_related("event", "session__course")
    ]
    shown = [(occasion, note) for occasion, note in occasions if occasion is not None]
    shown.sort(key=lambda pair: pair[0].starts_at, reverse=True)
    return Group(_("Events"), [_event_link(occasion, note) for occasion, note in shown[:SHOWN]])


def _event_link(occasion: Event | Session, note: str) -> Link:
    title = occasion.title if isinstance(occasion, Event) else occasion.course.title
    day = date_format(timezone.localtime(occasion.starts_at), "F j, Y")
    return Link(title, occasion.get_absolute_url(), ", ".join(part for part in (day, note) if part))


@beside(FactSheet)
def priorities_of_fact_sheet(sheet: FactSheet, now: datetime) -> Group:
    """Priorities whose fact sheet it is."""
    return Group(_("Priorities on the agenda"), _priority_links(Priority.objects.filter(fact_sheet=sheet)))


@beside(FactSheet)
def open_calls_of_fact_sheet(sheet: FactSheet, now: datetime) -> Group:
    """Open calls about its bill, or of its priorities' campaigns."""
    about = Q(campaign__priority__fact_sheet=sheet)
    if sheet.bill_id:
        about |= Q(bill=sheet.bill_id)
    calls = CallToAction.objects.open(now).filter(about).distinct()
    return Group(_("What you can do now"), _call_links(_for_everyone(calls)))


@beside(Toolkit)
def campaigns_of_toolkit(toolkit: Toolkit, now: datetime) -> Group:
    """Campaigns that it was made for."""
    return Group(_("Campaigns"), _campaign_links(Campaign.objects.public().filter(toolkits=toolkit)))


@beside(Toolkit)
def open_calls_of_toolkit(toolkit: Toolkit, now: datetime) -> Group:
    """Open calls of those campaigns."""
    calls = CallToAction.objects.open(now).filter(campaign__toolkits=toolkit).distinct()
    return Group(_("What you can do now"), _call_links(_for_everyone(calls)))


@beside(Finding)
def stories_of_finding(finding: Finding, now: datetime) -> Group:
    """Stories that quote it."""
    told = Story.objects.published().filter(body__contains=finding.mark)
    return Group(_("Stories that use it"), _story_links(told))


@beside(Finding)
def explainers_of_finding(finding: Finding, now: datetime) -> Group:
    """Explanations that quote it."""
    pages = Explainer.objects.published().filter(body__contains=finding.mark)
    return Group(_("Explained"), [Link(page.title, page.get_absolute_url()) for page in pages[:SHOWN]])


@beside(Finding)
def priorities_of_finding(finding: Finding, now: datetime) -> Group:
    """Priorities that quote it."""
    quoting = Priority.objects.filter(body__contains=finding.mark)
    return Group(_("Priorities on the agenda"), _priority_links(quoting))
