"""The last look before an alert goes out: send now, schedule, submit for approval, approve."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.audience import BadRules
from campaigns.desk.alert_checks import Findings, look
from campaigns.messages.preview import Preview, preview_alert
from campaigns.models import ActionAlert
from campaigns.permissions import can_approve
from campaigns.services import alerts as services
from campaigns.staff_forms import MomentForm
from campaigns.staff_views import Question, ask, posted
from mailing.errors import CompileError
from partners.models import User

State = ActionAlert.State


@dataclass
class SendQuestion(Question):
    """A last look: the message itself, what checks found, who wrote and submitted it, what will happen."""

    findings: Findings | None = None
    shown: Preview | None = None
    people: list[tuple[str, object]] = field(default_factory=list)
    template: str = "admin/desk/alert_send.html"


def send_now(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The last look before an alert goes out."""
    findings = look(alert, send_at=timezone.now())
    question = SendQuestion(
        title=_("Send this alert now?"),
        explanation=_("It starts within seconds. What is with the mail server cannot be called back."),
        problems=_stops(alert, findings, alone=True),
        button=_button(lambda n: ngettext("Send to %(n)s person", "Send to %(n)s people", n), findings),
        done=_("The alert is on its way."),
        next_url=result_url(alert),
        step=lambda answers: services.approve_alert(alert=alert, by=request.user),
    )
    return _ask(admin, request, alert, question, findings)


