"""Messages to legislators on their way through us: handed over by the hour, settled, asked about two weeks later."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from campaigns.emails import reply_question
from campaigns.legislator_messages import draft
from campaigns.models import ActionTaken, LegislatorContact, LegislatorTargets
from campaigns.services.legislator_contacts import takes_mail
from legislation.models import Legislator
from mailing.addresses import hash_address
from mailing.models import OutboxMessage, Suppression
from mailing.services import Precedence, queue_message, queue_messages

Way, State = LegislatorContact.Way, LegislatorContact.State

HOUR = timedelta(hours=1)
ASKED_AFTER = timedelta(days=14)
# Later than this nobody remembers; a portal that stood still for months asks nobody.
ASKED_UNTIL = timedelta(days=42)
# Rows that one turn of the clock takes at most, so that it ends before the next one.
PORTION = 500


def hand_over_waiting(*, now: datetime) -> int:
    """Puts waiting messages into the outbox, as many as each legislator's hour has room for; returns how many."""
    waiting = LegislatorContact.objects.filter(state=State.WAITING).order_by()
    return sum(_hand_over(number, now) for number in set(waiting.values_list("legislator", flat=True)))


@transaction.atomic
def _hand_over(number: int, now: datetime) -> int:
    """One legislator's messages. Their row is the lock: a second worker passes them by."""
    legislators = Legislator.objects.select_for_update(no_key=True, skip_locked=True)
    legislator = legislators.filter(pk=number).first()
    if legislator is None:
        return 0
    handed = LegislatorContact.objects.filter(legislator=number, handed_over_at__gt=now - HOUR).count()
    rows = list(
        LegislatorContact.objects.select_for_update(of=("self",))
        .filter(legislator=number, state=State.WAITING)
        .select_related("action__person", "action__call_to_action__targets", "legislator")
        .order_by("contacted_at", "pk")[:PORTION]
    )
    if not takes_mail([legislator]):
        return _give_up(rows)
    # The office's hour counts every call's messages; each call says how many it allows.
    taken: list[LegislatorContact] = []
    for row in rows:
        if handed + len(taken) < _cap(row):
            taken.append(row)
    for row, message in zip(taken, queue_messages(drafts=[draft(row) for row in taken]), strict=True):
        row.message, row.state, row.handed_over_at = message, State.HANDED_OVER, now
    LegislatorContact.objects.bulk_update(taken, ["message", "state", "handed_over_at"])
    return len(taken)


def _cap(contact: LegislatorContact) -> int:
    targets: LegislatorTargets | None = getattr(contact.action.call_to_action, "targets", None)
    return targets.hourly_cap if targets else int(LegislatorTargets._meta.get_field("hourly_cap").default)


def _give_up(rows: list[LegislatorContact]) -> int:
    """The address is gone, or its owner wants no mail: the person learns that it was not sent."""
    for row in rows:
        row.state = State.FAILED
    LegislatorContact.objects.bulk_update(rows, ["state"])
    return 0


def settle_handed_over() -> int:
    """Writes down what became of messages in the outbox, which is emptied one day; returns how many changed."""
    out = LegislatorContact.objects.filter(state=State.HANDED_OVER)
    sent = Q(message__isnull=True) | Q(message__state=OutboxMessage.State.SENT)
    done = out.filter(pk__in=out.filter(sent).values("pk")).update(state=State.DONE)
    refused = out.filter(pk__in=out.filter(message__state=OutboxMessage.State.FAILED).values("pk"))
    return done + refused.update(state=State.FAILED)


def ask_about_replies(*, now: datetime) -> int:
    """Two weeks after the last message of an answer: one mail that asks what came back. Returns how many."""
    written = _written().annotate(at=Coalesce("handed_over_at", F("contacted_at")))
    due = written.filter(at__lte=now - ASKED_AFTER, at__gt=now - ASKED_UNTIL, reply_asked_at__isnull=True)
    asked = LegislatorContact.objects.filter(reply_asked_at__isnull=False)
    recent = written.filter(at__gt=now - ASKED_AFTER)
    actions = (
        ActionTaken.objects.filter(pk__in=due.values("action"))
        .exclude(pk__in=asked.values("action"))
        .exclude(pk__in=recent.values("action"))
    )
    return sum(
        _ask(number, now) for number in list(actions.order_by("pk").values_list("pk", flat=True)[:PORTION])
    )


def _written() -> QuerySet[LegislatorContact]:
    """Messages that left: from people's own mail programs, or accepted for delivery by us."""
    return LegislatorContact.objects.filter(way__in=[Way.OWN_MAIL, Way.THROUGH_US], state=State.DONE)


@transaction.atomic
def _ask(number: int, now: datetime) -> bool:
    """Asks the person of one action, whose row is the lock; the mark and the mail are written together."""
    actions = ActionTaken.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    action = actions.select_related("person", "call_to_action").filter(pk=number).first()
    if action is None or action.contacts.filter(reply_asked_at__isnull=False).exists():
        return False
    _written().filter(action=action).update(reply_asked_at=now)
    if Suppression.objects.hashes_among([hash_address(action.person.email)]):
        return False
    message = reply_question(action)
    queue_message(
        to=action.person.email,
        subject=message.subject,
        text=message.text,
        html=message.html,
        precedence=Precedence.NOTICE,
    )
    return True
