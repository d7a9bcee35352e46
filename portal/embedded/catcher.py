"""The embedded mail catcher: an SMTP server that keeps every message as a file and delivers none.

Each message is one `<id>.eml` in the mailbox directory, where the id is the nanosecond of its arrival
(19 digits, so names sort by time). Two header lines on top say who it was for on the wire.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import smtplib
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.embedded import ports
from portal.embedded.processes import Child, StartFailed

FROM_HEADER = "X-Envelope-From"
TO_HEADER = "X-Envelope-To"
SIZE_LIMIT = 32 * 1024 * 1024

log = logging.getLogger(__name__)


class MailboxHandler:
    """Takes each message off aiosmtpd and writes it to the mailbox, whole or not at all."""

    def __init__(self, mailbox: Path) -> None:
        self.mailbox = mailbox
        self._latest = 0

    def _next_id(self) -> str:
        """Later than every id given before, even when the clock is set back."""
        self._latest = max(self._latest + 1, time.time_ns())
        return f"{self._latest:019d}"

    # aiosmtpd finds this method by its name.
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store one message; a full disk is the sender's reason to try again later, not a loss."""
        message_id = self._next_id()
        head = (
            f"{FROM_HEADER}: <{envelope.mail_from or ''}>\r\n{TO_HEADER}: {', '.join(envelope.rcpt_tos)}\r\n"
        )
        content = envelope.original_content or b""
        temporary = self.mailbox / f".{message_id}.part"
        try:
            temporary.write_bytes(head.encode("utf-8") + content)
            temporary.rename(self.mailbox / f"{message_id}.eml")
        except OSError as error:
            log.error("Message %s was not stored: %s", message_id, error)
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            return "452 4.3.1 The mailbox directory cannot be written"
        return f"250 2.0.0 Kept as {message_id}"


class EmbeddedCatcher:
    """The catcher as a process of its own, for `make run`, tests and benchmarks."""

    def __init__(
        self, mailbox: Path, *, log: Path, port: int | None = None, pid_file: Path | None = None
    ) -> None:
        self.mailbox = mailbox
        self.port = port or ports.any_free()
        self.child = Child(
            name="catcher",
            argv=(
                *(sys.executable, "-m", "portal.embedded.catcher"),
                *("--port", str(self.port), "--mailbox", str(mailbox)),
            ),
            log=log,
            cwd=Path(__file__).resolve().parents[2],
            pid_file=pid_file,
        )

    def start(self, *, timeout: float = 20.0) -> None:
        """Start it and wait for its greeting."""
        self.mailbox.mkdir(parents=True, exist_ok=True)
        self.child.start()
        give_up = time.monotonic() + timeout
        while time.monotonic() < give_up and self.child.ended() is None:
            with (
                contextlib.suppress(OSError, smtplib.SMTPException),
                smtplib.SMTP(ports.LOOPBACK, self.port, timeout=2),
            ):
                return
            time.sleep(0.05)
        self.child.end(grace=1.0)
        raise StartFailed(f"The mail catcher did not start. Its log ends:\n{self.child.last_lines()}")

    def stop(self) -> None:
        """End it; a message that is being written is finished first."""
        self.child.end(grace=3.0)


async def serve(mailbox: Path, port: int) -> None:
    """Listen until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    handler = MailboxHandler(mailbox)
    server = await loop.create_server(
        lambda: SMTP(
            handler, enable_SMTPUTF8=True, data_size_limit=SIZE_LIMIT, ident="catcher", hostname="localhost"
        ),
        ports.LOOPBACK,
        port,
        reuse_address=True,
        backlog=256,
    )
    async with server:
        await ended.wait()


def sweep_parts(mailbox: Path) -> None:
    """Delete what a killed catcher had half written; its sender was never told "250" for it."""
    for part in mailbox.glob(".*.part"):
        part.unlink(missing_ok=True)


def main() -> None:
    """`python -m portal.embedded.catcher --port N --mailbox DIR`."""
    parser = argparse.ArgumentParser(prog="python -m portal.embedded.catcher")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mailbox", type=Path, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # aiosmtpd logs every session at this name; hundreds a second help nobody.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    options.mailbox.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)
    sweep_parts(options.mailbox)
    asyncio.run(serve(options.mailbox, options.port))


if __name__ == "__main__":
    main()
