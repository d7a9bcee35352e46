"""What search engines are told about."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sites.requests import RequestSite
from django.db.models import QuerySet
from django.urls import reverse

from campaigns.models import CallToAction, Campaign, Priority, Story
from legislation.sitemaps import BillSitemap, CommitteeSitemap, LegislatorSitemap
from meetings.models import Event
from partners.models import Area, Organization
from trainings.models import Course


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
        return [
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
            "trainings:course_list",
            "trainings:fees",
            "trainings:facilitators",
            "trainings:past_sessions",
            "partners:directory",
            "partners:join_start",
            "mailing:subscribe",
        ]

    def location(self, name: str) -> str:
        return reverse(name)


class StorySitemap(PortalSitemap):
    def items(self) -> QuerySet[Story]:
        return Story.objects.published()

    def lastmod(self, story: Story) -> datetime:
        return story.updated_at


class CampaignSitemap(PortalSitemap):
    def items(self) -> QuerySet[Campaign]:
        return Campaign.objects.public().order_by("pk")


class CallSitemap(PortalSitemap):
    def items(self) -> QuerySet[CallToAction]:
        # Archived ones lead on to others.
        shown = CallToAction.objects.public().exclude(status=CallToAction.Status.ARCHIVED)
        return shown.filter(audience="everyone").order_by("pk")


class PrioritySitemap(PortalSitemap):
    def items(self) -> QuerySet[Priority]:
        return Priority.objects.filter(agenda__is_published=True).select_related("agenda").order_by("pk")


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


class TrainingSitemap(PortalSitemap):
    def items(self) -> QuerySet[Course]:
        return Course.objects.published().order_by("pk")


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
    "partners": OrganizationSitemap,
    "events": EventSitemap,
    "councils": CouncilSitemap,
    "trainings": TrainingSitemap,
    "bills": BillPages,
    "legislators": LegislatorPages,
    "committees": CommitteePages,
}
