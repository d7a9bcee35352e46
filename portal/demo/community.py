"""The community of practice, interviews and "You said, we did" of the demonstration."""

from datetime import datetime, timedelta
from random import Random

from partners.models import Membership, User
from portal.demo.community_texts import GROUPS, IMPROVEMENTS, INTERVIEWS, THEMES, GroupText
from trainings.models import (
    Group,
    GroupMember,
    GroupResource,
    Improvement,
    Interview,
    InterviewNote,
    Post,
    PostReport,
    Theme,
)

MEMBERS_OF_A_GROUP = 18


def write_community(*, staff: User, seed: int, now: datetime) -> None:
    """Groups with their posts, one report that waits, interviews by theme, and what came of them."""
    rng = Random(f"{seed}:community")
    memberships = list(
        Membership.objects.current()
        .filter(organization__status="active")
        .select_related("person", "organization")
        .order_by("pk")
    )
    for text in GROUPS:
        _write_group(rng, text, rng.sample(memberships, min(MEMBERS_OF_A_GROUP, len(memberships))), now)
    reported = Post.objects.filter(parent__isnull=False).order_by("pk").last()
    if reported is not None:
        PostReport.objects.create(
            post=reported,
            person=memberships[0].person,
            reason="This reads like an advertisement.",
            reported_at=now - timedelta(days=1),
        )
    _write_interviews(rng, memberships, staff, now)


def _write_group(rng: Random, text: GroupText, members: list[Membership], now: datetime) -> None:
    group = Group.objects.create(
        name=text.name, slug=text.slug, summary=text.summary, guidelines=text.guidelines
    )
    GroupMember.objects.bulk_create(
        GroupMember(
            group=group,
            person=member.person,
            joined_at=now - timedelta(days=90),
            digest_through=now - timedelta(days=rng.randrange(1, 6)),
        )
        for member in members
    )
    for title, url in text.resources:
        GroupResource.objects.create(group=group, title=title, url=url, shared_by=members[0].person)
    for number, subject in enumerate(text.subjects):
        written = now - timedelta(days=12 * (number + 1) + rng.randrange(5), hours=rng.randrange(9))
        author = rng.choice(members)
        post = _post(group, None, author, subject.title, subject.text, written)
        for reply in subject.replies:
            written += timedelta(hours=rng.randrange(3, 40))
            _post(group, post, rng.choice(members), "", reply, written)
        post.active_at = written
        post.save(update_fields=["active_at"])


def _post(
    group: Group, parent: Post | None, author: Membership, title: str, text: str, written: datetime
) -> Post:
    return Post.objects.create(
        group=group,
        parent=parent,
        author=author.person,
        organization=author.organization,
        title=title,
        text=text,
        written_at=written,
        active_at=written,
    )


def _write_interviews(rng: Random, memberships: list[Membership], staff: User, now: datetime) -> None:
    themes = {name: Theme.objects.create(name=name, summary=summary) for name, summary in THEMES}
    for text in INTERVIEWS:
        member = rng.choice(memberships)
        interview = Interview.objects.create(
            organization=member.organization,
            person=member.person if text.consent == Interview.Consent.NAMED else None,
            held_on=(now - timedelta(days=text.days_ago)).date(),
            interviewer=staff,
            consent=text.consent,
            summary=text.summary,
        )
        for order, (words, names) in enumerate(text.passages):
            note = InterviewNote.objects.create(
                interview=interview, text=words, order=order, is_verbatim=True
            )
            note.themes.set([themes[name] for name in names])
    for said, source, theme, did, days_ago in IMPROVEMENTS:
        Improvement.objects.create(
            said=said,
            source=source,
            theme=themes[theme],
            did=did,
            done_on=(now - timedelta(days=days_ago)).date(),
            state=Improvement.State.PUBLISHED,
            published_at=now - timedelta(days=days_ago),
            published_by=staff,
        )
