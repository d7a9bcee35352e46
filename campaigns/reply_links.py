"""The signed link by which somebody who wrote to legislators tells us what came back."""

from datetime import timedelta

from django.core import signing
from django.utils.http import base36_to_int, int_to_base36

from campaigns.models import ActionTaken
from campaigns.tokens import LinkExpired, LinkForged

SALT = "campaigns.legislator-replies"
VALID_FOR = timedelta(days=90)


def _signer() -> signing.TimestampSigner:
    # A dot survives where mail programs guess at links in plain text; a colon does not always.
    return signing.TimestampSigner(salt=SALT, sep=".")


def reply_token(action: ActionTaken) -> str:
    """A new token for an answer. It holds no personal data."""
    return _signer().sign(int_to_base36(action.pk))


def read_reply_token(token: str) -> int:
    """The number of the answer. Raises `LinkExpired` or `LinkForged`."""
    try:
        return base36_to_int(_signer().unsign(token, max_age=VALID_FOR))
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError) as error:
        raise LinkForged from error
