"""Nothing people write is lost: long, strange or sent twice, from two tabs, or after the login ended."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client

from campaigns.models import ActionTaken, UnconfirmedAction
from mailing.models import OutboxMessage
from tests.campaigns.answering import ANSWER, content
from tests.factories.campaigns import ActionTakenFactory, CallToActionFactory
from tests.factories.partners import CoalitionFactory, OrganizationFactory, member

pytestmark = pytest.mark.django_db
STRANGE = [
    "🌻👩🏽‍🚀 thank you",
    "شكرا جزيلا لكم على كل شيء",
    '<script>alert("1")</script></textarea><b>bold</b>',
    "Subject: x\r\nBcc: everyone@example.org",
    "{{ settings.SECRET_KEY }} {% load i18n %} %(name)s",
]


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def call():
    return CallToActionFactory()


@pytest.fixture
def user():
    return member(OrganizationFactory(), first_name="Maria", last_name="Gomez")


class TestWords:
    @pytest.mark.parametrize("words", ["x" * 10_000, "🌻" * 2000, "nothing\x00 here"])
    def test_what_cannot_be_taken_is_named_and_kept(self, client, call, user, words):
        kept = words.replace("\x00", "")[:200]
        for signed_in in (False, True):
            if signed_in:
                client.force_login(user)
            response = client.post(call.get_absolute_url(), ANSWER | {"comment": words})
            assert response.status_code == 200
            page = content(response)
            assert "<title>Error: " in page
            assert 'href="#id_comment"' in page
            assert kept[:7] in page
        assert not ActionTaken.objects.exists()
        assert not UnconfirmedAction.objects.exists()

    @pytest.mark.parametrize("words", STRANGE)
    def test_strange_words_are_stored_as_they_are_and_shown_as_text(self, client, call, user, words):
        client.force_login(user)
        assert client.post(call.get_absolute_url(), {"comment": words}).status_code == 302
        assert ActionTaken.objects.get().comment.splitlines() == words.splitlines()
        page = content(client.get(call.get_absolute_url()))
        assert "<script>alert" not in page
        assert "</textarea><b>" not in page

    @pytest.mark.parametrize("words", STRANGE)
    def test_strangers_strange_words_never_reach_a_mails_head(self, client, call, words):
        client.post(call.get_absolute_url(), ANSWER | {"comment": words})
        assert UnconfirmedAction.objects.get().comment.splitlines() == words.splitlines()
        message = bytes(OutboxMessage.objects.get().message)
        assert b"everyone@example.org" not in message


class TestTwice:
    def test_the_back_button_and_a_second_tab_change_the_one_answer(self, client, call, user):
        client.force_login(user)
        first = client.post(call.get_absolute_url(), {"comment": "From the first tab"})
        second = client.post(call.get_absolute_url(), {"comment": "From the second tab"})
        assert second["Location"] == f"{first['Location']}?changed=1"
        assert ActionTaken.objects.get().comment == "From the second tab"

    def test_who_signed_out_in_another_tab_loses_nothing(self, client, call, user):
        client.force_login(user)
        client.get(call.get_absolute_url())
        Session.objects.all().delete()
        response = client.post(
            call.get_absolute_url(), {"comment": "My long thoughts", "show_name": "on", "source": "alert-1"}
        )
        assert response.status_code == 200
        page = content(response)
        assert "You are signed out now" in page
        assert "My long thoughts" in page
        assert 'name="email"' in page
        assert 'value="alert-1"' in page
        assert "There is a problem" not in page
        assert not ActionTaken.objects.exists()
        sent = client.post(call.get_absolute_url(), ANSWER | {"comment": "My long thoughts"})
        assert sent["Location"].endswith("/check-your-mail/")

    def test_what_was_written_to_partners_only_stays_to_be_copied(self, client, user):
        call = CallToActionFactory(audience="partners")
        client.force_login(user)
        Session.objects.all().delete()
        response = client.post(call.get_absolute_url(), {"comment": "Not <b>lost</b>"})
        assert response.status_code == 403
        assert "Not &lt;b&gt;lost&lt;/b&gt;" in content(response)
        assert "Sign in to answer" in content(response)

    def test_too_much_written_by_somebody_signed_out_is_kept_as_well(self, client, call, user):
        client.force_login(user)
        Session.objects.all().delete()
        page = content(client.post(call.get_absolute_url(), {"comment": "y" * 9000}))
        assert "y" * 9000 in page


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Real requests side by side, each with a connection of its own."""

    def both(self, post):
        start = Barrier(2)

        def click(_number):
            try:
                start.wait(10)
                return post()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(click, range(2)))

    def test_two_clicks_take_one_action_and_both_land_on_the_thanks(self, call, user):
        CoalitionFactory()

        def post():
            client = Client()
            client.force_login(user)
            return client.post(call.get_absolute_url(), {"comment": "Yes"})

        answers = self.both(post)
        action = ActionTaken.objects.get()
        thanks = f"{call.get_absolute_url()}thanks/{action.reference}/"
        assert sorted(answer["Location"] for answer in answers) == [thanks, f"{thanks}?changed=1"]

    def test_two_clicks_of_a_stranger_send_one_mail(self, call):
        answers = self.both(lambda: Client().post(call.get_absolute_url(), ANSWER))
        assert {answer["Location"] for answer in answers} == {f"{call.get_absolute_url()}check-your-mail/"}
        assert UnconfirmedAction.objects.count() == 1
        assert OutboxMessage.objects.count() == 1


def test_an_earlier_answer_is_shown_with_what_it_said(client, call, user):
    ActionTakenFactory(call_to_action=call, person=user.person, comment="🌻 شكرا")
    client.force_login(user)
    assert "🌻 شكرا" in content(client.get(call.get_absolute_url()))
