"""Pages behind a series' buttons: preview, test, start, stop, and the numbers of each message."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.messages.series import preview_step, sample_slots
from campaigns.models import Series, SeriesStep
from campaigns.results.series import step_numbers
from campaigns.services import series as services
from campaigns.staff_views import Question, ask, desk_context
from mailing.errors import CompileError
from partners.models import Person


def preview(admin: ModelAdmin, request: HttpRequest, series: Series) -> HttpResponse:
    """One message as a new member or subscriber gets it, in English or Spanish."""
    steps = list(series.steps.all())
    asked, language = request.GET.get("step", ""), request.GET.get("language", "en")
    language = language if language in {"en", "es"} else "en"
    shown = next((step for step in steps if str(step.pk) == asked), steps[0] if steps else None)
    context = desk_context(admin, request, series, _("Preview"))
    context |= {"series": series, "steps": steps, "shown": shown, "language": language}
    if shown is not None:
        context |= _message(request, shown, language)
    return TemplateResponse(request, "admin/desk/series_preview.html", context)


def _message(request: HttpRequest, step: SeriesStep, language: str) -> dict[str, Any]:
    person = Person.objects.filter(user=request.user).first()
    slots = sample_slots(person) | {"organization": _("Prairie Path Services")}
    try:
        return {"message": preview_step(step, slots=slots, language=language)}
    except CompileError as error:
        return {"problem": str(error)}


def numbers(admin: ModelAdmin, request: HttpRequest, series: Series) -> HttpResponse:
    """How many got each message, and what they did."""
    context = desk_context(admin, request, series, _("Numbers"))
    context |= {"series": series, "rows": step_numbers(series)}
    return TemplateResponse(request, "admin/desk/series_numbers.html", context)


def start(admin: ModelAdmin, request: HttpRequest, series: Series) -> HttpResponse:
    """Asks, then lets the series run."""
    number = series.steps.count()
    again = series.started_at is not None
    words = ngettext("%(n)d message", "%(n)d messages", number) % {"n": number}
    question = Question(
        title=_("Start this series again?") if again else _("Start this series?"),
        explanation=_(
            "It goes on with the people it had. Nobody gets a message twice, more than one a day, or one that is more "
            "than a week late."
        )
        if again
        else _("Whoever comes from now on gets its messages. Who is here already is left alone."),
        facts=[
            (_("Begins when somebody"), series.get_trigger_display()),
            (_("Messages"), words),
            (_("Topic"), series.topic),
        ],
        button=_("Start the series"),
        done=_("The series is running."),
        step=lambda answers: services.start_series(series=series, by=request.user),
    )
    return ask(admin, request, series, question)


def stop(admin: ModelAdmin, request: HttpRequest, series: Series) -> HttpResponse:
    """Asks, then holds the series."""
    question = Question(
        title=_("Stop this series?"),
        explanation=_(
            "Nothing of it goes out until you start it again, and its messages can be edited. "
            "People whose message is more than a week late by then do not get that message."
        ),
        button=_("Stop the series"),
        done=_("The series is stopped."),
        step=lambda answers: services.stop_series(series=series, by=request.user),
    )
    return ask(admin, request, series, question)


def send_test(admin: ModelAdmin, request: HttpRequest, series: Series) -> HttpResponse:
    """Asks, then mails every message to the staff member alone."""
    number = series.steps.count()

    def step(answers: dict[str, Any]) -> None:
        services.send_series_test(series=series, to=request.user)

    question = Question(
        title=_("Send yourself a test?"),
        explanation=_("Every message goes to %(address)s, marked “[Test]”. Nobody else gets it.")
        % {"address": request.user.email},
        button=ngettext("Send %(n)d test", "Send %(n)d tests", number) % {"n": number},
        done=_("The tests are on their way to %(address)s.") % {"address": request.user.email},
        problems=[] if number else [_("The series has no message yet.")],
        step=step,
    )
    return ask(admin, request, series, question)
