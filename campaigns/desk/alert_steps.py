"""Pages behind an alert's buttons: test, send back, pause, resume, cancel, copy. Sending is in `alert_sending`."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.audience import BadRules
from campaigns.desk.alert_forms import AlertTestForm, CommentForm
from campaigns.desk.alert_preview import asked_for
from campaigns.desk.alert_sending import result_url, who_did_what
from campaigns.models import ActionAlert
from campaigns.services import alert_tests
from campaigns.services import alerts as services
from campaigns.staff_views import Question, ask, posted


def send_test(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Asks, then mails the alert to staff alone, as a chosen person would get it."""
    try:
        asked, _people = asked_for(request, alert)
        person, who = asked.person, asked.member.name if asked.member else _("a subscriber without a name")
    except BadRules:
        person, who = None, _("a subscriber without a name")
    form = AlertTestForm(posted(request), alert=alert, user=request.user)

    def step(answers: dict[str, Any]) -> None:
        sent = alert_tests.send_test(
            alert=alert, to=answers["to"], person=person, versions=answers["versions"]
        )
        words = ngettext("%(n)d test is on its way.", "%(n)d tests are on their way.", sent)
        question.done = words % {"n": sent}

    preview_url = reverse("admin:campaigns_actionalert_preview", args=[alert.pk])
    question = Question(
        title=_("Send a test?"),
        explanation=_(
            "Each message is marked “[Test]” and goes to the chosen staff alone. Nobody else gets it."
        ),
        facts=[(_("Written for"), who)],
        form=form,
        button=_("Send the test"),
        done="",
        next_url=preview_url,
        step=step,
    )
    return ask(admin, request, alert, question)


def send_back(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Makes a submitted alert a draft again, with words for whoever wrote it."""
    question = Question(
        title=_("Send this alert back?"),
        explanation=_("It becomes a draft again, to be changed and submitted anew."),
        form=CommentForm(posted(request)),
        button=_("Send it back"),
        done=_("The alert is a draft again."),
        facts=who_did_what(alert),
        step=lambda answers: services.send_back(alert=alert, by=request.user, note=answers["comment"]),
    )
    return ask(admin, request, alert, question)


def pause(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Asks, then stops handing messages over."""
    question = Question(
        title=_("Pause this alert?"),
        explanation=_(
            "Messages that are with the mail server already will arrive. You can resume at any time."
        ),
        button=_("Pause the alert"),
        done=_("The alert is paused."),
        next_url=result_url(alert),
        step=lambda answers: services.pause_alert(alert=alert, by=request.user),
    )
    return ask(admin, request, alert, question)


def resume(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Asks, then goes on where the alert was paused."""
    question = Question(
        title=_("Resume this alert?"),
        explanation=_("It goes on with those who have not got it yet. Nobody gets it twice."),
        button=_("Resume the alert"),
        done=_("The alert goes on."),
        next_url=result_url(alert),
        step=lambda answers: services.resume_alert(alert=alert, by=request.user),
    )
    return ask(admin, request, alert, question)


def cancel(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Asks, then ends the alert for good."""
    question = Question(
        title=_("Cancel this alert for good?"),
        explanation=_(
            "It sends nothing more, nor do its reminders, and it cannot be resumed. You can copy it as a new draft."
        ),
        button=_("Cancel the alert"),
        danger=True,
        done=_("The alert is cancelled."),
        step=lambda answers: services.cancel_alert(alert=alert, by=request.user),
    )
    return ask(admin, request, alert, question)


def copy(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Asks, then opens a new draft with the same words and audience."""
    question = Question(
        title=_("Copy this alert as a new draft?"),
        explanation=_("The copy has the same words and the same audience. Nothing is sent."),
        button=_("Make the copy"),
        done=_("This is the copy. Change what you like."),
        step=lambda answers: services.copy_alert(alert=alert, by=request.user),
    )
    return ask(admin, request, alert, question)
