"""An SMTP server that takes everything and writes down who got what, for fault runs.

Each message is one line `<recipient> <message ID>` in a file, written before the sender is told "250": what a
sender believes to be accepted is always in the file.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from collections import Counter
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.embedded import ports
from portal.embedded.processes import Child


class _Recorder:
    def __init__(self, record: Path, delay: float) -> None:
        self.file = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.delay = delay

    # aiosmtpd finds this method by its name.
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One line per recipient, then the answer, after as long as a real server might think."""
        identifier = BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]
        lines = "".join(f"{recipient} {identifier}\n" for recipient in envelope.rcpt_tos)
        os.write(self.file, lines.encode())
        await asyncio.sleep(self.delay)
        return "250 2.0.0 written down"


class Sink:
    """The server as a process of its own; `record` is its file."""

    def __init__(self, folder: Path, *, delay: float = 0.0) -> None:
        self.record = folder / "sink.txt"
        self.record.touch()
        self.port = ports.any_free()
        options = ["--port", str(self.port), "--record", str(self.record), "--delay", str(delay)]
        self.child = Child(
            name="sink",
            argv=(sys.executable, "-m", "bench.sink", *options),
            log=folder / "sink.log",
            cwd=Path(__file__).resolve().parents[1],
        )

    def __enter__(self) -> "Sink":
        self.child.start()
        give_up = time.monotonic() + 20
        while ports.is_free(self.port):
            if time.monotonic() > give_up or self.child.ended() is not None:
                raise SystemExit(f"The sink did not start:\n{self.child.last_lines()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_error: object) -> None:
        self.child.end(grace=3.0)

    def received(self) -> int:
        """How many messages came so far."""
        return self.record.read_bytes().count(b"\n")

    def per_address(self) -> Counter[str]:
        """How many messages each address got."""
        return Counter(line.split(" ")[0] for line in self.record.read_text().splitlines())


async def _serve(port: int, record: Path, delay: float) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    recorder = _Recorder(record, delay)
    server = await loop.create_server(lambda: SMTP(recorder, hostname="localhost"), ports.LOOPBACK, port)
    async with server:
        await ended.wait()


def main() -> None:
    """`python -m bench.sink --port N --record FILE [--delay SECONDS]`."""
    parser = argparse.ArgumentParser(prog="python -m bench.sink")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    asyncio.run(_serve(options.port, options.record, options.delay))


if __name__ == "__main__":
    main()
