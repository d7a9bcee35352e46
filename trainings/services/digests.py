"""The weekly mail about one's groups: each post and each resource once for each person."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction

from mailing.services import queue_messages
from partners.models import Membership, Person
from trainings.community_emails import GroupNews, digest
from trainings.models import GroupMember, GroupResource, Post

EVERY = timedelta(days=7)
# A post whose transaction ends after a digest was made must not fall behind its mark.
_SETTLED = timedelta(minutes=5)


def send_digests(*, now: datetime) -> int:
    """Writes the digests that are due, a person at a time; how many. Whoever runs twice finds them written."""
    return sum(_write_digest(person=pk, now=now) for pk in _due(now))


def _due(now: datetime) -> Iterator[int]:
    rows = GroupMember.objects.filter(digest=GroupMember.Digest.WEEKLY, digest_through__lte=now - EVERY)
    return rows.values_list("person_id", flat=True).distinct().order_by("person_id").iterator()


@transaction.atomic
def _write_digest(*, person: int, now: datetime) -> bool:
    """One person's digest over all groups whose week is over. False where there is nothing to tell them."""
    due = GroupMember.objects.select_for_update(of=("self",)).filter(
        person=person, digest=GroupMember.Digest.WEEKLY, digest_through__lte=now - EVERY
    )
    members = list(due.select_related("group").order_by("group__name"))
    if not members:
        return False
    reader = Person.objects.select_related("user").get(pk=person)
    news = list(_news(members, now)) if _still_belongs(reader) else []
    for member in members:
        member.digest_through = now - _SETTLED
    GroupMember.objects.bulk_update(members, ["digest_through"])
    if news:
        queue_messages(drafts=[digest(reader, news)])
    return bool(news)


def _still_belongs(person: Person) -> bool:
    memberships = Membership.objects.current().filter(person=person, organization__status="active")
    return person.user_id is not None and memberships.exists()


def _news(members: Iterable[GroupMember], now: datetime) -> Iterator[GroupNews]:
    for member in members:
        written = Post.objects.filter(group=member.group).exclude(author=member.person_id).readable()
        posts = list(
            written.written_between(member.digest_through, now - _SETTLED).select_related("author", "parent")
        )
        shared = GroupResource.objects.filter(
            group=member.group, shared_at__gte=member.digest_through, shared_at__lt=now - _SETTLED
        ).exclude(shared_by=member.person_id)
        resources = list(shared.order_by("shared_at", "pk"))
        if posts or resources:
            yield GroupNews(member.group, posts, resources)
