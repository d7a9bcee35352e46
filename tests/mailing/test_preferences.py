"""How one mailbox wants its mail: topic by topic, how often, in which language, when, and not for a while."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from mailing import tokens
from mailing.addresses import hash_address
from mailing.models import Preference, Subscription, Suppression
from mailing.services import save_preferences, subscribe_confirmed
from mailing.wishes import Choices
from tests.factories.partners import OrganizationFactory, member
from tests.mailing.helpers import make_mailing, make_topic, states

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"
NOW = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
HOW = {"language": "en", "hours": "any", "pause": "none"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def mailbox() -> Client:
    """A browser without cookie and CSRF token, as after a link in mail."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def alerts():
    return make_topic("action-alerts", name="Action alerts")


@pytest.fixture
def news():
    return make_topic("coalition-news", name="Coalition news")


def page(name: str = "preferences") -> str:
    return reverse(f"mailing:{name}", args=[tokens.address_token(ADA)])


def save(mailbox: Client, *frequencies: tuple, **how: str) -> str:
    """Saves the page and returns what it says."""
    answers = {f"topic_{topic.pk}": often for topic, often in frequencies}
    response = mailbox.post(page(), answers | HOW | how)
    assert response.status_code == 200
    return response.content.decode()


def said() -> dict[str, tuple[str, str]]:
    return {
        row.topic.slug: (row.state, row.frequency) for row in Subscription.objects.select_related("topic")
    }


# --- Topics -----------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_one_gets_and_saves_it(mailbox, alerts, news):
    mailing = make_mailing(to=[ADA], topic=alerts)
    text = mailbox.get(page()).content.decode()
    assert re.search(rf'name="topic_{alerts.pk}" value="each"[^>]*checked', text)
    assert re.search(rf'name="topic_{news.pk}" value="none"[^>]*checked', text)
    text = save(mailbox, (alerts, "none"), (news, "weekly"))
    assert "Your choices are saved" in text
    assert "Action alerts: you no longer get it." in text
    assert "Coalition news: you get one summary a week." in text
    assert said() == {"action-alerts": ("unsubscribed", "each"), "coalition-news": ("subscribed", "weekly")}
    assert states(mailing) == {"suppressed": 1}


def test_saving_what_was_there_says_that_nothing_changed(mailbox, alerts, news):
    save(mailbox, (alerts, "each"), (news, "none"))
    assert "Nothing: all is as it was." in save(mailbox, (alerts, "each"), (news, "none"))


def test_a_weekly_topic_goes_back_to_each_message(mailbox, alerts, news):
    save(mailbox, (alerts, "weekly"), (news, "none"))
    text = save(mailbox, (alerts, "each"), (news, "none"))
    assert "Action alerts: you get each message when it is sent." in text
    assert said()["action-alerts"] == ("subscribed", "each")


def test_stopping_all_and_coming_back_for_one(mailbox, alerts, news):
    subscribe_confirmed(email=ADA, topics=[alerts, news], consent_text="x", source="x")
    text = save(mailbox, (alerts, "each"), (news, "each"), stop_all="on")
    assert "We send you none of our mail any more." in text
    assert Suppression.objects.get().address_hash == hash_address(ADA)
    assert "we send nothing to this address" in mailbox.get(page()).content.decode()
    save(mailbox, (alerts, "each"), (news, "none"))
    assert not Suppression.objects.exists()
    assert said() == {"action-alerts": ("subscribed", "each"), "coalition-news": ("unsubscribed", "each")}


@pytest.mark.parametrize(
    "wrong", [{"often": "daily"}, {"language": "tlh"}, {"hours": "midnight"}, {"pause": "1' OR 1=1"}]
)
def test_what_is_not_on_offer_is_refused_at_its_field(mailbox, alerts, wrong):
    often = wrong.pop("often", "each")
    text = save(mailbox, (alerts, often), **wrong)
    assert "There is a problem" in text
    assert not Subscription.objects.exists()
    assert not Preference.objects.exists()


def test_a_topic_that_is_not_on_offer_is_left_alone(mailbox, alerts):
    private = make_topic("staff-notes", is_public=False)
    save(mailbox, (alerts, "each"), (private, "each"))
    assert set(said()) == {"action-alerts"}


def test_the_service_refuses_what_is_not_chosen(alerts, news):
    save_preferences(email=ADA, choices=Choices(frequencies={alerts.pk: "each"}))
    assert said() == {"action-alerts": ("subscribed", "each"), "coalition-news": ("unsubscribed", "each")}
    save_preferences(email=ADA, choices=Choices(frequencies={}))
    assert {state for state, _often in said().values()} == {"unsubscribed"}
    assert not Suppression.objects.exists()


# --- How it comes -----------------------------------------------------------------------------------------------------


def test_language_and_time_of_day(mailbox, alerts):
    text = save(mailbox, (alerts, "each"), language="es", hours="morning")
    assert "We write to you in Spanish" in text
    assert "Time of day: In the morning, 7 to 9." in text
    row = Preference.objects.get()
    assert (row.language, row.hours) == ("es", "morning")
    assert "Time of day: Any time." in save(mailbox, (alerts, "each"), language="es")


