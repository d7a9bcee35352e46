"""Every read of findings that is used twice."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from legislation.chambers import Chamber, house_districts, senate_district
from partners.searching import SEARCH_CONFIG

if TYPE_CHECKING:
    from partners.models import User
    from research.models import Finding, SourceCheck

# Failures on so many different days, and we say that the page is gone: one bad day is not the end of a page.
DAYS_UNTIL_DEAD = 2
# What a fact sheet prints of a finding; the rest of it changes without the sheet.
PRINTED = ("claim", "value", "year", "source")


class FindingQuerySet(models.QuerySet["Finding"]):
    def published(self) -> "FindingQuerySet":
        """Findings that hold: what lists, exports, searches and texts may show."""
        return self.filter(state="published")

    def visible_to(self, user: "User | AnonymousUser") -> "FindingQuerySet":
        """Findings whose page this user may open: retracted ones too, which say so; for staff also drafts."""
        if getattr(user, "is_staff", False) and user.has_perm("research.view_finding"):
            return self.all()
        return self.filter(state__in=["published", "retracted"])

    def shown(self) -> "FindingQuerySet":
        """With everything a row says, in one query."""
        return self.select_related("county", "sub_sector")

    def changed_since(self, moment: datetime) -> "FindingQuerySet":
        """Those of which something printed was corrected after a moment, and those that were retracted."""
        from research.models import FindingCorrection

        corrected = FindingCorrection.objects.filter(
            finding=OuterRef("pk"), corrected_at__gt=moment, changes__has_any_keys=PRINTED
        )
        return self.filter(Q(state="retracted") | Exists(corrected)).order_by("claim")

    def matching(self, words: str) -> "FindingQuerySet":
        """Findings in which all the words occur, as in a web search."""
        query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        return self.filter(search=query)

    def by_relevance(self, words: str) -> "FindingQuerySet":
        """Those that say the words in their claim first, then those that say them elsewhere."""
        query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        return self.order_by(SearchRank("search", query).desc(), "-year", "claim", "pk")

    def local_to(self, *, chamber: str, district: int) -> "FindingQuerySet":
        """Findings about a district, and about those it nests in or holds."""
        about = Q(chamber=chamber, district=district)
        if chamber == Chamber.LOWER:
            about |= Q(chamber=Chamber.UPPER, district=senate_district(district))
        else:
            about |= Q(chamber=Chamber.LOWER, district__in=house_districts(district))
        return self.filter(about)


class SourceCheckQuerySet(models.QuerySet["SourceCheck"]):
    def current(self) -> "SourceCheckQuerySet":
        """Looks at the address that the finding still names."""
        return self.filter(url=F("finding__source_url"))

    def dead(self) -> "SourceCheckQuerySet":
        """Sources of published findings that failed on enough different days to say that they are gone."""
        return self.current().filter(failed_days__gte=DAYS_UNTIL_DEAD, finding__state="published")
