"""The picture of a call to action that other sites show beside its link."""

import redis
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from campaigns.models import CallToAction
from campaigns.sharing import printable, share_image_version, share_image_words
from mailing.identity import sender_identity
from partners.typesetting import typeset_png

TEMPLATE = "campaigns/typst/share.typ"
KEPT_SECONDS = 24 * 3600
# Link previews are fetched again and again, and nothing in the picture is urgent.
FRESH_SECONDS = 3600


@login_not_required
@require_safe
def share_image(request: HttpRequest, slug: str) -> HttpResponse:
    """1200 by 630 dots: headline, ask, deadline."""
    call = get_object_or_404(CallToAction.objects.public(), slug=slug)
    response = HttpResponse(_kept_picture(call), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return response


def _kept_picture(call: CallToAction) -> bytes:
    coalition = printable(sender_identity().name)
    key = f"campaigns:share:{call.pk}:{share_image_version(call, coalition)}"
    try:
        kept = cache.get(key)
    except redis.RedisError:
        return _picture(call, coalition)
    if kept is None:
        kept = _picture(call, coalition)
        cache.set(key, kept, timeout=KEPT_SECONDS)
    return kept


def _picture(call: CallToAction, coalition: str) -> bytes:
    return typeset_png(TEMPLATE, share_image_words(call) | {"coalition": coalition})
