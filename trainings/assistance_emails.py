"""The mails of technical assistance."""

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partners.emails import Message, render_message
from trainings.models import AssistanceRequest


def received(request: AssistanceRequest, text: str) -> Message:
    """To the person: we have it, and where they see what becomes of it."""
    return _message(
        "assistance_received", _("We have your request %(reference)s: %(subject)s"), request, text
    )


def answered(request: AssistanceRequest, text: str) -> Message:
    """To the person: our answer."""
    return _message("assistance_answered", _("Our answer to %(reference)s: %(subject)s"), request, text)


def _message(template: str, subject: str, request: AssistanceRequest, text: str) -> Message:
    words = {"reference": request.reference, "subject": Truncator(request.subject).chars(100)}
    return render_message(
        f"trainings/email/{template}",
        to=request.person.email,
        subject=subject % words,
        request=request,
        words=text,
        page_url=settings.SITE_URL + request.get_absolute_url(),
    )
