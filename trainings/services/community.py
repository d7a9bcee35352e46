"""Joining groups, writing in them, changing and removing what one wrote."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.models import Person
from partners.permissions import acting_organization
from trainings.community_querysets import PostQuerySet
from trainings.models import Group, GroupMember, GroupResource, Post, PostReport

# The same words within this time are a double click, or a page that was sent again.
_SAME_AGAIN = timedelta(minutes=15)


@transaction.atomic
def join_group(*, group: Group, person: Person, now: datetime) -> GroupMember:
    """Makes somebody a member; who is one stays as they are."""
    member, _created = GroupMember.objects.get_or_create(
        group=group, person=person, defaults={"joined_at": now, "digest_through": now}
    )
    return member


@transaction.atomic
def leave_group(*, group: Group, person: Person) -> None:
    """Ends a membership. What they wrote stays. Who was muted stays a member: joining anew would lift it."""
    member = GroupMember.objects.select_for_update().filter(group=group, person=person).first()
    if member is None:
        return
    if member.muted_at is None:
        member.delete()
    else:
        choose_digest(member=member, digest=GroupMember.Digest.NONE)


@transaction.atomic
def choose_digest(*, member: GroupMember, digest: str) -> None:
    """How often a member reads of the group by mail."""
    member.digest = digest
    member.save(update_fields=["digest"])


@transaction.atomic
def stop_digests(*, person: Person) -> None:
    """No more mail about any group."""
    for member in GroupMember.objects.select_for_update().filter(person=person):
        choose_digest(member=member, digest=GroupMember.Digest.NONE)


@transaction.atomic
def start_subject(*, group: Group, person: Person, title: str, text: str, now: datetime) -> Post:
    """A new subject. Raises `NotAllowed` for whoever may not write here."""
    _may_write(group, person)
    again = _said_before(group, person, None, text, now).filter(title=title).first()
    return again or _write(group, person, None, title, text, now)


@transaction.atomic
def reply(*, subject: Post, person: Person, text: str, now: datetime) -> Post:
    """A reply to a subject, which it brings to the top. Raises `NotAllowed`."""
    subject = Post.objects.select_for_update(of=("self",)).select_related("group").get(pk=subject.pk)
    _may_write(subject.group, person)
    if subject.parent_id is not None or not subject.is_readable:
        raise NotAllowed(_("This subject is no longer here."))
    if subject.closed_at is not None:
        raise NotAllowed(_("This subject is closed. Start a new one."))
    again = _said_before(subject.group, person, subject, text, now).first()
    if again is not None:
        return again
    written = _write(subject.group, person, subject, "", text, now)
    subject.active_at = now
    subject.save(update_fields=["active_at"])
    return written


def _may_write(group: Group, person: Person) -> None:
    if not group.is_open:
        raise NotAllowed(_("This group is closed. You can read it and no longer write in it."))
    member = GroupMember.objects.select_for_update().filter(group=group, person=person).first()
    if member is None:
        raise NotAllowed(_("Join this group before you write in it."))
    if member.muted_at is not None:
        raise NotAllowed(_("Our moderators have asked you to pause in this group. Contact us about it."))


def _said_before(
    group: Group, person: Person, subject: Post | None, text: str, now: datetime
) -> PostQuerySet:
    return Post.objects.filter(
        group=group,
        author=person,
        parent=subject,
        text=text,
        written_at__gt=now - _SAME_AGAIN,
        removed_at=None,
    )


def _write(group: Group, person: Person, parent: Post | None, title: str, text: str, now: datetime) -> Post:
    return Post.objects.create(
        group=group,
        parent=parent,
        author=person,
        organization=acting_organization(person),
        title=title,
        text=text,
        written_at=now,
        active_at=now,
    )


@transaction.atomic
def change_post(*, post: Post, title: str, text: str, now: datetime) -> Post:
    """New words for a post that its author changes; the earlier ones stay in its history."""
    post = _own_post(post)
    if (post.title, post.text) != (title, text):
        post.title, post.text, post.edited_at = title, text, now
        post.save(update_fields=["title", "text", "edited_at"])
    return post


@transaction.atomic
def remove_post(*, post: Post, now: datetime) -> None:
    """Takes back one's own post: its words go, also from its history; replies to it keep their place."""
    post = _own_post(post)
    history = post.history.all()
    gone = _("Removed")
    post.title, post.text, post.removed_at = gone if post.parent_id is None else "", "", now
    post.save(update_fields=["title", "text", "removed_at"])
    history.update(title=post.title, text="")


def _own_post(post: Post) -> Post:
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if not post.is_readable:
        raise NotAllowed(_("This post was hidden or removed and can't be changed."))
    return post


@transaction.atomic
def share_resource(*, group: Group, person: Person, title: str, url: str) -> GroupResource:
    """A link for the whole group; one address stands there once."""
    _may_write(group, person)
    found, _created = GroupResource.objects.get_or_create(
        group=group, url=url, defaults={"title": title, "shared_by": person}
    )
    return found


@transaction.atomic
def report_post(*, post: Post, person: Person, reason: str, now: datetime) -> PostReport:
    """Tells the moderators of a post; a second report by the same person changes nothing."""
    found, _created = PostReport.objects.get_or_create(
        post=post, person=person, defaults={"reason": reason, "reported_at": now}
    )
    return found
