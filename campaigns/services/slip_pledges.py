"""Pledges to file a witness slip that strangers made in a frame, recorded once they confirmed from their mailbox."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import kinds
from campaigns.models import CallToAction, UnconfirmedAction
from campaigns.services.actions import answer_behind, pledged_by, subscribe_if_asked
from campaigns.services.errors import AnswerRefused, LinkUsed
from campaigns.services.recording import hold_open_call
from campaigns.services.slips import pledge_slips
from campaigns.visitors import Visitor
from legislation.models import Hearing, ReportedSlip
from legislation.reported_slips import posting_day
from partners.errors import NotAllowed
from partners.models import Person
from partners.services.people import remember_person


@transaction.atomic
def confirm_pledge(*, token: str, now: datetime | None = None) -> tuple[Person, Hearing]:
    """Records the pledge behind a mailed link, in the person's own name. A second time, or once filed, nothing changes.

    Returns who pledged, and for which hearing. Raises `LinkForged`, `LinkExpired`, `LinkUsed`, `CallClosed`,
    `PartnersOnly` or `AnswerRefused`.
    """
    now = now or timezone.now()
    waiting = _waiting_behind(token)
    call, hearing = waiting.call_to_action, _hearing_of(waiting.call_to_action)
    if (number := pledged_by(waiting)) is None:
        # First the call, then the answer: the same order as in `request_confirmation`.
        hold_open_call(call, now)
        waiting = _waiting_behind(token, lock=True)
        number = pledged_by(waiting)
    if number is not None:
        return Person.objects.get(pk=number), hearing
    kind = kinds.of(call)
    if not kind.is_first_step(waiting.details):
        raise LinkUsed(_("This link stands for another answer now. Open it once more."))
    kind.check(call, waiting.details, Visitor())
    person = remember_person(
        email=waiting.email,
        first_name=waiting.first_name,
        last_name=waiting.last_name,
        zip_code=waiting.zip_code,
    )
    if not _has_filed(person, hearing):
        try:
            pledge_slips(
                call_to_action=call,
                person=person,
                organization=None,
                source_code=waiting.source_code,
                consent_text=waiting.consent_text,
                now=now,
            )
        except NotAllowed as refusal:
            raise AnswerRefused(str(refusal)) from refusal
    subscribe_if_asked(waiting)
    _keep_for_the_link(waiting, person)
    return person, hearing


def _waiting_behind(token: str, *, lock: bool = False) -> UnconfirmedAction:
    waiting = answer_behind(token=token, lock=lock)
    if not isinstance(waiting, UnconfirmedAction):
        raise LinkUsed(_("This link was used before, or it is more than a week old."))
    return waiting


def _hearing_of(call: CallToAction) -> Hearing:
    if call.hearing is None:
        raise AnswerRefused(_("The hearing of this call is not known any more. Staff are on it."))
    return call.hearing


def _has_filed(person: Person, hearing: Hearing) -> bool:
    """Whether they told us of a slip for this posting already, in whosever name."""
    return (
        ReportedSlip.objects.filed()
        .filter(person=person, document__hearing=hearing, posting_on=posting_day(hearing))
        .exists()
    )


def _keep_for_the_link(waiting: UnconfirmedAction, person: Person) -> None:
    """The row stays until its week is over, without what was typed: the link in the mail can be opened again."""
    waiting.first_name = waiting.last_name = waiting.zip_code = ""
    waiting.details = {"pledged_by": person.pk}
    waiting.wants_updates = False
    # A later answer from this address gets a message of its own at once.
    waiting.mailed_at = None
    waiting.save()
