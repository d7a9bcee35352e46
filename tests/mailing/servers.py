"""SMTP servers that do as a script says, to see what the sender makes of it."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CUT = "CUT"


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers each command from `answers` (by verb; DOT is the end of the data), else as a willing server would.

    An answer may be a list, one item per use, of which the last stays. `CUT` closes the connection instead.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answers: dict[str, str | list[str]]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers = answers
        self.commands: list[str] = []
        self.messages: list[bytes] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return self.server_address[1]

    def answer(self, verb: str, default: str) -> str:
        scripted = self.answers.get(verb, default)
        if isinstance(scripted, list):
            return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        return scripted


class _Conversation(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def handle(self) -> None:
        self.server.connections += 1
        if not self.say("CONNECT", "220 scripted"):
            return
        while line := self.rfile.readline():
            command = line.decode("latin-1").strip()
            verb = command.split(" ")[0].upper().split(":")[0]
            self.server.commands.append(command)
            default = {"EHLO": "250 scripted", "DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")
            if not self.say(verb, default) or verb == "QUIT":
                return
            if verb == "DATA" and self.last.startswith("354") and not self.read_data():
                return

    def read_data(self) -> bool:
        if self.server.answers.get("BODY") == CUT:
            # Reads a little of the message, then the line is dead.
            self.rfile.readline()
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
            )
            return False
        data = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            data += line[1:] if line.startswith(b".") else line
        self.server.messages.append(data)
        return self.say("DOT", "250 queued")

    def say(self, verb: str, default: str) -> bool:
        self.last = self.server.answer(verb, default)
        if self.last == CUT:
            return False
        self.wfile.write(self.last.encode() + b"\r\n")
        return True


@contextmanager
def scripted(settings, **answers: str | list[str]) -> Iterator[ScriptedServer]:
    """A scripted server that the settings point to."""
    with ScriptedServer(answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        settings.EMAIL_TIMEOUT = 5
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
