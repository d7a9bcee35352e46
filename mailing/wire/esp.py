"""Hands messages to a provider's web service (SendGrid, Mailgun, Postmark, Brevo …) by way of django-anymail."""

import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import MIMEPart
from time import monotonic

import requests
from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)
from anymail.message import AnymailMessage
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from urllib3.exceptions import NewConnectionError

from mailing.addresses import is_address
from mailing.wire.outcomes import Envelope, Outcome, Verdict, words

# Anymail's fields carry these; the rest of a message's headers goes along as it is.
_CARRIED = {"from", "to", "subject", "reply-to", "date", "mime-version"}
# The answer is about us, not about this recipient.
_ABOUT_US = re.compile(r"\b(from|sender)\b", re.IGNORECASE)
# So many refusals one after the other are not the recipients' fault.
REFUSALS_IN_A_ROW = 3
_LATER = {408, 425, 429, 501, 503}
_NOT_US = {401, 402, 403, 404, 405, 407}


class AnymailTransport:
    """One provider. Each message is one request, so that each has its own answer."""

    def __init__(self) -> None:
        self._backend: AnymailRequestsBackend | None = None
        self._refusals = 0
        self._can_switch_tracking = True

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """See `Transport`.

        After a message that the provider puts off or leaves in doubt, the rest of the window is not tried, so that
        a provider in trouble, or one that asks us to slow down, costs one message and not a window of them.
        """
        outcomes: list[Outcome] = []
        until = monotonic() + settings.MAILING_LEASE_SECONDS / 2
        trouble: Outcome | None = None
        for envelope in envelopes:
            if trouble is not None:
                outcomes.append(trouble)
                continue
            outcome = self._send_one(envelope)
            outcomes.append(outcome)
            if outcome.verdict not in {Verdict.ACCEPTED, Verdict.FAILED}:
                trouble = Outcome(Verdict.UNREACHABLE, outcome.answer)
            elif monotonic() >= until:
                trouble = Outcome(Verdict.UNREACHABLE, "The provider is too slow.")
        return outcomes

    def ask(self, sender: str) -> str:
        """See `AskableTransport`. Any answer of the web service will do: it takes no message that is not one."""
        try:
            backend = self._open()
            response = backend.session.get(backend.api_url, timeout=backend.timeout)
        except (requests.RequestException, ImproperlyConfigured) as error:
            return words(error)
        return words(f"{response.status_code} {response.reason}") if response.status_code >= 500 else ""

    def close(self) -> None:
        """Ends the kept connection."""
        if self._backend is not None:
            self._backend.close()
        self._backend = None

    def _open(self) -> AnymailRequestsBackend:
        if self._backend is None:
            backend = open_backend()
            backend.open()
            self._backend = backend
        return self._backend

    def _send_one(self, envelope: Envelope) -> Outcome:
        if not is_address(envelope.recipient):
            return Outcome(Verdict.FAILED, "This cannot be an address.")
        try:
            outcome = self._post(as_anymail(envelope))
        except AnymailRecipientsRefused as error:
            outcome = Outcome(Verdict.FAILED, _said(error))
        except AnymailInvalidAddress as error:
            return Outcome(Verdict.FAILED, words(error))
        except requests.RequestException as error:
            outcome = self._judge(error)
        except (AnymailError, ImproperlyConfigured) as error:
            # Raised before anything is sent: a setting is missing or a feature this provider lacks.
            return Outcome(Verdict.UNREACHABLE, words(error))
        if outcome.verdict is Verdict.ACCEPTED:
            self._refusals = 0
        return outcome

    def _post(self, message: AnymailMessage) -> Outcome:
        backend = self._open()
        if self._can_switch_tracking:
            # Nobody's reading is watched, and links lead where they say.
            message.track_opens = message.track_clicks = False
        try:
            backend.send_messages([message])
        except AnymailUnsupportedFeature:
            if not self._can_switch_tracking:
                raise
            self._can_switch_tracking = False
            del message.track_opens, message.track_clicks
            backend.send_messages([message])
        return Outcome(Verdict.ACCEPTED, words(message.anymail_status.message_id or ""))

    def _judge(self, error: requests.RequestException) -> Outcome:
        """What an error says about the message. Anymail's errors are those of `requests` too."""
        status = error.response.status_code if error.response is not None else None
        if status is None:
            never_begun = _never_begun(error.__cause__ or error)
            return Outcome(Verdict.UNREACHABLE if never_begun else Verdict.UNKNOWN, words(error))
        answer = _said(error)
        if status in _LATER:
            return Outcome(Verdict.DEFERRED, answer)
        if status in _NOT_US or 300 <= status < 400:
            return Outcome(Verdict.UNREACHABLE, answer)
        if 400 <= status < 500:
            return self._refused(answer)
        # A gateway that gave up waiting, or an answer nobody can read: the message may be on its way.
        return Outcome(Verdict.UNKNOWN, answer)

    def _refused(self, answer: str) -> Outcome:
        self._refusals += 1
        if _ABOUT_US.search(answer) or self._refusals >= REFUSALS_IN_A_ROW:
            return Outcome(Verdict.UNREACHABLE, answer)
        return Outcome(Verdict.FAILED, answer)


def open_backend() -> AnymailRequestsBackend:
    """Anymail's side of the provider in the settings, which need the provider's keys as well.

    Raises `ImproperlyConfigured` for a provider that we cannot use.
    """
    provider = settings.MAILING_PROVIDER
    try:
        backend = import_string(f"anymail.backends.{provider}.EmailBackend")
    except ImportError as error:
        raise ImproperlyConfigured(f"MAILING_PROVIDER={provider!r}: {error}") from None
    if not issubclass(backend, AnymailRequestsBackend):
        raise ImproperlyConfigured(f"MAILING_PROVIDER={provider!r} has no web service we can use.")
    return backend(timeout=settings.EMAIL_TIMEOUT)


def as_anymail(envelope: Envelope) -> AnymailMessage:
    """A message in bytes as anymail takes it. Our message ID goes along, for the provider's reports."""
    parsed = message_from_bytes(envelope.data, policy=policy.default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    message = AnymailMessage(
        subject=str(parsed["Subject"] or ""),
        body=_text(text),
        from_email=str(parsed["From"]),
        to=[envelope.recipient],
        reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else None,
        headers={
            name: str(value)
            for name, value in parsed.items()
            if name.lower() not in _CARRIED and not name.lower().startswith("content-")
        },
        metadata={"message_id": str(parsed["Message-ID"] or "").strip(" <>")},
    )
    if html is not None:
        message.attach_alternative(_text(html), "text/html")
    for part in parsed.iter_attachments():
        message.attach(part.get_filename() or "", part.get_content(), part.get_content_type())
    return message


def _text(part: MIMEPart | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _never_begun(error: BaseException) -> bool:
    """Whether the request had not been sent when this happened."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError | ValueError):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError) or "CERTIFICATE_VERIFY_FAILED" in str(reason)


def _said(error: requests.RequestException | AnymailError) -> str:
    """The provider's own words, after the number of its answer."""
    response = error.response
    return words(f"{response.status_code} {response.text}") if response is not None else words(error)
