"""The card service on this machine: answers with its documented objects, shows a page, and sends signed messages.

Shapes as the Stripe API documents its checkout sessions, refunds and events.
"""

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx

SECRET_KEY, WEBHOOK_SECRET = "sk_test_sample", "whsec_sample"
HANG_SECONDS = 30


@dataclass
class CardService:
    """What it was asked, the pages it opened, and how it behaves: `mood` is ok, hang, broken or strange."""

    address: str = ""
    mood: str = "ok"
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    sessions: dict[str, dict] = field(default_factory=dict)
    by_key: dict[str, dict] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    stopped: threading.Event = field(default_factory=threading.Event)

    def new_session(self, fields: dict[str, str]) -> dict:
        number = f"cs_test_{next(self.numbers):04d}"
        amount = int(fields["line_items[0][price_data][unit_amount]"])
        made = {
            "id": number,
            "object": "checkout.session",
            "amount_subtotal": amount,
            "amount_total": amount,
            "cancel_url": fields["cancel_url"],
            "client_reference_id": fields["client_reference_id"],
            "created": int(time.time()),
            "currency": fields["line_items[0][price_data][currency]"],
            "customer_email": fields["customer_email"],
            "expires_at": int(time.time()) + 24 * 3600,
            "livemode": False,
            "metadata": {"invoice": fields["metadata[invoice]"]},
            "mode": fields["mode"],
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": fields["success_url"],
            "url": f"{self.address}/pay/{number}",
        }
        self.sessions[number] = made
        return made

    def paid(self, number: str) -> dict:
        """The session as it is after somebody paid."""
        made = self.sessions[number]
        made |= {
            "payment_status": "paid",
            "status": "complete",
            "payment_intent": f"pi_{number.removeprefix('cs_')}",
            "url": None,
        }
        return made


def event(kind: str, thing: dict, number: str = "evt_0001") -> dict:
    """A message about a thing."""
    return {
        "id": number,
        "object": "event",
        "api_version": "2026-01-28",
        "created": int(time.time()),
        "data": {"object": thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def charge(
    payment_intent: str, *, amount: int, refunded: int, invoice: str = "", currency: str = "usd"
) -> dict:
    """A payment of which a part was given back."""
    return {
        "id": "ch_0001",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": refunded,
        "currency": currency,
        "livemode": False,
        "metadata": {"invoice": invoice} if invoice else {},
        "paid": True,
        "payment_intent": payment_intent,
        "refunded": refunded == amount,
        "status": "succeeded",
    }


def signature(body: bytes, *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> str:
    """The header with which the service proves that a message is its own."""
    stamp = int(at if at is not None else time.time())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


@contextmanager
def card_service() -> Iterator[CardService]:
    """The service, until the block ends."""
    service = CardService()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    server.daemon_threads = True
    service.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        service.stopped.set()
        server.shutdown()
        server.server_close()


def _handler(service: CardService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            number = self.path.rpartition("/")[2]
            made = service.sessions.get(number)
            if made is None:
                self._answer(404, b"Not found", "text/plain")
                return
            page = (
                '<!doctype html><html lang="en"><head><title>Card service</title></head><body><main><h1>Pay '
                f"${made['amount_total'] / 100:,.2f}</h1>"
                f'<form method="post" action="/pay/{number}"><button>Pay now</button></form></main></body></html>'
            )
            self._answer(200, page.encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if self.path.startswith("/pay/"):
                self._pay(self.path.rpartition("/")[2])
                return
            fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            key = self.headers.get("Idempotency-Key", "")
            service.asked.append((self.path, fields, key))
            if service.mood == "hang":
                service.stopped.wait(HANG_SECONDS)
                return
            if service.mood == "broken":
                self._json(500, {"error": {"type": "api_error", "message": "Something went wrong."}})
            elif service.mood == "strange":
                self._json(
                    200, {"id": "cs_strange", "object": "checkout.session", "url": "http://evil.example/"}
                )
            elif self.headers.get("Authorization", "") != f"Bearer {SECRET_KEY}":
                self._json(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}})
            else:
                self._api(fields, key)

        def _api(self, fields: dict[str, str], key: str) -> None:
            if self.path == "/v1/checkout/sessions":
                made = service.by_key.setdefault(key, {}) or service.new_session(fields)
                service.by_key[key] = made
                self._json(200, made)
            elif self.path.endswith("/expire"):
                self._expire(self.path.split("/")[-2])
            elif self.path == "/v1/refunds":
                amount = int(fields["amount"])
                made = {"id": f"re_{next(service.numbers)}", "object": "refund", "amount": amount}
                self._json(200, made | {"payment_intent": fields["payment_intent"], "status": "succeeded"})
            else:
                self._json(404, {"error": {"type": "invalid_request_error", "message": "Unrecognized URL"}})

        def _expire(self, number: str) -> None:
            made = service.sessions[number]
            if made["status"] != "open":
                said = 'Only Checkout Sessions with a status in ["open"] can be expired.'
                self._json(400, {"error": {"type": "invalid_request_error", "message": said}})
                return
            made["status"] = "expired"
            self._json(200, made)

        def _pay(self, number: str) -> None:
            """Somebody paid on the page: the message goes out first, then they are led back."""
            made = service.paid(number)
            back = urlsplit(made["success_url"])
            body = json.dumps(event("checkout.session.completed", made, f"evt_{number}")).encode()
            told = f"{back.scheme}://{back.netloc}/card-service/messages/"
            httpx.post(told, content=body, headers={"Stripe-Signature": signature(body)}, timeout=20)
            self.send_response(303)
            self.send_header("Location", made["success_url"])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _json(self, status: int, answer: dict) -> None:
            self._answer(status, json.dumps(answer).encode(), "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
