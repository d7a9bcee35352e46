"""The signed links by which a visitor confirms an answer from their mailbox, and withdraws a story."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.http import base36_to_int, int_to_base36

from campaigns.models import SharedStory, UnconfirmedAction, WorkerProfile, WorkerVoice
from campaigns.models.action import new_reference

SALT = "campaigns.confirm-action"
WITHDRAWAL_SALT = "campaigns.withdraw-story"
VALID_FOR = timedelta(days=7)


class LinkForged(Exception):
    """The link was never made by this portal, or was damaged on its way."""


class LinkExpired(Exception):
    """The link is older than a week."""


@dataclass(frozen=True)
class Confirmation:
    """What a link stands for: the waiting answer, and the reference its action gets.

    The reference is chosen with the link, so that a link followed twice finds what the first visit recorded.
    """

    unconfirmed_id: int
    reference: str


def _signer() -> signing.TimestampSigner:
    # A dot survives where mail programs guess at links in plain text; a colon does not always.
    return signing.TimestampSigner(salt=SALT, sep=".")


def confirmation_token(unconfirmed: UnconfirmedAction) -> str:
    """A new link token for a waiting answer. It holds no personal data."""
    return _signer().sign(f"{int_to_base36(unconfirmed.pk)}-{new_reference()}")


def read_confirmation(token: str) -> Confirmation:
    """What the token stands for. Raises `LinkExpired` or `LinkForged`."""
    try:
        number, _dash, reference = _signer().unsign(token, max_age=VALID_FOR).partition("-")
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise LinkForged from error
    return Confirmation(base36_to_int(number), reference)


def withdrawal_token(shared: SharedStory) -> str:
    """Lets its author withdraw a story. It never expires: consent can be taken back at any time."""
    return signing.Signer(salt=WITHDRAWAL_SALT, sep=".").sign(int_to_base36(shared.pk))


def read_withdrawal(token: str) -> int:
    """The number of the shared story that a token stands for. Raises `LinkForged`."""
    try:
        return base36_to_int(signing.Signer(salt=WITHDRAWAL_SALT, sep=".").unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkForged from error


# --- Words of workers ---------------------------------------------------------------------------------------------

WORDS_SALT = "campaigns.withdraw-words"
_KINDS: dict[str, type[WorkerVoice] | type[WorkerProfile]] = {"v": WorkerVoice, "p": WorkerProfile}


def words_token(words: WorkerVoice | WorkerProfile) -> str:
    """Lets a worker withdraw a voice or a profile. It never expires, and holds no personal data."""
    kind = "v" if isinstance(words, WorkerVoice) else "p"
    return signing.Signer(salt=WORDS_SALT, sep=".").sign(f"{kind}{int_to_base36(words.pk)}")


def read_words_token(token: str) -> WorkerVoice | WorkerProfile | None:
    """The voice or the profile that a token stands for, or nothing. Raises `LinkForged`."""
    try:
        value = signing.Signer(salt=WORDS_SALT, sep=".").unsign(token)
        return _KINDS[value[0]]._default_manager.filter(pk=base36_to_int(value[1:])).first()
    except (signing.BadSignature, ValueError, LookupError) as error:
        raise LinkForged from error


# --- Answers to invitations ---------------------------------------------------------------------------------------

ANSWER_SALT = "campaigns.invitation-answer"


def answer_token(action_id: int) -> str:
    """The token of somebody's answer to an invitation. It works until the event begins, and holds no personal data."""
    return signing.Signer(salt=ANSWER_SALT, sep=".").sign(int_to_base36(action_id))


def read_answer_token(token: str) -> int:
    """Whose answer, by the number of the action. Raises `LinkForged`."""
    try:
        return base36_to_int(signing.Signer(salt=ANSWER_SALT, sep=".").unsign(token))
    except signing.BadSignature as error:
        raise LinkForged from error
