"""Announcements of reports: tried, and sent once by the mail engine."""

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

Readers = Announcement.Readers
State = DistributionStep.State


@transaction.atomic
def send_announcement(*, announcement: Announcement, by: User) -> Announcement:
    """Hands the message to the mail engine: everybody once, nobody who said no. The step is done with it."""
    step = locked_step(announcement.step, State.PLANNED)
    locked = Announcement.objects.select_for_update(of=("self",)).select_related("topic").get(step=step)
    _may_be_told(locked)
    mailing = _compiled(locked)
    filled = mailing_services.fill_mailing(mailing=mailing, select=readers_select(locked))
    if not filled.added:
        raise NotAllowed(_("Nobody would get this message."))
    now = timezone.now()
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


def _may_be_told(announcement: Announcement) -> None:
    """Everybody may hear of what is published; partners' contacts already of what is under embargo."""
    if announcement.mailing_id is not None:
        raise NotAllowed(_("This announcement has been sent already."))
    report = Report.objects.get(pk=announcement.step.report_id)
    if report.is_published or (report.is_embargoed and announcement.readers == Readers.CONTACTS):
        return
    if report.is_embargoed:
        raise NotAllowed(_("Under embargo a report is announced to partners only."))
    raise NotAllowed(_("A report is announced once it is published, to partners once it is under embargo."))


def _compiled(announcement: Announcement) -> Mailing:
    """The message as a mailing without recipients."""
    try:
        # Built once as a reader sees it, so that a merge field nobody fills is found before anything is written.
        preview(announcement)
        return mailing_services.compile_mailing(
            topic=announcement.topic,
            name=announcement.subject,
            contents=[written(announcement)],
            send_at=timezone.now(),
        )
    except mailing_services.CompileError as error:
        raise NotAllowed(str(error)) from error
