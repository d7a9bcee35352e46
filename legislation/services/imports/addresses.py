"""Addresses of pages elsewhere, as sources give them: they become links on public pages."""

import re

LONGEST = 500
# A link that a browser opens as a page and never runs; the host in plain letters, without a name and password before it.
_PAGE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][^\x00-\x1f\x7f]*)?", re.IGNORECASE)


def web_address(text: str) -> str:
    """The address where it is one of a web page; else "", such as for `javascript:` and `data:`."""
    text = text.strip()
    return text if _PAGE.fullmatch(text) else ""


def fitting_address(text: str) -> str:
    """The same, and "" also where the address is longer than its column: cut off it would lead nowhere."""
    address = web_address(text)
    return address if len(address) <= LONGEST else ""
