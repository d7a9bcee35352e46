"""Reads of the legislature that are used twice; the one spelling of access: `.visible_to(user)`."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from legislation.models import (
        AppropriationAsk,
        Bill,
        BillEvent,
        BillTracking,
        Committee,
        District,
        Follow,
        Hearing,
        Legislator,
        NameMatch,
        OrganizationPosition,
        RollCall,
        SavedSearch,
        Sponsorship,
        Subject,
        SyncRun,
        Vote,
    )
    from partners.models import User


class BillQuerySet(models.QuerySet["Bill"]):
    def in_session(self, session: int) -> "BillQuerySet":
        """Measures of one General Assembly."""
        return self.filter(session=session)

    def tracked(self) -> "BillQuerySet":
        """Bills whose tracking the public may see."""
        return self.filter(tracking__is_public=True)


class BillEventQuerySet(models.QuerySet["BillEvent"]):
    def news(self) -> "BillEventQuerySet":
        """What happened while we watched, the newest first."""
        return self.filter(is_news=True).order_by("-observed_at", "-id")


class SubjectQuerySet(models.QuerySet["Subject"]):
    pass


class LegislatorQuerySet(models.QuerySet["Legislator"]):
    def current(self) -> "LegislatorQuerySet":
        """Members who sit today."""
        return self.filter(is_current=True)


class CommitteeQuerySet(models.QuerySet["Committee"]):
    def current(self) -> "CommitteeQuerySet":
        """Committees that exist today."""
        return self.filter(is_current=True)


class SponsorshipQuerySet(models.QuerySet["Sponsorship"]):
    def active(self, on: date | None = None) -> "SponsorshipQuerySet":
        """Names that stand on a measure today, or stood there on a day."""
        if on is None:
            return self.filter(removed_on__isnull=True)
        return self.filter(
            Q(added_on__isnull=True) | Q(added_on__lte=on), Q(removed_on__isnull=True) | Q(removed_on__gt=on)
        )


class NameMatchQuerySet(models.QuerySet["NameMatch"]):
    def for_review(self) -> "NameMatchQuerySet":
        """Printed names that staff must look at."""
        return self.filter(state__in=["ambiguous", "unknown"])


class RollCallQuerySet(models.QuerySet["RollCall"]):
    pass


class VoteQuerySet(models.QuerySet["Vote"]):
    pass


class HearingQuerySet(models.QuerySet["Hearing"]):
    def upcoming(self, now: datetime) -> "HearingQuerySet":
        """Hearings that are still to come, the soonest first."""
        return self.filter(state="scheduled", starts_at__gte=now).order_by("starts_at")


class DistrictQuerySet(models.QuerySet["District"]):
    def current(self) -> "DistrictQuerySet":
        """Districts of the plan in force."""
        return self.filter(plan__is_current=True)


class BillTrackingQuerySet(models.QuerySet["BillTracking"]):
    def visible_to(self, user: "User | AnonymousUser") -> "BillTrackingQuerySet":
        """Public positions; for staff who may look at tracked bills, all."""
        if user.is_authenticated and user.is_staff and user.has_perm("legislation.view_billtracking"):
            return self
        return self.filter(is_public=True)


class OrganizationPositionQuerySet(models.QuerySet["OrganizationPosition"]):
    def on_record(self) -> "OrganizationPositionQuerySet":
        """Positions that hold, of partners of today."""
        return self.filter(state="on_record", organization__status="active")

    def visible_to(self, user: "User | AnonymousUser") -> "OrganizationPositionQuerySet":
        """Positions of this user's own organizations; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("legislation.view_organizationposition"):
            return self
        return self.filter(
            organization__memberships__person__user=user,
            organization__memberships__ended_on__isnull=True,
        ).distinct()


class AppropriationAskQuerySet(models.QuerySet["AppropriationAsk"]):
    def public(self) -> "AppropriationAskQuerySet":
        """Asks that stand on the website."""
        return self.filter(is_public=True)


class FollowQuerySet(models.QuerySet["Follow"]):
    def visible_to(self, user: "User | AnonymousUser") -> "FollowQuerySet":
        """One's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SavedSearchQuerySet":
        """One's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    def last_good(self) -> "SyncRunQuerySet":
        """The newest run per source that brought everything."""
        return (
            self.filter(state="done")
            .order_by("source", F("finished_at").desc(nulls_last=True))
            .distinct("source")
        )
