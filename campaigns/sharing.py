"""The picture that shared links show of a call."""

import hashlib
import json
import unicodedata
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.models import CallToAction


def share_image_words(call: CallToAction) -> dict[str, Any]:
    """What the picture of a call says, beside the coalition's name."""
    if call.is_over():
        deadline = _("Closed: see what came of it")
    elif call.is_standing:
        deadline = _("Open at any time")
    else:
        day = date_format(timezone.localtime(call.closes_at), "l, F j, Y")
        deadline = _("Act by %(day)s") % {"day": day}
    words = {
        "title": call.title,
        "ask": call.ask,
        "kind": capfirst(call.get_kind_display()),
        "deadline": deadline,
    }
    return {name: printable(text) for name, text in words.items()}


def printable(text: str) -> str:
    """Without emoji and other signs that no font of ours has."""
    signs = (
        character for character in text if unicodedata.category(character) not in {"So", "Cs", "Cc", "Cf"}
    )
    return " ".join("".join(signs).split())


def share_image_version(call: CallToAction, *further: str) -> str:
    """Changes with what the picture says, so that nobody shows an old one."""
    words = json.dumps([share_image_words(call), further], sort_keys=True)
    return hashlib.blake2b(words.encode(), digest_size=6).hexdigest()


def share_image_url(call: CallToAction) -> str:
    """Where the picture of a call is."""
    return f"{reverse('campaigns:share_image', args=[call.slug])}?v={share_image_version(call)}"
