"""The mails around a hearing's witness slips. Each function returns what `mailing.services.queue_message` takes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import CallToAction
from campaigns.slip_tokens import filing_token
from legislation.models import Hearing, ReportedSlip
from legislation.slip_windows import day_words, moment_words, slip_window
from partners.emails import Message, render_message
from partners.models import Person
from partners.services.identity import get_coalition


def slip_url(hearing: Hearing, now: datetime) -> str:
    """Where a slip for this hearing is filed with our help: its open call, or else the hearing's own page."""
    calls = CallToAction.objects.open(now).filter(kind=CallToAction.Kind.SLIP, hearing=hearing)
    page: CallToAction | Hearing = calls.first() or hearing
    return settings.SITE_URL + page.get_absolute_url()


def again(person: Person, slips: Sequence[ReportedSlip], posting: Hearing) -> Message:
    """The hearing is on another day now: a slip that was filed does not count there."""
    days = sorted({slip.posting_on for slip in slips})
    return _about(
        "slip_again",
        person,
        slips,
        posting,
        subject=_("File again: the hearing on %(documents)s is on another day"),
        was_on=", ".join(day_words(day) for day in days),
        rule=slip_window(posting, timezone.now()).rule,
        url=slip_url(posting, timezone.now()),
    )


def posted_anew(person: Person, slips: Sequence[ReportedSlip], posting: Hearing) -> Message:
    """The hearing is off, and the committee posted it once more: a slip for the old posting does not count there."""
    days = sorted({slip.posting_on for slip in slips})
    return _about(
        "slip_posted_anew",
        person,
        slips,
        posting,
        subject=_("File again: the hearing on %(documents)s was posted anew"),
        was_on=", ".join(day_words(day) for day in days),
        rule=slip_window(posting, timezone.now()).rule,
        url=slip_url(posting, timezone.now()),
    )


def cancelled(person: Person, slips: Sequence[ReportedSlip], hearing: Hearing) -> Message:
    """The hearing does not take place: nobody needs to file, and what was filed falls."""
    return _about(
        "slip_cancelled",
        person,
        slips,
        hearing,
        subject=_("Cancelled: the hearing on %(documents)s"),
        url=settings.SITE_URL + hearing.get_absolute_url(),
    )


def did_you_file(person: Person, slips: Sequence[ReportedSlip], hearing: Hearing) -> Message:
    """The hearing is over, and we do not know what became of a pledge."""
    token = filing_token(person, hearing)
    return _about(
        "slip_did_you_file",
        person,
        slips,
        hearing,
        subject=_("Did you file your witness slip on %(documents)s?"),
        url=settings.SITE_URL + reverse("campaigns:did_you_file", args=[token]),
    )


def missing(
    person: Person, slips: Sequence[ReportedSlip], hearing: Hearing, listed_at: datetime | None
) -> Message:
    """The General Assembly's list does not show a slip that somebody pledged or reported, and there is still time."""
    said_filed = [slip for slip in slips if slip.filed_at]
    return _about(
        "slip_missing",
        person,
        slips,
        hearing,
        subject=_("Still time: your witness slip on %(documents)s"),
        said_filed=said_filed,
        pledged=[slip for slip in slips if not slip.filed_at],
        listed_on=moment_words(listed_at),
        rule=slip_window(hearing, timezone.now()).rule,
        url=slip_url(hearing, timezone.now()),
    )


def to_staff(call: CallToAction, subject: str, lines: list[str]) -> Message | None:
    """To the coalition: what happened to a call by itself. Nothing where the coalition has no address."""
    to = get_coalition().email
    if not to:
        return None
    return render_message(
        "campaigns/email/hearing_staff",
        to=to,
        subject=_short(subject),
        call=call,
        lines=lines,
        url=settings.SITE_URL + reverse("admin:campaigns_calltoaction_change", args=[call.pk]),
    )


def _about(
    template: str,
    person: Person,
    slips: Sequence[ReportedSlip],
    hearing: Hearing,
    *,
    subject: str,
    **facts: Any,
) -> Message:
    documents = list(dict.fromkeys(slip.document.label for slip in slips))
    named = ", ".join(documents[:2]) + ("…" if len(documents) > 2 else "")
    return render_message(
        f"campaigns/email/{template}",
        to=person.email,
        subject=_short(subject % {"documents": named}),
        person=person,
        slips=slips,
        hearing=hearing,
        when=moment_words(hearing.starts_at),
        **facts,
    )


def _short(subject: str) -> str:
    """One line of a length that mail programs show."""
    return " ".join(subject.split())[:150]
