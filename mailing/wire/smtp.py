"""Hands messages to one mail server over a connection it keeps, and says of each exactly what became of it.

Where the server offers it, commands are pipelined (RFC 2920): the three commands of a message go out in one
write, and those of the next message together with the data of this one, so that each message costs one round
trip instead of four. Where it takes chunks as well (RFC 3030), a few messages share one: see `mailing.wire.chunks`.
"""

from collections.abc import Sequence
from functools import lru_cache
from time import monotonic

from django.conf import settings

from mailing.addresses import MAILBOX
from mailing.wire.chunks import IN_FLIGHT, CannotChunk, send_chunks
from mailing.wire.connection import Connection, Reply, trouble
from mailing.wire.outcomes import Envelope, Outcome, Ready, Verdict, wire_lines
from mailing.wire.relay_urls import RelayAddress, configured_relays

_RESET = b"RSET\r\n"
_DATA = b"DATA\r\n"
# The dot that ends a message, after a whole line and after an open one.
_END, _LINE_AND_END = b".\r\n", b"\r\n.\r\n"
_CLOSING = 421
_GO_ON = 354
_BAD_SEQUENCE = 503
_TOO_LARGE = 552
# Servers that offered pipelining, or chunks, and lost their way in it, as far as this process knows.
_cannot_pipeline: set[str] = set()
_cannot_chunk: set[str] = set()


class _Again(Exception):
    """The connection was gone, or of no use, before this message began: a new one is safe."""


