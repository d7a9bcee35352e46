"""Pages behind an alert's buttons: preview, test, send, pause, result."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.alert_content import problems_before_sending
from campaigns.alert_result import problem_rows, with_outcomes
from campaigns.audience import Audience
from campaigns.models import ActionAlert
from campaigns.services import alerts as services
from campaigns.staff_forms import AudienceForm, MomentForm
from campaigns.staff_views import Question, ask, desk_context, posted
from mailing.models import Delivery
from partners.querysets import PersonQuerySet
from partners.spreadsheets import csv_download

PEOPLE_SHOWN = 12
PROBLEMS_SHOWN = 200


def saved_audience_words(alert: ActionAlert) -> SafeString:
    """The size of the audience as it was saved last; a new alert is for all partners."""
    audience = Audience.of(alert) if alert.pk else Audience()
    return render_to_string("admin/desk/audience_size.html", {"size": audience.size()})


def count_audience(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The size of the audience that is ticked in the form right now."""
    if not (admin.has_view_permission(request) or admin.has_add_permission(request)):
        raise PermissionDenied
    form = AudienceForm(request.GET)
    if not form.is_valid():
        return render(request, "admin/desk/audience_size.html", {"size": None})
    chosen = form.cleaned_data
    audience = Audience(
        areas=tuple(area.pk for area in chosen["areas"]),
        sub_sectors=tuple(sub_sector.pk for sub_sector in chosen["sub_sectors"]),
        roles=tuple(chosen["roles"]),
        include_subscribers=chosen["include_subscribers"],
    )
    return render(request, "admin/desk/audience_size.html", {"size": audience.size()})


