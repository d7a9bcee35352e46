"""Signs messages (DKIM) where no relay does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import dkim
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from dkim.crypto import UnparsableKeyError, parse_pem_private_key

from mailing.wire.outcomes import Envelope, Outcome, Transport

# Besides what is signed by default. RFC 8058 asks for both List headers, so that nobody can put in others.
ALSO_SIGNED = {b"list-unsubscribe", b"list-unsubscribe-post"}


@dataclass(frozen=True)
class Signer:
    """The domain that answers for the mail, the name of its key in DNS, and the key (RSA, PEM)."""

    domain: str
    selector: str
    key: bytes

    def sign(self, data: bytes) -> bytes:
        """The message with its signature on top. The lines of `data` end in CRLF."""
        signing = dkim.DKIM(data)
        signing.should_sign |= ALSO_SIGNED
        signature = signing.sign(
            self.selector.encode(), self.domain.encode(), self.key, canonicalize=(b"relaxed", b"relaxed")
        )
        return signature + data


class SigningTransport:
    """Signs every message right before it is handed over. Signing takes some milliseconds each."""

    def __init__(self, transport: Transport, signer: Signer) -> None:
        self._transport = transport
        self._signer = signer

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """See `Transport`."""
        return self._transport.send(
            [envelope._replace(data=self._signer.sign(envelope.data)) for envelope in envelopes]
        )

    def close(self) -> None:
        """See `Transport`."""
        self._transport.close()


def configured_signer() -> Signer | None:
    """The signer of the settings; None where the relay signs."""
    if not settings.MAILING_DKIM_DOMAIN:
        return None
    return _signer(
        settings.MAILING_DKIM_DOMAIN,
        settings.MAILING_DKIM_SELECTOR,
        settings.MAILING_DKIM_KEY,
        settings.MAILING_DKIM_KEY_FILE,
    )


@lru_cache(maxsize=4)
def _signer(domain: str, selector: str, key: str, key_file: str) -> Signer:
    if not selector:
        raise ImproperlyConfigured("MAILING_DKIM_SELECTOR must name the key's record in DNS.")
    try:
        # An environment file holds one line, so the key's line ends may be written out.
        pem = Path(key_file).read_bytes() if key_file else key.replace("\\n", "\n").encode()
        parse_pem_private_key(pem.strip())
    except (OSError, ValueError, IndexError, UnparsableKeyError) as error:
        raise ImproperlyConfigured(
            f"MAILING_DKIM_KEY or MAILING_DKIM_KEY_FILE must hold an RSA key in PEM form: {error}"
        ) from None
    return Signer(domain, selector, pem.strip())
