"""The pages of sign-up and preferences, and the addresses inside of mail."""

import re
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from mailing import tokens
from mailing.models import Click, OutboxMessage, Preference, Subscription, Suppression
from mailing.services import subscribe, subscribe_confirmed, unsubscribe
from mailing.services.rendering import wire_messages
from tests.mailing.helpers import hand_over, make_mailing, make_topic, states, written

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"
# What the preference page asks besides the topics.
HOW = {"language": "en", "hours": "any", "pause": "none"}


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
    "my_mail": lambda delivery: tokens.address_token(delivery.email),
    "forget": lambda delivery: tokens.forget_token(delivery.email),
    "unsubscribe": tokens.unsubscribe_token,
    "stop_summary": lambda delivery: tokens.summary_token(delivery.email),
    "why": tokens.why_token,
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
    if name in {"unsubscribe", "stop_summary"}:
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
    (wire,) = wire_messages(mailing=delivery.mailing, variant="A", deliveries=[delivery], now=timezone.now())
    header = "".join(message_from_bytes(wire)["List-Unsubscribe"].split())
    url = header.strip("<>").removeprefix(django_settings.SITE_URL)
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
    alerts, news = make_topic("action-alerts"), make_topic("coalition-news")
    answers = {f"topic_{alerts.pk}": "each", f"topic_{news.pk}": "none"} | HOW
    assert strict.post(preferences, answers).status_code == 200
    assert Subscription.objects.active().get().topic == alerts


# --- Sign-up ------------------------------------------------------------------------------------------------------


def sign_up(client, email: str = ADA, **data):
    usual = {"email": email, "topics": [make_topic().pk], "frequency": "each", "language": "en"}
    return client.post(reverse("mailing:subscribe"), usual | data)


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
        ({"frequency": ""}, "Choose how often we write."),
        ({"language": "tlh"}, "not one of the available choices"),
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


def test_how_often_and_in_which_language_is_chosen_at_sign_up(client, strict):
    sign_up(client, frequency="weekly", language="es")
    wire = message_from_bytes(bytes(OutboxMessage.objects.get().message))
    text = wire.get_payload(0).get_payload(decode=True).decode()
    token = re.search(r"/updates/confirm/([^/]+)/", text)[1]
    assert strict.post(address("subscribe_confirm", token)).status_code == 200
    assert Subscription.objects.active().get().frequency == "weekly"
    assert Preference.objects.get().language == "es"


def test_a_thousand_sign_ups_for_one_address_are_one_mail_and_the_same_page(client, time_machine):
    time_machine.move_to("2026-03-05T20:00:00Z", tick=False)
    topic = make_topic()
    answers = set()
    for number in range(1000):
        response = client.post(
            reverse("mailing:subscribe"),
            {"email": ADA, "topics": [topic.pk], "frequency": "each", "language": "en"},
            REMOTE_ADDR=f"203.0.{number // 250}.{number % 250}",
        )
        answers.add((response.status_code, response.url))
    assert answers == {(302, reverse("mailing:subscribe_sent"))}
    assert OutboxMessage.objects.count() == 1
    time_machine.move_to("2026-03-05T21:00:01Z", tick=False)
    sign_up(client)
    assert OutboxMessage.objects.count() == 2


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


# --- Why, and all of it ---------------------------------------------------------------------------------------------


def test_why_says_about_what_on_which_list_from_whom_and_how_to_stop(strict, delivery):
    delivery.slots["_why"] = "You are an advocate of Shore House, a partner of the coalition."
    delivery.save()
    url = address("why", tokens.why_token(delivery))
    page = strict.get(url).content.decode()
    for words in ("Action alerts", "advocate of Shore House", "neither yes nor no", "News for Ada"):
        assert words in page
    assert django_settings.DEFAULT_FROM_EMAIL.partition("<")[2].strip(">") in page
    assert f"/updates/unsubscribe/{tokens.unsubscribe_token(delivery)[:10]}" in page
    assert strict.post(url).status_code == 405


def test_why_tells_when_and_where_the_address_was_signed_up(strict, delivery, time_machine):
    time_machine.move_to("2026-03-05T20:00:00Z", tick=False)
    topic = delivery.mailing.topic
    subscribe_confirmed(email=ADA, topics=[topic], consent_text="x", source="updates page")
    page = strict.get(address("why", tokens.why_token(delivery))).content.decode()
    assert "confirmed on Thursday, March 5, 2026" in page
    assert "on our sign-up page" in page
    unsubscribe(email=ADA, topic=topic)
    assert (
        "You said no to this topic on"
        in strict.get(address("why", tokens.why_token(delivery))).content.decode()
    )


def test_all_mail_lists_what_one_got_and_nothing_else(strict, delivery, time_machine):
    mine = hand_over(delivery.mailing)
    make_mailing(to=[ADA], subject="Not sent yet")
    hand_over(make_mailing(to=["bob@people.example"], subject="For Bob"))
    url = address("my_mail", tokens.address_token(ADA))
    page = strict.get(url).content.decode()
    assert "News for Ada" in page
    assert "Not sent yet" not in page
    assert "For Bob" not in page
    view = re.search(r"/updates/message/[^\"]+/", page)[0]
    assert "Hello Ada" in strict.get(view).content.decode()
    mine.deliveries.update(accepted_at=timezone.now() - timedelta(days=366))
    assert "We sent you nothing in the last twelve months" in strict.get(url).content.decode()


def test_all_mail_shows_each_in_its_language_and_variant(strict):
    contents = [
        written(subject=f"{variant} {language} for {{{{ first_name }}}}", variant=variant, language=language)
        for variant in "AB"
        for language in ("en", "es")
    ]
    mailing = hand_over(make_mailing(to=[ADA], contents=contents))
    mailing.deliveries.update(language="es")
    mailing.batches.update(variant="B")
    page = strict.get(address("my_mail", tokens.address_token(ADA))).content.decode()
    assert "B es for Ada" in page


@pytest.mark.parametrize("rows", [1, 20, 60])
def test_all_mail_takes_the_same_queries_however_much_there_is(strict, rows, django_assert_num_queries):
    for number in range(rows):
        hand_over(make_mailing(to=[ADA], subject=f"Alert {number}"))
    url = address("my_mail", tokens.address_token(ADA))
    strict.get(url)
    with django_assert_num_queries(4):
        page = strict.get(url).content.decode()
    assert page.count("/updates/message/") == min(rows, 25)
    if rows == 60:
        assert "Page 1 of 3" in page
        assert "Alert 9<" in strict.get(f"{url}?page=3").content.decode()
        assert strict.get(f"{url}?page=999").status_code == 200
