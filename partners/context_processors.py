"""What every page may show of the coalition."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from partners.services.identity import get_coalition


def coalition(request: HttpRequest) -> dict[str, object]:
    """The coalition's row, read once and only when a template asks for it."""
    return {"coalition": SimpleLazyObject(get_coalition)}