def schedule(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The same look, for a later moment."""
    findings = look(alert, send_at=timezone.now())
    question = SendQuestion(
        title=_("When shall this alert go out?"),
        explanation=_(
            "The audience is fixed now. Nothing goes out to people who unsubscribe before, "
            "nor when the call to action closes first."
        ),
        problems=_stops(alert, findings, alone=True),
        form=_moment_form(request, alert),
        button=_button(
            lambda n: ngettext("Schedule for %(n)s person", "Schedule for %(n)s people", n), findings
        ),
        done=_("The alert is scheduled."),
        next_url=result_url(alert),
        step=lambda answers: services.approve_alert(alert=alert, by=request.user, send_at=answers["at"]),
    )
    return _ask(admin, request, alert, question, findings)


def submit(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Hands the alert to a second person, to go out with the approval or at a time."""
    findings = look(alert, send_at=timezone.now())
    question = SendQuestion(
        title=_("Submit this alert for approval?"),
        explanation=_(
            "Somebody else looks at exactly these words and this audience, and sends it or sends it back. "
            "Nothing can be changed until then."
        ),
        problems=_stops(alert, findings),
        form=_moment_form(request, alert, required=False),
        button=_("Submit for approval"),
        done=_("The alert waits for a second person's approval."),
        step=lambda answers: services.submit_alert(alert=alert, by=request.user, send_at=answers["at"]),
    )
    return _ask(admin, request, alert, question, findings)


def approve(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The second person's look, and the send."""
    now = timezone.now()
    at = alert.send_at if alert.send_at and alert.send_at > now else None
    findings = look(alert, send_at=at or now)
    explanation = _("It starts within seconds. What is with the mail server cannot be called back.")
    if at:
        explanation = _("On %(at)s it goes out.") % {"at": moment(at)}
    question = SendQuestion(
        title=_("Approve this alert?"),
        explanation=explanation,
        problems=_stops(alert, findings, state=State.WAITING, approver=request.user),
        button=_button(
            lambda n: ngettext("Approve for %(n)s person", "Approve for %(n)s people", n), findings
        ),
        done=_("The alert is approved."),
        next_url=result_url(alert),
        step=lambda answers: services.approve_alert(alert=alert, by=request.user),
    )
    return _ask(admin, request, alert, question, findings)


def _ask(
    admin: ModelAdmin, request: HttpRequest, alert: ActionAlert, question: SendQuestion, findings: Findings
) -> HttpResponse:
    """Asks with everything a last look needs beside the question."""
    question.findings, question.people = findings, who_did_what(alert)
    question.facts = _facts(alert, findings)
    question.step = _told(question.step)
    if request.method != "POST":
        question.shown = _message(alert)
    response = ask(admin, request, alert, question)
    response._csp_update = {"img-src": ["https:"]}
    return response


def _told(step: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """The step, with an audience that names what is gone refused in words."""

    def taken(answers: dict[str, Any]) -> Any:
        try:
            return step(answers)
        except BadRules as error:
            raise services.AlertRefused([str(error)]) from error

    return taken


def _message(alert: ActionAlert) -> Preview | None:
    """The message as a subscriber without a name reads it; nothing where it cannot be built."""
    try:
        return preview_alert(alert, person=None)
    except CompileError:
        return None


def _stops(
    alert: ActionAlert,
    findings: Findings,
    *,
    state: str = State.DRAFT,
    alone: bool = False,
    approver: User | None = None,
) -> list[str]:
    """Why the step is not open; a page with reasons shows no button. `alone`: one person sends it by themself."""
    if alert.state != state:
        if alert.state == State.DRAFT:
            return [_("This alert does not wait for approval.")]
        if alert.state == State.WAITING:
            return [_("This alert waits for a second person's approval.")]
        return [_("This alert has been approved already.")]
    stops = []
    if approver and not can_approve(approver, alert):
        stops.append(
            _("Another person than the one who wrote or submitted it must approve it, with the right to.")
        )
    if alone and findings.size and services.needs_second_person(findings.size.reached):
        stops.append(_("So many people need a second person's approval. Submit the alert instead."))
    return stops + [str(problem) for problem in findings.stops]


def _button(words: Callable[[int], str], findings: Findings) -> str:
    """A button that names how many people get the alert."""
    reached = findings.size.reached if findings.size else 0
    return words(reached) % {"n": number_format(reached, force_grouping=True)}


def _moment_form(request: HttpRequest, alert: ActionAlert, *, required: bool = True) -> MomentForm:
    words = _("Chicago time, before the deadline: %(deadline)s")
    if not required:
        words = _("Empty: as soon as it is approved. Chicago time, before the deadline: %(deadline)s")
    if alert.call_to_action.is_standing:
        words = _("Chicago time.") if required else _("Empty: as soon as it is approved. Chicago time.")
    deadline = {"deadline": moment(alert.call_to_action.mail_until)}
    return MomentForm(posted(request), help_text=words % deadline, required=required)


def _facts(alert: ActionAlert, findings: Findings) -> list[tuple[str, object]]:
    call = alert.call_to_action
    size = render_to_string("admin/desk/audience_size.html", {"size": findings.size})
    facts: list[tuple[str, object]] = [
        (_("Audience"), size),
        (_("Subject"), alert.subject),
        (_("Call to action"), call.title),
        (_("Deadline"), _("none") if call.is_standing else moment(call.mail_until)),
        (_("Who may act"), call.get_audience_display()),
    ]
    if alert.test:
        words = _("%(kind)s, %(share)d%% of the people, judged after %(hours)d hours")
        answers = {"kind": alert.get_test_display(), "share": alert.test_percent, "hours": alert.test_hours}
        facts.append((_("A/B test"), words % answers))
    if alert.reminder_days:
        days = ", ".join(map(str, alert.reminder_days))
        facts.append((_("Reminders"), _("after %(days)s days") % {"days": days}))
    if alert.rate_per_minute:
        facts.append((_("At most"), _("%(n)d a minute") % {"n": alert.rate_per_minute}))
    if alert.in_recipients_window:
        facts.append((_("Time of day"), _("as each recipient chose")))
    return facts


def who_did_what(alert: ActionAlert) -> list[tuple[str, object]]:
    """Who wrote, submitted and approved an alert, and when: what everybody at the desk sees."""
    steps = (
        (_("Written by"), alert.created_by, alert.created_at),
        (_("Submitted by"), alert.submitted_by, alert.submitted_at),
        (_("Approved by"), alert.approved_by, alert.approved_at),
    )
    return [
        (label, _("%(who)s, %(at)s") % {"who": who or _("somebody who has left"), "at": moment(at)})
        for label, who, at in steps
        if at
    ]


def moment(at: datetime) -> str:
    """A moment in Chicago's time, in words."""
    return date_format(timezone.localtime(at), "l, F j, Y, g:i a")


def result_url(alert: ActionAlert) -> str:
    """Where one follows an alert on its way."""
    return reverse("admin:campaigns_actionalert_result", args=[alert.pk])
