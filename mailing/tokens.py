"""The signed tokens in mailed links: what they stand for, and for how long.

Every purpose signs under its own salt, so a token taken from one link is worth nothing in another.
"""

from datetime import timedelta

from django.core import signing
from django.utils.http import base36_to_int, int_to_base36

from mailing.addresses import normalize_address
from mailing.errors import BadToken, ExpiredToken
from mailing.models import Delivery, TrackedLink

VALID = timedelta(days=60)
CONFIRM_VALID = timedelta(days=7)
# Stands where a token would in a message that staff only look at.
PREVIEW = "preview"

_RECIPIENT = "mailing.recipient"
_LINK = "mailing.link"
_UNSUBSCRIBE = "mailing.unsubscribe"
_VIEW = "mailing.view"
_ADDRESS = "mailing.address"
_CONFIRM = "mailing.confirm"


def recipient_token(delivery: Delivery) -> str:
    """Says to another page of the portal which recipient comes."""
    return _sign_number(_RECIPIENT, delivery.pk)


def read_recipient(token: str) -> Delivery | None:
    """The delivery a recipient token stands for; None when it is forged, expired or gone."""
    try:
        return _delivery(_RECIPIENT, token, VALID)
    except BadToken:
        return None


def unsubscribe_token(delivery: Delivery) -> str:
    """Lets whoever holds the message stop its topic."""
    return _sign_number(_UNSUBSCRIBE, delivery.pk)


def open_unsubscribe(token: str) -> Delivery:
    """The delivery an unsubscribe token came with. It never expires: all it can do is stop mail."""
    return _delivery(_UNSUBSCRIBE, token, None)


def view_token(delivery: Delivery) -> str:
    """Opens the message in a browser."""
    return _sign_number(_VIEW, delivery.pk)


def open_view(token: str) -> Delivery:
    """The delivery to show in a browser."""
    return _delivery(_VIEW, token, VALID)


def link_token(delivery: Delivery, link: TrackedLink | int) -> str:
    """Stands for one recipient's visit to one link; `link` may be the link's number."""
    number = link if isinstance(link, int) else link.pk
    return _sign(_LINK, f"{int_to_base36(delivery.pk)}-{int_to_base36(number)}")


def open_link(token: str, *, any_age: bool = False) -> tuple[Delivery, TrackedLink]:
    """The recipient's row and the link of a tracked link."""
    value = _open(_LINK, token, None if any_age else VALID)
    delivery_part, _dash, link_part = value.partition("-")
    link = TrackedLink.objects.filter(pk=_number(link_part)).first()
    delivery = Delivery.objects.filter(pk=_number(delivery_part)).first()
    if link is None or delivery is None or link.mailing_id != delivery.mailing_id:
        raise BadToken("The link or its recipient is gone.")
    return delivery, link


def address_token(email: str) -> str:
    """Proves that its holder reads this mailbox; opens the mail preferences."""
    return _dump(_ADDRESS, email)


def open_address(token: str) -> str:
    """The address of an address token, in its compared form."""
    return _load(_ADDRESS, token, VALID)


def read_address(token: str) -> str | None:
    """The address of an address token; None when it is forged or expired."""
    try:
        return open_address(token)
    except BadToken:
        return None


def confirm_token(email: str) -> str:
    """Sent to an address that somebody typed into the sign-up form."""
    return _dump(_CONFIRM, email)


def open_confirm(token: str) -> str:
    """The address that confirms its sign-up."""
    return _load(_CONFIRM, token, CONFIRM_VALID)


def _sign(salt: str, value: str) -> str:
    # A dot survives where mail programs guess at links in plain text; a colon does not always.
    return signing.TimestampSigner(salt=salt, sep=".").sign(value)


def _open(salt: str, token: str, valid: timedelta | None) -> str:
    try:
        return signing.TimestampSigner(salt=salt, sep=".").unsign(token, max_age=valid)
    except signing.SignatureExpired as error:
        raise ExpiredToken(str(error)) from error
    except signing.BadSignature as error:
        raise BadToken(str(error)) from error


def _sign_number(salt: str, number: int) -> str:
    return _sign(salt, int_to_base36(number))


def _number(text: str) -> int:
    try:
        return base36_to_int(text)
    except ValueError as error:
        raise BadToken(str(error)) from error


def _delivery(salt: str, token: str, valid: timedelta | None) -> Delivery:
    number = _number(_open(salt, token, valid))
    delivery = Delivery.objects.select_related("mailing__topic").filter(pk=number).first()
    if delivery is None:
        raise BadToken("The message is gone.")
    return delivery


def _dump(salt: str, email: str) -> str:
    return _sign(salt, signing.b64_encode(normalize_address(email).encode()).decode())


def _load(salt: str, token: str, valid: timedelta) -> str:
    return signing.b64_decode(_open(salt, token, valid).encode()).decode()
