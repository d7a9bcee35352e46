"""A geocoder on this machine that answers as the Census Bureau's does, or fails as it may."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def match(address: str, lat: float, lng: float) -> dict:
    """One match in the form of the Census Bureau."""
    return {
        "tigerLine": {"side": "L", "tigerLineId": "1"},
        "coordinates": {"x": lng, "y": lat},
        "addressComponents": {"state": "IL"},
        "matchedAddress": address,
    }


def answer(*matches: dict) -> bytes:
    return json.dumps({"result": {"input": {}, "addressMatches": list(matches)}}).encode()


class FakeGeocoder:
    """`answers` are given in order, the last one again and again: bytes, a status, or `None` for no answer at all."""

    def __init__(self) -> None:
        self.answers: list[bytes | int | None] = [answer()]
        self.asked: list[dict[str, list[str]]] = []
        self.url = ""
        self.released = threading.Event()


@contextmanager
def fake_geocoder() -> Iterator[FakeGeocoder]:
    fake = FakeGeocoder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.asked.append(parse_qs(urlsplit(self.path).query))
            reply = fake.answers.pop(0) if len(fake.answers) > 1 else fake.answers[0]
            if reply is None:
                fake.released.wait(30)
                return
            self.send_response(reply if isinstance(reply, int) else 200)
            self.end_headers()
            if isinstance(reply, bytes):
                self.wfile.write(reply)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}/geocoder/locations/onelineaddress"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
