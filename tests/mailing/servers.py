"""SMTP servers that do as a script says, to see what the sender makes of it."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CUT = "CUT"
HANG = "HANG"
_RESET_ON_CLOSE = b"\x01\x00\x00\x00\x00\x00\x00\x00"


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers each command from `answers` (by verb; DOT is the end of the data), else as a willing server would.

    An answer may be a list, one item per use, of which the last stays. `CUT` closes the connection instead, `HANG`
    says nothing more on it. With `pipelining` it offers that; `forgetful` loses what came together with a command
    it answers; `careless` asks for the data although it took no recipient; `in_pieces` writes byte by byte. With
    `chunking` it offers that too, and pipelining; BDAT is answered once its bytes have come.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self,
        answers: dict[str, str | list[str]],
        *,
        pipelining: bool = False,
        forgetful: bool = False,
        careless: bool = False,
        in_pieces: bool = False,
        chunking: bool = False,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers = answers
        self.offers = ["PIPELINING"] * (pipelining or chunking) + ["CHUNKING"] * chunking
        self.forgetful = forgetful
        self.careless, self.in_pieces = careless, in_pieces
        self.commands: list[str] = []
        self.messages: list[bytes] = []
        self.recipients: list[str] = []
        # What the server read in one go.
        self.reads: list[bytes] = []
        self.connections = 0
        self.open: set[socket.socket] = set()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def verbs(self) -> list[str]:
        """What was asked, in order, without its parameters."""
        return [command.split(" ")[0].split(":")[0].upper() for command in self.commands]

    def hang_up(self) -> None:
        """Ends all open connections, as a server does with idle ones."""
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def answer(self, verb: str, default: str) -> str:
        scripted = self.answers.get(verb, default)
        if isinstance(scripted, list):
            return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        return scripted


class _Conversation(socketserver.BaseRequestHandler):
    server: ScriptedServer
    request: socket.socket

    def setup(self) -> None:
        self.server.connections += 1
        self.server.open.add(self.request)
        self.rest = b""
        self.recipient = ""
        self.sender_taken = False

    def finish(self) -> None:
        self.server.open.discard(self.request)

    def handle(self) -> None:
        with suppress(ConnectionError):
            if self.say("CONNECT", "220 scripted"):
                while self.one_command():
                    pass

    def one_command(self) -> bool:
        line = self.line()
        if not line:
            return False
        command = line.decode("latin-1").strip()
        verb = command.split(" ")[0].upper().split(":")[0]
        self.server.commands.append(command)
        if self.server.forgetful:
            self.rest = b""
        if verb == "BDAT":
            return self.read_chunk(int(command.split()[1]))
        if not self.say(verb, self.default(verb)) or verb == "QUIT":
            return False
        if verb == "RCPT" and self.last.startswith("2"):
            self.recipient = command.partition("<")[2].partition(">")[0]
        if verb in {"MAIL", "RSET"}:
            self.recipient = ""
            self.sender_taken = verb == "MAIL" and self.last.startswith("2")
        return verb != "DATA" or not self.last.startswith("354") or self.read_data()

    def default(self, verb: str) -> str:
        if verb == "EHLO":
            *more, last = ["scripted", *self.server.offers]
            return "".join(f"250-{line}\r\n" for line in more) + f"250 {last}"
        if verb == "DATA" and not self.recipient and not self.server.careless:
            return "503 nobody to send it to"
        return {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")

    def read_data(self) -> bool:
        if self.server.answers.get("BODY") == CUT:
            # Reads a little of the message, then the line is dead.
            self.line()
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            return False
        data = b""
        while (line := self.line()) != b".\r\n":
            if not line:
                return False
            data += line[1:] if line.startswith(b".") else line
        if self.recipient:
            self.server.messages.append(data)
            self.server.recipients.append(self.recipient)
        self.recipient = ""
        return self.say("DOT", "250 queued")

    def read_chunk(self, size: int) -> bool:
        if self.server.answers.get("BODY") == CUT:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            return False
        while len(self.rest) < size:
            if not self.receive():
                return False
        data, self.rest = self.rest[:size], self.rest[size:]
        if not (self.sender_taken and self.recipient):
            return self.say("NOBODY", "503 nobody to send it to")
        self.server.messages.append(data)
        self.server.recipients.append(self.recipient)
        self.recipient = ""
        return self.say("BDAT", "250 queued")

    def receive(self) -> bool:
        """More bytes; False when the sender is gone."""
        chunk = self.request.recv(65536)
        if chunk:
            self.server.reads.append(chunk)
            self.rest += chunk
        return bool(chunk)

    def line(self) -> bytes:
        """The next line; empty when the sender is gone."""
        while b"\n" not in self.rest:
            if not self.receive():
                return b""
        line, _end, self.rest = self.rest.partition(b"\n")
        return line + b"\n"

    def say(self, verb: str, default: str) -> bool:
        self.last = self.server.answer(verb, default)
        if self.last == HANG:
            while self.request.recv(65536):
                pass
        if self.last in {CUT, HANG}:
            return False
        closing = self.last.startswith("421")
        answer = self.last.encode() + b"\r\n"
        if self.server.in_pieces:
            for byte in answer:
                self.request.sendall(bytes([byte]))
        else:
            self.request.sendall(answer)
        return not closing


@contextmanager
def running(server: socketserver.TCPServer) -> Iterator[None]:
    """Serves in a thread of its own."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def scripted(
    settings,
    *,
    pipelining: bool = False,
    forgetful: bool = False,
    careless: bool = False,
    in_pieces: bool = False,
    chunking: bool = False,
    **answers: str | list[str],
) -> Iterator[ScriptedServer]:
    """A scripted server that the settings point to."""
    server = ScriptedServer(
        answers,
        pipelining=pipelining,
        forgetful=forgetful,
        careless=careless,
        in_pieces=in_pieces,
        chunking=chunking,
    )
    with running(server):
        settings.EMAIL_RELAYS = []
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        settings.EMAIL_TIMEOUT = 5
        yield server
