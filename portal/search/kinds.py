"""Every kind of public thing, in the order in which the filter names them."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import SearchVector
from django.db.models import Case, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import AudiencePage, CallToAction, Campaign, Explainer, Priority, Story, WorkerProfile
from legislation.models import Bill, BillTracking, Committee, Hearing, Legislator
from meetings.models import Event, Table
from partners.models import Ally, Area, County, Organization
from partners.searching import SEARCH_CONFIG
from portal.search.asked import Asked
from portal.search.kind import Kind
from research.models import FactSheet, Finding, PressMention, Report, ResearchProject, Toolkit
from surveys.models import PublishedResults, Question
from surveys.results import COUNTED
from trainings.models import Course, Resource


def _named_bills(asked: Asked) -> Q | None:
    """The measures whose number or Public Act was typed."""
    text = asked.text
    wanted = Q()
    for prefix, number in text.numbers:
        wanted |= Q(number=number, prefix=prefix) if prefix else Q(number=number)
    if text.public_act:
        wanted |= Q(public_act=text.public_act)
    if not wanted:
        return None
    return wanted & Q(session=text.session) if text.session and text.numbers else wanted


def _press_page(pk: str, year: str) -> str:
    return f"{reverse('research:press')}?year={year}#mention-{pk}"


def _resource_page(pk: str) -> str:
    return f"{reverse('trainings:resources')}?only={pk}"


def _tables(now: datetime) -> Any:
    """What is told of an ally stands with the ally."""
    return Table.objects.public().annotate(
        found_title=Coalesce("ally__name", "name"),
        found_summary=Coalesce("ally__summary", "summary", output_field=TextField()),
    )


_counties = (
    County.objects.filter(area=OuterRef("pk"))
    .order_by()
    .values("area")
    .annotate(names=StringAgg("name", Value(", ")))
    .values("names")
)
# The questions that stand on the page of a survey's results.
_asked_of_people = (
    Question.objects.filter(survey=OuterRef("survey"), kind__in=COUNTED)
    .order_by()
    .values("survey")
    .annotate(texts=StringAgg("text", Value(" ")))
    .values("texts")
)
# What we call a bill in plain words, where we follow it in public.
_plain_title = (
    BillTracking.objects.filter(bill=OuterRef("pk"), is_public=True)
    .exclude(plain_title="")
    .values("plain_title")[:1]
)
# A call that stands all year has no last day worth telling.
_last_day = Case(When(is_standing=False, then="closes_at"))


def _upcoming_hearings(now: datetime) -> Any:
    return Hearing.objects.upcoming(now)


KINDS: tuple[Kind, ...] = (
    Kind(
        name="reports",
        label=_("Reports"),
        one=_("Report"),
        public=lambda now: Report.objects.published(),
        page="research:report",
        text=("subtitle", "summary", "released_text"),
        day="published_at",
        weight=1.3,
    ),
    Kind(
        name="findings",
        label=_("Findings"),
        one=_("Finding"),
        public=lambda now: Finding.objects.published(),
        page="research:finding",
        title="claim",
        text=("method", "caveat"),
        day="published_at",
        weight=1.1,
    ),
    Kind(
        name="fact-sheets",
        label=_("Fact sheets"),
        one=_("Fact sheet"),
        public=lambda now: FactSheet.objects.published(),
        page="research:fact_sheet",
        title="released_title",
        text=("released_summary", "released_text"),
        day="published_at",
    ),
    Kind(
        name="research",
        label=_("Research projects"),
        one=_("Research project"),
        public=lambda now: ResearchProject.objects.public(),
        page="research:project",
        text=("question", "summary", "body"),
    ),
    Kind(
        name="explained",
        label=_("Explained"),
        one=_("Explained"),
        public=lambda now: Explainer.objects.published(),
        page="campaigns:explainer",
        day="published_at",
        weight=1.2,
    ),
    Kind(
        name="audiences",
        label=_("Pages for an audience"),
        one=_("For an audience"),
        # The media kit's page is another one, which has no row here that fits its address.
        public=lambda now: AudiencePage.objects.published().exclude(slug="media"),
        page="campaigns:audience_page",
        words=SearchVector("title", "audience", weight="A", config=SEARCH_CONFIG)
        + SearchVector("summary", weight="B", config=SEARCH_CONFIG)
        + SearchVector("body", weight="C", config=SEARCH_CONFIG),
    ),
    Kind(
        name="stories",
        label=_("Stories"),
        one=_("Story"),
        public=lambda now: Story.objects.published(),
        page="campaigns:story",
        title="headline",
        day="publish_at",
        weight=1.1,
    ),
    Kind(
        name="workers",
        label=_("Workers"),
        one=_("Worker"),
        public=lambda now: WorkerProfile.objects.listed().with_titles(),
        page="campaigns:profile",
        title="shown_title",
        text=("role", "summary", "skill", "training", "result"),
        day="published_at",
    ),
    Kind(
        name="priorities",
        label=_("Priorities of the agenda"),
        one=_("Priority"),
        public=lambda now: Priority.objects.filter(agenda__is_published=True),
        page="campaigns:priority",
        page_fields=("agenda__year", "slug"),
        weight=1.3,
    ),
    Kind(
        name="campaigns",
        label=_("Campaigns"),
        one=_("Campaign"),
        public=lambda now: Campaign.objects.public().exclude(status=Campaign.Status.ARCHIVED),
        page="campaigns:campaign",
        day="starts_on",
        weight=1.1,
    ),
    Kind(
        name="calls",
        label=_("Calls to action"),
        one=_("Call to action"),
        # Archived ones lead on to others.
        public=lambda now: (
            CallToAction.objects.public()
            .exclude(status=CallToAction.Status.ARCHIVED)
            .filter(audience=CallToAction.Audience.EVERYONE)
        ),
        page="campaigns:action",
        text=("ask", "why", "outcome"),
        day=_last_day,
        weight=1.1,
    ),
    Kind(
        name="toolkits",
        label=_("Toolkits"),
        one=_("Toolkit"),
        public=lambda now: Toolkit.objects.public(),
        page="research:toolkit",
        day="published_at",
    ),
    Kind(
        name="bills",
        label=_("Bills"),
        one=_("Bill"),
        public=lambda now: Bill.objects.all(),
        page="legislation:bill",
        page_fields=("session", Lower("identifier")),
        title=Concat(
            "identifier",
            Value(" "),
            Coalesce(Subquery(_plain_title), "title"),
            output_field=TextField(),
        ),
        text=("synopsis",),
        day="last_action_on",
        weight=0.8,
        named=_named_bills,
    ),
    Kind(
        name="hearings",
        label=_("Coming hearings"),
        one=_("Hearing"),
        public=_upcoming_hearings,
        page="legislation:hearing",
        page_fields=("pk",),
        title="committee_name",
        text=("subject", "location"),
        day="starts_at",
        weight=0.8,
        words=SearchVector("committee_name", weight="A", config=SEARCH_CONFIG)
        + SearchVector("subject", weight="C", config=SEARCH_CONFIG),
    ),
    Kind(
        name="legislators",
        label=_("Legislators"),
        one=_("Legislator"),
        public=lambda now: Legislator.objects.all(),
        page="legislation:legislator",
        title="name",
        text=("party",),
    ),
    Kind(
        name="committees",
        label=_("Committees"),
        one=_("Committee"),
        public=lambda now: Committee.objects.current(),
        page="legislation:committee",
        title="name",
        text=(),
        weight=0.8,
    ),
    Kind(
        name="events",
        label=_("Events"),
        one=_("Event"),
        public=lambda now: Event.objects.public(),
        page="meetings:event",
        day="starts_at",
    ),
    Kind(
        name="trainings",
        label=_("Trainings"),
        one=pgettext_lazy("one of the trainings", "Training"),
        public=lambda now: Course.objects.published(),
        page="trainings:course",
        weight=1.1,
    ),
    Kind(
        name="resources",
        label=_("Resources"),
        one=pgettext_lazy("something to work with", "Resource"),
        public=lambda now: Resource.objects.filter(audience=Resource.Audience.EVERYONE),
        page=_resource_page,
        page_fields=("pk",),
        text=("summary",),
        words=SearchVector("title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("summary", weight="B", config=SEARCH_CONFIG),
    ),
    Kind(
        name="tables",
        label=_("Tables we sit at"),
        one=_("Table"),
        public=_tables,
        page="meetings:table",
        title="found_title",
        text=("found_summary",),
        words=SearchVector("found_title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("found_summary", weight="B", config=SEARCH_CONFIG),
    ),
    Kind(
        name="councils",
        label=_("Local Area Councils"),
        one=_("Local Area Council"),
        public=lambda now: Area.objects.all(),
        page="meetings:council",
        title="name",
        text=("description",),
        words=SearchVector("name", weight="A", config=SEARCH_CONFIG)
        + SearchVector("description", Subquery(_counties), weight="B", config=SEARCH_CONFIG),
    ),
    Kind(
        name="partners",
        label=_("Partners"),
        one=_("Partner"),
        public=lambda now: Organization.objects.listed(),
        page="partners:organization",
        title="name",
        text=("city", "summary"),
        weight=0.8,
    ),
    Kind(
        name="allies",
        label=_("Allies"),
        one=_("Ally"),
        # One that is a table of ours stands among the tables, with who sits there.
        public=lambda now: Ally.objects.exclude(table__is_public=True),
        page="about_ally",
        title="name",
        text=("summary", "our_part"),
        weight=0.8,
        words=SearchVector("name", weight="A", config=SEARCH_CONFIG)
        + SearchVector("summary", "our_part", weight="B", config=SEARCH_CONFIG),
    ),
    Kind(
        name="surveys",
        label=_("What people told us"),
        one=_("Survey results"),
        public=lambda now: PublishedResults.objects.public(),
        page="surveys:results",
        page_fields=("survey__slug",),
        title="survey__title",
        text=("survey__introduction",),
        day="published_at",
        words=SearchVector("survey__title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("survey__introduction", weight="B", config=SEARCH_CONFIG)
        + SearchVector(Subquery(_asked_of_people), weight="C", config=SEARCH_CONFIG),
    ),
    Kind(
        name="press",
        label=_("In the news"),
        one=_("In the news"),
        public=lambda now: PressMention.objects.public(),
        page=_press_page,
        page_fields=("pk", "published_on__year"),
        title="headline",
        text=("outlet", "summary"),
        day="published_on",
        weight=0.9,
    ),
)

BY_NAME = {kind.name: kind for kind in KINDS}
