"""The pages of sign-up and preferences, and the addresses inside of mail."""

import re

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from mailing import tokens
from mailing.addresses import hash_address
from mailing.models import Click, OutboxMessage, Subscription, Suppression
from mailing.services import render, subscribe, subscribe_confirmed
from tests.mailing.helpers import make_mailing, make_topic, states

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"


@pytest.fixture
def strict(client):
    """A visitor whose browser sends no token and no cookie: what a mail program is."""
    from django.test import Client

    return Client(enforce_csrf_checks=True)


@pytest.fixture
def delivery():
    topic = make_topic("action-alerts", name="Action alerts")
    make_topic("coalition-news", name="Coalition news")
    return make_mailing(to=[ADA], topic=topic).deliveries.get()


def address(name: str, token: str) -> str:
    return reverse(f"mailing:{name}", args=[token])


TOKENS = {
    "subscribe_confirm": lambda delivery: tokens.confirm_token(delivery.email),
    "preferences": lambda delivery: tokens.address_token(delivery.email),
    "unsubscribe": tokens.unsubscribe_token,
    "view_online": tokens.view_token,
    "go": lambda delivery: tokens.link_token(delivery, delivery.mailing.links.first()),
}


# --- Tokens -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("forge", ["changed", "other purpose", "nonsense"])
def test_a_forged_token_gets_a_page_that_says_what_to_do(strict, delivery, name, forge):
    token = TOKENS[name](delivery)
    if forge == "changed":
        token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    elif forge == "other purpose":
        token = tokens.recipient_token(delivery)
    else:
        token = "..%00<script>"
    response = strict.get(address(name, token))
    assert response.status_code == 404
    assert "What you can do" in response.content.decode()
    assert "<script>" not in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("name", TOKENS)
def test_an_old_token_gets_a_page_that_says_so(strict, delivery, name, time_machine):
    time_machine.move_to("2026-01-05T12:00:00Z", tick=False)
    token = TOKENS[name](delivery)
    time_machine.move_to("2026-03-06T13:00:00Z", tick=False)
    response = strict.get(address(name, token))
    if name == "unsubscribe":
        # All it can do is stop mail, so it works for good.
        assert response.status_code == 200
        return
    assert response.status_code == 410
    assert "too old" in response.content.decode()
    if name == "go":
        assert "https://portal.example/take-action/x" in response.content.decode()
        assert not Click.objects.exists()


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_whose_message_is_gone_is_no_error(strict, delivery, name):
    token = TOKENS[name](delivery)
    delivery.mailing.delete()
    assert strict.get(address(name, token)).status_code in {200, 404}


@pytest.mark.parametrize("name", TOKENS)
def test_links_of_a_preview_say_so(strict, name):
    response = strict.get(address(name, tokens.PREVIEW))
    assert response.status_code == 200
    assert "preview" in response.content.decode()


@pytest.mark.parametrize("name", TOKENS)
def test_following_a_link_changes_nothing_but_the_visit(strict, delivery, name):
    subscribe(email=ADA, topics=[make_topic("coalition-news")], consent_text="x", source="x")
    before = list(Subscription.objects.values()), states(delivery.mailing), Suppression.objects.count()
    for method in (strict.get, strict.head):
        response = method(address(name, TOKENS[name](delivery)))
        assert response.status_code in {200, 302}
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
    assert before == (
        list(Subscription.objects.values()),
        states(delivery.mailing),
        Suppression.objects.count(),
    )


# --- Unsubscribe --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_stops_the_topic(strict, delivery, content_type):
    url = address("unsubscribe", tokens.unsubscribe_token(delivery))
    for _ in range(2):
        if content_type == "multipart/form-data":
            response = strict.post(url, {"List-Unsubscribe": "One-Click"})
        else:
            response = strict.post(url, "List-Unsubscribe=One-Click", content_type=content_type)
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/plain")
        assert not response.cookies
    assert Subscription.objects.get().state == "unsubscribed"
    assert states(delivery.mailing) == {"suppressed": 1}


def test_the_header_of_a_message_leads_to_one_click(strict, delivery):
    message = render(mailing=delivery.mailing, delivery=delivery)
    url = message["List-Unsubscribe"].strip("<>").removeprefix(django_settings.SITE_URL)
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.refusals().count() == 1


def test_a_reader_unsubscribes_with_a_button_and_can_come_back(strict, delivery):
    url = address("unsubscribe", tokens.unsubscribe_token(delivery))
    page = strict.get(url).content.decode()
    assert "Action alerts" in page
    assert "csrf" not in page
    assert not Subscription.objects.exists()
    response = strict.post(url)
    assert "You are unsubscribed" in response.content.decode()
    preferences = re.search(r"/updates/preferences/[^\"]+/", response.content.decode())[0]
    assert strict.get(preferences).status_code == 200
    topics = [str(make_topic("action-alerts").pk)]
    assert strict.post(preferences, {"topics": topics}).status_code == 200
    assert Subscription.objects.active().get().topic == make_topic("action-alerts")


# --- Preferences --------------------------------------------------------------------------------------------------


def test_preferences_show_what_one_gets_and_save_it(strict, delivery):
    url = address("preferences", tokens.address_token(ADA))
    page = strict.get(url).content.decode()
    alerts, news = make_topic("action-alerts"), make_topic("coalition-news")
    assert re.search(rf'value="{alerts.pk}"[^>]*checked', page)
    assert not re.search(rf'value="{news.pk}"[^>]*checked', page)
    saved = strict.post(url, {"topics": [str(news.pk)]}).content.decode()
    assert "Your choices are saved" in saved
    assert Subscription.objects.active().get().topic == news
    assert states(delivery.mailing) == {"suppressed": 1}


