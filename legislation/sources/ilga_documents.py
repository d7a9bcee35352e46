"""How the General Assembly names a document: a measure, or one amendment to it."""

import re

from django.utils.translation import gettext as _

from legislation.sources.reading import Refused, read_identifier

_DOCUMENT = re.compile(r"([A-Za-z]{2,5})\s*-?\s*0*(\d{1,9})\b[\s,;:/–-]*(.*)", re.DOTALL)
_AMENDMENT = re.compile(
    r"(House|Senate|H|S)\s*(?:(Committee|Floor|C|F)\s*)?(?:Amendment|Amend(?:\.|\b)|Am\.?|A)\s*(?:No\.?|#)?\s*0*(\d{1,3})",
    re.IGNORECASE,
)
_CHAMBERS = {"h": "House", "s": "Senate"}


def read_amendment(text: str) -> str:
    """`House Amendment 001`, `House Committee Amendment No. 1` or `HCA 1` as `House Amendment 1`: amendments of one
    chamber are numbered through, whether filed in committee or on the floor. "" for no words; others as printed."""
    words = " ".join(text.split()).strip("()[] ")
    match = _AMENDMENT.search(words)
    if match is None:
        return words[:80]
    return f"{_CHAMBERS[match[1][0].lower()]} Amendment {int(match[3])}"


def read_document(text: str, measure: str = "") -> tuple[str, str]:
    """Identifier and amendment from `HB1075`, `HB 1075 - House Amendment 1` or, where `measure` is known from
    elsewhere, from `Senate Amendment 001` alone. Raises `Refused`."""
    words = " ".join(text.split())
    match = _DOCUMENT.fullmatch(words)
    if match is not None and not _AMENDMENT.match(words):
        return read_identifier(match[1] + match[2]), read_amendment(match[3])
    if measure and _AMENDMENT.match(words):
        return measure, read_amendment(words)
    if _AMENDMENT.match(words):
        raise Refused(
            _(
                "“%(value)s” does not say which measure is amended. Put the measure's number into the file's name."
            )
            % {"value": words[:60]}
        )
    raise Refused(_("“%(value)s” is not the number of a measure.") % {"value": words[:60]})
