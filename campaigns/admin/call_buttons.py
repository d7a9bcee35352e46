"""The steps staff take with a call to action: publish, close, write to those who acted, archive."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns.admin.call_forms import CallSuccessorForm, ReportForm
from campaigns.models import CallToAction, ResultReport
from campaigns.results.reports import progress_words, report_of
from campaigns.services import calls as services
from campaigns.services import reporting
from campaigns.staff_forms import OutcomeForm
from campaigns.staff_views import Question, asking, closing_words, posted
from partners.admin.base import PartnersAdmin

# Which buttons a call to action has in each state.
BUTTONS = {
    CallToAction.Status.DRAFT: {"publish"},
    CallToAction.Status.PUBLISHED: {"close", "write_alert"},
    CallToAction.Status.CLOSED: {"report_back", "stop_report", "go_on_with_report", "archive"},
    CallToAction.Status.ARCHIVED: {"stop_report", "go_on_with_report"},
}


class CallButtons(PartnersAdmin):
    """The buttons of a call's page."""

    actions_detail = [
        "publish",
        "write_alert",
        "close",
        "report_back",
        "stop_report",
        "go_on_with_report",
        "archive",
    ]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        call = self.record(request, object_id)
        names = BUTTONS[CallToAction.Status(call.status)]
        return self.buttons(request, object_id, names - _out_of_place(report_of(call)))

    @asking(gettext_lazy("Publish"), icon="publish", url_path="publish")
    def publish(self, request: HttpRequest, call: CallToAction) -> Question:
        return Question(
            title=_("Publish this call to action?"),
            explanation=_("Its page becomes public. People can act from the day it opens to its deadline."),
            facts=[
                (_("Opens"), call.opens_at),
                (_("Closes"), closing_words(call)),
                (_("Who may act"), call.get_audience_display()),
            ],
            problems=services.problems_of(call),
            button=_("Publish the call to action"),
            done=_("The call to action is published."),
            step=lambda answers: services.publish_call(call_to_action=call, by=request.user),
            template="admin/desk/call_publish.html",
        )

    @action(
        description=gettext_lazy("Write an alert about it"),
        icon="campaign",
        permissions=["work"],
        url_path="alert",
        variant=ActionVariant.PRIMARY,
    )
    def write_alert(self, request: HttpRequest, object_id: str) -> HttpResponse:
        call = self.record(request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:campaigns_actionalert_add')}?call_to_action={call.pk}")

    @asking(gettext_lazy("Close"), icon="flag", url_path="close")
    def close(self, request: HttpRequest, call: CallToAction) -> Question:
        return Question(
            title=_("Close this call to action?"),
            explanation=_(
                "Nobody can act from then on, and an alert about it sends nothing more. "
                "The page shows the outcome."
            ),
            facts=_who_acted(call),
            button=_("Close the call to action"),
            done=_("The call to action is closed."),
            form=OutcomeForm(posted(request), initial={"outcome": call.outcome}),
            step=lambda answers: services.close_call(call_to_action=call, by=request.user, **answers),
        )

    @asking(
        gettext_lazy("Write the result to those who acted"),
        icon="forward_to_inbox",
        url_path="report-back",
        variant=ActionVariant.PRIMARY,
    )
    def report_back(self, request: HttpRequest, call: CallToAction) -> Question:
        people = reporting.people_to_tell(call).count()
        return Question(
            title=_("Write the result to those who acted?"),
            explanation=_(
                "Each person who acted gets one message, and this is done once. People who want no mail "
                "from the coalition get none. The messages are written one after the other; the page of the "
                "call to action says how far it is."
            ),
            facts=[*_who_acted(call), (_("Messages at most"), people)],
            button=ngettext("Send it to %(n)d person", "Send it to %(n)d people", people) % {"n": people},
            done=_("The result is on its way to those who acted."),
            form=ReportForm(posted(request), initial=reporting.first_words(call)),
            step=lambda answers: reporting.report_back(call_to_action=call, by=request.user, **answers),
        )

    @asking(gettext_lazy("Stop writing the result"), icon="stop_circle", url_path="stop-report")
    def stop_report(self, request: HttpRequest, call: CallToAction) -> Question:
        return Question(
            title=_("Stop writing the result?"),
            explanation=_("Messages that are written already go out. You can go on with the others later."),
            facts=_how_far(call),
            button=_("Stop it"),
            done=_("Nothing more is written."),
            danger=True,
            step=lambda answers: reporting.stop_report(call_to_action=call, by=request.user).call_to_action,
        )

    @asking(gettext_lazy("Write the rest of the result"), icon="play_arrow", url_path="rest-of-report")
    def go_on_with_report(self, request: HttpRequest, call: CallToAction) -> Question:
        return Question(
            title=_("Write to the others too?"),
            explanation=_(
                "Everybody who acted and has no message yet gets it, with the words chosen before."
            ),
            facts=_how_far(call),
            button=_("Write the rest"),
            done=_("The rest is being written."),
            step=lambda answers: reporting.go_on_with_report(call_to_action=call).call_to_action,
        )

    @asking(gettext_lazy("Archive"), icon="inventory_2", url_path="archive")
    def archive(self, request: HttpRequest, call: CallToAction) -> Question:
        return Question(
            title=_("Archive this call to action?"),
            explanation=_(
                "It leaves the lists. Old links lead on to the call that continues it, or else to its "
                "campaign; without both its page stays."
            ),
            button=_("Archive the call to action"),
            done=_("The call to action is archived."),
            form=CallSuccessorForm(posted(request), call=call, initial={"successor": call.successor_id}),
            step=lambda answers: services.archive_call(call_to_action=call, by=request.user, **answers),
        )


def _who_acted(call: CallToAction) -> list[tuple[str, object]]:
    totals = call.actions.totals()
    return [(_("People who acted"), totals["people"]), (_("Partner organizations"), totals["organizations"])]


def _how_far(call: CallToAction) -> list[tuple[str, object]]:
    report = report_of(call)
    return [(_("How far it is"), progress_words(report))] if report else []


def _out_of_place(report: ResultReport | None) -> set[str]:
    """Buttons about the result that have nothing to do at this moment."""
    if report is None:
        return {"stop_report", "go_on_with_report"}
    here = "stop_report" if report.is_under_way else "go_on_with_report" if report.stopped_at else ""
    return {"report_back", "stop_report", "go_on_with_report"} - {here}
