"""Interviews by theme, and "You said, we did"."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners.caching import empty_page_cache
from tests.factories.partners import OrganizationFactory, PersonFactory, StaffFactory, UserFactory
from trainings.models import Improvement, Interview, InterviewNote, Theme
from trainings.services.improvements import publish_improvement, withdraw_improvement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def improvement(**facts):
    values = {"said": "Evenings suit us.", "source": "survey", "did": "One session in three is at 6 p.m."}
    return Improvement.objects.create(**values | {"done_on": timezone.localdate()} | facts)


def test_only_published_lines_are_public(client):
    row = improvement()
    page = reverse("trainings:improvements")
    assert "Evenings suit us." not in client.get(page).text
    staff = UserFactory(is_staff=True)
    publish_improvement(improvement=row, by=staff, now=timezone.now())
    empty_page_cache()
    assert "Evenings suit us." in client.get(page).text
    withdraw_improvement(improvement=row, by=staff)
    empty_page_cache()
    assert "Evenings suit us." not in client.get(page).text


def test_the_page_stays_flat(client, django_assert_num_queries):
    address = reverse("trainings:improvements")
    for more in (1, 19):
        for number in range(more):
            theme = Theme.objects.create(name=f"Theme {more} {number}")
            improvement(theme=theme, state="published", published_at=timezone.now())
        with django_assert_num_queries(4):
            client.get(address, {"page": 1, "fresh": more})


def test_a_published_line_says_since_when():
    with pytest.raises(IntegrityError), transaction.atomic():
        improvement(state="published")


def interview(consent, text):
    organization = OrganizationFactory(name=f"House of {consent}")
    row = Interview.objects.create(
        organization=organization,
        person=PersonFactory(first_name="Maria", last_name=f"Lopez-{consent}"),
        held_on=timezone.localdate(),
        consent=consent,
    )
    note = InterviewNote.objects.create(interview=row, text=text)
    note.themes.add(Theme.objects.get_or_create(name="Travel")[0])
    return row


def test_the_table_names_only_those_who_agreed(desk):
    interview("internal", "Two hours by bus.")
    interview("named", "=HYPERLINK(1)")
    table = b"".join(desk.get(reverse("admin:trainings_interview_passages_file")).streaming_content).decode()
    assert "Two hours by bus." in table
    assert "House of internal" not in table
    assert "Lopez-internal" not in table
    assert "House of named" in table
    assert "'=HYPERLINK(1)" in table


def test_a_theme_counts_organizations_once(desk):
    row = interview("internal", "Two hours by bus.")
    InterviewNote.objects.create(interview=row, text="No train.").themes.add(Theme.objects.get())
    page = desk.get(reverse("admin:trainings_theme_changelist"))
    theme = page.context["cl"].result_list[0]
    assert (theme.spoken, theme.passage_count) == (1, 2)


def test_interviews_need_a_right_of_their_own(client):
    staff = UserFactory(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_course"))
    client.force_login(staff)
    interview("internal", "Two hours by bus.")
    for name in ("trainings_interview_changelist", "trainings_interview_passages_file"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
