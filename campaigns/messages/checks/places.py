"""How staff are told where in the editor something stands."""

from django.utils.translation import gettext as _

from campaigns.models import AlertBlock


def place(number: int, block: AlertBlock, language: str = "en") -> str:
    """Such as "Block 2 (quote), Spanish"; `number` counts from 1 as the editor does."""
    words = _("Block %(n)d (%(kind)s)") % {"n": number, "kind": block.get_kind_display()}
    return _("%(place)s, Spanish") % {"place": words} if language == "es" else words
