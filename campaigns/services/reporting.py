"""The result of a call to action, written once to everybody who acted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import emails
from campaigns.models import CallToAction, ResultReport
from campaigns.services.errors import StateError
from mailing.addresses import hash_address
from mailing.models import OutboxMessage, Suppression
from mailing.queueing import queue_after_commit
from mailing.services import Draft, queue_messages
from partners.models import Person, User

PEOPLE_AT_A_TIME = 500
# One turn of the worker; the next turn goes on behind it.
TURN_SECONDS = 60


def people_to_tell(call: CallToAction) -> QuerySet[Person]:
    """Everybody who acted, each once, in the order in which they are written to."""
    return Person.objects.filter(actions__call_to_action=call).exclude(email="").order_by("pk")


def first_words(call: CallToAction) -> dict[str, Any]:
    """What the message says before staff change it: the outcome, and how many acted, where that stands in it not yet."""
    totals = call.actions.totals()
    numbers = ngettext("%(n)s person acted.", "%(n)s people acted.", totals["people"]) % {
        "n": f"{totals['people']:,}"
    }
    if totals["organizations"]:
        partners = ngettext(
            "%(n)s partner organization took part.",
            "%(n)s partner organizations took part.",
            totals["organizations"],
        )
        numbers += " " + partners % {"n": f"{totals['organizations']:,}"}
    if f"{totals['people']:,} " in call.outcome:
        numbers = ""  # The outcome says it already.
    parts = [_("you acted, and here is what came of it."), call.outcome, numbers, _("Thank you.")]
    return {
        "subject": (_("What came of it: %(title)s") % {"title": call.title})[:150],
        "text": "\n\n".join(part for part in parts if part),
    }


@transaction.atomic
def report_back(
    *, call_to_action: CallToAction, subject: str, text: str, by: User, now: datetime | None = None
) -> CallToAction:
    """Has one message written to each person who acted, but to nobody who wants no mail. A second time is refused.

    The worker writes them, right after this and in any case within a minute (`write_reports`).
    """
    from campaigns.tasks import write_reports

    call = CallToAction.objects.select_for_update(of=("self",)).get(pk=call_to_action.pk)
    if call.status != CallToAction.Status.CLOSED:
        raise StateError(_("Close the call to action with its outcome first."))
    if ResultReport.objects.filter(call_to_action=call).exists():
        raise StateError(_("The result was written to those who acted before."))
    ResultReport.objects.create(
        call_to_action=call,
        subject=" ".join(subject.split())[:150],
        text=text,
        asked_at=now or timezone.now(),
        asked_by=by,
        people=people_to_tell(call).count(),
    )
    queue_after_commit(write_reports)
    return call


@transaction.atomic
def stop_report(*, call_to_action: CallToAction, by: User, now: datetime | None = None) -> ResultReport:
    """Writes nothing more for the time being; who has their message keeps it."""
    report = _held(call_to_action)
    if not report.is_under_way:
        raise StateError(_("No message is being written any more."))
    report.stopped_at, report.stopped_by = now or timezone.now(), by
    report.save(update_fields=["stopped_at", "stopped_by"])
    return report


@transaction.atomic
def go_on_with_report(*, call_to_action: CallToAction) -> ResultReport:
    """Writes to the people who have no message yet."""
    from campaigns.tasks import write_reports

    report = _held(call_to_action)
    if report.stopped_at is None:
        raise StateError(_("The writing was not stopped."))
    report.stopped_at = report.stopped_by = None
    report.save(update_fields=["stopped_at", "stopped_by"])
    queue_after_commit(write_reports)
    return report


def _held(call: CallToAction) -> ResultReport:
    """The call's report, which nobody writes on until the transaction ends."""
    report = ResultReport.objects.select_for_update(of=("self",)).filter(call_to_action=call).first()
    if report is None:
        raise StateError(_("Nobody asked to write the result yet."))
    return report


# --- The worker's part ------------------------------------------------------------------------------------------


def write_reports(*, now: datetime, seconds: float = TURN_SECONDS) -> bool:
    """Writes on at every report under way, for a while. Whether something is left to write."""
    until = monotonic() + seconds
    reports = ResultReport.objects.filter(finished_at=None, stopped_at=None).order_by("asked_at", "pk")
    for number in list(reports.values_list("pk", flat=True)):
        while _write_some(number, now):
            if monotonic() >= until:
                return True
    return False


@transaction.atomic
def _write_some(number: int, now: datetime) -> bool:
    """The next people's messages, with the mark of how far it is; whether there are more.

    The report's row is the lock: a second worker leaves it alone. Whoever is killed leaves neither messages nor mark.
    """
    rows = ResultReport.objects.select_for_update(of=("self",), skip_locked=True)
    report = rows.select_related("call_to_action").filter(pk=number).first()
    if report is None or not report.is_under_way:
        return False
    people = list(people_to_tell(report.call_to_action).filter(pk__gt=report.last_person)[:PEOPLE_AT_A_TIME])
    if people:
        report.written += len(queue_messages(drafts=_drafts(report, people)))
        report.looked_at += len(people)
        report.last_person = people[-1].pk
    if len(people) < PEOPLE_AT_A_TIME:
        report.finished_at = now
    report.save()
    return report.finished_at is None


def _drafts(report: ResultReport, people: Sequence[Person]) -> Iterator[Draft]:
    hashes = {person.pk: hash_address(person.email) for person in people}
    stopped = Suppression.objects.hashes_among(list(hashes.values()))
    for person in people:
        if hashes[person.pk] in stopped:
            continue
        message = emails.result_report(
            report.call_to_action, person, subject=report.subject, text=report.text
        )
        yield Draft(
            to=person.email,
            subject=message.subject,
            text=message.text,
            html=message.html,
            precedence=OutboxMessage.Precedence.NOTICE,
        )
