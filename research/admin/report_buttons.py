"""A report's buttons: each asks before it acts, and calls one service."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from partners.admin.base import PartnersAdmin, Question
from partners.admin.editing import SECOND_ROW
from partners.admin.preview import PreviewMixin
from partners.posted import posted
from research.forms.report import EmbargoForm, VersionForm, WithdrawForm
from research.models import Report
from research.services import report as services

_State = Report.State
# Which buttons a report has in each state.
BUTTONS = {
    _State.DRAFT: {"look", "embargo", "release"},
    _State.EMBARGOED: {"look", "release", "embargo", "to_draft"},
    _State.PUBLISHED: {"look", "new_version", "withdraw"},
    _State.WITHDRAWN: {"new_version"},
}


def _missing(report: Report) -> list[tuple[str, object]]:
    return [(_("Missing"), problem) for problem in services.problems_of(report)]


class ReportButtons(PreviewMixin, PartnersAdmin):
    """The buttons over a report's form."""

    preview_query = "draft=1"

    @action(
        description=gettext_lazy("Set embargo"), icon="lock_clock", permissions=["work"], url_path="embargo"
    )
    def embargo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report = self.record(request, object_id)
        question = Question(
            title=_("Until when shall only partners see it?"),
            explanation=_(
                "Signed-in people of partner organizations can read the page, its tables and the PDF, marked with the "
                "day of release. For everybody else it does not exist until then."
            ),
            facts=_missing(report),
            button=_("Set the embargo"),
            done=_("The embargo is set. Partners can read the report."),
            form=EmbargoForm(posted(request), initial={"until": report.embargo_until}),
            step=lambda said: services.set_embargo(
                report=report, until=said["until"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, report, question)

    @action(
        description=gettext_lazy("Release now"),
        icon="publish",
        permissions=["work"],
        url_path="release",
        variant=ActionVariant.PRIMARY,
    )
    def release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report = self.record(request, object_id)
        missing = _missing(report)
        question = Question(
            title=_("Release this report now?"),
            explanation=_("Not yet: something is missing. Go back and enter it.")
            if missing
            else _("Everybody can read it at once, as version 1. What it says then stays as it is."),
            facts=missing,
            button=_("Release the report"),
            done=_("The report is released."),
            step=lambda said: services.release_report(report=report, by=request.user, now=timezone.now()),
        )
        return self.ask(request, report, question)

    @action(
        description=gettext_lazy("New version"),
        icon="new_releases",
        permissions=["work"],
        url_path="version",
        variant=ActionVariant.PRIMARY,
    )
    def new_version(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report = self.record(request, object_id)
        explanation = _("Readers get what the draft says now. The versions before stay readable.")
        if report.is_withdrawn:
            explanation = _(
                "The report comes back with what the draft says now, and with the older versions."
            )
        question = Question(
            title=_("Release a new version?"),
            explanation=explanation,
            facts=_missing(report),
            button=_("Release the version"),
            done=_("The new version is released."),
            form=VersionForm(posted(request)),
            step=lambda said: services.release_version(
                report=report, what_changed=said["what_changed"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, report, question)

    @action(
        description=gettext_lazy("Back to draft"),
        icon="undo",
        permissions=["work"],
        url_path="to-draft",
        attrs=SECOND_ROW,
    )
    def to_draft(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report = self.record(request, object_id)
        question = Question(
            title=_("End the embargo without a release?"),
            explanation=_("Partners no longer see the report, and it does not come out by itself."),
            button=_("Back to draft"),
            done=_("The report is a draft again."),
            danger=True,
            step=lambda said: services.back_to_draft(report=report, by=request.user),
        )
        return self.ask(request, report, question)

    @action(
        description=gettext_lazy("Withdraw"),
        icon="unpublished",
        permissions=["work"],
        url_path="withdraw",
        attrs=SECOND_ROW,
    )
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report = self.record(request, object_id)
        question = Question(
            title=_("Withdraw this report?"),
            explanation=_(
                "Its page stays and says why. Text, tables, PDF and older versions are gone at once, from lists, feed "
                "and search too."
            ),
            button=_("Withdraw the report"),
            done=_("The report is withdrawn."),
            danger=True,
            form=WithdrawForm(posted(request)),
            step=lambda said: services.withdraw_report(
                report=report, because=said["because"], by=request.user, now=timezone.now()
            ),
        )
        return self.ask(request, report, question)
