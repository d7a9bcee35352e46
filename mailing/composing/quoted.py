"""Quoted-printable text (RFC 2045, 6.7) that is cut into pieces and joined again.

Each piece begins at the start of a line, so that pieces can be encoded apart from each other. Nothing in it can be
taken for something else on the way: not for the end of the message (a dot alone), nor for the start of one ("From "
in a mailbox file), nor for a boundary ("=_").
"""

import re

SOFT = b"=\r\n"
LINE = 75  # And the equals sign of a soft line break.

_BYTES = [
    bytes([byte]) if (32 <= byte < 127 and byte != 61) or byte == 9 else b"=%02X" % byte
    for byte in range(256)
]
_MISTAKABLE = (b".", b"From ")
_AT_END = {b" ": b"=20", b"\t": b"=09"}
# What stands for itself, if it is not mistaken at the start of a line.
_PLAIN = re.compile(r"(?!\.|From )[ !-<>-~]*")


def quote_value(value: str) -> bytes:
    """A value without line ends, such as a name; it begins at the start of a line."""
    if _PLAIN.fullmatch(value):
        plain = value.encode()
        if len(plain) <= LINE:
            return plain
        pieces = [plain[start : start + LINE] for start in range(0, len(plain), LINE)]
        if not any(piece.startswith(_MISTAKABLE) for piece in pieces):
            return SOFT.join(pieces)
    return SOFT.join(_cut(value.encode()))


def quote_text(text: str, *, ends_line: bool) -> bytes:
    """Text with any number of lines. With `ends_line` nothing follows on its last line, else a piece does."""
    *whole, last = text.split("\n")
    lines = [SOFT.join(_finish(_cut(line.encode()))) for line in whole]
    pieces = _cut(last.encode())
    if ends_line:
        lines.append(SOFT.join(_finish(pieces)))
    else:
        lines.append(SOFT.join([*pieces, b""]) if last else b"")
    return b"\r\n".join(lines)


def _cut(line: bytes) -> list[bytes]:
    """One line in pieces that each fit a line."""
    pieces: list[bytes] = []
    piece: list[bytes] = []
    length = 0
    for position, byte in enumerate(line):
        token = _BYTES[byte]
        if length + len(token) > LINE:
            pieces.append(b"".join(piece))
            piece, length = [], 0
        if not length and line.startswith(_MISTAKABLE, position):
            token = b"=%02X" % byte
        piece.append(token)
        length += len(token)
    return [*pieces, b"".join(piece)]


def _finish(pieces: list[bytes]) -> list[bytes]:
    """The same with a blank at the very end written out, which would be lost on the way otherwise."""
    last = pieces[-1]
    if last[-1:] in _AT_END:
        last = last[:-1] + _AT_END[last[-1:]]
        if len(last) > LINE + 1:
            return [*pieces[:-1], last[:-3], last[-3:]]
        return [*pieces[:-1], last]
    return pieces
