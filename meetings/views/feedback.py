"""How an event was: one page behind the link in our mail; the answer is kept without a name."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mailing.web.limits import limited
from meetings.afterwards_emails import feedback_place
from meetings.feedback_forms import FeedbackForm
from meetings.services.afterwards import feedback_open, give_feedback
from partners.errors import NotAllowed
from partners.posted import posted


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("feedback")
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """The question, and after the answer the thanks. The same link answers once."""
    place = feedback_place(token)
    if place is None:
        raise Http404(_("This link is not one of ours. Open the link in our mail once more."))
    now = timezone.now()
    form = FeedbackForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            give_feedback(place=place, now=now, **form.cleaned_data)
        except NotAllowed:
            # Sent twice, or too late: the page says how it stands.
            place.refresh_from_db()
        else:
            return redirect(request.path)
    context = {
        "event": place.event,
        "form": form,
        "is_done": place.gave_feedback,
        "is_open": feedback_open(place.event, place, now),
    }
    return render(request, "meetings/feedback.html", context)
