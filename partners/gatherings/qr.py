"""Pictures that a phone's camera reads: somebody's own code at the door, and the poster's address."""

import io

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def qr_svg(address: str, *, title: str) -> SafeString:
    """An address as a drawing to stand inside a page: no style and no script, dark on light in every color scheme."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=False,
        nl=False,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
    )
    # Spoken by its title, as a picture: the drawing's paths say nothing to whoever cannot see them.
    head = f'<svg role="img" focusable="false" aria-label="{escape(title)}"'
    return mark_safe(drawing.getvalue().decode().replace("<svg", head, 1))  # noqa: S308 our own drawing


def door_qr_svg(token: str, *, room: str = "meetings") -> SafeString:
    """Somebody's own code: staff scan it at the door. `token` is signed for the door of this room."""
    address = settings.SITE_URL + reverse(f"{room}:door", args=[token])
    return qr_svg(address, title=_("Your code for the door"))
