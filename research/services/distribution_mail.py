"""Announcements of reports: tried, scheduled, and sent once by the mail engine."""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing import services as mailing_services
from mailing.models import Mailing
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.distribution_mail import preview, readers_select, written
from research.models import Announcement, DistributionStep, Report
from research.services.distribution import locked_step

logger = structlog.get_logger(__name__)

Readers = Announcement.Readers
State = DistributionStep.State


@transaction.atomic
def schedule_announcement(*, announcement: Announcement, send_at: datetime, by: User) -> Announcement:
    """Lets the message go out by itself at `send_at`; a second time moves it. Whether it may go is asked again then."""
    step = locked_step(announcement.step, State.PLANNED)
    locked = _locked(step)
    if send_at <= timezone.now():
        raise NotAllowed(_("This time is over. Choose a later one, or send it now."))
    _may_be_told(locked, send_at)
    _checked(locked)
    locked.send_at, locked.send_by, locked.held_because = send_at, by, ""
    return _saved(locked, by)


@transaction.atomic
def unschedule_announcement(*, announcement: Announcement, by: User) -> Announcement:
    """Makes a scheduled message a draft again, as long as it has not gone out."""
    locked = _locked(locked_step(announcement.step, State.PLANNED))
    if locked.send_at is None:
        raise NotAllowed(_("This announcement is not scheduled."))
    locked.send_at, locked.send_by, locked.held_because = None, None, ""
    return _saved(locked, by)


def send_due_announcements(*, now: datetime) -> int:
    """Sends every scheduled announcement whose moment has come, each on its own; how many.

    One that may not go out, or that fails, is held with the reason, and holds up no other.
    """
    sent = 0
    for announcement in Announcement.objects.due(now).select_related("step", "send_by"):
        try:
            send_announcement(announcement=announcement, by=announcement.send_by, only_due_at=now)
            sent += 1
        except _NotDue:
            continue
        except NotAllowed as refusal:
            _hold(announcement, str(refusal))
        except Exception:
            logger.exception("announcement not sent", announcement=announcement.pk)
            _hold(announcement, _("Something went wrong on our side. Send it by hand, or schedule it again."))
    return sent


@transaction.atomic
def send_announcement(
    *, announcement: Announcement, by: User | None, only_due_at: datetime | None = None
) -> Announcement:
    """Hands the message to the mail engine: everybody once, nobody who said no. The step is done with it.

    With `only_due_at` it is sent only if it is still scheduled for that moment or before.
    """
    step = locked_step(announcement.step, State.PLANNED)
    locked = _locked(step)
    now = timezone.now()
    if only_due_at is not None and not Announcement.objects.due(only_due_at).filter(pk=locked.pk).exists():
        raise _NotDue
    _may_be_told(locked, now)
    mailing = _compiled(locked, now)
    filled = mailing_services.fill_mailing(mailing=mailing, select=readers_select(locked))
    if not filled.added:
        raise NotAllowed(_("Nobody would get this message."))
    locked.held_because = ""
    locked.mailing = mailing_services.start_mailing(mailing=mailing)
    locked.sent_at, locked.sent_by = now, by
    step.state, step.done_on = State.DONE, timezone.localdate(now)
    for row in (locked, step):
        changed_by(row, by)
        row.save()
    return locked


@transaction.atomic
def stop_announcement(*, announcement: Announcement, by: User) -> Announcement:
    """Stops what has not left yet. What the mail server has cannot be called back."""
    held = Announcement.objects.select_for_update(of=("self",)).select_related("mailing")
    locked = held.get(pk=announcement.pk)
    if locked.mailing is None:
        raise NotAllowed(_("This announcement has not been sent."))
    try:
        mailing_services.cancel_mailing(mailing=locked.mailing)
    except mailing_services.StateError as error:
        raise NotAllowed(str(error)) from error
    changed_by(locked, by)
    locked.save()
    return locked


@transaction.atomic
def send_test(*, announcement: Announcement, to: User) -> None:
    """Mails the announcement to one staff member, marked as a test. It counts nobody as a reader."""
    person = getattr(to, "person", None)
    try:
        message = preview(announcement, first_name=person.first_name if person else "").message
    except mailing_services.CompileError as error:
        raise NotAllowed(str(error)) from error
    mailing_services.queue_message(
        to=to.email,
        subject=_("[Test] %(subject)s") % {"subject": message.subject},
        text=message.text,
        html=message.html,
    )


class _NotDue(Exception):
    """Somebody sent it, moved it or took it back meanwhile."""


def _locked(step: DistributionStep) -> Announcement:
    """The announcement of a locked step as it is now."""
    return Announcement.objects.select_for_update(of=("self",)).select_related("topic").get(step=step)


def _saved(locked: Announcement, by: User | None) -> Announcement:
    changed_by(locked, by)
    locked.save()
    return locked


@transaction.atomic
def _hold(announcement: Announcement, because: str) -> None:
    """Notes why a scheduled message did not go out, unless somebody did something about it meanwhile."""
    held = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if held.is_scheduled and held.send_at == announcement.send_at:
        held.held_because = because[:400]
        _saved(held, None)


def _may_be_told(announcement: Announcement, at: datetime) -> None:
    """Everybody may hear of what is published by then; partners' contacts already of what is under embargo."""
    if announcement.mailing_id is not None:
        raise NotAllowed(_("This announcement has been sent already."))
    report = Report.objects.get(pk=announcement.step.report_id)
    if report.is_published or (report.is_embargoed and announcement.readers == Readers.CONTACTS):
        return
    if report.is_embargoed:
        if at > timezone.now() and report.embargo_until is not None and at > report.embargo_until:
            return
        raise NotAllowed(_("Under embargo a report is announced to partners only."))
    raise NotAllowed(_("A report is announced once it is published, to partners once it is under embargo."))


def _checked(announcement: Announcement) -> None:
    """Built once as a reader sees it, so that a merge field nobody fills is found before anything is written."""
    try:
        preview(announcement)
    except mailing_services.CompileError as error:
        raise NotAllowed(str(error)) from error


def _compiled(announcement: Announcement, now: datetime) -> Mailing:
    """The message as a mailing without recipients."""
    _checked(announcement)
    try:
        return mailing_services.compile_mailing(
            topic=announcement.topic,
            name=announcement.subject,
            contents=[written(announcement)],
            send_at=now,
        )
    except mailing_services.CompileError as error:
        raise NotAllowed(str(error)) from error
