"""What search engines are told about."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sites.requests import RequestSite
from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from campaigns.models import AudiencePage, CallToAction, Campaign, Explainer, Priority, Story, WorkerProfile
from legislation.sitemaps import BillSitemap, CommitteeSitemap, LegislatorSitemap
from meetings.models import Event, Table
from partners.models import Ally, Area, Organization
from research.models import (
    EligibilityCriterion,
    FactSheet,
    Finding,
    LoanProgram,
    Report,
    ResearchProject,
    ServiceConnection,
    Toolkit,
)
from surveys.models import PublishedResults
from trainings.models import Course, Improvement, Resource

# Fixed pages that have nothing to say before staff fill them, and how to tell.
_FILLED: dict[str, Callable[[], bool]] = {
    "surveys:results_list": lambda: PublishedResults.objects.public().exists(),
    "trainings:resources": lambda: Resource.objects.filter(audience=Resource.Audience.EVERYONE).exists(),
    "trainings:improvements": lambda: Improvement.objects.filter(state=Improvement.State.PUBLISHED).exists(),
    "research:service_map": lambda: ServiceConnection.objects.exists(),
    "research:loan_repayment_check": lambda: EligibilityCriterion.objects.asked().exists(),
    "research:loan_repayment_employers": lambda: LoanProgram.objects.exclude(
        Q(employer_guide="") & Q(employer_checklist="")
    ).exists(),
}


class SiteAddress(RequestSite):
    """Stands in for `django.contrib.sites`: our one address comes from the settings."""

    def __init__(self) -> None:
        self.domain = self.name = settings.SITE_URL.split("//", 1)[-1]


class PortalSitemap(Sitemap):
    protocol = settings.SITE_URL.split("://", 1)[0]
    limit = 5000

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        return super().get_urls(page=page, site=SiteAddress(), protocol=self.protocol)


class PageSitemap(PortalSitemap):
    """The fixed pages."""

    def items(self) -> list[str]:
        names = [
            "home",
            "about",
            "about_people",
            "about_allies",
            "contact",
            "privacy",
            "accessibility",
            "campaigns:story_list",
            "campaigns:campaign_list",
            "campaigns:action_list",
            "campaigns:agenda",
            "campaigns:audience_list",
            "campaigns:explainer_list",
            "campaigns:issue_list",
            "campaigns:media_kit",
            "campaigns:profile_list",
            "campaigns:share_story",
            "legislation:bill_list",
            "legislation:hearing_list",
            "legislation:legislator_list",
            "legislation:committee_list",
            "legislation:represents_me",
            "legislation:budget",
            "legislation:api-v1",
            "meetings:event_list",
            "meetings:council_list",
            "meetings:table_list",
            "research:press",
            "trainings:course_list",
            "trainings:fees",
            "trainings:facilitators",
            "trainings:past_sessions",
            "research:hub",
            "research:report_list",
            "research:fact_sheet_list",
            "research:finding_list",
            "research:service_map",
            "partners:directory",
            "partners:join_start",
            "research:toolkit_list",
            "research:project_list",
            "research:loan_repayment",
            "research:loan_repayment_check",
            "research:loan_repayment_employers",
            "surveys:results_list",
            "trainings:improvements",
            "trainings:resources",
            "mailing:subscribe",
        ]
        return [name for name in names if name not in _FILLED or _FILLED[name]()]

    def location(self, name: str) -> str:
        return reverse(name)


class StorySitemap(PortalSitemap):
    def items(self) -> QuerySet[Story]:
        return Story.objects.published()

    def lastmod(self, story: Story) -> datetime:
        return story.updated_at


class CampaignSitemap(PortalSitemap):
    def items(self) -> QuerySet[Campaign]:
        # An archived one may lead on to its successor.
        return Campaign.objects.public().exclude(status=Campaign.Status.ARCHIVED).order_by("pk")


class CallSitemap(PortalSitemap):
    def items(self) -> QuerySet[CallToAction]:
        # Archived ones lead on to others.
        shown = CallToAction.objects.public().exclude(status=CallToAction.Status.ARCHIVED)
        return shown.filter(audience="everyone").order_by("pk")


class PrioritySitemap(PortalSitemap):
    def items(self) -> QuerySet[Priority]:
        return Priority.objects.filter(agenda__is_published=True).select_related("agenda").order_by("pk")


class ProfileSitemap(PortalSitemap):
    def items(self) -> QuerySet[WorkerProfile]:
        return WorkerProfile.objects.listed()


class ExplainerSitemap(PortalSitemap):
    def items(self) -> QuerySet[Explainer]:
        return Explainer.objects.published()

    def lastmod(self, explainer: Explainer) -> datetime:
        return explainer.updated_at


class AudienceSitemap(PortalSitemap):
    def items(self) -> QuerySet[AudiencePage]:
        # The media kit is among the fixed pages.
        return AudiencePage.objects.published().exclude(slug="media")


class OrganizationSitemap(PortalSitemap):
    def items(self) -> QuerySet[Organization]:
        return Organization.objects.listed().order_by("pk")


class EventSitemap(PortalSitemap):
    def items(self) -> QuerySet[Event]:
        return Event.objects.public().order_by("pk")


class CouncilSitemap(PortalSitemap):
    def items(self) -> QuerySet[Area]:
        return Area.objects.order_by("pk")

    def location(self, area: Area) -> str:
        return reverse("meetings:council", args=[area.slug])


class TableSitemap(PortalSitemap):
    def items(self) -> QuerySet[Table]:
        return Table.objects.public().order_by("pk")


class AllySitemap(PortalSitemap):
    def items(self) -> QuerySet[Ally]:
        return Ally.objects.order_by("pk")

    def location(self, ally: Ally) -> str:
        return reverse("about_ally", args=[ally.slug])


class TrainingSitemap(PortalSitemap):
    def items(self) -> QuerySet[Course]:
        return Course.objects.published().order_by("pk")


class SurveyResultsSitemap(PortalSitemap):
    def items(self) -> QuerySet[PublishedResults]:
        return PublishedResults.objects.public()

    def lastmod(self, published: PublishedResults) -> datetime:
        return published.published_at


class ReportSitemap(PortalSitemap):
    def items(self) -> QuerySet[Report]:
        reports = Report.objects.published().defer("released_text", "search", "method")
        return reports.annotate(newest=Max("versions__released_at"))

    def lastmod(self, report: Any) -> datetime:
        return report.newest or report.published_at


class FactSheetSitemap(PortalSitemap):
    def items(self) -> QuerySet[FactSheet]:
        return FactSheet.objects.published().only("slug").order_by("pk")


class FindingSitemap(PortalSitemap):
    def items(self) -> QuerySet[Finding]:
        return Finding.objects.published().only("slug", "updated_at").order_by("pk")

    def lastmod(self, finding: Finding) -> datetime:
        return finding.updated_at


class ProjectSitemap(PortalSitemap):
    def items(self) -> QuerySet[ResearchProject]:
        return ResearchProject.objects.public().only("slug").order_by("pk")


class ToolkitSitemap(PortalSitemap):
    def items(self) -> QuerySet[Toolkit]:
        return Toolkit.objects.public()


class BillPages(BillSitemap, PortalSitemap):
    """The bills at the portal's address."""


class LegislatorPages(LegislatorSitemap, PortalSitemap):
    """The members at the portal's address."""


class CommitteePages(CommitteeSitemap, PortalSitemap):
    """The committees at the portal's address."""


SITEMAPS = {
    "pages": PageSitemap,
    "stories": StorySitemap,
    "campaigns": CampaignSitemap,
    "actions": CallSitemap,
    "priorities": PrioritySitemap,
    "profiles": ProfileSitemap,
    "explained": ExplainerSitemap,
    "audiences": AudienceSitemap,
    "partners": OrganizationSitemap,
    "events": EventSitemap,
    "councils": CouncilSitemap,
    "tables": TableSitemap,
    "allies": AllySitemap,
    "trainings": TrainingSitemap,
    "projects": ProjectSitemap,
    "findings": FindingSitemap,
    "reports": ReportSitemap,
    "surveys": SurveyResultsSitemap,
    "toolkits": ToolkitSitemap,
    "bills": BillPages,
    "legislators": LegislatorPages,
    "committees": CommitteePages,
    "fact-sheets": FactSheetSitemap,
}
