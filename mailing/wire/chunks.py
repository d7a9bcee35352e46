"""Several messages in one write, to a server that takes a message as a chunk of so many bytes (RFC 3030).

Nobody waits for leave to send data, so a few messages cost one round trip. A line that breaks leaves the fate of those
few open, which is why they are few.
"""

from collections.abc import Sequence
from itertools import accumulate

from mailing.wire.connection import Connection, Reply, trouble
from mailing.wire.outcomes import Envelope, Outcome, Ready, Verdict, wire_lines

# How many messages may be on their way unanswered.
IN_FLIGHT = 5
_CLOSING = 421
_TOO_LARGE = 552
_BAD_SEQUENCE = 503
# Answers to a chunk of a server that offers them and knows nothing of them.
_NOT_UNDERSTOOD = frozenset({500, 501, 502, _BAD_SEQUENCE})
# What a server says to a message: to RSET, MAIL, RCPT and BDAT.
_ANSWERS = 4


class CannotChunk(Exception):
    """The server lost its way; `outcomes` are as `send_chunks` returns them."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


def send_chunks(connection: Connection, envelopes: Sequence[Envelope]) -> list[Outcome]:
    """Hands some messages over at once. Outcomes for the first of them; those after were not begun.

    Raises `CannotChunk` when the server should get one message at a time from now on. Then, where fewer outcomes than
    messages come back, and where the connection is `broken` afterwards, the line is of no more use.
    """
    messages = [_message(connection, envelope) for envelope in envelopes]
    lost: OSError | None = None
    try:
        connection.write(b"".join(messages))
    except OSError as error:
        lost = error
    handed_over = sum(end <= connection.written for end in accumulate(map(len, messages)))
    said: list[list[Reply]] = [[] for _message in messages]
    try:
        _listen(connection, said)
    except OSError as error:
        lost = lost or error
    # A server that says that it closes has said what it took, and takes no more, however many it answered.
    connection.broken = any(map(_closes, said))
    open_fate = lost is not None and not connection.broken
    outcomes = [_judged(answers) for answers in said]
    for number, answers in enumerate(said):
        if open_fate and outcomes[number] is None and _is_unanswered(answers):
            if number < handed_over:
                outcomes[number] = Outcome(Verdict.UNKNOWN, trouble(lost))
            elif number == handed_over:
                outcomes[number] = Outcome(Verdict.CUT, trouble(lost))
    begun = _begun(outcomes)
    if open_fate or any(map(_is_confused, said)):
        raise CannotChunk(begun)
    return begun


def _listen(connection: Connection, said: list[list[Reply]]) -> None:
    """Also after a 421: what a server says then is the last it says, and it counts."""
    for answers in said:
        while len(answers) < _ANSWERS:
            answers.append(connection.reply())


def _closes(answers: Sequence[Reply]) -> bool:
    return any(reply.code == _CLOSING for reply in answers)


def _is_unanswered(answers: Sequence[Reply]) -> bool:
    """Whether the server may have taken the message without our hearing of it."""
    return len(answers) < _ANSWERS and all(reply.is_good for reply in answers[1:])


def _is_confused(answers: Sequence[Reply]) -> bool:
    """Whether the server took the sender and then lost its way."""
    if len(answers) < _ANSWERS or not answers[1].is_good:
        return False
    recipient, taken = answers[2:]
    return recipient.code == _BAD_SEQUENCE or (recipient.is_good and not _is_clear(taken))


def _is_clear(taken: Reply) -> bool:
    """Whether this is an answer to a chunk."""
    return taken.is_good or (taken.is_refusal and taken.code not in _NOT_UNDERSTOOD)


def _message(connection: Connection, envelope: Envelope) -> bytes:
    """All of a message, from forgetting the one before to its last byte."""
    data = envelope.data if isinstance(envelope.data, Ready) else wire_lines(envelope.data)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    size = b" SIZE=%d" % len(data) if connection.takes_size else b""
    return b"RSET\r\nMAIL FROM:<%b>%b\r\nRCPT TO:<%b>\r\nBDAT %d LAST\r\n%b" % (
        envelope.sender.encode(),
        size,
        envelope.recipient.encode(),
        len(data),
        data,
    )


def _judged(answers: Sequence[Reply]) -> Outcome | None:
    """What the answers say of one message; None when it was not begun, or when they do not say."""
    if len(answers) == _ANSWERS and answers[3].is_good:
        # Whatever it said before: it has the message.
        return Outcome(Verdict.ACCEPTED, str(answers[3]))
    if len(answers) > 1 and not answers[1].is_good:
        # The sender is refused, not this recipient, unless the message is too large for anybody.
        return Outcome(Verdict.FAILED, str(answers[1])) if answers[1].code == _TOO_LARGE else None
    if len(answers) > 2 and not answers[2].is_good:
        return None if answers[2].code == _BAD_SEQUENCE else _refusal(answers[2])
    if len(answers) < _ANSWERS or answers[3].code in _NOT_UNDERSTOOD:
        return None
    return _refusal(answers[3])


def _refusal(reply: Reply) -> Outcome:
    if not reply.is_refusal:
        return Outcome(Verdict.UNKNOWN, str(reply))
    return Outcome(Verdict.FAILED if reply.code >= 500 else Verdict.DEFERRED, str(reply))


def _begun(outcomes: Sequence[Outcome | None]) -> list[Outcome]:
    """Without those at the end that were not begun; one between others has had its attempt."""
    begun = list(outcomes)
    while begun and begun[-1] is None:
        begun.pop()
    return [outcome or Outcome(Verdict.CUT, "The mail server did not begin with it.") for outcome in begun]
