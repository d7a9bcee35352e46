"""A fact sheet on paper: one letter page, tagged, with our fonts."""

import typst
from django.utils.translation import gettext as _

from partners.errors import NotAllowed
from partners.typesetting import COLORS, typeset_pdf
from research.fact_sheets.content import Content

TEMPLATE = "research/typst/fact_sheet.typ"


def fact_sheet_pdf(content: Content) -> bytes:
    """The sheet as PDF. Raises `NotAllowed` where it says more than a page holds at a size that people can read."""
    try:
        return typeset_pdf(TEMPLATE, {**content, "map": _drawn(content)})
    except typst.TypstError as error:
        if "too long for one page" in str(error):
            words = _("It is too long for one page. Shorten its text, its summary or the ask.")
            raise NotAllowed(words) from error
        raise


def _drawn(content: Content) -> dict[str, str] | None:
    """The outline as a drawing of its own, in the color of paper on pine."""
    outline = content["map"]
    if not outline:
        return None
    width, height = outline["width"], outline["height"]
    edge = 14
    box = f"{-edge} {-edge} {width + 2 * edge} {height + 2 * edge}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{width}" height="{height}">'
        f'<path d="{outline["path"]}" fill="{COLORS["gold"]}" fill-rule="evenodd" '
        f'stroke="{COLORS["paper"]}" stroke-width="14" stroke-linejoin="round"/></svg>'
    )
    return {"svg": svg, "alt": outline["alt"], "is_wide": "yes" if width > height else ""}
