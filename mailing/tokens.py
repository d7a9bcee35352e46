"""The signed tokens in mailed links: what they stand for, and for how long.

Every purpose signs under its own salt, so a token taken from one link is worth nothing in another.
"""

from datetime import timedelta
from time import time

from django.core import signing
from django.utils.http import base36_to_int, int_to_base36

from mailing.addresses import normalize_address
from mailing.composing.signing import SEPARATOR, signer, time_stamp
from mailing.errors import BadToken, ExpiredToken
from mailing.models import Delivery, TrackedLink

VALID = timedelta(days=60)
CONFIRM_VALID = timedelta(days=7)
FORGET_VALID = timedelta(days=1)
# Stands where a token would in a message that staff only look at.
PREVIEW = "preview"

_RECIPIENT = "mailing.recipient"
_LINK = "mailing.link"
_UNSUBSCRIBE = "mailing.unsubscribe"
_VIEW = "mailing.view"
_ADDRESS = "mailing.address"
_CONFIRM = "mailing.confirm"
_WHY = "mailing.why"
_SUMMARY = "mailing.summary"
_FORGET = "mailing.forget"
# For `mailing.composing.splice`, which makes the same tokens by the thousand: the salts by the name of the page.
PAGE_SALTS = {"unsubscribe": _UNSUBSCRIBE, "view_online": _VIEW, "why": _WHY}
LINK_SALT = _LINK
ADDRESS_SALT = _ADDRESS
# Between the language and the address in a confirm token; no address that mail can be sent to holds it.
_LANGUAGE = " "


def recipient_token(delivery: Delivery) -> str:
    """Says to another page of the portal which recipient comes."""
    return _sign_number(_RECIPIENT, delivery.pk)


def read_recipient(token: str) -> int | None:
    """The number of the delivery that a recipient token stands for; None when the token is forged or expired.

    The delivery may be gone, or its address forgotten.
    """
    try:
        return _number(_open(_RECIPIENT, token, VALID))
    except BadToken:
        return None


def unsubscribe_token(delivery: Delivery) -> str:
    """Lets whoever holds the message stop its topic."""
    return _sign_number(_UNSUBSCRIBE, delivery.pk)


def open_unsubscribe(token: str) -> Delivery:
    """The delivery an unsubscribe token came with. It never expires: all it can do is stop mail.

    Its address may be forgotten meanwhile, and empty.
    """
    return _delivery(_UNSUBSCRIBE, token, None, forgotten=True)


def view_token(delivery: Delivery) -> str:
    """Opens the message in a browser."""
    return _sign_number(_VIEW, delivery.pk)


def open_view(token: str) -> Delivery:
    """The delivery to show in a browser."""
    return _delivery(_VIEW, token, VALID)


def why_token(delivery: Delivery) -> str:
    """Opens the page that says why somebody got a message."""
    return _sign_number(_WHY, delivery.pk)


def open_why(token: str) -> Delivery:
    """The delivery whose reasons are asked for."""
    return _delivery(_WHY, token, VALID)


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


def confirm_token(email: str, language: str = "") -> str:
    """Sent to an address that somebody typed into the sign-up form, with the language they chose."""
    return _dump(_CONFIRM, f"{language}{_LANGUAGE}{email.strip()}" if language else email)


def open_confirm(token: str) -> str:
    """The address that confirms its sign-up."""
    return _load(_CONFIRM, token, CONFIRM_VALID).rpartition(_LANGUAGE)[2]


def confirmed_language(token: str) -> str:
    """The language that was chosen with the sign-up; empty when none was."""
    return _load(_CONFIRM, token, CONFIRM_VALID).rpartition(_LANGUAGE)[0]


def summary_token(email: str) -> str:
    """Lets whoever holds a weekly summary stop it."""
    return _dump(_SUMMARY, email)


def open_summary(token: str) -> str:
    """The address whose weekly summary is to stop. It never expires: all it can do is stop mail."""
    return _load(_SUMMARY, token, None)


def forget_token(email: str) -> str:
    """Stands on the preference page and opens the question whether we shall forget the address."""
    return _dump(_FORGET, email)


def open_forget(token: str) -> str:
    """The address that is to be forgotten."""
    return _load(_FORGET, token, FORGET_VALID)


def _sign(salt: str, value: str) -> str:
    return signer(salt).sign(value.encode() + time_stamp(time())).decode()


def _open(salt: str, token: str, valid: timedelta | None) -> str:
    try:
        return signing.TimestampSigner(salt=salt, sep=SEPARATOR).unsign(token, max_age=valid)
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


def _delivery(salt: str, token: str, valid: timedelta | None, *, forgotten: bool = False) -> Delivery:
    number = _number(_open(salt, token, valid))
    delivery = Delivery.objects.select_related("mailing__topic").filter(pk=number).first()
    if delivery is None or not (delivery.email or forgotten):
        raise BadToken("The message is gone.")
    return delivery


def _dump(salt: str, email: str) -> str:
    return _sign(salt, signing.b64_encode(normalize_address(email).encode()).decode())


def _load(salt: str, token: str, valid: timedelta | None) -> str:
    return signing.b64_decode(_open(salt, token, valid).encode()).decode()
