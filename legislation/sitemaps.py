"""What search engines are told of the legislature. The portal lists these beside its own."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, Q

from legislation.models import Bill, Committee, Legislator
from legislation.querysets import BillQuerySet, CommitteeQuerySet, LegislatorQuerySet

# A sitemap may name 50,000 addresses; the other sections need some of them.
MOST = 40_000


class BillSitemap(Sitemap):
    """Measures of the newest General Assembly in our records, and whatever older ones we follow."""

    limit = MOST

    def items(self) -> BillQuerySet:
        newest = Bill.objects.aggregate(newest=Max("session"))["newest"]
        bills = Bill.objects.filter(Q(session=newest) | Q(tracking__is_public=True))
        return bills.only("session", "identifier", "changed_at").order_by("-session", "prefix", "number")

    def lastmod(self, bill: Bill) -> datetime:
        return bill.changed_at


class LegislatorSitemap(Sitemap):
    """Members who sit today."""

    def items(self) -> LegislatorQuerySet:
        return Legislator.objects.current().order_by("chamber", "district")


class CommitteeSitemap(Sitemap):
    """Committees that exist today."""

    def items(self) -> CommitteeQuerySet:
        return Committee.objects.current()
