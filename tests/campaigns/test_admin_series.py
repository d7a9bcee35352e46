"""A series in the staff desk: written, looked at, tested, started, stopped, counted."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Series
from campaigns.services.series import advance_series, start_series
from mailing.models import OutboxMessage
from portal.demo.series import write_series
from tests.factories.alerts import AlertTopicFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory, StaffFactory, UserFactory
from tests.factories.series import SeriesFactory, SeriesStepFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff(client):
    CoalitionFactory()
    user = StaffFactory()
    client.force_login(user)
    return user


def url(name: str, *args) -> str:
    return reverse(f"admin:campaigns_series_{name}", args=args)


def form_data(**changes) -> dict:
    data = {
        "name": "Hello",
        "trigger": "joined",
        "topic": AlertTopicFactory().pk,
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "0",
        "steps-0-days": "0",
        "steps-0-subject": "Welcome, {{ first_name|Friend }}",
        "steps-0-body": "<p>Good to have you.</p>",
        "steps-0-button_label": "See what is open",
        "steps-0-button_path": "/take-action/",
    }
    return data | changes


def test_writes_a_series_with_its_messages(client, staff):
    assert client.post(url("add"), form_data()).status_code == 302
    series = Series.objects.get()
    assert (series.created_by, series.is_active, series.steps.get().button_path) == (
        staff,
        False,
        "/take-action/",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"steps-0-subject": "{{ nobody }}"}, "not a merge field"),
        ({"steps-0-body": "<p>{{ first_name</p>"}, "two braces"),
        ({"steps-0-button_path": ""}, "page the button opens"),
        ({"steps-0-button_path": "https://elsewhere.example/"}, "beginning with a slash"),
        ({"steps-0-button_path": "//elsewhere.example/"}, "beginning with a slash"),
    ],
)
def test_says_at_the_field_what_is_wrong(client, staff, changes, words):
    page = client.post(url("add"), form_data(**changes))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Series.objects.exists()


def test_each_step_is_asked_and_done_by_post(client, staff):
    step = SeriesStepFactory()
    series = step.series
    for name in ("start", "stop", "send_test"):
        client.get(url(name, series.pk))
    series.refresh_from_db()
    assert not series.is_active
    assert not OutboxMessage.objects.exists()
    client.post(url("send_test", series.pk))
    assert OutboxMessage.objects.get().to == staff.email
    client.post(url("start", series.pk))
    series.refresh_from_db()
    assert series.is_active
    client.post(url("stop", series.pk))
    series.refresh_from_db()
    assert not series.is_active


def test_a_running_series_is_read_only_and_one_that_ran_is_kept(client, staff):
    series = SeriesStepFactory().series
    start_series(series=series, by=staff)
    page = client.get(url("change", series.pk))
    assert page.status_code == 200
    assert b'name="steps-0-subject"' not in page.content
    assert client.post(url("change", series.pk), form_data()).status_code == 403
    assert client.post(url("delete", series.pk), {"post": "yes"}).status_code == 403
    client.post(url("stop", series.pk))
    page = client.get(url("change", series.pk)).content
    assert b'name="steps-0-subject"' in page
    assert b'name="trigger"' not in page


def test_preview_in_both_languages_with_hostile_words_as_text(client, staff):
    step = SeriesStepFactory(
        subject="Hello <b>",
        subject_es="Hola",
        body="<p>One</p>",
        body_es="<p>Uno</p><script>alert(1)</script>",
    )
    english = client.get(url("preview", step.series.pk)).content.decode()
    assert "Hello &lt;b&gt;" in english
    spanish = client.get(url("preview", step.series.pk), {"step": step.pk, "language": "es"})
    assert "Uno" in spanish.context["message"].text
    assert "<script>alert" not in spanish.context["message"].html
    for step_number, language in (("x", "xx"), ("9" * 30, "es")):
        odd = client.get(url("preview", step.series.pk), {"step": step_number, "language": language})
        assert odd.status_code == 200
    assert "no message yet" in client.get(url("preview", SeriesFactory().pk)).content.decode()


def test_numbers_of_each_message(client, staff):
    series = SeriesStepFactory().series
    start_series(series=series, by=staff)
    MembershipFactory.create_batch(2, started_on=timezone.localdate())
    advance_series(now=timezone.now())
    [row] = client.get(url("numbers", series.pk)).context["rows"]
    assert (row.people, row.waiting, row.accepted) == (2, 2, 0)


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_asks_the_same_whatever_its_length(client, staff, rows, django_assert_num_queries):
    topic = AlertTopicFactory()
    SeriesStepFactory.create_batch(rows)
    assert topic.pk
    client.get(url("changelist"))
    with django_assert_num_queries(8):
        client.get(url("changelist"))


def test_without_the_right_nothing_is_shown_or_done(client, staff):
    series = SeriesStepFactory().series
    client.force_login(UserFactory(is_staff=True))
    for name in ("change", "preview", "numbers", "start", "stop", "send_test"):
        assert client.get(url(name, series.pk)).status_code in {302, 403}
        assert client.post(url(name, series.pk)).status_code in {302, 403}
    series.refresh_from_db()
    assert not series.is_active


def test_the_demonstrations_welcome_is_ready_and_bilingual(staff):
    AlertTopicFactory(slug="coalition-news", name="Coalition news")
    series = write_series(staff=staff, now=timezone.now())
    assert series.is_active
    for step in series.steps.all():
        assert step.mailing.contents.count() == 2
        assert step.mailing.links.count() >= 1
