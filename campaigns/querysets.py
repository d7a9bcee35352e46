"""Every read of campaigns, stories, calls to action, actions and alerts that is used twice."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from campaigns.models import (
        ActionAlert,
        ActionTaken,
        Agenda,
        AudiencePage,
        CallToAction,
        Campaign,
        ContactImport,
        Explainer,
        IssueOfTheWeek,
        LegislatorContact,
        SharedStory,
        Signature,
        Story,
        UnconfirmedAction,
        WorkerProfile,
        WorkerVoice,
    )
    from partners.models import User

# What somebody is called who allows no name and of whom we do not say what they do.
NAMELESS = pgettext_lazy("instead of a name", "Someone who does the work")


class AgendaQuerySet(models.QuerySet["Agenda"]):
    def published(self) -> "AgendaQuerySet":
        """Agendas the public may read, the newest first."""
        return self.filter(is_published=True).order_by("-year")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def public(self) -> "CampaignQuerySet":
        """Campaigns with a page: all but drafts."""
        return self.exclude(status="draft")

    def active(self) -> "CampaignQuerySet":
        """Campaigns under way."""
        return self.filter(status="active")


class CallToActionQuerySet(models.QuerySet["CallToAction"]):
    def public(self) -> "CallToActionQuerySet":
        """Calls with a page anybody may open: all but drafts."""
        return self.exclude(status="draft")

    def open(self, now: datetime) -> "CallToActionQuerySet":
        """Calls that can be answered at this moment, the most urgent first; not the one that always takes stories."""
        open_now = self.filter(status="published", opens_at__lte=now, closes_at__gt=now)
        return open_now.filter(is_standing=False).order_by("closes_at")

    def standing(self, now: datetime) -> "CallToActionQuerySet":
        """The call that takes stories at any time."""
        return self.filter(is_standing=True, status="published", opens_at__lte=now, closes_at__gt=now)

    def over(self, now: datetime) -> "CallToActionQuerySet":
        """Calls nobody can answer any more, by staff's word or by the clock."""
        return self.filter(Q(status__in=["closed", "archived"]) | Q(status="published", closes_at__lte=now))

    def visible_to(self, user: "User | AnonymousUser") -> "CallToActionQuerySet":
        """Calls this user may open: the public ones; those for partners only with a membership; for staff, all."""
        if getattr(user, "is_staff", False):
            return self
        public = self.public()
        if (
            user.is_authenticated
            and user.__class__.objects.filter(
                pk=user.pk, person__memberships__ended_on__isnull=True, person__memberships__isnull=False
            ).exists()
        ):
            return public
        return public.filter(audience="everyone")

    def with_counts(self) -> "CallToActionQuerySet":
        """Adds `people` and `organizations`: how many have acted, each counted once; of a letter, who signed it."""
        return self.annotate(
            people=_count_of_actions("id"),
            organizations=Case(
                When(kind="sign_on", then=_count_of_signatures()), default=_count_of_actions("organization")
            ),
        )


