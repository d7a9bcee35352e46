"""Header values as they stand in a message: short lines, nothing but ASCII (RFC 5322 and 2047)."""

from base64 import b64encode
from email.utils import quote, unquote

from mailing.composing.compile import clean

LINE = 76
# A word of this length stays whole on its line; a line may have 998 characters at most (RFC 5322, 2.1.1).
MAX_WORD = 900
_WORD = "=?utf-8?b?{}?="
_AROUND_WORD = len(_WORD) - 2
_BREAK = "\r\n "


def encode_header(name: str, value: str) -> str:
    """Any text as the value of the header `name`."""
    return encode_clean(clean(value), len(name) + 2)


def encode_clean(value: str, column: int) -> str:
    """A value without control characters that begins in the given column."""
    # A value that looks like an encoded word is one for its reader, whatever it was meant to be.
    if value.isascii() and "=?" not in value:
        if column + len(value) <= LINE:
            return value
        words = value.split(" ")
        if max(map(len, words)) <= MAX_WORD:
            return _folded(words, column)
    return _encoded_words(value, column)


def encode_address(value: str) -> str:
    """One address with or without a name. More forgiving than the standard: the name may hold a comma."""
    shown, mailbox = split_address(clean(value))
    if not shown:
        return mailbox
    if shown.isascii() and "=?" not in shown:
        return f'"{quote(shown)}" <{mailbox}>'
    return f"{_encoded_words(shown, len('Reply-To: '))}{_BREAK}<{mailbox}>"


def split_address(value: str) -> tuple[str, str]:
    """The name and the mailbox of one address; the name may stand in quotes or not."""
    name, bracket, mailbox = value.rpartition("<")
    return (unquote(name.strip()), mailbox.rstrip("> ")) if bracket else ("", value)


def _folded(words: list[str], column: int) -> str:
    lines, line = [], words[0]
    for word in words[1:]:
        if column + len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line, column = word, 1
        else:
            line = f"{line} {word}"
    return _BREAK.join([*lines, line])


def _encoded_words(value: str, column: int) -> str:
    """The whole value in base64, cut between characters; readers join such words without a blank."""
    words, chunk = [], b""
    room = _room(column)
    for character in value:
        more = character.encode()
        if len(chunk) + len(more) > room:
            words.append(_WORD.format(b64encode(chunk).decode()))
            chunk, room = b"", _room(1)
        chunk += more
    words.append(_WORD.format(b64encode(chunk).decode()))
    return _BREAK.join(words)


def _room(column: int) -> int:
    """How many bytes an encoded word can carry that begins in this column."""
    return (LINE - column - _AROUND_WORD) // 4 * 3
