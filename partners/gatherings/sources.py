"""By which link somebody came: a short code that links carry, from the page through the form to their place."""

import re

from django.http import HttpRequest

CODE = re.compile(r"[A-Za-z0-9._-]{1,60}")


def source_code(value: str | None) -> str:
    """A source code as links carry it (`invitation`, `newsletter-5`), or nothing where it is no such thing."""
    return value if value and CODE.fullmatch(value) else ""


def source_in(request: HttpRequest) -> str:
    """The source code in a page's address: `?from=` in links of ours, `?utm_source=` in those of others."""
    return source_code(request.GET.get("from")) or source_code(request.GET.get("utm_source"))
