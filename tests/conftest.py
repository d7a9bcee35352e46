"""What every test may ask for: a clean Redis, a real SMTP server, clients of each kind of person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as django_settings
from django.core.cache import cache

from portal.embedded.ports import any_free


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from tests.scheduling import OnePortalScheduling

    return OnePortalScheduling(config, log)


@pytest.fixture(autouse=True)
def _clean_redis() -> Iterator[None]:
    """No test sees another's rate limits, stored pages or queued tasks."""
    yield
    redis.Redis.from_url(django_settings.REDIS_URL).flushdb()
    cache.clear()


@dataclass
class CaughtMail:
    """One message as the wire brought it."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class SmtpCatcher:
    """An SMTP server on this machine. `messages` holds what it accepted, in order of arrival."""

    messages: list[CaughtMail] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append(CaughtMail(envelope.mail_from, list(envelope.rcpt_tos), message))
        return "250 2.0.0 accepted"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages one address got."""
        return [mail.message for mail in self.messages if address in mail.recipients]


@pytest.fixture
def smtp_catcher(settings) -> Iterator[SmtpCatcher]:
    """A real SMTP server that accepts everything; the settings point to it."""
    catcher = SmtpCatcher()
    controller = Controller(catcher, hostname="127.0.0.1", port=any_free())
    controller.start()
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_USE_TLS = False
    yield catcher
    controller.stop()
