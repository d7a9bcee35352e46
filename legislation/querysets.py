"""Reads of the legislature that are used twice; the one spelling of access: `.visible_to(user)`."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from legislation.models import (
        AppropriationAsk,
        Bill,
        BillEvent,
        BillTracking,
        ChamberLeader,
        Committee,
        District,
        Follow,
        Hearing,
        Legislator,
        LegislatorAsk,
        NameMatch,
        Notice,
        OrganizationPosition,
        PositionRequest,
        ReportedSlip,
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

    def for_rows(self) -> "BillQuerySet":
        """What a row of a list shows (`legislation/_bill_row.html`): with our position, without the long texts."""
        return self.select_related("tracking").defer("search", "synopsis")

    def tracked(self) -> "BillQuerySet":
        """Bills whose tracking the public may see."""
        return self.filter(tracking__is_public=True)


class BillEventQuerySet(models.QuerySet["BillEvent"]):
    def to_give_out(self) -> "BillEventQuerySet":
        """News whose followers nobody has looked for yet."""
        return self.filter(is_news=True, given_out_at__isnull=True)

    def news(self) -> "BillEventQuerySet":
        """What happened while we watched, the newest first."""
        return self.filter(is_news=True).order_by("-observed_at", "-id")


class SubjectQuerySet(models.QuerySet["Subject"]):
    pass


class LegislatorQuerySet(models.QuerySet["Legislator"]):
    def current(self) -> "LegislatorQuerySet":
        """Members who sit today."""
        return self.filter(is_current=True)


class ChamberLeaderQuerySet(models.QuerySet["ChamberLeader"]):
    def on_the_list(self, on: date) -> "ChamberLeaderQuerySet":
        """Rows whose dates hold on a day, whether or not the legislator still sits."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)

    def holding(self, on: date) -> "ChamberLeaderQuerySet":
        """Those who lead a chamber on a day, as far as it is today: whoever left their seat leads nothing."""
        return self.on_the_list(on).filter(legislator__is_current=True, legislator__chamber=F("chamber"))

    def of_those_who_left(self, on: date) -> "ChamberLeaderQuerySet":
        """Rows that still hold, of legislators who left the chamber: staff must end them."""
        sits = Q(legislator__is_current=True, legislator__chamber=F("chamber"))
        return self.on_the_list(on).exclude(sits)


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
    def standing(self) -> "HearingQuerySet":
        """Hearings that are to take place: neither cancelled nor replaced by another posting."""
        return self.filter(Q(state="scheduled") | Q(state="moved", moved_from__isnull=False))

    def shown(self) -> "HearingQuerySet":
        """Everything but postings that another posting replaced; cancelled ones are shown as such."""
        return self.exclude(state="moved", moved_from__isnull=True)

    def slips_open(self, now: datetime) -> "HearingQuerySet":
        """Hearings that slips can be filed for, as `slip_windows` tells it."""
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return (
            self.standing()
            .filter(Q(posted_at__isnull=True) | Q(posted_at__lte=now), starts_at__gte=midnight)
            .filter(Q(chamber="upper") | Q(ended_at__isnull=True) | Q(ended_at__gt=now))
        )

    def with_documents(self) -> "HearingQuerySet":
        """With the committee, and `documents` that stand on the notice today, each with its bill and our position."""
        from legislation.models import HearingDocument

        documents = (
            HearingDocument.objects.filter(removed_at=None)
            .select_related("bill__tracking")
            .defer("bill__search", "bill__synopsis")
        )
        return self.select_related("committee").prefetch_related(models.Prefetch("documents", documents))

    def upcoming(self, now: datetime) -> "HearingQuerySet":
        """Hearings that are still to come, the soonest first."""
        return self.standing().filter(starts_at__gte=now).order_by("starts_at")


