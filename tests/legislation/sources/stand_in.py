"""A server on this machine that answers as the sources' servers do, and misbehaves on command."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from legislation.sources.http import Client


@dataclass(frozen=True)
class Request:
    """What was asked. `query` and `form` hold each name's values."""

    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What to answer. With `half` the connection ends in the middle of the body; with `hang` nothing comes at all."""

    body: bytes | str | dict | list = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    half: bool = False
    hang: bool = False

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


TOO_MANY = Answer({"detail": "exceeded limit of 10/min: 11"}, 429, {"Retry-After": "3"})
DAY_IS_OVER = Answer({"detail": "exceeded limit of 500/day: 501"}, 429)
FAILURE = Answer("<html>Internal Server Error</html>", 500)
HANG = Answer(hang=True)
MAINTENANCE = Answer("<!DOCTYPE html><html>We are back soon.</html>", 200, {"Content-Type": "text/html"})
Route = Callable[[Request], Answer]


class StandIn:
    """`routes`: what to answer by path. `trouble`: answers that come first, one a request, whatever was asked."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.trouble: deque[Answer] = deque()
        self.requests: list[Request] = []
        self.over = Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def serve(self, path: str, answer: Answer | Route | bytes | str | dict | list) -> str:
        """Answers at this path; returns its address."""
        if isinstance(answer, Answer):
            self.routes[path] = lambda request: answer
        elif callable(answer):
            self.routes[path] = answer
        else:
            self.routes[path] = lambda request: Answer(answer)
        return self.address + path

    def misbehave(self, *answers: Answer) -> None:
        self.trouble.extend(answers)

    def _answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if self.trouble:
            return self.trouble.popleft()
        route = self.routes.get(request.path)
        return route(request) if route else Answer({"detail": "Not Found"}, 404)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                answer = stand_in._answer(
                    Request(
                        self.command,
                        parts.path,
                        parse_qs(parts.query, keep_blank_values=True),
                        parse_qs(body),
                        {name.lower(): value for name, value in self.headers.items()},
                    )
                )
                if answer.hang:
                    stand_in.over.wait(10)
                    return
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(answer.content)))
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(
                    answer.content[: len(answer.content) // 2] if answer.half else answer.content
                )

            do_POST = do_GET

            def log_message(self, *words: Any) -> None:
                """Says nothing."""

        return Handler


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """A stand-in that runs for the length of the block."""
    stand_in = StandIn()
    thread = Thread(target=stand_in.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.over.set()
        stand_in.server.shutdown()
        stand_in.server.server_close()
        thread.join()


class Clock:
    """Time that passes only by sleeping. `slept` holds each pause in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def client(self, **options: Any) -> Client:
        """A client on this clock, to hand to a source."""
        return Client(clock=lambda: self.now, sleep=self.sleep, **options)
