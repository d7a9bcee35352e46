"""Our own signature: whoever checks it against our key in DNS finds it good, and finds every change."""

from base64 import b64encode
from contextlib import closing
from email import message_from_bytes, policy

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from mailing.composing.splice import SplicedContent
from mailing.wire import Envelope, Verdict, open_transport
from mailing.wire.dkim import SigningTransport, configured_signer
from tests.mailing.nasty import people
from tests.mailing.servers import scripted
from tests.mailing.test_splice import FRAME, compiled

pytestmark = pytest.mark.django_db
DOMAIN, SELECTOR = "coalition.example", "portal2026"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key, form: str = "PKCS8") -> str:
    shape = getattr(serialization.PrivateFormat, form)
    return key.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption()).decode()


@pytest.fixture
def dns(settings, key):
    """What DNS says of our key, once the settings name it."""
    settings.MAILING_DKIM_DOMAIN, settings.MAILING_DKIM_SELECTOR = DOMAIN, SELECTOR
    settings.MAILING_DKIM_KEY = pem(key)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def ask(name: bytes, timeout: int = 5) -> bytes | None:
        right = name.rstrip(b".") == f"{SELECTOR}._domainkey.{DOMAIN}".encode()
        return b"v=DKIM1; k=rsa; p=" + b64encode(public) if right else None

    return ask


def arrived(settings, wires: list[bytes]) -> list[bytes]:
    with scripted(settings, pipelining=True) as server, closing(open_transport()) as transport:
        found = transport.send(
            [Envelope("news@coalition.example", "ada@people.example", wire) for wire in wires]
        )
    assert {outcome.verdict for outcome in found} == {Verdict.ACCEPTED}
    return server.messages


def test_what_arrives_carries_a_good_signature(settings, dns):
    spliced = SplicedContent(compiled(), FRAME)
    for message in arrived(settings, [spliced.message(reader, now=timezone.now()) for reader in people(30)]):
        assert dkim.verify(message, dnsfunc=dns)
        assert message_from_bytes(message, policy=policy.default).defects == []
    odd = b"From: a@coalition.example\r\nSubject: x\r\n\r\n.\r\n..dots \t\r\n\r\n\r\n"
    assert dkim.verify(arrived(settings, [odd])[0], dnsfunc=dns)


@pytest.mark.parametrize(
    "change",
    [
        (b"List-Unsubscribe: <", b"List-Unsubscribe: <x"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: XX"),
        (b"Subject: ", b"Subject: Re: "),
        (b"Message-ID: ", b"From: thief@evil.example\r\nMessage-ID: "),
        (b"Dear", b"Dire"),
    ],
)
def test_every_change_on_the_way_is_found(settings, dns, change):
    spliced = SplicedContent(compiled(), FRAME)
    (message,) = arrived(settings, [spliced.message(next(iter(people(1))), now=timezone.now())])
    changed = message.replace(*change, 1)
    assert changed != message
    assert not dkim.verify(changed, dnsfunc=dns)


def test_a_relay_may_add_headers_that_were_not_there(settings, dns):
    plain = b"From: a@coalition.example\r\nSubject: x\r\n\r\nbody\r\n"
    (message,) = arrived(settings, [plain])
    assert dkim.verify(b"Feedback-ID: relay:1\r\nReply-To: b@coalition.example\r\n" + message, dnsfunc=dns)


def test_nothing_is_signed_unless_configured(settings):
    settings.MAILING_DKIM_DOMAIN = ""
    assert configured_signer() is None
    assert b"DKIM-Signature" not in arrived(settings, [b"From: a@coalition.example\r\n\r\nx\r\n"])[0]


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_the_key_comes_from_a_file_or_from_one_line(settings, dns, key, form, tmp_path):
    text = pem(key, form)
    file = tmp_path / "dkim.pem"
    file.write_text(text)
    message = b"From: a@coalition.example\r\n\r\nx\r\n"
    settings.MAILING_DKIM_KEY, settings.MAILING_DKIM_KEY_FILE = "", str(file)
    assert dkim.verify(configured_signer().sign(message), dnsfunc=dns)
    settings.MAILING_DKIM_KEY, settings.MAILING_DKIM_KEY_FILE = text.replace("\n", "\\n"), ""
    assert dkim.verify(configured_signer().sign(message), dnsfunc=dns)


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAILING_DKIM_KEY": "no key"},
        {"MAILING_DKIM_KEY": ""},
        {"MAILING_DKIM_KEY": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"},
        {"MAILING_DKIM_KEY_FILE": "/nowhere/dkim.pem"},
        {"MAILING_DKIM_SELECTOR": ""},
    ],
)
def test_a_key_that_is_none_is_noticed_before_anything_is_sent(settings, dns, wrong):
    for name, value in wrong.items():
        setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match="MAILING_DKIM"):
        open_transport()


def test_a_provider_signs_what_it_puts_together_itself(settings, dns):
    assert isinstance(open_transport(), SigningTransport)
    settings.MAILING_PROVIDER = "postmark"
    assert not isinstance(open_transport(), SigningTransport)