def _count_of_actions(column: str) -> Coalesce:
    """Distinct values of a column among a call's actions. A subquery, so that a page pays for its own rows only."""
    from campaigns.models import ActionTaken

    counted = (
        ActionTaken.objects.filter(call_to_action=OuterRef("pk"))
        .order_by()
        .values("call_to_action")
        .annotate(number=Count(column, distinct=column != "id"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)


def _count_of_signatures() -> Coalesce:
    """How many organizations stand under a call's letter."""
    from campaigns.models import Signature

    counted = (
        Signature.objects.standing()
        .filter(call_to_action=OuterRef("pk"))
        .order_by()
        .values("call_to_action")
        .annotate(number=Count("id"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)


class StoryQuerySet(models.QuerySet["Story"]):
    def published(self) -> "StoryQuerySet":
        """Stories the public may read, the newest first."""
        return self.filter(status="published").order_by("-publish_at")

    def taken_back(self) -> "StoryQuerySet":
        """Those that stood on the site, or would by now, and were withdrawn."""
        return self.filter(status="withdrawn", publish_at__lte=Now())

    def of_the_week(self, day: date) -> "StoryQuerySet":
        """The story that leads on a day, first: that of its own week, or else of the last one before."""
        monday = day - timedelta(days=day.weekday())
        return self.filter(status="published", issue__week__lte=monday).order_by("-issue__week")

    def due(self, now: datetime) -> "StoryQuerySet":
        """Scheduled stories whose moment has come."""
        return self.filter(status="scheduled", publish_at__lte=now)


class IssueQuerySet(models.QuerySet["IssueOfTheWeek"]):
    def published(self) -> "IssueQuerySet":
        """Issues whose story the public may read, the newest week first."""
        return self.filter(story__status="published").order_by("-week")

    def for_day(self, day: date) -> "IssueQuerySet":
        """The issue to show on a day: its own week's, or else the last one before."""
        return self.published().filter(week__lte=day - timedelta(days=day.weekday()))


class ActionTakenQuerySet(models.QuerySet["ActionTaken"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ActionTakenQuerySet":
        """Actions whose person this user may see: those of their organizations and their own; for staff, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(
            Q(person__user=user)
            | Q(
                organization__memberships__person__user=user,
                organization__memberships__ended_on__isnull=True,
            )
        ).distinct()

    def between(self, start: datetime, end: datetime) -> "ActionTakenQuerySet":
        """Actions from `start` up to but not including `end`."""
        return self.filter(acted_at__gte=start, acted_at__lt=end)

    def totals(self) -> dict[str, int]:
        """`actions`, `people` and `organizations`, people and organizations counted once."""
        return self.aggregate(
            actions=Count("id"),
            people=Count("person", distinct=True),
            organizations=Count("organization", distinct=True),
        )


class SignatureQuerySet(models.QuerySet["Signature"]):
    def standing(self) -> "SignatureQuerySet":
        """Signatures that nobody took back."""
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> "SignatureQuerySet":
        """Signatures this user may take back: those of organizations that they speak for today."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            organization__memberships__person__user=user,
            organization__memberships__ended_on__isnull=True,
            organization__memberships__role="primary_contact",
            organization__status="active",
        )


class LegislatorContactQuerySet(models.QuerySet["LegislatorContact"]):
    def visible_to(self, user: "User | AnonymousUser") -> "LegislatorContactQuerySet":
        """One's own messages and telephone calls. (Staff see a call's results at their desk.)"""
        return self.filter(action__person__user=user) if user.is_authenticated else self.none()

    def with_what_became_of_it(self) -> "LegislatorContactQuerySet":
        """With the legislator, the call, and the state of a message in our outbox."""
        rows = self.select_related("legislator", "message", "action__call_to_action")
        return rows.defer("message__message")


class SharedStoryQuerySet(models.QuerySet["SharedStory"]):
    def listed(self) -> "SharedStoryQuerySet":
        """Stories the public may read on their call's page, the newest first."""
        return self.filter(state="accepted").exclude(scope="lawmakers").order_by("-action__acted_at", "-id")

    def waiting(self) -> "SharedStoryQuerySet":
        """Stories that staff have to read, the oldest first."""
        return self.filter(state="waiting").order_by("action__acted_at")

    def visible_to(self, user: "User | AnonymousUser") -> "SharedStoryQuerySet":
        """One's own stories. (Staff read everybody's at their desk.)"""
        return self.filter(action__person__user=user) if user.is_authenticated else self.none()


class VoiceQuerySet(models.QuerySet["WorkerVoice"]):
    def listed(self) -> "VoiceQuerySet":
        """Voices everybody may read, beside the priority they are about."""
        return self.filter(state="published").exclude(scope="lawmakers")


class ProfileQuerySet(models.QuerySet["WorkerProfile"]):
    def listed(self) -> "ProfileQuerySet":
        """Profiles with a page, the newest first."""
        return self.filter(state="published").exclude(scope="lawmakers").order_by("-published_at", "-id")

    def with_titles(self) -> "ProfileQuerySet":
        """Adds `shown_title`: the same as `shown_name` of each."""
        named, working = When(scope="public", then="name"), When(~Q(role=""), then="role")
        return self.annotate(shown_title=Case(named, working, default=Value(str(NAMELESS))))


class AudiencePageQuerySet(models.QuerySet["AudiencePage"]):
    def published(self) -> "AudiencePageQuerySet":
        """Entry pages the public may read, in their order."""
        return self.filter(state="published").order_by("order", "title")


class ExplainerQuerySet(models.QuerySet["Explainer"]):
    def published(self) -> "ExplainerQuerySet":
        """Explanations the public may read, in their order."""
        return self.filter(state="published").order_by("order", "title")


class UnconfirmedActionQuerySet(models.QuerySet["UnconfirmedAction"]):
    def stale(self, now: datetime) -> "UnconfirmedActionQuerySet":
        """Answers nobody confirmed within a week."""
        return self.filter(created_at__lt=now - timedelta(days=7))


class AlertQuerySet(models.QuerySet["ActionAlert"]):
    def in_flight(self) -> "AlertQuerySet":
        """Alerts that are scheduled, going out or paused."""
        return self.filter(state__in=["scheduled", "sending", "paused"])

    def to_settle(self) -> "AlertQuerySet":
        """Alerts whose state may have to follow their mailing: those in flight, and sent ones that go on again."""
        goes_on = Q(state="sent", mailing__state__in=["ready", "sending", "paused"])
        return self.filter(Q(state__in=["scheduled", "sending", "paused"]) | goes_on)

    def waiting_for(self, user: "User") -> "AlertQuerySet":
        """Submitted alerts that somebody else wrote, the oldest first: this person may look at them and decide."""
        others = self.filter(state="waiting").exclude(created_by=user).exclude(submitted_by=user)
        return others.order_by("submitted_at")

    def written(self) -> "AlertQuerySet":
        """Alerts that somebody wrote, without the reminders that follow by themselves."""
        return self.filter(reminder_of__isnull=True)


class ContactImportQuerySet(models.QuerySet["ContactImport"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ContactImportQuerySet":
        """One's own uploads: a file may hold more than the list that is made of it."""
        return self.filter(created_by=user) if user.is_authenticated else self.none()

    def expired(self, now: datetime) -> "ContactImportQuerySet":
        """Uploads whose time is over, whether or not they became a list."""
        return self.filter(expires_at__lte=now)
