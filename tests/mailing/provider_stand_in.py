"""Providers' web services as they document their answers, on this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUT, HANG = "CUT", "HANG"


@dataclass(frozen=True)
class Provider:
    """How one provider is configured, and what it answers: the number and the text of the answer."""

    name: str
    keys: dict[str, str]
    accepted: tuple[int, str]
    bad_recipient: tuple[int, str]
    bad_key: tuple[int, str]
    bad_sender: tuple[int, str]


PROVIDERS = [
    Provider(
        "postmark",
        {"POSTMARK_SERVER_TOKEN": "key"},
        (200, '{"To": "%s", "MessageID": "b7bc2f4a", "ErrorCode": 0, "Message": "OK"}'),
        (
            422,
            '{"ErrorCode": 406, "Message": "You tried to send to a recipient that has been marked as inactive.\\n'
            "Found inactive addresses: %s.\\nInactive recipients are ones that have generated a hard bounce or a "
            'spam complaint. "}',
        ),
        (401, '{"ErrorCode": 10, "Message": "The Server Token you provided is not valid."}'),
        (
            422,
            '{"ErrorCode": 400, "Message": "The \'From\' address you supplied is not a Sender Signature."}',
        ),
    ),
    Provider(
        "sendgrid",
        {"SENDGRID_API_KEY": "key"},
        (202, ""),
        (
            400,
            '{"errors": [{"message": "Does not contain a valid address.", "field": "personalizations.0.to.0.email", '
            '"help": "http://sendgrid.com/docs/errors.html#message.personalizations.to"}]}',
        ),
        (401, '{"errors": [{"message": "The provided authorization grant is invalid", "field": null}]}'),
        (403, '{"errors": [{"message": "The from address does not match a verified Sender Identity."}]}'),
    ),
    Provider(
        "mailgun",
        {"MAILGUN_API_KEY": "key", "MAILGUN_SENDER_DOMAIN": "coalition.example"},
        (200, '{"id": "<20260305@coalition.example>", "message": "Queued. Thank you."}'),
        (400, '{"message": "to parameter is not a valid address. please check documentation"}'),
        (401, "Forbidden"),
        (404, '{"message": "Domain not found: coalition.example"}'),
    ),
    Provider(
        "brevo",
        {"BREVO_API_KEY": "key"},
        (201, '{"messageId": "<20260305@smtp-relay.example>"}'),
        (400, '{"code": "invalid_parameter", "message": "email is not valid in to"}'),
        (401, '{"code": "unauthorized", "message": "Key not found"}'),
        (
            400,
            '{"code": "invalid_parameter", "message": "Sending has been rejected: the sender is not valid"}',
        ),
    ),
]


@dataclass
class StandIn:
    """The service: what it answers, one item per request of which the last stays, and what it was sent."""

    provider: Provider
    answers: list[tuple[int, str] | str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    url: str = ""

    def next_answer(self) -> tuple[int, str] | str:
        if not self.answers:
            return self.provider.accepted
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def provider_stand_in(settings, provider: Provider) -> Iterator[StandIn]:
    """The service, with the settings that lead to it."""
    service = StandIn(provider)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            service.bodies.append(body)
            answer = service.next_answer()
            if answer == HANG:
                self.rfile.read(1)  # Until the caller gives up.
            if isinstance(answer, str):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                self.reply(*answer, recipient=_recipient(body))

        def do_GET(self) -> None:
            answer = service.next_answer()
            self.reply(*(answer if isinstance(answer, tuple) else (404, "")), recipient="")

        def reply(self, status: int, text: str, *, recipient: str) -> None:
            data = text.replace("%s", recipient).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}/"
    settings.MAILING_PROVIDER = provider.name
    settings.ANYMAIL = provider.keys | {f"{provider.name.upper()}_API_URL": service.url}
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _recipient(body: str) -> str:
    """Whom a request is for; only one of the providers repeats it in its answer."""
    return json.loads(body).get("To", "") if body.startswith("{") else ""