class ReportedSlipQuerySet(models.QuerySet["ReportedSlip"]):
    def filed(self) -> "ReportedSlipQuerySet":
        """Those whose people say that they filed them."""
        return self.filter(filed_at__isnull=False)

    def visible_to(self, user: "User | AnonymousUser") -> "ReportedSlipQuerySet":
        """One's own, and those in the name of one's organizations; for staff with the right to view them, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("legislation.view_reportedslip"):
            return self
        return self.filter(
            Q(person__user=user)
            | Q(
                organization__memberships__person__user=user,
                organization__memberships__ended_on__isnull=True,
            )
        ).distinct()

    def with_hearing(self) -> "ReportedSlipQuerySet":
        """With what a row shows: person, organization, document, bill and hearing."""
        return self.select_related(
            "person", "organization", "document__hearing__committee", "document__bill"
        ).defer("document__bill__search", "document__bill__synopsis")


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

    def by_priority(self) -> "BillTrackingQuerySet":
        """Lead bills first, then those we support, then those we watch; each by number."""
        rank = models.Case(
            models.When(priority="lead", then=0), models.When(priority="support", then=1), default=2
        )
        return self.order_by(rank, "-bill__session", "bill__prefix", "bill__number")


class OrganizationPositionQuerySet(models.QuerySet["OrganizationPosition"]):
    def on_record(self) -> "OrganizationPositionQuerySet":
        """Positions that hold, of partners of today."""
        return self.filter(state="on_record", organization__status="active")

    def waiting(self) -> "OrganizationPositionQuerySet":
        """Positions that somebody proposed and nobody has decided on, of partners of today, the oldest first."""
        return self.filter(state="proposed", organization__status="active").order_by("proposed_at")

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


class PositionRequestQuerySet(models.QuerySet["PositionRequest"]):
    def with_answers(self) -> "PositionRequestQuerySet":
        """Adds `answer`: the partner's position on the bill that holds or waits for its primary contact, if any."""
        answers = _answers().order_by("state")
        return self.annotate(
            answer=Coalesce(Subquery(answers.values("position")[:1]), Value("")),
            answer_state=Coalesce(Subquery(answers.values("state")[:1]), Value("")),
        )

    def to_write(self) -> "PositionRequestQuerySet":
        """Requests whose mail the worker has not written yet."""
        return self.exclude(mail="")

    def unanswered(self) -> "PositionRequestQuerySet":
        """Requests to partners of today that have taken no position yet."""
        return self.filter(~Exists(_answers()), organization__status="active")


def _answers() -> OrganizationPositionQuerySet:
    """What the partner of a request says about its bill: on record, or waiting for its primary contact."""
    from legislation.models import OrganizationPosition

    return OrganizationPosition.objects.filter(
        organization=OuterRef("organization"), bill=OuterRef("bill"), state__in=["on_record", "proposed"]
    )


class LegislatorAskQuerySet(models.QuerySet["LegislatorAsk"]):
    def visible_to(self, user: "User | AnonymousUser") -> "LegislatorAskQuerySet":
        """Conversations with their notes: those of this user's own organizations; for staff with the right, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("legislation.view_legislatorask"):
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


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> "NoticeQuerySet":
        """What no message has told yet."""
        return self.filter(queued_at__isnull=True)


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    def unfinished(self) -> "SyncRunQuerySet":
        """Runs that wait, run, or will be tried again."""
        return self.filter(Q(state__in=["waiting", "running"]) | Q(retry_at__isnull=False))

    def forgotten(self, now: datetime) -> "SyncRunQuerySet":
        """Runs that nobody works on though somebody should: never begun, silent for minutes, or due again."""
        return self.filter(
            Q(state="waiting", requested_at__lt=now - timedelta(minutes=1))
            | Q(state="running", seen_at__lt=now - timedelta(minutes=3))
            | Q(retry_at__lte=now)
        ).order_by("requested_at")

    def last_good(self) -> "SyncRunQuerySet":
        """The newest run per source that brought everything."""
        return (
            self.filter(state="done")
            .order_by("source", F("finished_at").desc(nulls_last=True))
            .distinct("source")
        )

    def newest(self) -> "SyncRunQuerySet":
        """The newest run per source."""
        return self.order_by("source", "-requested_at").distinct("source")