def test_stopping_all(strict, delivery):
    url = address("preferences", tokens.address_token(ADA))
    saved = strict.post(url, {"topics": [], "stop_all": "on"}).content.decode()
    assert "We send nothing to" in saved
    assert Suppression.objects.get().address_hash == hash_address(ADA)
    assert "we send nothing to this address" in strict.get(url).content.decode()


@pytest.mark.parametrize("topics", [["999999"], ["x"], ["1' OR 1=1"]])
def test_a_topic_that_is_not_on_offer_is_refused_at_the_field(strict, delivery, topics):
    response = strict.post(address("preferences", tokens.address_token(ADA)), {"topics": topics})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not Subscription.objects.exists()


# --- Sign-up ------------------------------------------------------------------------------------------------------


def sign_up(client, email: str = ADA, **data):
    topic = make_topic()
    return client.post(reverse("mailing:subscribe"), {"email": email, "topics": [topic.pk]} | data)


def test_signing_up_from_page_to_confirmation(client, strict):
    topic = make_topic()
    page = client.get(reverse("mailing:subscribe") + f"?topic={topic.slug}").content.decode()
    assert re.search(rf'value="{topic.pk}"[^>]*checked', page)
    assert topic.description in page
    response = sign_up(client)
    assert response.status_code == 302
    assert response.url == reverse("mailing:subscribe_sent")
    assert "Check your mail" in client.get(response.url).content.decode()
    url = address("subscribe_confirm", tokens.confirm_token(ADA))
    assert "Yes, send me these" in strict.get(url).content.decode()
    assert not Subscription.objects.active().exists()
    assert "You get our updates" in strict.post(url).content.decode()
    assert Subscription.objects.active().get().consent_text.startswith("Send me e-mail")
    assert "Nothing left to confirm" in strict.get(url).content.decode()
    assert strict.post(url).status_code == 200


def test_known_and_unknown_addresses_get_the_same_answer(client):
    subscribe_confirmed(email=ADA, topics=[make_topic()], consent_text="x", source="x")
    known, unknown = sign_up(client), sign_up(client, "new@people.example")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "ada@"}, "Enter an e-mail address such as"),
        ({"email": "a" * 300 + "@people.example"}, "at most 254"),
        ({"email": "a@people.example\r\nBcc: b@evil.example"}, "Enter an e-mail address such as"),
        ({"topics": []}, "Choose at least one topic."),
        ({"topics": ["999"]}, "not one of the available choices"),
    ],
)
def test_wrong_input_is_named_at_its_field_and_the_rest_is_kept(client, data, words):
    response = sign_up(client, **data)
    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert "Error:" in page
    if "email" not in data:
        assert f'value="{ADA}"' in page
    assert not OutboxMessage.objects.exists()


def test_a_robot_is_told_that_all_went_well(client):
    response = sign_up(client, website_url2="https://spam.example")
    assert response.url == reverse("mailing:subscribe_sent")
    assert not Subscription.objects.exists()


def test_too_many_sign_ups_from_one_place_are_refused(client, settings):
    settings.FORM_RATE = "3/h"
    codes = [sign_up(client, f"p{number}@people.example").status_code for number in range(5)]
    assert codes == [302, 302, 302, 429, 429]


def test_a_private_topic_cannot_be_signed_up_for(client):
    private = make_topic("staff-notes", is_public=False)
    assert private.name not in client.get(reverse("mailing:subscribe")).content.decode()
    assert sign_up(client, topics=[private.pk]).status_code == 200
    assert not Subscription.objects.exists()


# --- Links and messages -------------------------------------------------------------------------------------------


def test_a_link_notes_the_visit_and_leads_on(strict, delivery):
    url = address("go", TOKENS["go"](delivery))
    assert strict.head(url).status_code == 302
    assert not Click.objects.exists()
    response = strict.get(url)
    assert (response.status_code, response.url) == (302, "https://portal.example/take-action/x")
    assert "no-store" in response["Cache-Control"]
    assert Click.objects.get().delivery == delivery
    assert strict.post(url).status_code == 405


def test_a_link_never_leads_where_another_mailing_points(strict, delivery):
    other = make_mailing(to=["bob@people.example"], text="https://elsewhere.example/", html="")
    token = tokens.link_token(delivery, other.links.get())
    assert strict.get(address("go", token)).status_code == 404


def test_a_visit_counts_three_minutes_after_arrival(strict, delivery, time_machine):
    time_machine.move_to("2026-03-05T20:00:00Z", tick=False)
    url = address("go", TOKENS["go"](delivery))
    type(delivery).objects.update(state="accepted", accepted_at=timezone.now())
    time_machine.move_to("2026-03-05T20:02:00Z", tick=False)
    strict.get(url)
    assert not type(delivery).objects.with_counted_click().exists()
    time_machine.move_to("2026-03-05T20:03:00Z", tick=False)
    strict.get(url)
    strict.get(url)
    assert type(delivery).objects.with_counted_click().count() == 1


def test_a_message_in_the_browser_can_do_nothing(strict, delivery):
    response = strict.get(address("view_online", tokens.view_token(delivery)))
    page = response.content.decode()
    assert "Hello Ada of Shore" in page
    assert "{{" not in page
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert response["X-Robots-Tag"] == "noindex"


def test_a_message_of_text_alone_is_shown_as_text(strict):
    delivery = make_mailing(to=[ADA], html="", text="<b>{{ first_name }}</b>").deliveries.get()
    response = strict.get(address("view_online", tokens.view_token(delivery)))
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == "<b>Ada</b>"
