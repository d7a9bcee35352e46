"""The community of practice: who reads, who writes, what moderators do, and the weekly mail."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mailing.models import OutboxMessage
from partners.errors import NotAllowed
from tests.factories.community import GroupFactory, GroupMemberFactory, PostFactory
from tests.factories.partners import (
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
)
from tests.meetings.reading import mails, text_of
from trainings.models import GroupMember, GroupResource, Post
from trainings.services import community, moderation
from trainings.services.digests import send_digests

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return GroupFactory(name="Reframing", slug="reframing")


@pytest.fixture
def person():
    """Somebody of an active partner, with a login."""
    person = PersonFactory(user=UserFactory())
    MembershipFactory(person=person)
    return person


@pytest.fixture
def reader(client, person):
    client.force_login(person.user)
    return client


def written(**facts):
    return PostFactory(**facts)


# --- Who reads ---------------------------------------------------------------------------------------------------


def addresses(group):
    post = written(group=group)
    return [
        reverse("community:group", args=[group.slug]),
        reverse("community:subject", args=[group.slug, post.pk]),
        reverse("community:start", args=[group.slug]),
        reverse("community:edit", args=[group.slug, post.pk]),
        reverse("community:report", args=[group.slug, post.pk]),
    ]


def test_a_stranger_is_asked_to_sign_in(client, group):
    for address in addresses(group):
        assert client.get(address).status_code == 302


def test_somebody_without_a_partner_reads_nothing(client, group):
    client.force_login(PersonFactory(user=UserFactory()).user)
    for address in addresses(group):
        assert client.get(address).status_code == 404
    page = client.get(reverse("community:groups"))
    assert page.status_code == 403
    assert "open to those who belong to a partner" in page.text


@pytest.mark.parametrize("ending", ["membership", "organization"])
def test_a_membership_that_ended_ends_the_reading(reader, person, group, ending):
    address = reverse("community:group", args=[group.slug])
    assert reader.get(address).status_code == 200
    membership = person.memberships.get()
    if ending == "membership":
        membership.ended_on = timezone.localdate()
        membership.save()
    else:
        membership.organization.status = "lapsed"
        membership.organization.save()
    assert reader.get(address).status_code == 404


def test_a_post_of_another_group_is_not_found_under_this_one(reader, group):
    other = written()
    assert reader.get(reverse("community:subject", args=[group.slug, other.pk])).status_code == 404


def test_nobody_changes_somebody_elses_post(reader, group):
    post = written(group=group, text="Mine alone.")
    answer = reader.post(reverse("community:edit", args=[group.slug, post.pk]), {"text": "Taken."})
    assert answer.status_code == 404
    post.refresh_from_db()
    assert post.text == "Mine alone."


# --- Writing -----------------------------------------------------------------------------------------------------


def test_only_members_write(reader, person, group):
    address = reverse("community:start", args=[group.slug])
    page = reader.post(address, {"title": "Question", "text": "How do you do it?"})
    assert "Join this group before you write in it." in page.text
    reader.post(reverse("community:membership", args=[group.slug]), {"step": "join"})
    page = reader.post(address, {"title": "Question", "text": "How do you do it?"}, follow=True)
    assert "How do you do it?" in page.text
    post = Post.objects.get()
    assert (post.author, post.organization) == (person, person.memberships.get().organization)


def test_the_same_words_sent_twice_are_one_post(person, group):
    GroupMemberFactory(group=group, person=person)
    now = timezone.now()
    subjects = {
        community.start_subject(group=group, person=person, title="Once", text="Only.", now=now).pk
        for _each in range(2)
    }
    assert len(subjects) == 1
    post = Post.objects.get()
    replies = {community.reply(subject=post, person=person, text="Yes.", now=now).pk for _each in range(2)}
    assert len(replies) == 1
    assert Post.objects.count() == 2


def test_a_reply_brings_its_subject_to_the_top(person, group):
    GroupMemberFactory(group=group, person=person)
    now = timezone.now()
    old = written(group=group, written_at=now - timedelta(days=9))
    new = written(group=group, written_at=now - timedelta(days=1))
    assert list(Post.objects.subjects()) == [new, old]
    community.reply(subject=old, person=person, text="Still true.", now=now)
    assert [post.answers for post in Post.objects.subjects()] == [1, 0]
    assert list(Post.objects.subjects()) == [old, new]


def test_a_closed_group_a_closed_subject_and_a_pause_refuse_kindly(person, group):
    member = GroupMemberFactory(group=group, person=person)
    subject, by, now = written(group=group), UserFactory(is_staff=True), timezone.now()
    moderation.close_subject(post=subject, by=by, now=now)
    with pytest.raises(NotAllowed, match="closed"):
        community.reply(subject=subject, person=person, text="Hello", now=now)
    moderation.open_subject(post=subject, by=by)
    moderation.mute(member=member, by=by, now=now)
    with pytest.raises(NotAllowed, match="pause"):
        community.reply(subject=subject, person=person, text="Hello", now=now)
    community.leave_group(group=group, person=person)
    community.join_group(group=group, person=person, now=now)
    with pytest.raises(NotAllowed, match="pause"):
        community.reply(subject=subject, person=person, text="Hello", now=now)
    member.refresh_from_db()
    moderation.unmute(member=member, by=by)
    group.is_open = False
    group.save()
    with pytest.raises(NotAllowed, match="closed"):
        community.start_subject(group=group, person=person, title="More", text="Hello", now=now)
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>alert(1)</script> & more", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"),
        ("See https://example.org/a?b=c", 'href="https://example.org/a?b=c"'),
        ("👩🏽‍⚕️ שלום", "👩🏽‍⚕️ שלום"),
        ("One\r\n\r\n\r\n\r\nTwo", "<p>One</p>\n\n<p>Two</p>"),
        ("turned \u202earound\x00", "turned around"),
    ],
)
def test_text_is_shown_as_text(reader, person, group, typed, shown):
    GroupMemberFactory(group=group, person=person)
    subject = written(group=group)
    address = reverse("community:subject", args=[group.slug, subject.pk])
    page = reader.post(address, {"text": typed}, follow=True)
    assert shown in page.text
    assert "javascript:" not in page.text


def test_too_long_a_text_is_refused_and_kept_in_the_form(reader, person, group):
    GroupMemberFactory(group=group, person=person)
    subject = written(group=group)
    address = reverse("community:subject", args=[group.slug, subject.pk])
    page = reader.post(address, {"text": "x" * 10_000})
    assert "It has 10000 now." in page.text
    assert "x" * 10_000 in page.text
    assert not Post.objects.filter(parent=subject).exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/x", "not an address"])
def test_resources_are_web_addresses(reader, person, group, url):
    GroupMemberFactory(group=group, person=person)
    reader.post(reverse("community:share", args=[group.slug]), {"title": "Guide", "url": url})
    assert not GroupResource.objects.exists()


def test_a_resource_stands_there_once(reader, person, group):
    GroupMemberFactory(group=group, person=person)
    for title in ("Guide", "The same guide"):
        reader.post(
            reverse("community:share", args=[group.slug]),
            {"title": title, "url": "https://example.org/guide"},
        )
    assert [one.title for one in group.resources.all()] == ["Guide"]


# --- Removing and hiding ------------------------------------------------------------------------------------------


def test_a_removed_post_leaves_no_words_behind(reader, person, group):
    post = written(group=group, author=person, title="A secret", text="Something private")
    PostFactory(group=group, parent=post, text="A reply stays")
    reader.post(reverse("community:edit", args=[group.slug, post.pk]), {"remove": "1"})
    post.refresh_from_db()
    assert "private" not in post.text + "".join(post.history.values_list("text", flat=True))
    assert "secret" not in post.title + "".join(post.history.values_list("title", flat=True))
    page = reader.get(reverse("community:subject", args=[group.slug, post.pk]))
    assert "This subject is no longer here" in page.text
    assert post not in Post.objects.readable()


def test_a_hidden_post_shows_the_reason_and_no_words(reader, group):
    subject = written(group=group)
    bad = PostFactory(group=group, parent=subject, text="Rude words")
    moderation.hide_post(
        post=bad, reason="It attacks a person.", by=UserFactory(is_staff=True), now=timezone.now()
    )
    page = reader.get(reverse("community:subject", args=[group.slug, subject.pk]))
    assert "Rude words" not in page.text
    assert "It attacks a person." in page.text
    assert not Post.objects.filter(group=group).subjects().found("Rude")
    moderation.show_post(post=bad, by=UserFactory(is_staff=True))
    assert "Rude words" in reader.get(reverse("community:subject", args=[group.slug, subject.pk])).text


def test_a_report_is_settled_by_the_decision(reader, person, group):
    post = written(group=group)
    address = reverse("community:report", args=[group.slug, post.pk])
    for reason in ("It is rude.", "Again."):
        reader.post(address, {"reason": reason})
    report = post.reports.get()
    assert (report.reason, report.outcome) == ("It is rude.", "")
    moderation.keep_post(post=post, by=UserFactory(is_staff=True), now=timezone.now())
    report.refresh_from_db()
    assert report.outcome == "kept"


def test_the_desk_hides_a_reported_post(client, settings, group):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    post = written(group=group)
    report = community.report_post(post=post, person=PersonFactory(), reason="Rude", now=timezone.now())
    queue = client.get(reverse("admin:trainings_postreport_changelist"))
    assert "Rude" in queue.text
    client.post(
        reverse("admin:trainings_postreport_hide", args=[report.pk]), {"reason": "It attacks a person."}
    )
    post.refresh_from_db()
    assert post.hidden_reason == "It attacks a person."
    assert post.history.first().history_user == post.hidden_by


# --- The weekly mail ----------------------------------------------------------------------------------------------


def a_week_ago(**facts):
    return GroupMemberFactory(digest_through=timezone.now() - timedelta(days=8), **facts)


def test_each_post_is_told_once_to_each_member(person, group):
    member = a_week_ago(group=group, person=person)
    written(group=group, title="What worked for us", written_at=timezone.now() - timedelta(hours=2))
    written(group=group, author=person, title="My own", written_at=timezone.now() - timedelta(hours=2))
    now = timezone.now()
    assert (send_digests(now=now), send_digests(now=now)) == (1, 0)
    message = OutboxMessage.objects.get()
    body = bytes(message.message).decode()
    assert message.to == person.email
    assert "What worked for us" in body
    assert "My own" not in body
    assert "List-Unsubscribe-Post" in body
    assert send_digests(now=now + timedelta(days=8)) == 0
    member.refresh_from_db()
    assert member.digest_through > now


def test_what_others_shared_is_told_once_too_also_without_a_post(person, group):
    a_week_ago(group=group, person=person)
    now = timezone.now()
    for title, by, ago in (
        ("A guide to debriefs", PersonFactory(), timedelta(hours=2)),
        ("My own link", person, timedelta(hours=2)),
        ("From staff", None, timedelta(hours=1)),
        ("Known for long", None, timedelta(days=20)),
    ):
        one = GroupResource.objects.create(
            group=group, title=title, url=f"https://example.org/{title.split()[0]}", shared_by=by
        )
        GroupResource.objects.filter(pk=one.pk).update(shared_at=now - ago)
    assert (send_digests(now=now), send_digests(now=now + timedelta(days=8))) == (1, 0)
    text = text_of(mails(person.email)[0])
    assert "Shared: A guide to debriefs\nhttps://example.org/A" in text.replace("\r\n", "\n")
    assert "Shared: From staff" in text
    assert "My own link" not in text
    assert "Known for long" not in text


def test_a_post_after_the_mark_comes_with_the_next_digest(person, group):
    a_week_ago(group=group, person=person)
    now = timezone.now()
    written(group=group, title="Early", written_at=now - timedelta(hours=1))
    written(group=group, title="Just now", written_at=now)
    send_digests(now=now)
    send_digests(now=now + timedelta(days=7))
    first, second = (bytes(one.message).decode() for one in OutboxMessage.objects.order_by("pk"))
    assert ("Early" in first, "Just now" in first) == (True, False)
    assert ("Early" in second, "Just now" in second) == (False, True)


@pytest.mark.parametrize("reason", ["no mail", "left the partner", "hidden"])
def test_no_digest(person, group, reason):
    member = a_week_ago(group=group, person=person)
    post = written(group=group, written_at=timezone.now() - timedelta(hours=2))
    if reason == "no mail":
        community.choose_digest(member=member, digest=GroupMember.Digest.NONE)
    elif reason == "hidden":
        moderation.hide_post(post=post, reason="Rude", by=UserFactory(is_staff=True), now=timezone.now())
    else:
        person.memberships.update(ended_on=timezone.localdate())
    assert send_digests(now=timezone.now()) == 0
    assert not OutboxMessage.objects.exists()


def test_the_mail_is_stopped_by_a_post_and_not_by_a_look(client, person, group):
    from partners.gatherings.tokens import place_token

    member = a_week_ago(group=group, person=person)
    address = reverse("trainings:stop_digest", args=[place_token("community", "digest", person.pk)])
    assert client.get(address).status_code == 200
    member.refresh_from_db()
    assert member.digest == "weekly"
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    member.refresh_from_db()
    assert member.digest == "none"
    assert client.get(reverse("trainings:stop_digest", args=["forged:token"])).status_code == 404


# --- Lists and the database ---------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(reader, person, group, django_assert_num_queries):
    GroupMemberFactory(group=group, person=person)

    subject = written(group=group, organization=OrganizationFactory())
    pages = {
        reverse("community:group", args=[group.slug]): 11,
        reverse("community:subject", args=[group.slug, subject.pk]): 10,
        reverse("community:groups"): 7,
    }
    for more in (1, 19):
        for _each in range(more):
            written(group=group, organization=OrganizationFactory())
            PostFactory(group=group, parent=subject, organization=OrganizationFactory())
            GroupFactory()
        for address, queries in pages.items():
            with django_assert_num_queries(queries):
                reader.get(address)


@pytest.mark.parametrize(
    "facts",
    [
        {"title": ""},
        {"hidden_at": timezone.now(), "hidden_reason": ""},
    ],
)
def test_the_database_refuses(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        PostFactory(**facts)


def test_a_reply_has_no_headline_of_its_own(group):
    with pytest.raises(IntegrityError), transaction.atomic():
        PostFactory(group=group, parent=written(group=group), title="Another headline")


def test_one_membership_for_each_person(group, person):
    GroupMemberFactory(group=group, person=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMemberFactory(group=group, person=person)
