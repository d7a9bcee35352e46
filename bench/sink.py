"""An SMTP server that writes down who got what and misbehaves on command, for fault runs.

Each message is one line `<recipient> <message ID>` in a file, written before the sender is told "250": what a
sender believes to be accepted is always in the file. Orders (`Sink.order`) stand in a second file, which the server
reads again whenever it has changed.
"""

import argparse
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from bench.fast_sink import HELLO, NO_CHUNKS, wait_for
from portal.embedded import ports
from portal.embedded.processes import Child

NOBODY = b"503 5.5.1 no recipients"
_AT_THE_END = ("dot", "cut before the dot", "cut after the dot")
_IN_CHUNKS = ("cut before the chunk", "cut after the chunk")
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r\n[ \t]+)?(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Order:
    """What to do with recipients whose whole address matches `who`, `times` times in all (None: always).

    `at` "rcpt" or "dot": answer with `answer` there. "cut before the dot" and "cut after the dot" end the connection
    without a word, the second after the message is written down. `wait` seconds pass before the answer in any case.
    The dot stands for the end of a message, also of one that comes as a chunk; "cut before the chunk" and "cut after
    the chunk" are obeyed for chunks alone.
    """

    who: str
    at: str
    answer: str = ""
    times: int | None = None
    wait: float = 0.0


class Sink:
    """The server as a process of its own; `record` is its file."""

    def __init__(
        self, folder: Path, *, delay: float = 0.0, pipelining: bool = True, chunking: bool = True
    ) -> None:
        self.record, self.orders = folder / "sink.txt", folder / "sink.orders"
        self.cut_lines = folder / "sink.cuts"
        self.record.touch()
        self.cut_lines.touch()
        self.orders.write_text("[]")
        self.port = ports.any_free()
        options = ["--port", str(self.port), "--folder", str(folder), "--delay", str(delay)]
        if not pipelining:
            options.append("--no-pipelining")
        if not chunking:
            options.append("--no-chunking")
        self.child = Child(
            name="sink",
            argv=(sys.executable, "-m", "bench.sink", *options),
            log=folder / "sink.log",
            cwd=Path(__file__).resolve().parents[1],
        )

    def __enter__(self) -> "Sink":
        self.up()
        return self

    def __exit__(self, *_error: object) -> None:
        self.down()

    def up(self) -> None:
        """Listens, at the same port as ever."""
        self.child.start()
        wait_for(self.child, self.port)

    def down(self) -> None:
        """Gone: every connection ends and no new one is taken."""
        self.child.kill()

    def order(self, *orders: Order) -> None:
        """From now on these, and no others; none at all: well-behaved."""
        new = self.orders.with_suffix(".new")
        new.write_text(json.dumps([asdict(order) for order in orders]))
        new.replace(self.orders)

    def received(self) -> int:
        """How many messages came so far."""
        return self.record.read_bytes().count(b"\n")

    def cuts(self) -> int:
        """How many connections it ended without a word."""
        return self.cut_lines.read_bytes().count(b"\n")

    def messages(self) -> list[tuple[str, str]]:
        """Recipient and message ID of every message, in the order of arrival."""
        lines = [line.partition(" ") for line in self.record.read_text().splitlines()]
        return [(recipient, identifier) for recipient, _space, identifier in lines]

    def addresses(self) -> list[str]:
        """Who got a message, in the order of arrival."""
        return [recipient for recipient, _identifier in self.messages()]

    def per_address(self) -> Counter[str]:
        """How many messages each address got."""
        return Counter(self.addresses())


class _Orders:
    """The orders as they stand now, with how often each was obeyed."""

    def __init__(self, path: Path) -> None:
        self.path, self.stamp = path, (0, 0)
        self.orders: list[Order] = []
        self.obeyed: Counter[int] = Counter()
        self.lock = threading.Lock()

    def for_address(self, address: str, *places: str) -> Order | None:
        """The first order for this recipient at one of these places; it counts as obeyed."""
        with self.lock:
            found = self.path.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp != self.stamp:
                self.stamp, self.obeyed = stamp, Counter()
                self.orders = [Order(**order) for order in json.loads(self.path.read_text())]
            for number, order in enumerate(self.orders):
                spent = order.times is not None and self.obeyed[number] >= order.times
                if order.at in places and not spent and re.fullmatch(order.who, address):
                    self.obeyed[number] += 1
                    return order
        return None


class _Cut(Exception):
    """The connection is to end now, without a word."""


class _Server:
    """Takes connections, a thread each: fault runs have few."""

    def __init__(self, folder: Path, *, delay: float, hello: bytes) -> None:
        self.record = _appended(folder / "sink.txt")
        self.cuts = _appended(folder / "sink.cuts")
        self.orders = _Orders(folder / "sink.orders")
        self.delay = delay
        self.hello = hello

    def serve(self, port: int) -> None:
        """For good."""
        server = socket.create_server((ports.LOOPBACK, port), backlog=128)
        while True:
            wire, _address = server.accept()
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._connection, args=(wire,), daemon=True).start()

    def _connection(self, wire: socket.socket) -> None:
        try:
            with wire, wire.makefile("rb") as lines:
                wire.sendall(b"220 sink\r\n")
                self._talk(wire, lines)
        except _Cut:
            os.write(self.cuts, b"cut\n")
        except ConnectionError:
            pass

    def _talk(self, wire: socket.socket, lines: BinaryIO) -> None:
        recipients: list[str] = []
        while line := lines.readline():
            verb = line[:4].upper()
            answer = b"250 ok"
            if verb == b"EHLO":
                wire.sendall(self.hello)
                continue
            if verb == b"RCPT":
                answer = self._recipient(line, recipients)
            elif verb == b"DATA":
                answer = self._data(wire, lines, recipients) if recipients else NOBODY
            elif verb == b"BDAT":
                answer = self._chunk(lines, int(line.split()[1]), recipients)
            elif verb == b"QUIT":
                answer = b"221 bye"
            if verb in {b"MAIL", b"RSET", b"DATA", b"BDAT"}:
                recipients = []
            wire.sendall(answer + b"\r\n")
            if verb == b"QUIT" or answer.startswith(b"421"):
                return

    def _recipient(self, line: bytes, recipients: list[str]) -> bytes:
        address = line[line.index(b"<") + 1 : line.index(b">")].decode()
        order = self.orders.for_address(address, "rcpt")
        if order is None:
            recipients.append(address)
            return b"250 ok"
        time.sleep(order.wait)
        return order.answer.encode()

    def _data(self, wire: socket.socket, lines: BinaryIO, recipients: list[str]) -> bytes:
        order = self._order(recipients)
        wire.sendall(b"354 go on\r\n")
        message = []
        while (line := lines.readline()) != b".\r\n":
            message.append(line)
            if not line:
                raise ConnectionError
            if order and order.at == "cut before the dot":
                raise _Cut
        return self._taken(b"".join(message), recipients, order)

    def _chunk(self, lines: BinaryIO, size: int, recipients: list[str]) -> bytes:
        order = self._order(recipients, *_IN_CHUNKS) if recipients else None
        if order and order.at.startswith("cut before"):
            raise _Cut
        message = lines.read(size)
        if len(message) < size:
            raise ConnectionError
        return self._taken(message, recipients, order) if recipients else NOBODY

    def _order(self, recipients: list[str], *places: str) -> Order | None:
        return self.orders.for_address(recipients[0], *_AT_THE_END, *places)

    def _taken(self, message: bytes, recipients: list[str], order: Order | None) -> bytes:
        time.sleep(order.wait if order else self.delay)
        if order and order.at == "dot" and order.answer:
            return order.answer.encode()
        found = _MESSAGE_ID.search(message)
        identifier = found.group(1).decode() if found else "-"
        os.write(self.record, "".join(f"{to} {identifier}\n" for to in recipients).encode())
        if order and order.at.startswith("cut after"):
            raise _Cut
        return b"250 2.0.0 written down"


def _appended(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def main() -> None:
    """`python -m bench.sink --port N --folder FOLDER [--delay SECONDS] [--no-pipelining] [--no-chunking]`."""
    parser = argparse.ArgumentParser(prog="python -m bench.sink")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds it thinks about each message")
    parser.add_argument("--no-pipelining", dest="pipelining", action="store_false")
    parser.add_argument("--no-chunking", dest="chunking", action="store_false")
    options = parser.parse_args()
    hello = HELLO if options.chunking and options.pipelining else NO_CHUNKS
    if not options.pipelining:
        hello = hello.replace(b"250-PIPELINING\r\n", b"")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _Server(options.folder, delay=options.delay, hello=hello).serve(options.port)


if __name__ == "__main__":
    main()
