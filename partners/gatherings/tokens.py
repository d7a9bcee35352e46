"""Signed words for somebody's own place at a gathering: in the address of "my registration" and in the QR code.

Signed, not stored: they hold as long as the row. A kind of place has a salt of its own, so that an event's word opens
no training.
"""

from django.core import signing

MANAGE, DOOR = "manage", "door"


def place_token(room: str, use: str, pk: int) -> str:
    """The word for one row of `room` (`meetings`, `trainings`), for managing it or for the door."""
    return _signer(room, use).sign(str(pk))


def read_place_token(room: str, use: str, token: str) -> int | None:
    """The row's number; None for what we did not sign."""
    try:
        return int(_signer(room, use).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def _signer(room: str, use: str) -> signing.Signer:
    # A dot survives where mail programs guess at links in plain text; a colon does not always.
    return signing.Signer(salt=f"{room}.{use}", sep=".")
