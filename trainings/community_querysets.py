"""Reads of the community of practice. Its access: people who belong to an active partner today, and moderators."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q

from partners.models import Membership

if TYPE_CHECKING:
    from partners.models import User
    from trainings.models import Group, Post


def may_read_community(user: "User | AnonymousUser") -> bool:
    """Whether the community is open to somebody: not to strangers, nor to those whose membership ended."""
    if not user.is_authenticated:
        return False
    if user.is_staff and user.has_perm("trainings.view_group"):
        return True
    return Membership.objects.of(user).filter(organization__status="active").exists()


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, user: "User | AnonymousUser") -> "GroupQuerySet":
        """All groups, for those to whom the community is open; none for others."""
        return self.all() if may_read_community(user) else self.none()

    def with_numbers(self) -> "GroupQuerySet":
        """With `people`, who joined, and `subjects`, which are shown."""
        return self.annotate(
            people=Count("members", distinct=True),
            subjects=Count(
                "posts",
                filter=Q(posts__parent=None, posts__hidden_at=None, posts__removed_at=None),
                distinct=True,
            ),
        )


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PostQuerySet":
        """All posts, for those to whom the community is open; what is hidden shows no words."""
        return self.all() if may_read_community(user) else self.none()

    def readable(self) -> "PostQuerySet":
        """Those whose words are shown: neither they nor the subject they reply to is hidden or removed."""
        return self.filter(
            Q(parent=None) | Q(parent__hidden_at=None, parent__removed_at=None),
            hidden_at=None,
            removed_at=None,
        )

    def subjects(self) -> "PostQuerySet":
        """Subjects, those written in last first, each with `answers`: its replies that are shown."""
        shown = Q(replies__hidden_at=None, replies__removed_at=None)
        return (
            self.filter(parent=None)
            .annotate(answers=Count("replies", filter=shown))
            .order_by("-active_at", "-pk")
        )

    def found(self, words: str) -> "PostQuerySet":
        """Subjects in which every word occurs, in the headline, the text or a reply that is shown."""
        found = self
        for word in words.split()[:8]:
            shown = {"hidden_at": None, "removed_at": None, "text__icontains": word}
            replied = self.model.objects.filter(parent__isnull=False, **shown).values("parent")
            found = found.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(pk__in=replied))
        return found

    def written_between(self, after: datetime, until: datetime) -> "PostQuerySet":
        """News of a stretch of time, the oldest first; `until` included."""
        return self.filter(written_at__gt=after, written_at__lte=until).order_by("written_at", "pk")
