"""A certificate as PDF: landscape letter, tagged, with the address and the drawing by which it is checked."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partners.services.identity import get_coalition
from partners.typesetting import typeset_pdf
from trainings.models import Certificate

TEMPLATE = "trainings/typst/certificate.typ"


def certificate_pdf(certificate: Certificate) -> bytes:
    """One page, with real fonts."""
    coalition = get_coalition()
    address = settings.SITE_URL + certificate.get_absolute_url()
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawing, kind="png", scale=8, border=2)
    data = {
        "title": _("Certificate of completion"),
        "sender": coalition.name,
        "sender_address": coalition.postal_address,
        "given_to": _("This is to certify that"),
        "name": certificate.name,
        "completed": _("completed the training"),
        "course": certificate.course_title,
        "facts": [
            [_("Day"), date_format(certificate.held_on, "F j, Y")],
            [_("Hours"), f"{certificate.hours.normalize():f}"],
            [_("Issued"), date_format(certificate.issued_at, "F j, Y")],
        ],
        "credits_title": _("Continuing education"),
        "credits": [_credit_line(line) for line in certificate.credit_lines],
        "check": _("Check this certificate:"),
        "address": address,
        "code": certificate.printed_code,
        "code_words": _("Code of this certificate, as a drawing for a camera"),
    }
    return typeset_pdf(TEMPLATE, data, {"code.png": drawing.getvalue()})


def _credit_line(line: dict[str, str]) -> str:
    words = _("%(body)s: %(hours)s CE hours, approval %(number)s") % line
    return f"{words} ({line['profession']})" if line.get("profession") else words


def file_name(certificate: Certificate) -> str:
    """Such as `certificate-maria-lopez-ABCD-EFGH-JKMN.pdf`."""
    name = slugify(certificate.name)[:60] or "certificate"
    return f"certificate-{name}-{certificate.printed_code}.pdf"


def pack(file: IO[bytes], certificates: Iterable[Certificate]) -> Iterator[int]:
    """Writes certificates into a ZIP file, each when the next number is asked for: how many are in it by then."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, certificate in enumerate(certificates, 1):
            archive.writestr(file_name(certificate), certificate_pdf(certificate))
            yield number
