"""The result of a call to action, written once to everybody who acted."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import emails
from campaigns.models import CallToAction
from campaigns.services.errors import StateError
from mailing.addresses import hash_address
from mailing.models import OutboxMessage, Suppression
from mailing.services import Draft, queue_messages
from partners.history import changed_by
from partners.models import Person, User

PEOPLE_AT_A_TIME = 500


def people_to_tell(call: CallToAction) -> QuerySet[Person]:
    """Everybody who acted, each once."""
    return Person.objects.filter(actions__call_to_action=call).exclude(email="").order_by("pk")


def first_words(call: CallToAction) -> dict[str, Any]:
    """What the message says before staff change it: the outcome, and how many acted."""
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
    thanks = _("you acted, and here is what came of it.")
    return {
        "subject": (_("What came of it: %(title)s") % {"title": call.title})[:150],
        "text": f"{thanks}\n\n{call.outcome}\n\n{numbers}\n\n{_('Thank you.')}",
    }


@transaction.atomic
def report_back(
    *, call_to_action: CallToAction, subject: str, text: str, by: User, now: datetime | None = None
) -> CallToAction:
    """Writes one message to each person who acted, but to nobody who wants no mail. A second time is refused."""
    call = CallToAction.objects.select_for_update(of=("self",)).get(pk=call_to_action.pk)
    if call.status != CallToAction.Status.CLOSED:
        raise StateError(_("Close the call to action with its outcome first."))
    if call.told_at:
        raise StateError(_("The result was written to those who acted before."))
    people: list[Person] = []
    for person in people_to_tell(call).iterator(chunk_size=PEOPLE_AT_A_TIME):
        people.append(person)
        if len(people) == PEOPLE_AT_A_TIME:
            _write(call, people, subject, text)
            people = []
    _write(call, people, subject, text)
    call.told_at = now or timezone.now()
    changed_by(call, by)
    call.save(update_fields=["told_at"])
    return call


def _write(call: CallToAction, people: list[Person], subject: str, text: str) -> None:
    queue_messages(drafts=list(_drafts(call, people, subject, text)))


def _drafts(call: CallToAction, people: list[Person], subject: str, text: str) -> Iterator[Draft]:
    hashes = {person.pk: hash_address(person.email) for person in people}
    stopped = set(
        Suppression.objects.filter(address_hash__in=hashes.values()).values_list("address_hash", flat=True)
    )
    for person in people:
        if hashes[person.pk] in stopped:
            continue
        message = emails.result_report(call, person, subject=subject, text=text)
        yield Draft(
            to=person.email,
            subject=message.subject,
            text=message.text,
            html=message.html,
            precedence=OutboxMessage.Precedence.NOTICE,
        )