def test_who_never_chose_a_language_has_chosen_none_by_saving_the_rest(mailbox, alerts):
    """People's own record may say Spanish; a page saved for its topics must not overrule that."""
    save(mailbox, (alerts, "each"))
    assert Preference.objects.get().language == ""
    save(mailbox, (alerts, "each"), language="es")
    save(mailbox, (alerts, "each"), language="en")
    assert Preference.objects.get().language == "en"


def test_the_page_starts_from_the_language_of_the_last_message(mailbox, alerts):
    mailing = make_mailing(to=[ADA], topic=alerts)
    mailing.deliveries.update(language="es")
    assert re.search(r'name="language" value="es"[^>]*checked', mailbox.get(page()).content.decode())
    save(mailbox, (alerts, "each"), language="en")
    assert Preference.objects.get().language == "en"


# --- Pause ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pause", "until", "day"),
    [
        ("weeks2", "", "2026-03-19"),
        ("month1", "", "2026-04-04"),
        ("months3", "", "2026-06-04"),
        ("date", "2026-03-06", "2026-03-06"),
    ],
)
def test_a_pause_ends_at_midnight_in_chicago(mailbox, alerts, pause, until, day):
    text = save(mailbox, (alerts, "each"), pause=pause, until=until)
    ends = Preference.objects.get().paused_until
    assert f"{ends:%Y-%m-%d}" == day
    assert ends.hour in {5, 6}
    assert f"{ends:%B} {ends.day}, 2026" in text
    assert f"{ends:%B} {ends.day}, 2026" in mailbox.get(page()).content.decode()


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("", "Enter the day on which we write again."),
        ("2026-03-05", "Enter a day after today and within a year."),
        ("2030-01-01", "Enter a day after today and within a year."),
        ("soon", "Enter a date such as 2027-01-15."),
    ],
)
def test_a_day_that_cannot_be_is_named_at_its_field(mailbox, alerts, until, words):
    text = save(mailbox, (alerts, "each"), pause="date", until=until)
    assert words in text
    assert not Preference.objects.exists()


def test_a_pause_stays_while_the_rest_is_changed_and_ends_at_once_when_asked(mailbox, alerts):
    save(mailbox, (alerts, "each"), pause="month1")
    ends = Preference.objects.get().paused_until
    save(mailbox, (alerts, "weekly"), pause="keep")
    assert Preference.objects.get().paused_until == ends
    assert mailbox.get(page("start_again")).status_code == 405
    response = mailbox.post(page("start_again"))
    assert "we write to you again from now on" in response.content.decode()
    assert Preference.objects.get().paused_until is None
    assert mailbox.post(page("start_again")).status_code == 200


def test_a_pause_that_is_over_is_none(mailbox, alerts, clock):
    save(mailbox, (alerts, "each"), pause="weeks2")
    clock.move_to("2026-03-20T12:00:00Z", tick=False)
    text = mailbox.get(page()).content.decode()
    assert "is paused" not in text
    assert re.search(r'name="pause" value="none"[^>]*checked', text)


def test_paused_mail_is_not_written_to_anybody(mailbox, alerts):
    save(mailbox, (alerts, "each"), pause="weeks2")
    assert states(make_mailing(to=[ADA], topic=alerts)) == {"suppressed": 1}


# --- From the unsubscribe page ----------------------------------------------------------------------------------------


@pytest.fixture
def unsubscribe_page(alerts) -> str:
    delivery = make_mailing(to=[ADA], topic=alerts).deliveries.get()
    return reverse("mailing:unsubscribe", args=[tokens.unsubscribe_token(delivery)])


def test_less_mail_is_offered_in_place_of_none(mailbox, unsubscribe_page):
    text = mailbox.get(unsubscribe_page).content.decode()
    assert "Only a weekly summary" in text
    assert "Pause for a month" in text
    assert not Subscription.objects.exists()
    assert "one summary a week" in mailbox.post(unsubscribe_page, {"instead": "weekly"}).content.decode()
    assert said() == {"action-alerts": ("subscribed", "weekly")}


def test_a_pause_in_place_of_unsubscribing(mailbox, unsubscribe_page):
    assert "April 4, 2026" in mailbox.post(unsubscribe_page, {"instead": "month1"}).content.decode()
    assert Preference.objects.get().paused_until is not None
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("instead", ["nothing", "date", "'"])
def test_an_unknown_wish_changes_nothing(mailbox, unsubscribe_page, instead):
    assert mailbox.post(unsubscribe_page, {"instead": instead}).status_code == 200
    assert not Subscription.objects.exists()
    assert not Preference.objects.exists()


# --- Members ----------------------------------------------------------------------------------------------------------


def test_members_come_here_from_the_portal_without_a_mailed_link():
    user = member(OrganizationFactory())
    client = Client()
    assert client.get("/my/mail/").status_code == 302
    assert "/accounts/login/" in client.get("/my/mail/")["Location"]
    client.force_login(user)
    assert "/my/mail/" in client.get("/my/").content.decode()
    response = client.get("/my/mail/", follow=True)
    assert response.redirect_chain[0][0].startswith("/updates/preferences/")
    assert user.email in response.content.decode()
