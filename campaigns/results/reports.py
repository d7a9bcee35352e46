"""How far the writing of a call's result to those who acted has come, in words."""

from django.utils.translation import gettext as _

from campaigns.models import CallToAction, ResultReport
from legislation.slip_windows import moment_words


def report_of(call: CallToAction) -> ResultReport | None:
    """The report of a call's result, once staff asked for it."""
    return ResultReport.objects.filter(call_to_action=call).first()


def progress_words(report: ResultReport) -> str:
    """Where it stands: written, being written, or stopped on the way."""
    silent = report.looked_at - report.written
    facts = {
        "silent": f"{silent:,}",
        "written": f"{report.written:,}",
        "done": f"{report.looked_at:,}",
        "people": f"{max(report.people, report.looked_at):,}",
        "when": moment_words(report.finished_at or report.stopped_at),
    }
    if report.finished_at and not report.looked_at:
        return _("Written: %(when)s") % facts
    if report.finished_at:
        words = _("Messages written: %(written)s (%(when)s).") % facts
        return f"{words} {_('People who want no mail: %(silent)s.') % facts}" if silent else words
    if report.stopped_at:
        return _("Stopped on %(when)s after %(done)s of %(people)s people.") % facts
    return _("Being written: %(done)s of %(people)s people so far.") % facts
