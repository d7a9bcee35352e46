"""A person's own follow-ups: marking one as done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.models import FollowUp
from meetings.services.afterwards import finish_follow_up


@require_POST
def follow_up_done(request: HttpRequest, pk: int) -> HttpResponse:
    """It is done."""
    follow_up = get_object_or_404(FollowUp.objects.of(request.user), pk=pk)
    finish_follow_up(follow_up=follow_up, by=request.user, now=timezone.now())
    messages.success(request, _("Noted as done. Thank you."))
    return redirect("my_meetings:events")