class SmtpTransport:
    """One mail server, by default the first of the settings."""

    def __init__(self, relay: RelayAddress | None = None) -> None:
        self.relay = relay or configured_relays()[0]
        self._connection: Connection | None = None
        # The message whose commands are written already, their answers still to be read.
        self._ahead: Envelope | None = None
        # A transaction was left open by a refusal and has to be reset before the next.
        self._open_transaction = False
        # This line took the last message: it is not one that the server closed while nobody looked.
        self._proven = False

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """See `Transport`. After the first `UNREACHABLE` the rest is not tried."""
        outcomes: list[Outcome] = []
        # A window that takes longer would outlive the worker's right to its rows.
        until = monotonic() + settings.MAILING_LEASE_SECONDS / 2
        self._proven = False
        while len(outcomes) < len(envelopes):
            number = len(outcomes)
            if outcomes and outcomes[-1].verdict is Verdict.UNREACHABLE:
                outcomes += [outcomes[-1]] * (len(envelopes) - number)
            elif monotonic() >= until:
                self._drop()
                outcomes.append(Outcome(Verdict.UNREACHABLE, "The mail server is too slow."))
            elif (connection := self._connection) and self._proven and connection.chunks:
                outcomes += self._send_some(connection, envelopes[number : number + IN_FLIGHT])
            else:
                following = envelopes[number + 1] if number + 1 < len(envelopes) else None
                outcome = self._send_one(envelopes[number], following)
                self._proven = outcome.verdict is Verdict.ACCEPTED
                outcomes.append(outcome)
        return outcomes

    def ask(self, sender: str) -> str:
        """See `AskableTransport`."""
        try:
            connection = self._connect()
            reply = connection.ask(f"MAIL FROM:<{sender}>\r\n".encode())
            answer = "" if reply.is_good else str(reply)
            connection.ask(_RESET)
        except OSError as error:
            answer = trouble(error)
        if answer:
            self._drop()
        return answer

    def close(self) -> None:
        """Says goodbye where somebody still listens."""
        if self._connection is not None:
            self._connection.quit()
        self._drop()

    def _send_some(self, connection: Connection, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """Outcomes for the first of these, perhaps for none: the others are then sent one by one."""
        if not all(map(_is_sendable, envelopes)):
            self._proven = False
            return []
        try:
            outcomes = send_chunks(connection, envelopes)
        except CannotChunk as confusion:
            _cannot_chunk.add(self.relay.name)
            self._drop()
            return confusion.outcomes
        if connection.broken or len(outcomes) < len(envelopes):
            self._drop()
        return outcomes

    def _send_one(self, envelope: Envelope, following: Envelope | None) -> Outcome:
        if envelope is not self._ahead and not _is_sendable(envelope):
            return Outcome(Verdict.FAILED, "This cannot be an address.")
        while True:
            try:
                return self._attempt(envelope, following)
            except _Again:
                # Happens at most twice: for a kept connection, and for one that pipelined.
                self._drop()

    def _attempt(self, envelope: Envelope, following: Envelope | None) -> Outcome:
        try:
            connection = self._connect()
        except OSError as error:
            self._drop()
            return Outcome(Verdict.UNREACHABLE, trouble(error))
        refusal = self._begin(connection, envelope)
        return refusal or self._hand_over(connection, envelope, following)

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = Connection(self.relay)
            if self.relay.name in _cannot_pipeline:
                self._connection.pipelines = self._connection.chunks = False
            if self.relay.name in _cannot_chunk:
                self._connection.chunks = False
        return self._connection

    def _begin(self, connection: Connection, envelope: Envelope) -> Outcome | None:
        """The commands before the data. None when the server waits for the data."""
        ahead, self._ahead = self._ahead is envelope, None
        kept, connection.used = connection.used, True
        # What is ahead needs but its answers.
        commands = () if ahead else _commands(connection, envelope)
        try:
            mail = self._announce(connection, commands)
        except OSError as error:
            if ahead and isinstance(error, TimeoutError):
                self._distrust()
            if kept:
                raise _Again from error
            self._drop()
            return Outcome(Verdict.UNREACHABLE, trouble(error))
        if not mail.is_good:
            return self._sender_refused(mail, kept=kept, ahead=ahead)
        return self._recipient_and_data(connection, commands)

    def _announce(self, connection: Connection, commands: Sequence[bytes]) -> Reply:
        """MAIL FROM and, where the server pipelines, the rest with it. The answer to MAIL FROM."""
        reset, self._open_transaction = self._open_transaction, False
        if reset and not connection.pipelines:
            _expect_reset(connection.ask(_RESET))
            reset = False
        if commands:
            begin = commands if connection.pipelines else commands[:1]
            connection.write(b"".join([_RESET, *begin] if reset else begin))
        if reset:
            _expect_reset(connection.reply())
        return connection.reply()

    def _sender_refused(self, mail: Reply, *, kept: bool, ahead: bool) -> Outcome:
        # With the connection go the answers to what was sent along with this command.
        self._drop()
        if ahead and mail.code == _BAD_SEQUENCE:
            self._distrust()
            raise _Again
        if kept and mail.code == _CLOSING:
            raise _Again
        if mail.code == _TOO_LARGE:
            return Outcome(Verdict.FAILED, str(mail))
        # The sender is refused, not this recipient: no other message would fare better.
        return Outcome(Verdict.UNREACHABLE, str(mail))

    def _recipient_and_data(self, connection: Connection, commands: Sequence[bytes]) -> Outcome | None:
        """RCPT TO and DATA: from here on the outcome is this message's own."""
        pipelined = connection.pipelines
        reply: Reply | None = None
        try:
            reply = connection.reply() if pipelined else connection.ask(commands[1])
            if reply.is_good:
                reply = connection.reply() if pipelined else connection.ask(commands[2])
                if reply.code == _GO_ON:
                    return None
            elif pipelined and reply.code != _CLOSING:
                self._nobody_to_take_data(connection)
        except OSError as error:
            self._drop()
            if pipelined and isinstance(error, TimeoutError):
                self._distrust()
                raise _Again from error
            if reply is None or reply.is_good:
                return Outcome(Verdict.CUT, trouble(error))
        if pipelined and reply.code == _BAD_SEQUENCE:
            self._distrust()
            raise _Again
        return self._refused(reply)

    def _nobody_to_take_data(self, connection: Connection) -> None:
        """The answer to a DATA that was on its way already when the only recipient was refused."""
        reply = connection.reply()
        if reply.code == _GO_ON:
            # An empty message to nobody: all the server may have now is its end.
            connection.ask(b".\r\n")

    def _hand_over(self, connection: Connection, envelope: Envelope, following: Envelope | None) -> Outcome:
        """The data and its final dot, and with them the next message's commands."""
        data = envelope.data if isinstance(envelope.data, Ready) else stuffed(envelope.data)
        end = _END if data.endswith(b"\r\n") else _LINE_AND_END
        commands: Sequence[bytes] = ()
        if following and connection.pipelines and not connection.chunks and _is_sendable(following):
            self._ahead = following
            commands = _commands(connection, following)
        try:
            connection.write(b"".join((data, end, *commands)))
        except OSError as error:
            if connection.written < len(data) + len(end):
                self._drop()
                return Outcome(Verdict.CUT, trouble(error))
            # The final dot is on its way, and the answer may come although the line takes no more.
            connection.broken = True
        try:
            reply = connection.reply()
        except OSError as error:
            self._drop()
            return Outcome(Verdict.UNKNOWN, trouble(error))
        if connection.broken:
            self._drop()
        if reply.is_good:
            return Outcome(Verdict.ACCEPTED, str(reply))
        if reply.is_refusal:
            return self._refused(reply)
        self._drop()
        return Outcome(Verdict.UNKNOWN, str(reply))

    def _refused(self, reply: Reply) -> Outcome:
        """One message is refused; the connection stays where it can be used for the next."""
        if reply.code == _CLOSING or not reply.is_refusal:
            self._drop()
        elif self._connection is not None and self._ahead is None:
            self._open_transaction = True
        failed = 500 <= reply.code < 600
        return Outcome(Verdict.FAILED if failed else Verdict.DEFERRED, str(reply))

    def _distrust(self) -> None:
        """From now on this server gets one command at a time."""
        _cannot_pipeline.add(self.relay.name)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._ahead = None
        self._open_transaction = self._proven = False


def stuffed(data: bytes) -> bytes:
    """The message with line ends as the wire has them and leading dots doubled (RFC 5321, 4.5.2)."""
    data = wire_lines(data).replace(b"\r\n.", b"\r\n..")
    return b"." + data if data.startswith(b".") else data


def _expect_reset(reply: Reply) -> None:
    if reply.code != 250:
        raise ConnectionAbortedError("The server cannot forget a message.")


def _commands(connection: Connection, envelope: Envelope) -> tuple[bytes, bytes, bytes]:
    size = f" SIZE={len(envelope.data)}" if connection.takes_size else ""
    return (
        f"MAIL FROM:<{envelope.sender}>{size}\r\n".encode(),
        f"RCPT TO:<{envelope.recipient}>\r\n".encode(),
        _DATA,
    )


def _is_sendable(envelope: Envelope) -> bool:
    return bool(MAILBOX.fullmatch(envelope.recipient)) and _can_send(envelope.sender)


@lru_cache(maxsize=16)
def _can_send(sender: str) -> bool:
    return bool(MAILBOX.fullmatch(sender))
