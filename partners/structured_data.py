"""What machines that read pages are told (schema.org), as a data block that no browser executes."""

import json

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# The same three signs as Django's own json_script: nothing in the data can end the element.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(data: dict[str, object]) -> SafeString:
    """The data block for a page's head."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 (escaped above)
