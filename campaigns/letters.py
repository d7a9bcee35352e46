"""A letter that organizations sign, as people read it: its signers in order, and the letter as PDF."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image, UnidentifiedImageError

from campaigns.models import CallToAction, Signature, SignOnLetter
from legislation.services.search_index import plain_letters
from mailing.composing.compile import clean_body
from partners.images import FORMATS, MAX_PIXELS
from partners.models import Organization
from partners.services.identity import get_coalition
from partners.typesetting import typeset_pdf

TEMPLATE = "campaigns/typst/letter.typ"
# A finished letter is kept for a day; every change of what it says has a key of its own.
KEPT_FOR = 24 * 3600
# A printed logo is at most 110 points wide and 28 high, with three dots to a point.
LOGO_SIZE, LOGO_DOTS_PER_INCH = (330, 84), 216


@dataclass(frozen=True)
class Signers:
    """Who signed a letter, in the order in which it is printed, and from how many areas."""

    signatures: list[Signature]
    areas: int

    @property
    def count(self) -> int:
        """How many organizations signed."""
        return len(self.signatures)


def signers(call: CallToAction) -> Signers:
    """The signatures that stand under a call's letter: by name, whatever its capitals and accents."""
    rows = (
        Signature.objects.standing()
        .filter(call_to_action=call)
        .select_related("organization__area", "organization__county")
    )
    ordered = sorted(rows, key=lambda row: (plain_letters(row.organization_name).casefold(), row.pk))
    return Signers(ordered, len({row.organization.area_id for row in ordered}))


def letter_of(call: CallToAction) -> SignOnLetter | None:
    """What a call's letter has beside its text; nothing where staff have not written it yet."""
    return SignOnLetter.objects.filter(call_to_action=call).first()


def letter_pdf(call: CallToAction, letter: SignOnLetter) -> bytes:
    """The letter with everybody who signed it, for print and for screen readers."""
    signed = signers(call)
    data = _letter_data(call, letter, signed.signatures)
    logos = _organizations_with_logos(letter, signed.signatures)
    facts = json.dumps([data, sorted((number, row.logo.name) for number, row in logos.items())])
    key = f"letter:{call.pk}:{hashlib.sha256(facts.encode()).hexdigest()}"
    made: bytes | None = cache.get(key)
    if made is None:
        pictures = {number: _printable_logo(row) for number, row in logos.items()}
        images = {f"{number}.png": picture for number, picture in pictures.items() if picture}
        for signer in data["signers"]:
            signer["logo"] = f"{signer['number']}.png" if f"{signer['number']}.png" in images else ""
        made = typeset_pdf(TEMPLATE, data, images)
        cache.set(key, made, KEPT_FOR)
    return made


def _letter_data(call: CallToAction, letter: SignOnLetter, signatures: Iterable[Signature]) -> dict[str, Any]:
    """What the template prints, all of it plain text."""
    coalition = get_coalition()
    rows = list(signatures)
    said = ngettext(
        "%(count)s organization signs this letter", "%(count)s organizations sign this letter", len(rows)
    ) % {"count": f"{len(rows):,}"}
    return {
        "title": clean_body(letter.subject),
        "sender": [line for line in (coalition.name, *coalition.address_lines) if line],
        "day": _day(letter, call),
        "addressed_to": _lines(letter.addressed_to),
        "paragraphs": [_lines(part) for part in _paragraphs(call.statement)],
        "signed": said if rows else _("No organization has signed yet"),
        "page": _("Page"),
        "of": _("of"),
        "signers": [_signer(row) for row in rows],
    }


def _day(letter: SignOnLetter, call: CallToAction) -> str:
    """The letter's date: when it was handed over, else today or its deadline, whichever comes first."""
    day = letter.delivered_on or min(timezone.localdate(), timezone.localdate(call.closes_at))
    return date_format(day, "F j, Y")


def _signer(row: Signature) -> dict[str, Any]:
    organization = row.organization
    return {
        "number": row.pk,
        "organization": clean_body(row.organization_name),
        "signer": clean_body(row.signer_name),
        "title": clean_body(row.signer_title),
        "place": clean_body(organization.city),
    }


def _paragraphs(text: str) -> list[str]:
    return [part for part in clean_body(text).replace("\r\n", "\n").split("\n\n") if part.strip()]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in clean_body(text).splitlines() if line.strip()]


def _organizations_with_logos(
    letter: SignOnLetter, signatures: Iterable[Signature]
) -> dict[int, Organization]:
    """Whose logo may be printed, by the number of the signature."""
    if not letter.show_logos:
        return {}
    return {row.pk: row.organization for row in signatures if row.logo_allowed and row.organization.logo.name}


def _printable_logo(organization: Organization) -> bytes | None:
    """A small PNG of a logo's pixels and nothing else; None where the file is gone or no honest picture."""
    try:
        with organization.logo.open("rb") as file, Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            small = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    small.thumbnail(LOGO_SIZE, Image.Resampling.LANCZOS)
    target = BytesIO()
    small.save(target, "PNG", optimize=True, dpi=(LOGO_DOTS_PER_INCH, LOGO_DOTS_PER_INCH))
    return target.getvalue()
