"""What people are written about a survey, in the language they chose. Built here, queued by the services."""

from django.template.defaultfilters import truncatechars
from django.utils import translation
from django.utils.translation import gettext as _

from mailing.services import Draft, Precedence
from partners.emails import render_message
from surveys.models import SurveyInvitation
from surveys.tokens import invitation_url


def invitation_message(invitation: SurveyInvitation, *, language: str) -> Draft:
    """Asks somebody to answer."""
    with translation.override(language or "en"):
        return _draft("invitation", _("Your answers, please: %(subject)s"), invitation)


def reminder_message(invitation: SurveyInvitation, *, language: str) -> Draft:
    """Asks once more, as long as there is no answer."""
    with translation.override(language or "en"):
        return _draft("reminder", _("A reminder: %(subject)s"), invitation)


def _draft(template: str, subject: str, invitation: SurveyInvitation) -> Draft:
    survey = invitation.survey
    about = truncatechars(invitation.subject or survey.shown_title, 120)
    message = render_message(
        f"surveys/email/{template}",
        to=invitation.person.email,
        subject=subject % {"subject": about},
        survey=survey,
        invitation=invitation,
        person=invitation.person,
        about=about,
        url=invitation_url(invitation),
        questions=survey.questions.count(),
    )
    return Draft(**message, precedence=Precedence.NOTICE)