def preview(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The alert as one chosen person of the audience will get it."""
    people = services.audience_people(alert)
    words, number = request.GET.get("q", "").strip()[:80], request.GET.get("person", "")
    stranger = number == "subscriber"
    person = people.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if person is None and not stranger:
        person = _found(people, words).first()
    context = desk_context(admin, request, alert, _("Preview"))
    context |= {
        "message": services.preview_alert(alert=alert, person=person),
        "preheader": alert.preheader,
        "person": person,
        "words": words,
        "people": _found(people, words)[:PEOPLE_SHOWN],
        "with_subscribers": alert.include_subscribers,
    }
    return TemplateResponse(request, "admin/desk/alert_preview.html", context)


def _found(people: PersonQuerySet, words: str) -> PersonQuerySet:
    """People whose name, address or organization holds every word."""
    for word in words.split()[:5]:
        people = people.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(organization_name__icontains=word)
        )
    return people.order_by("last_name", "first_name", "pk")


def send_test(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Asks, then mails the alert to the staff member alone."""
    question = Question(
        title=_("Send a test to yourself?"),
        explanation=_("One message goes to %(address)s, marked “[Test]”. Nobody else gets it.")
        % {"address": request.user.email},
        button=_("Send the test"),
        done=_("The test is on its way to %(address)s.") % {"address": request.user.email},
        step=lambda answers: services.send_test(alert=alert, to=request.user),
    )
    return ask(admin, request, alert, question)


def send_now(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The last look before an alert goes out."""
    size = services.audience_size(alert)
    question = Question(
        title=_("Send this alert now?"),
        explanation=_("It starts within seconds. What is with the mail server cannot be called back."),
        problems=problems_before_sending(alert, send_at=timezone.now(), reached=size.reached),
        facts=_facts(alert),
        button=ngettext("Send to %(n)s person", "Send to %(n)s people", size.reached)
        % {"n": number_format(size.reached, force_grouping=True)},
        done=_("The alert is on its way."),
        next_url=_result_url(alert),
        step=lambda answers: services.approve_alert(alert=alert, by=request.user),
    )
    return _ask_to_send(admin, request, alert, question, size)


def schedule(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """The same look, for a later moment."""
    size = services.audience_size(alert)
    question = Question(
        title=_("When shall this alert go out?"),
        explanation=_(
            "The audience is fixed now. Nothing goes out to people who unsubscribe before, "
            "nor when the call to action closes first."
        ),
        problems=problems_before_sending(alert, send_at=timezone.now(), reached=size.reached),
        facts=_facts(alert),
        form=MomentForm(
            posted(request),
            help_text=_("Chicago time, before the deadline: %(deadline)s")
            % {"deadline": _moment(alert.call_to_action.closes_at)},
        ),
        button=ngettext("Schedule for %(n)s person", "Schedule for %(n)s people", size.reached)
        % {"n": number_format(size.reached, force_grouping=True)},
        done=_("The alert is scheduled."),
        next_url=_result_url(alert),
        step=lambda answers: services.approve_alert(alert=alert, by=request.user, send_at=answers["at"]),
    )
    return _ask_to_send(admin, request, alert, question, size)


def _ask_to_send(
    admin: ModelAdmin,
    request: HttpRequest,
    alert: ActionAlert,
    question: Question,
    size: services.AudienceSize,
) -> HttpResponse:
    question.template = "admin/desk/alert_send.html"
    question.facts.insert(
        0, (_("Audience"), render_to_string("admin/desk/audience_size.html", {"size": size}))
    )
    if request.method != "POST" and alert.state != ActionAlert.State.DRAFT:
        question.problems = [_("This alert has been approved already.")]
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
        next_url=_result_url(alert),
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
        next_url=_result_url(alert),
        step=lambda answers: services.resume_alert(alert=alert, by=request.user),
    )
    return ask(admin, request, alert, question)


def cancel(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """Asks, then ends the alert for good."""
    question = Question(
        title=_("Cancel this alert for good?"),
        explanation=_("It sends nothing more and cannot be resumed. You can copy it as a new draft."),
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


def result(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> HttpResponse:
    """How far the alert is, and what people did with it. Refreshes itself while it is going out."""
    numbers = services.alert_result(alert)
    problems = list(problem_rows(alert)[: PROBLEMS_SHOWN + 1]) if alert.mailing_id else []
    context = desk_context(admin, request, alert, _("Result"))
    context |= {
        "alert": alert,
        "result": numbers,
        "funnel": _funnel(numbers),
        "problems": problems[:PROBLEMS_SHOWN],
        "more_problems": len(problems) > PROBLEMS_SHOWN,
        "refresh": alert.state in {ActionAlert.State.SENDING, ActionAlert.State.SCHEDULED}
        or bool(numbers.waiting),
        "csv_url": reverse("admin:campaigns_actionalert_csv", args=[alert.pk]),
    }
    return TemplateResponse(request, "admin/desk/alert_result.html", context)


def _funnel(numbers: services.AlertResult) -> list[dict[str, Any]]:
    """Recipients, accepted, clicked, acted: each as a number and as a share of the recipients, 0 to 100."""
    steps = [
        (_("recipients"), numbers.recipients, _("One row per address.")),
        (
            _("accepted by the mail server"),
            numbers.accepted,
            _("Whether it reached the inbox only the receiving side knows."),
        ),
        (_("clicked"), numbers.clicked, _("Counted three minutes after arrival, or when the person acts.")),
        (_("acted"), numbers.acted, _("Completed the call to action over a link of this alert.")),
    ]
    return [
        {
            "label": label,
            "value": value,
            "note": note,
            "percent": round(100 * value / numbers.recipients) if numbers.recipients else 0,
        }
        for label, value, note in steps
    ]


def download(admin: ModelAdmin, request: HttpRequest, alert: ActionAlert) -> StreamingHttpResponse:
    """Every recipient with what happened, as a streamed CSV file."""
    if not admin.has_view_permission(request, alert):
        raise PermissionDenied
    return csv_download(f"alert-{alert.pk}-recipients.csv", _rows(alert))


def _rows(alert: ActionAlert) -> Iterator[list[object]]:
    yield [
        _("e-mail address"),
        _("first name"),
        _("organization"),
        _("state"),
        _("accepted (Chicago time)"),
        _("clicked"),
        _("acted"),
        _("mail server's answer"),
    ]
    if alert.mailing_id is None:
        return
    rows = with_outcomes(Delivery.objects.filter(mailing=alert.mailing_id)).order_by("pk")
    for row in rows.iterator(2000):
        yield [
            row.email,
            row.slots.get("first_name", ""),
            row.slots.get("organization", ""),
            row.get_state_display(),
            timezone.localtime(row.accepted_at).strftime("%Y-%m-%d %H:%M") if row.accepted_at else "",
            _("yes") if row.clicked else "",
            _("yes") if row.acted else "",
            row.response,
        ]


def _facts(alert: ActionAlert) -> list[tuple[str, object]]:
    call = alert.call_to_action
    return [
        (_("Subject"), alert.subject),
        (_("Call to action"), call.title),
        (_("Deadline"), _moment(call.closes_at)),
        (_("Who may act"), call.get_audience_display()),
    ]


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "l, F j, Y, g:i a")


def _result_url(alert: ActionAlert) -> str:
    return reverse("admin:campaigns_actionalert_result", args=[alert.pk])
