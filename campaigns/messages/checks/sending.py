"""Whether the sending makes sense: the call's state, the deadline, the test, the rate and the reminders."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.messages.checks.problems import Problem, stop, warn
from campaigns.messages.contents import has_spanish, missing_spanish
from campaigns.models import ActionAlert, AlertBlock, CallToAction

# Fewer people in each arm, and chance decides the test.
ARM = 100


def call_problems(alert: ActionAlert, send_at: datetime) -> Iterator[Problem]:
    """What the call to action says against sending at this moment."""
    call, where = alert.call_to_action, _("Call to action")
    if call.status != CallToAction.Status.PUBLISHED:
        yield stop(_("The call to action is not published."), where)
    elif send_at < call.opens_at:
        yield stop(_("The call to action opens only after the alert would go out."), where)
    if send_at >= call.closes_at:
        yield stop(_("The call to action closes before the alert would go out."), where)
    elif send_at >= call.mail_until:
        yield stop(_("The hearing it is about begins before the alert would go out."), where)
    elif call.hearing_is_off:
        yield stop(
            _("The hearing it is about was cancelled. Change or close the call to action first."), where
        )
    elif call.mail_until - send_at < timedelta(hours=2):
        yield warn(_("Less than two hours are left to act when the alert goes out."), where)


def ab_problems(alert: ActionAlert, blocks: Sequence[AlertBlock], reached: int | None) -> Iterator[Problem]:
    """Whether the A/B test compares two things, among enough people to tell."""
    where = _("A/B test")
    marked = {block.shown for block in blocks if block.shown}
    if alert.test == ActionAlert.Test.SUBJECT and not alert.test_subject.strip():
        yield stop(_("The test compares two subjects, but variant B has none."), where)
    elif alert.test == ActionAlert.Test.SUBJECT and alert.test_subject.strip() == alert.subject.strip():
        yield stop(_("Both variants have the same subject."), where)
    elif alert.test == ActionAlert.Test.CONTENT and not marked:
        yield stop(
            _("The test compares two contents, but no block is marked for variant A or B only."), where
        )
    if marked and alert.test != ActionAlert.Test.CONTENT:
        yield warn(
            _(
                "Some blocks are marked for one variant, but there is no test of two contents: those of B are left out."
            ),
            where,
        )
    if not alert.test or reached is None:
        return
    arm = reached * alert.test_percent // 200
    if arm < ARM:
        yield warn(
            ngettext(
                "Only %(n)d person gets each variant. With fewer than %(arm)d, chance decides the test.",
                "Only %(n)d people get each variant. With fewer than %(arm)d, chance decides the test.",
                arm,
            )
            % {"n": arm, "arm": ARM},
            where,
        )


def timing_problems(alert: ActionAlert, send_at: datetime, reached: int | None) -> Iterator[Problem]:
    """What would come after the deadline: the test's end, slow messages, reminders."""
    until = alert.call_to_action.mail_until
    if alert.test and alert.test_percent < 100 and send_at + timedelta(hours=alert.test_hours) >= until:
        yield warn(
            _("The test would be judged after the deadline, so the rest would never get the alert."),
            _("A/B test"),
        )
    if alert.rate_per_minute and reached:
        needed = timedelta(minutes=reached / alert.rate_per_minute)
        if send_at + needed >= until:
            yield warn(
                _(
                    "At %(rate)d a minute it takes about %(hours).1f hours: not everybody would get it before the deadline."
                )
                % {"rate": alert.rate_per_minute, "hours": needed.total_seconds() / 3600},
                _("Sending"),
            )
    for days in sorted(set(alert.reminder_days)):
        at = send_at + timedelta(days=days)
        if at >= until:
            yield warn(
                ngettext(
                    "The reminder after %(n)d day would come on %(day)s, after the deadline. It will not be sent.",
                    "The reminder after %(n)d days would come on %(day)s, after the deadline. It will not be sent.",
                    days,
                )
                % {"n": days, "day": date_format(timezone.localtime(at), "F j")},
                _("Reminders"),
            )


def spanish_problems(
    alert: ActionAlert, blocks: Sequence[AlertBlock], spanish_readers: int | None
) -> Iterator[Problem]:
    """Whether people who read Spanish get the alert in Spanish. `spanish_readers` is None where nobody counted."""
    missing = missing_spanish(alert, blocks)
    if not missing:
        if alert.preheader.strip() and not alert.preheader_es.strip():
            yield warn(
                _("The preheader is missing in Spanish, so the Spanish message has none."), _("Spanish")
            )
        return
    readers = ""
    if spanish_readers:
        readers = ngettext(
            "%(n)d person of the audience chose Spanish and gets it in English.",
            "%(n)d people of the audience chose Spanish and get it in English.",
            spanish_readers,
        ) % {"n": spanish_readers}
    if has_spanish(alert, blocks):
        words = _("The alert goes out in English only, because this is missing in Spanish: %(parts)s.")
        yield warn(f"{words % {'parts': ', '.join(missing)}} {readers}".strip(), _("Spanish"))
    elif readers:
        yield warn(f"{_('The alert is written in English only.')} {readers}", _("Spanish"))
