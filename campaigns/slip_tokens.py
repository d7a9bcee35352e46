"""The signed link with which somebody who pledged a witness slip says whether they filed it."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.http import base36_to_int, int_to_base36

from campaigns.tokens import LinkExpired, LinkForged
from legislation.models import Hearing
from partners.models import Person

SALT = "campaigns.did-you-file"
VALID_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """Who was asked, about which hearing: their keys."""

    person: int
    hearing: int


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=SALT, sep=".")


def filing_token(person: Person, hearing: Hearing) -> str:
    """A new link's token. It holds no personal data."""
    return _signer().sign(f"{int_to_base36(person.pk)}-{int_to_base36(hearing.pk)}")


def read_filing(token: str) -> Asked:
    """What the token stands for. Raises `LinkExpired` or `LinkForged`."""
    try:
        person, _dash, hearing = _signer().unsign(token, max_age=VALID_FOR).partition("-")
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise LinkForged from error
    return Asked(base36_to_int(person), base36_to_int(hearing))
