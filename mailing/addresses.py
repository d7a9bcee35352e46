"""What counts as one e-mail address, and the hash under which it is remembered."""

import contextlib
import hashlib
import hmac
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# RFC 5321, 4.5.3.1.3: a path has 256 characters, two of them the angle brackets.
MAX_LENGTH = 254
# What may stand between the angle brackets of an SMTP command: printable ASCII without the brackets themselves.
MAILBOX = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


def normalize_address(email: str) -> str:
    """The address as we compare it: trimmed and in lower case, with a domain in its ASCII (IDNA) form.

    Source: RFC 5321 2.4 leaves the local part's case to the receiver; no provider in use tells cases apart.
    """
    local, at, domain = email.strip().lower().rpartition("@")
    if not domain.isascii():
        with contextlib.suppress(UnicodeError):
            domain = domain.encode("idna").decode("ascii")
    return f"{local}{at}{domain}"


def is_address(email: str) -> bool:
    """Whether a message can be sent to this address, in its compared form."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= MAX_LENGTH and MAILBOX.fullmatch(email) is not None


def hash_address(email: str) -> str:
    """64 hex digits that stand for the address after the address itself is erased (HMAC-SHA-256)."""
    key = settings.MAILING_HASH_KEY.encode()
    return hmac.new(key, normalize_address(email).encode(), hashlib.sha256).hexdigest()
