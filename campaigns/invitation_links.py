"""The signed link in our mail by which somebody changes their answer to an invitation."""

from django.core import signing
from django.utils.http import base36_to_int, int_to_base36

from campaigns.tokens import LinkForged

SALT = "campaigns.invitation-answer"


def answer_token(action_id: int) -> str:
    """The token of somebody's answer. It works until the event begins, and holds no personal data."""
    return _signer().sign(int_to_base36(action_id))


def read_answer_token(token: str) -> int:
    """Whose answer, by the number of the action. Raises `LinkForged`."""
    try:
        return base36_to_int(_signer().unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkForged from error


def _signer() -> signing.Signer:
    # A dot survives where mail programs guess at links in plain text; a colon does not always.
    return signing.Signer(salt=SALT, sep=".")
