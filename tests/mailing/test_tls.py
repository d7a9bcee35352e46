"""Mail servers over TLS: every byte arrives, and a server that cannot prove its name gets nothing."""

import ssl
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailing.wire import Envelope, Verdict
from mailing.wire.relay_urls import RelayAddress, Security
from mailing.wire.smtp import SmtpTransport
from portal.embedded.ports import any_free
from tests.mailing.test_splice import Keeper

LARGE = b"Subject: x\r\n\r\n" + b"0123456789abcdef" * 60 + b"\r\n" + (b"." + b"y" * 70 + b"\r\n") * 3000
SMALL = b"Subject: x\r\n\r\nsmall\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "relay.pem"
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture(params=[Security.TLS, Security.STARTTLS], ids=lambda security: security.value)
def server(request, certificate):
    @contextmanager
    def running():
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        keeper, port = Keeper(), any_free()
        options = {"ssl_context": context}
        if request.param is Security.STARTTLS:
            options = {"tls_context": context, "require_starttls": True}
        controller = Controller(keeper, hostname="127.0.0.1", port=port, **options)
        controller.start()
        try:
            yield keeper, RelayAddress("127.0.0.1", port, request.param)
        finally:
            controller.stop()

    with running() as found:
        yield found


def send(relay: RelayAddress, bodies: list[bytes]) -> list[Verdict]:
    with closing(SmtpTransport(relay)) as transport:
        found = transport.send([Envelope("portal@x.example", "ada@x.example", body) for body in bodies])
    return [outcome.verdict for outcome in found]


def test_every_byte_arrives_over_tls(server, certificate, monkeypatch):
    keeper, relay = server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert send(relay, [SMALL, LARGE, SMALL, LARGE]) == [Verdict.ACCEPTED] * 4
    assert keeper.contents == [SMALL, LARGE, SMALL, LARGE]


def test_a_server_that_cannot_prove_its_name_gets_nothing(server):
    keeper, relay = server
    assert send(relay, [SMALL]) == [Verdict.UNREACHABLE]
    assert keeper.contents == []
