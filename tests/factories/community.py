"""Groups, their members and posts for tests."""

import factory
from django.utils import timezone

from tests.factories.partners import PersonFactory
from trainings.models import Group, GroupMember, Post


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Group

    name = factory.Sequence(lambda number: f"Group {number}")
    slug = factory.Sequence(lambda number: f"group-{number}")
    summary = "What this group is about."


class GroupMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GroupMember

    group = factory.SubFactory(GroupFactory)
    person = factory.SubFactory(PersonFactory)
    joined_at = factory.LazyFunction(timezone.now)
    digest_through = factory.LazyFunction(timezone.now)


class PostFactory(factory.django.DjangoModelFactory):
    """A subject; with a parent, a reply to it."""

    class Meta:
        model = Post

    group = factory.SubFactory(GroupFactory)
    author = factory.SubFactory(PersonFactory)
    title = factory.LazyAttributeSequence(lambda post, number: "" if post.parent else f"Subject {number}")
    parent = None
    text = factory.Sequence(lambda number: f"What I want to say, part {number}.")
    written_at = factory.LazyFunction(timezone.now)
    active_at = factory.LazyAttribute(lambda post: post.written_at)
