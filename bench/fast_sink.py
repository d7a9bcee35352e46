"""An SMTP server that takes everything at the least cost, for senders that share two cores with it.

Plain blocking sockets and one process for each connection: one read and one answer for each round trip, nothing is
parsed beyond the first letters of a command, the recipient, and the end of a message. It offers PIPELINING and
CHUNKING, as Postfix and Exim do. How many messages came stands in a file that every process maps into its memory. On
request it also writes down who got one and when, before it answers: for all, or for addresses with a certain ending.
"""

import argparse
import mmap
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import ports
from portal.embedded.processes import Child

# Two counters (messages, bytes) of eight bytes for each connection; after so many they are shared out again.
SLOTS = 4096
READ = 32_768
END = b"\r\n.\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-CHUNKING\r\n250 SIZE 33554432\r\n"
NO_CHUNKS = HELLO.replace(b"250-CHUNKING\r\n", b"")


@dataclass(frozen=True)
class Arrival:
    """One message of those that are written down, and when its last byte had come (seconds since 1970)."""

    recipient: str
    at: float


class FastSink:
    """The server as a process of its own. Messages to addresses that end in `keep` are written down with their time.

    Nothing is written down with an empty `keep`; "." and the last letters of a domain are one for all of its addresses.
    """

    def __init__(self, folder: Path, *, keep: str = "", chunking: bool = True) -> None:
        self.folder, self.port = folder, ports.any_free()
        self.counts, self.kept = folder / "sink.counts", folder / "sink.kept"
        self.counts.write_bytes(bytes(2 * 8 * SLOTS))
        self.kept.touch()
        options = ["--port", str(self.port), "--folder", str(folder), "--keep", keep]
        if not chunking:
            options.append("--no-chunking")
        self.child = Child(
            name="sink",
            argv=(sys.executable, "-m", "bench.fast_sink", *options),
            log=folder / "sink.log",
            cwd=Path(__file__).resolve().parents[1],
        )

    def __enter__(self) -> "FastSink":
        self.child.start()
        wait_for(self.child, self.port)
        return self

    def __exit__(self, *_error: object) -> None:
        self.child.kill()

    def received(self) -> int:
        """How many messages came so far."""
        return sum(memoryview(self.counts.read_bytes()).cast("Q")[::2])

    def bytes_received(self) -> int:
        """How many bytes the messages had, dots and all."""
        return sum(memoryview(self.counts.read_bytes()).cast("Q")[1::2])

    def arrivals(self) -> list[Arrival]:
        """What was written down so far."""
        lines = (line.split(" ") for line in self.kept.read_text().splitlines())
        return [Arrival(recipient, float(at)) for recipient, at in lines]


def wait_for(child: Child, port: int) -> None:
    """Until the server listens there."""
    give_up = time.monotonic() + 20
    while ports.is_free(port):
        if time.monotonic() > give_up or child.ended() is not None:
            raise SystemExit(f"The sink did not start:\n{child.last_lines()}")
        time.sleep(0.02)


class _Connection:
    """One sender, from its greeting to its end."""

    def __init__(
        self, wire: socket.socket, hello: bytes, counted: tuple[memoryview, int], kept: tuple[bytes, int]
    ) -> None:
        self.wire, self.hello = wire, hello
        self.counts, self.slot = counted
        self.keep, self.kept = kept
        self.recipient = b""
        self.in_data = False
        # The bytes of a message that comes as a chunk.
        self.chunk = 0

    def serve(self) -> None:
        """Answers until the sender has gone."""
        read, send = self.wire.recv, self.wire.sendall
        send(b"220 sink\r\n")
        rest, searched = b"", 0
        while chunk := read(READ):
            rest = rest + chunk if rest else chunk
            answers: list[bytes] = []
            at = 0
            while True:
                if self.chunk:
                    if len(rest) - at < self.chunk:
                        break
                    at += self.chunk
                    answers.append(self._taken(self.chunk))
                elif self.in_data:
                    end = rest.find(END, max(at, searched - len(END)))
                    if end < 0:
                        break
                    answers.append(self._taken(end + len(END) - at))
                    at = searched = end + len(END)
                else:
                    end = rest.find(b"\r\n", at)
                    if end < 0:
                        break
                    answer = self._command(rest, at, end)
                    at = end + 2
                    if answer is None:
                        return
                    answers.append(answer)
            rest = rest[at:]
            searched = len(rest)
            if answers:
                send(b"".join(answers))

    def _command(self, line: bytes, at: int, end: int) -> bytes | None:
        """The answer to one line: an empty one while a chunk is to come, None to QUIT."""
        verb = line[at : at + 4].upper()
        if verb == b"DATA":
            self.in_data = True
            return b"354 go on\r\n"
        if verb == b"RCPT" and self.keep:
            self.recipient = line[line.index(b"<", at) + 1 : line.index(b">", at)]
        if verb == b"BDAT":
            self.chunk = int(line[at + 5 : end].split()[0])
            return b""
        if verb == b"EHLO":
            return self.hello
        return None if verb == b"QUIT" else b"250 ok\r\n"

    def _taken(self, length: int) -> bytes:
        self.in_data, self.chunk = False, 0
        self.counts[self.slot] += 1
        self.counts[self.slot + 1] += length
        if self.keep and self.recipient.endswith(self.keep):
            os.write(self.kept, b"%s %.6f\n" % (self.recipient, time.time()))
        return b"250 taken\r\n"


def serve(port: int, folder: Path, keep: str, hello: bytes) -> None:
    """Takes connections for good; each is served by a child of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # The kernel collects ended children.
    with (folder / "sink.counts").open("r+b") as file:
        counts = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
    kept = os.open(folder / "sink.kept", os.O_WRONLY | os.O_APPEND)
    server = socket.create_server((ports.LOOPBACK, port), backlog=128)
    number = 0
    while True:
        wire, _address = server.accept()
        number += 1
        if os.fork():
            wire.close()
            continue
        try:
            server.close()
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Connection(wire, hello, (counts, 2 * (number % SLOTS)), (keep.encode(), kept)).serve()
        except ConnectionError:
            pass  # The sender went without a word.
        finally:
            os._exit(0)


def main() -> None:
    """`python -m bench.fast_sink --port N --folder FOLDER [--keep SUFFIX] [--no-chunking]`."""
    parser = argparse.ArgumentParser(prog="python -m bench.fast_sink")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--keep", default="", help="write down messages to addresses with this ending")
    parser.add_argument("--no-chunking", dest="hello", action="store_const", const=NO_CHUNKS, default=HELLO)
    options = parser.parse_args()
    serve(options.port, options.folder, options.keep, options.hello)


if __name__ == "__main__":
    main()
