"""Pages that any site may show in a frame. No other page of the portal may be framed."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

EVERYWHERE = ["*"]


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets every site show what this view answers in a frame."""
    anywhere: Any = csp_replace({"frame-ancestors": EVERYWHERE})(view)
    return xframe_options_exempt(anywhere)
