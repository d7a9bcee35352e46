"""Histories at the desk can be read, and nothing can be brought back by them."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from campaigns.models import Story
from partners.admin.history import HistoryAdmin
from tests.factories.campaigns import StoryFactory
from tests.factories.partners import CoalitionFactory, StaffFactory, UserFactory


@pytest.fixture
def version(settings):
    """A story that was withdrawn, and its history's address of the day it was published."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    story = StoryFactory(headline="As it was", status="published")
    first = story.history.earliest()
    Story.objects.filter(pk=story.pk).update(headline="As it is", status="withdrawn")
    return story, reverse("admin:campaigns_story_simple_history", args=[story.pk, first.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("boss", [True, False])
def test_an_old_version_is_shown_and_never_saved(client, version, boss):
    story, address = version
    user = StaffFactory() if boss else UserFactory(is_staff=True)
    if not boss:
        user.user_permissions.add(Permission.objects.get(codename="view_story"))
    client.force_login(user)
    assert "As it was" in client.get(address).content.decode()
    assert client.post(address, {"headline": "Back again", "status": "published"}).status_code == 405
    story.refresh_from_db()
    assert (story.headline, story.status) == ("As it is", "withdrawn")


def test_every_history_of_the_desk_is_of_this_kind():
    sites = [site for site in admin.site._registry.values() if isinstance(site, SimpleHistoryAdmin)]
    assert len(sites) > 30
    assert [site for site in sites if not isinstance(site, HistoryAdmin)] == []
