"""What people did about legislators: messages and telephone calls on record, and the replies to them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from campaigns.legislator_messages import signature, whole_text
from campaigns.models import ActionTaken, CallToAction, LegislatorContact
from campaigns.services.errors import AnswerRefused, StateError
from legislation.models import Legislator
from mailing.addresses import hash_address, is_address, normalize_address
from mailing.models import Suppression
from partners.models import User

Way, State, Reply = LegislatorContact.Way, LegislatorContact.State, LegislatorContact.Reply


def takes_mail(legislators: list[Legislator]) -> set[int]:
    """The numbers of those to whom we may send: with an address, and not one that asked for no mail or bounced."""
    addresses = {
        one.pk: normalize_address(one.email)
        for one in legislators
        if is_address(normalize_address(one.email))
    }
    hashes = {pk: hash_address(address) for pk, address in addresses.items()}
    refused = Suppression.objects.hashes_among(list(hashes.values()))
    return {pk for pk, digest in hashes.items() if digest not in refused}


@transaction.atomic
def record_messages(
    *,
    action: ActionTaken,
    subject: str,
    text: str,
    story: str,
    ways: Mapping[int, str],
    now: datetime | None = None,
) -> list[LegislatorContact]:
    """Keeps a message to each legislator in `ways`; those that we send wait for their turn.

    A legislator who was written to before is left alone, unless that message still waits: then it gets the new words.
    """
    now = now or timezone.now()
    found = Legislator.objects.in_bulk(list(ways))
    if not found:
        raise AnswerRefused(_("None of these legislators is in office any more. Open the page again."))
    sendable = takes_mail(list(found.values()))
    signed = signature(action.person.name, action.person.zip_code)
    earlier = _locked(action)
    written = []
    for number, legislator in found.items():
        contact = earlier.get(number)
        if contact is None:
            way = LegislatorContact.Way(ways[number])
            state = _first_state(way, number in sendable)
            contact = LegislatorContact(
                action=action, legislator=legislator, way=way, state=state, contacted_at=now
            )
        elif contact.state != State.WAITING:
            continue
        contact.subject = subject
        contact.text = whole_text(legislator, text=text, story=story, signed=signed)
        contact.save()
        written.append(contact)
    return written


def _first_state(way: LegislatorContact.Way, sendable: bool) -> LegislatorContact.State:
    if way == Way.OWN_MAIL:
        return State.DONE
    return State.WAITING if sendable else State.FAILED


@transaction.atomic
def record_calls(
    *, action: ActionTaken, calls: Mapping[int, tuple[str, str]], now: datetime | None = None
) -> list[LegislatorContact]:
    """Keeps how each telephone call went, as (outcome, note); a second call to somebody replaces the first."""
    now = now or timezone.now()
    found = Legislator.objects.in_bulk(list(calls))
    if not found:
        raise AnswerRefused(_("None of these legislators is in office any more. Open the page again."))
    earlier = _locked(action)
    written = []
    for number, legislator in found.items():
        outcome, note = calls[number]
        contact = earlier.get(number) or LegislatorContact(
            action=action, legislator=legislator, way=Way.PHONE, contacted_at=now
        )
        if contact.pk and (contact.outcome, contact.note) == (outcome, note):
            continue
        contact.outcome, contact.note = outcome, note
        if contact.pk:
            contact.contacted_at = now
        contact.save()
        written.append(contact)
    return written


def _locked(action: ActionTaken) -> dict[int, LegislatorContact]:
    """The action's contacts by legislator, kept from changing in the meantime."""
    rows = LegislatorContact.objects.select_for_update(of=("self",)).filter(action=action).order_by("pk")
    return {row.legislator_id: row for row in rows}


@transaction.atomic
def take_back_waiting(*, call_to_action: CallToAction, by: User) -> int:
    """Sends nothing more of what still waits under a call; returns how many messages that concerns."""
    rows = list(
        LegislatorContact.objects.select_for_update(of=("self",))
        .filter(action__call_to_action=call_to_action, state=State.WAITING)
        .order_by("pk")
    )
    if not rows:
        raise StateError(_("No message waits any more."))
    for row in rows:
        row.state = State.CANCELLED
    bulk_update_with_history(rows, LegislatorContact, ["state"], batch_size=500, default_user=by)
    return len(rows)


@transaction.atomic
def note_replies(
    *, action: ActionTaken, replies: Mapping[int, tuple[str, str]], now: datetime | None = None
) -> list[LegislatorContact]:
    """Keeps what came back, by the contact's number as (reply, note). Contacts of other actions are left alone."""
    now = now or timezone.now()
    noted = []
    for row in _locked(action).values():
        reply, note = replies.get(row.pk, ("", ""))
        if row.way == Way.PHONE or not reply or (row.reply, row.note) == (reply, note):
            continue
        row.reply, row.note, row.reply_noted_at = Reply(reply), note, now
        row.save(update_fields=["reply", "note", "reply_noted_at"])
        noted.append(row)
    return noted


def contacts_of(action: ActionTaken | None) -> list[LegislatorContact]:
    """What somebody did within an answer, with the state of each message."""
    if action is None:
        return []
    rows: Any = action.contacts.select_related("legislator", "message").defer("message__message")
    return list(rows.order_by("contacted_at", "pk"))
