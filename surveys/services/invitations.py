"""Who is asked to answer a survey, and asked again until they do."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Protocol

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import hash_address
from mailing.models import Preference, Suppression
from mailing.queueing import queue_after_commit
from mailing.services import Draft, queue_messages
from partners.errors import NotAllowed
from partners.models import Organization, Person
from surveys.emails import invitation_message, reminder_message
from surveys.models import Survey, SurveyInvitation

# How long one can answer where nobody says otherwise, and how many are written to at a time.
USUAL_DAYS = 21
WINDOW = 200
# One turn of the worker; the next turn goes on behind it.
TURN_SECONDS = 60
Invited = tuple[Person, Organization | None]


class Write(Protocol):
    """Builds one message about an invitation."""

    def __call__(self, invitation: SurveyInvitation, *, language: str) -> Draft: ...


@transaction.atomic
def invite(
    *,
    survey: Survey,
    people: Iterable[Invited],
    occasion: str = "",
    subject: str = "",
    now: datetime,
    due_on: date | None = None,
) -> int:
    """Invites each person once for an occasion; how many were not invited before. The worker writes their messages.

    `occasion` is the key of what the survey is about, such as `training:12:end`, and `subject` says it in words.
    Answers are taken until the end of `due_on`, without one for three weeks. People whose address must not be mailed
    are left out. Raises `NotAllowed`.
    """
    from surveys.tasks import write_invitations as task

    # Whoever changes the promise or invites the same people waits.
    held = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    if not held.questions.exists():
        raise NotAllowed(_("The survey “%s” has no questions yet.") % held)
    due_on = due_on or timezone.localdate(now) + timedelta(days=USUAL_DAYS)
    if due_on < timezone.localdate(now):
        raise NotAllowed(_("The last day to answer has passed."))
    wanted = {person.pk: (person, organization) for person, organization in people}
    known = held.invitations.on(occasion).filter(person__in=wanted).values_list("person", flat=True)
    for pk in [*known, *_answered(held, occasion, wanted), *_without_mail(wanted.values())]:
        wanted.pop(pk, None)
    rows = [
        SurveyInvitation(
            survey=held,
            is_anonymous=held.is_anonymous,
            person=person,
            organization=organization,
            occasion=occasion,
            subject=" ".join(subject.split())[:160],
            sent_at=now,
            waits=True,
            due_on=due_on,
        )
        for person, organization in wanted.values()
    ]
    SurveyInvitation.objects.bulk_create(rows)
    queue_after_commit(task)
    return len(rows)


def write_invitations(*, now: datetime, seconds: float = TURN_SECONDS) -> bool:
    """The worker's part: writes to those who were invited, for a while. Whether some are left."""
    until = monotonic() + seconds
    while _write_some(now):
        if monotonic() >= until:
            return True
    return False


@transaction.atomic
def _write_some(now: datetime) -> bool:
    """The next messages together with the mark that they are written; whether there were any.

    What another worker holds is its own. Who has answered by now, can no longer answer or wants no mail any more gets
    none.
    """
    rows = SurveyInvitation.objects.filter(waits=True).select_for_update(of=("self",), skip_locked=True)
    invitations = list(rows.select_related("survey", "person").order_by("pk")[:WINDOW])
    left_out = _without_mail((invitation.person, None) for invitation in invitations)
    today = timezone.localdate(now)
    _mail(
        [
            each
            for each in invitations
            if not each.answered
            and each.person_id not in left_out
            and each.due_on is not None
            and each.due_on >= today
        ],
        invitation_message,
    )
    SurveyInvitation.objects.filter(pk__in=[each.pk for each in invitations]).update(waits=False)
    return bool(invitations)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Reminds a window of those whose reminder is due; how many there were."""
    due = (
        SurveyInvitation.objects.to_remind(now)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("survey", "person")
        .order_by("pk")
    )
    invitations = list(due[:WINDOW])
    SurveyInvitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).update(
        reminders_sent=F("reminders_sent") + 1, reminded_at=now
    )
    left_out = _without_mail((invitation.person, None) for invitation in invitations)
    _mail([each for each in invitations if each.person_id not in left_out], reminder_message)
    return len(invitations)


def _answered(survey: Survey, occasion: str, people: Iterable[int]) -> list[int]:
    """Those who answered on this occasion without an invitation, over a call to action."""
    return [
        pk
        for pk in survey.responses.on(occasion).filter(person__in=people).values_list("person", flat=True)
        if pk is not None
    ]


def _without_mail(people: Iterable[Invited]) -> set[int]:
    """The people whose address must not be mailed."""
    hashes = {hash_address(person.email): person.pk for person, _organization in people}
    return {hashes[hash_] for hash_ in Suppression.objects.hashes_among(list(hashes))}


def _mail(invitations: Sequence[SurveyInvitation], write: Write) -> None:
    emails = [invitation.person.email for invitation in invitations]
    languages = dict(Preference.objects.filter(email__in=emails).values_list("email", "language"))
    drafts: list[Draft] = [
        write(invitation, language=languages.get(invitation.person.email, "")) for invitation in invitations
    ]
    queue_messages(drafts=drafts)
