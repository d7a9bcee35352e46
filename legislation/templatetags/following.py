"""The button with which somebody follows a bill, a legislator or a committee."""

from typing import Any

from django import template
from django.template.context import Context

from legislation.models import Follow
from legislation.services.follow import KINDS, Followed

register = template.Library()


@register.inclusion_tag("legislation/_follow_button.html", takes_context=True)
def follow_button(context: Context, target: Followed) -> dict[str, Any]:
    """`{% load following %}{% follow_button bill %}`. For a visitor a link that leads past the sign-in, the same for
    all; for somebody signed in a button that follows at once, or says that they do (one query)."""
    request = context["request"]
    kind = next(name for name, model in KINDS.items() if isinstance(target, model))
    signed_in = request.user.is_authenticated
    follow = Follow.objects.visible_to(request.user).filter(**{kind: target}).first() if signed_in else None
    return {
        "target": target,
        "kind": kind,
        "follow": follow,
        "signed_in": signed_in,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
