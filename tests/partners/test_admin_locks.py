"""While staff save a form, no step changes the record's state; what such a step wrote before is kept."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from campaigns.services.stories import withdraw_story
from tests.factories.campaigns import StoryFactory
from tests.factories.partners import CoalitionFactory, StaffFactory


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_saved_while_the_story_is_withdrawn_does_not_bring_it_back(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    story = StoryFactory(headline="Their words", status="published")
    client = Client()
    client.force_login(StaffFactory())
    address = reverse("admin:campaigns_story_change", args=[story.pk])
    page = client.get(address).context
    form = page["adminform"].form
    initial = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    posted = {name: value for name, value in initial.items() if value}
    for inline in page["inline_admin_formsets"]:
        posted |= {f"{inline.formset.prefix}-{count}_FORMS": 0 for count in ("TOTAL", "INITIAL")}
    answers = []

    def save():
        answers.append(client.post(address, posted | {"headline": "Their words, mended"}))
        connections.close_all()

    saving = threading.Thread(target=save)
    with transaction.atomic():
        withdraw_story(story=story, by=StaffFactory())
        saving.start()
        _until_it_waits(saving)
    saving.join(timeout=30)
    story.refresh_from_db()
    assert (story.status, story.headline) == ("withdrawn", "Their words, mended")
    assert answers[0].status_code == 302


def _until_it_waits(thread):
    """Returns when the other connection waits for a row of ours."""
    with connection.cursor() as cursor:
        while thread.is_alive():
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
    raise AssertionError("nobody waited")


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "none", "99999999999999999999"])
def test_a_form_of_a_record_that_is_not_there_says_so(client, settings, number):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()
    client.force_login(StaffFactory())
    address = reverse("admin:campaigns_story_change", args=[number])
    assert client.post(address, {}).status_code == 404
