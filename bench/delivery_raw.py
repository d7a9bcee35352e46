"""The limits: bytes that lie ready, given to the sink by several processes, with smtplib and pipelined by hand."""

import multiprocessing
import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import make_msgid

from bench import alert
from portal.embedded.ports import LOOPBACK

# So many messages lie ready in each process; they are sent in turn.
READY = 400

Prepared = list[tuple[str, bytes]]
_FORK = multiprocessing.get_context("fork")


def rendered(number: int) -> tuple[str, bytes]:
    """The address and the whole message, as Django's own classes build it."""
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives

    if not settings.configured:
        settings.configure()
    address, slots = alert.person(number)
    message = EmailMultiAlternatives(
        alert.filled(alert.SUBJECT, slots),
        alert.filled(alert.text(), slots),
        alert.FROM,
        [address],
        headers={"Message-ID": make_msgid(domain="portal.example")},
    )
    message.attach_alternative(alert.filled(alert.html(), slots), "text/html")
    return address, message.message().as_bytes(linesep="\r\n")


def by_smtplib(port: int, prepared: Prepared, number: int) -> None:
    """One connection, `sendmail` for each message."""
    with smtplib.SMTP(LOOPBACK, port, local_hostname="bench") as smtp:
        for turn in range(number):
            address, data = prepared[turn % len(prepared)]
            smtp.sendmail(alert.SENDER, [address], data)


def pipelined(port: int, prepared: Prepared, number: int) -> None:
    """One connection; a message's three commands in one write (RFC 2920), then its data: two round trips each."""
    with _greeted(port) as wire:
        ready = _ready(prepared)
        for turn in range(number):
            opening, message = ready[turn % len(ready)]
            wire.sendall(opening)
            _replies(wire, 3)
            wire.sendall(message)
            _replies(wire, 1)


def across_messages(port: int, prepared: Prepared, number: int) -> None:
    """One connection; a message's end goes out together with the next one's commands: one round trip each."""
    with _greeted(port) as wire:
        ready, data = _ready(prepared), b""
        for turn in range(number):
            opening, message = ready[turn % len(ready)]
            wire.sendall(data + opening)
            _replies(wire, 4 if data else 3)
            data = message
        wire.sendall(data)
        _replies(wire, 1)


def _ready(prepared: Prepared) -> list[tuple[bytes, bytes]]:
    """Commands and data of each message as they are written."""
    commands = "MAIL FROM:<{}>\r\nRCPT TO:<{}>\r\nDATA\r\n"
    return [
        (commands.format(alert.SENDER, address).encode(), data.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        for address, data in prepared
    ]


@contextmanager
def _greeted(port: int) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _replies(wire, 1)
        wire.sendall(b"EHLO bench\r\n")
        _hello(wire)
        yield wire
        wire.sendall(b"QUIT\r\n")


def _hello(wire: socket.socket) -> None:
    answer = b""
    while b"\r\n250 " not in answer or not answer.endswith(b"\r\n"):
        answer += _read(wire)
    if b"PIPELINING" not in answer:
        raise SystemExit("The sink offers no pipelining.")


def _replies(wire: socket.socket, number: int) -> None:
    """So many replies of one line each, none of which may refuse."""
    answer = _read(wire)
    while answer.count(b"\n") < number:
        answer += _read(wire)
    if answer[:1] not in b"23":
        raise SystemExit(f"The sink refused: {answer!r}")


def _read(wire: socket.socket) -> bytes:
    answer = wire.recv(4096)
    if not answer:
        raise SystemExit("The sink ended the connection.")
    return answer


def rate(send: Callable[[int, Prepared, int], None], port: int, *, messages: int, processes: int) -> float:
    """Messages per second of so many processes together; what is prepared before is not counted."""
    each = messages // processes
    start = _FORK.Barrier(processes + 1)

    def work(process: int) -> None:
        prepared = [rendered(process * READY + turn) for turn in range(min(READY, each))]
        start.wait(60)
        send(port, prepared, each)

    children = [_FORK.Process(target=work, args=(number,)) for number in range(processes)]
    for child in children:
        child.start()
    start.wait(60)
    began = time.perf_counter()
    for child in children:
        child.join()
    seconds = time.perf_counter() - began
    if any(child.exitcode for child in children):
        raise SystemExit("A raw sender failed; see above.")
    return each * processes / seconds
