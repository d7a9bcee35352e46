"""The mail servers of the settings: where they are and how one speaks to them."""

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Security(Enum):
    """How the connection is kept from other eyes. The value is the scheme in `EMAIL_RELAYS`."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True)
class RelayAddress:
    """One mail server. Its name holds no secret and is the same for all workers."""

    host: str
    port: int
    security: Security = Security.NONE
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Such as "smtp.example.org:587"."""
        return f"{self.host}:{self.port}"


def configured_relays() -> list[RelayAddress]:
    """The servers of `EMAIL_RELAYS`, the preferred one first; without it the one of `EMAIL_HOST`."""
    if settings.EMAIL_RELAYS:
        return [parse_relay(url) for url in settings.EMAIL_RELAYS]
    if settings.EMAIL_USE_SSL:
        security = Security.TLS
    else:
        security = Security.STARTTLS if settings.EMAIL_USE_TLS else Security.NONE
    return [
        RelayAddress(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            security=security,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
        )
    ]


def parse_relay(url: str) -> RelayAddress:
    """`smtp+starttls://user:password@host:587`; what is special in an address is written as %40 and the like."""
    try:
        parts = urlsplit(url.strip())
        security, port = Security(parts.scheme.lower()), parts.port
    except ValueError:
        raise _refusal(url) from None
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise _refusal(url)
    return RelayAddress(
        host=parts.hostname,
        port=port or _PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _refusal(url: str) -> ImproperlyConfigured:
    # The password stays out of logs.
    shown = url.rpartition("@")[2]
    return ImproperlyConfigured(
        f"EMAIL_RELAYS: {shown!r} is no mail server. Write smtp+starttls://user:password@host:587, "
        "smtps://… or smtp://…"
    )
