"""The signed tokens of following: the link that stops its mail, and the secret address of one's calendar.

Neither expires: all the first can do is stop mail, and the second is replaced by the person it belongs to.
"""

from django.core import signing
from django.utils.http import base36_to_int, int_to_base36

from legislation.models import FollowSettings
from mailing.errors import BadToken
from partners.models import User

_STOP = "legislation.stop-following-mail"
_CALENDAR = "legislation.calendar"


def stop_token(user_id: int) -> str:
    """Lets whoever holds the message stop the mail about what this person follows."""
    return _signer(_STOP).sign(int_to_base36(user_id))


def open_stop(token: str) -> User:
    """The person whose mail is to stop. Raises `BadToken`."""
    user = User.objects.filter(pk=_number(_open(_STOP, token))).first()
    if user is None:
        raise BadToken("The login is gone.")
    return user


def calendar_token(settings: FollowSettings) -> str:
    """The secret part of the address of one's own calendar."""
    return _signer(_CALENDAR).sign(
        f"{int_to_base36(settings.user_id)}-{int_to_base36(settings.calendar_number)}"
    )


def open_calendar(token: str) -> User:
    """Whose calendar this is. Raises `BadToken`, also for an address that was replaced by a new one."""
    person, _dash, number = _open(_CALENDAR, token).partition("-")
    user = (
        User.objects.filter(pk=_number(person), is_active=True)
        .filter(follow_settings__calendar_number=_number(number))
        .first()
    )
    if user is None:
        raise BadToken("The address was replaced, or the login is closed.")
    return user


def _signer(salt: str) -> signing.Signer:
    # A dot survives where mail programs guess at links in plain text; a colon does not always.
    return signing.Signer(salt=salt, sep=".")


def _open(salt: str, token: str) -> str:
    try:
        return _signer(salt).unsign(token)
    except signing.BadSignature as error:
        raise BadToken(str(error)) from error


def _number(text: str) -> int:
    try:
        return base36_to_int(text)
    except ValueError as error:
        raise BadToken(str(error)) from error
