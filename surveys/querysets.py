"""Reads of surveys that are used twice."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from partners.models import User
    from surveys.models import PublishedResults, Response, Survey, SurveyInvitation

# Days between an invitation and its reminder, and between two reminders.
REMIND_AFTER = timedelta(days=5)


class Writing(NamedTuple):
    """How far the writing to people who were invited together is."""

    subject: str
    written: int
    people: int


class SurveyQuerySet(models.QuerySet["Survey"]):
    def open_to_partners(self) -> "SurveyQuerySet":
        """Surveys that everybody who signs in for a partner may answer."""
        return self.filter(is_open=True, questions__isnull=False).distinct()

    def visible_to(self, user: "User | AnonymousUser") -> "SurveyQuerySet":
        """Surveys this user may answer at their own address: the open ones, for people of active partners."""
        if not user.is_authenticated:
            return self.none()
        belongs = user.person.memberships.current() if getattr(user, "person", None) else None
        if belongs is None or not belongs.filter(organization__status="active").exists():
            return self.none()
        return self.open_to_partners()


class PublishedResultsQuerySet(models.QuerySet["PublishedResults"]):
    def public(self) -> "PublishedResultsQuerySet":
        """Results that everybody may read, the newest first."""
        return self.filter(withdrawn_at=None).select_related("survey").order_by("-published_at", "-pk")


class ResponseQuerySet(models.QuerySet["Response"]):
    def on(self, occasion: str | None) -> "ResponseQuerySet":
        """Responses on one occasion; None: on all."""
        return self if occasion is None else self.filter(occasion=occasion)


class SurveyInvitationQuerySet(models.QuerySet["SurveyInvitation"]):
    def sent(self) -> "SurveyInvitationQuerySet":
        """Those we wrote to."""
        return self.filter(sent_at__isnull=False)

    def on(self, occasion: str | None) -> "SurveyInvitationQuerySet":
        """Invitations on one occasion; None: on all."""
        return self if occasion is None else self.filter(occasion=occasion)

    def progress(self) -> "list[Writing]":
        """Of each inviting whose messages are not all written yet: how many are, and of how many. One query."""
        groups = self.sent().order_by().values("sent_at", "subject")
        counts = groups.annotate(people=Count("pk"), waiting=Count("pk", filter=Q(waits=True)))
        return [
            Writing(row["subject"], row["people"] - row["waiting"], row["people"])
            for row in counts.filter(waiting__gt=0).order_by("sent_at")
        ]

    def unanswered(self, now: datetime) -> "SurveyInvitationQuerySet":
        """Those who were invited, have not answered, and still can."""
        return self.sent().filter(answered=False, due_on__gte=timezone.localdate(now))

    def to_remind(self, now: datetime) -> "SurveyInvitationQuerySet":
        """Those whose reminder is due."""
        rested = Q(reminded_at__isnull=True, sent_at__lte=now - REMIND_AFTER) | Q(
            reminded_at__lte=now - REMIND_AFTER
        )
        return self.unanswered(now).filter(rested, reminders_sent__lt=F("survey__most_reminders"))
