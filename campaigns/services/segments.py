"""Saved segments."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.audience.rules import parse
from campaigns.audience.saved import check_no_circle, expand
from campaigns.models import Segment
from campaigns.services.errors import StateError
from partners.history import changed_by
from partners.models import User


@transaction.atomic
def save_segment(*, name: str, rules: dict[str, Any], by: User, description: str = "") -> Segment:
    """Keeps rules under a name that no other segment has. Raises `StateError` in words for staff."""
    name = " ".join(name.split())[:120]
    if not name:
        raise StateError(_("Give the segment a name."))
    if Segment.objects.filter(name__iexact=name).exists():
        raise StateError(_("There is a segment “%(name)s” already. Choose another name.") % {"name": name})
    expand(parse(rules))
    segment = Segment(name=name, description=description, rules=rules, created_by=by)
    check_no_circle(segment, rules)
    changed_by(segment, by)
    segment.save()
    return segment
