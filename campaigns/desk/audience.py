"""What the audience builder asks the server for while staff choose: itself once more, a count, a saved segment."""

import re

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.audience import Audience
from campaigns.desk.audience_draft import Draft
from campaigns.desk.audience_field import TEMPLATE, builder_context, count_context
from campaigns.models import ActionAlert, Segment
from campaigns.services.errors import StateError
from campaigns.services.segments import save_segment
from partners.permissions import may_look

_NAME = re.compile(r"[a-z][a-z_-]{0,39}")


@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """The builder after one of its buttons."""
    name, draft = _sent(request)
    return render(request, TEMPLATE, builder_context(name, draft, counted=False))


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """How many the conditions are for that stand in the form right now; unfinished ones do not count."""
    _name, draft = _sent(request)
    audience = Audience(draft.tree(), draft.with_subscribers)
    return render(request, "admin/desk/audience_count.html", count_context(audience))


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keeps the conditions of the form as a segment under a name of its own."""
    name, draft = _sent(request)
    if not request.user.has_perm("campaigns.add_segment"):
        raise PermissionDenied
    problems = draft.problems()
    if not problems:
        try:
            segment = save_segment(
                name=request.POST.get(f"{name}-save-name", ""), rules=draft.tree(), by=request.user
            )
        except StateError as refusal:
            problems = [str(refusal)]
        else:
            context = {"segment": segment, "words": _("“%(name)s” is saved.") % {"name": segment.name}}
            return render(request, "admin/desk/audience_saved.html", context)
    return render(request, "admin/desk/audience_saved.html", {"problems": problems})


def _sent(request: HttpRequest) -> tuple[str, Draft]:
    """The form's builder, for staff who may look at alerts or segments."""
    if not (may_look(request.user, ActionAlert) or may_look(request.user, Segment)):
        raise PermissionDenied
    name = request.POST.get("audience-name", "")
    if not _NAME.fullmatch(name):
        raise PermissionDenied
    return name, Draft.sent(request.POST, name)
