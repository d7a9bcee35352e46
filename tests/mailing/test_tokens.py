"""Tokens are made by the thousand, and Django reads them."""

import re

import pytest
from django.core import signing
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mailing import tokens
from mailing.composing.message import message_id, read_message_id
from mailing.composing.signing import KeyedHash, message_id_hash, signer, time_stamp
from mailing.composing.splice import SplicedContent
from mailing.models import TrackedLink
from tests.mailing.helpers import make_mailing
from tests.mailing.nasty import Person
from tests.mailing.test_splice import FRAME, compiled


@given(
    st.text(max_size=40),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-_", max_size=300),
    st.integers(0, 2**40),
)
def test_signatures_are_djangos_to_the_byte(salt, value, seconds):
    value = value + time_stamp(seconds).decode()
    expected = signing.Signer(salt=salt or None, sep=".").sign(value)
    salt = salt or "django.core.signing.Signer"
    assert signer(salt).sign(value.encode()).decode() == expected


def test_time_stamps_are_djangos(time_machine):
    time_machine.move_to("2026-03-05T20:00:00.9+00:00", tick=False)
    expected = signing.TimestampSigner(salt="mailing.view", sep=".").sign("abc")
    assert signer("mailing.view").sign(b"abc" + time_stamp(timezone.now().timestamp())).decode() == expected
    assert tokens.view_token(Person(int("abc", 36), "")) == expected


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_keyed_hash_is_hmac(key, message):
    import hmac

    assert KeyedHash(key).digest(message) == hmac.digest(key, message, "sha256")


def test_the_key_in_use_is_the_one_of_the_settings(settings):
    settings.SECRET_KEY = "the first key"
    token = tokens.confirm_token("ada@people.example")
    settings.SECRET_KEY = "the second key"
    assert tokens.confirm_token("ada@people.example").rpartition(".")[2] != token.rpartition(".")[2]
    with pytest.raises(tokens.BadToken):
        tokens.open_confirm(token)
    settings.SECRET_KEY_FALLBACKS = ["the first key"]
    assert tokens.open_confirm(token) == "ada@people.example"


def test_message_ids_are_the_same_however_they_are_made(settings):
    name = b"m.7.1234"
    assert message_id("m", 7, 1234).startswith(f"<m.7.1234.{message_id_hash().digest(name).hex()[:16]}@")
    assert read_message_id(message_id("m", 7, 1234)) == ("m", "7", "1234")
    assert read_message_id(message_id("m", 7, 1234).replace("1234", "1235")) == ()
    settings.MAILING_HASH_KEY = "another"
    assert read_message_id(f"<m.7.1234.{message_id_hash().digest(b'x').hex()[:16]}@x.example>") == ()


@pytest.mark.django_db
def test_the_tokens_of_a_mailed_message_open_its_pages():
    mailing = make_mailing(to=["ada@people.example"])
    delivery, link = mailing.deliveries.get(), mailing.links.get()
    content = compiled()
    wire = SplicedContent(content, FRAME).message(delivery, now=timezone.now())
    text = re.sub(rb"=\r\n", b"", bytes(wire)).decode()

    def token(path: str) -> str:
        return re.search(rf"/{path}/([\w.-]+)/", text)[1]

    assert tokens.open_unsubscribe(token("updates/unsubscribe")) == delivery
    assert tokens.open_view(token("updates/message")) == delivery
    assert tokens.open_why(token("updates/why")) == delivery
    assert tokens.open_address(token("updates/preferences")) == "ada@people.example"
    # The content's link 40 is none of this mailing; with its own number the token opens it.
    with pytest.raises(tokens.BadToken):
        tokens.open_link(token("go"))
    TrackedLink.objects.filter(pk=link.pk).delete()
    TrackedLink.objects.create(pk=40, mailing=mailing, url="https://portal.example/")
    assert tokens.open_link(token("go"))[0] == delivery
