"""What moderators do: hide and show posts, close subjects, ask somebody to pause."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from trainings.models import GroupMember, Post, PostReport


@transaction.atomic
def hide_post(*, post: Post, reason: str, by: User, now: datetime) -> Post:
    """Hides a post's words, with the reason its readers see; open reports of it are settled."""
    post = _held(post)
    if post.removed_at is not None:
        raise NotAllowed(_("Its author removed this post already."))
    if post.hidden_at is None:
        post.hidden_at, post.hidden_by, post.hidden_reason = now, by, reason
        changed_by(post, by)
        post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _settle(post, PostReport.Outcome.HIDDEN, by, now)
    return post


@transaction.atomic
def show_post(*, post: Post, by: User) -> Post:
    """Shows a hidden post again."""
    post = _held(post)
    if post.hidden_at is None:
        raise NotAllowed(_("This post is not hidden."))
    post.hidden_at, post.hidden_by, post.hidden_reason = None, None, ""
    changed_by(post, by)
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    return post


@transaction.atomic
def keep_post(*, post: Post, by: User, now: datetime) -> None:
    """Lets a reported post stand."""
    _settle(_held(post), PostReport.Outcome.KEPT, by, now)


@transaction.atomic
def close_subject(*, post: Post, by: User, now: datetime) -> Post:
    """Ends a subject: it can be read and no longer answered."""
    post = _held(post)
    if post.parent_id is not None:
        raise NotAllowed(_("Only a subject can be closed, not a reply."))
    if post.closed_at is None:
        post.closed_at, post.closed_by = now, by
        changed_by(post, by)
        post.save(update_fields=["closed_at", "closed_by"])
    return post


@transaction.atomic
def open_subject(*, post: Post, by: User) -> Post:
    """Opens a closed subject again."""
    post = _held(post)
    if post.closed_at is None:
        raise NotAllowed(_("This subject is open."))
    post.closed_at, post.closed_by = None, None
    changed_by(post, by)
    post.save(update_fields=["closed_at", "closed_by"])
    return post


@transaction.atomic
def mute(*, member: GroupMember, by: User, now: datetime) -> None:
    """Asks somebody to pause: they read the group and no longer write in it."""
    if member.muted_at is None:
        member.muted_at, member.muted_by = now, by
        changed_by(member, by)
        member.save(update_fields=["muted_at", "muted_by"])


@transaction.atomic
def unmute(*, member: GroupMember, by: User) -> None:
    """Lets somebody write again."""
    member.muted_at, member.muted_by = None, None
    changed_by(member, by)
    member.save(update_fields=["muted_at", "muted_by"])


def _held(post: Post) -> Post:
    return Post.objects.select_for_update(of=("self",)).get(pk=post.pk)


def _settle(post: Post, outcome: PostReport.Outcome, by: User, now: datetime) -> None:
    post.reports.filter(outcome="").update(outcome=outcome, decided_at=now, decided_by=by)
