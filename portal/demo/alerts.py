"""Action alerts: two that went out, with what became of every message, and a draft that is ready to send."""

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.db import connection

from campaigns.audience import TOPIC, Audience
from campaigns.messages import build_contents
from campaigns.messages.merge import read_in_general
from campaigns.models import ActionAlert, AlertBlock, CallToAction, Segment
from mailing.models import Batch, Delivery, Mailing, Subscription, Topic
from mailing.services import compile_mailing, fill_mailing
from mailing.services.tallies import recount
from partners.models import User
from portal.demo.alert_texts import ALERTS, DOWNSTATE, AlertText
from portal.demo.calls import at

PORTION = 5000
_UPDATE = """
UPDATE mailing_delivery AS delivery
SET state = row.state, accepted_at = row.accepted_at, response = row.response, attempts = row.attempts
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::int[])
     AS row(id, state, accepted_at, response, attempts)
WHERE delivery.id = row.id
"""
_State = Delivery.State
# Of 1,000 messages. What is left is accepted.
_TROUBLE = {_State.FAILED: 8, _State.BOUNCED: 7, _State.UNKNOWN: 4}
_ANSWERS = {
    _State.ACCEPTED: "250 2.0.0 accepted",
    _State.BOUNCED: "250 2.0.0 accepted",
    _State.FAILED: "550 5.1.1 no such mailbox",
    _State.UNKNOWN: "The connection ended before the server had answered.",
}


def write_alerts(
    *, calls: dict[str, CallToAction], staff: User, seed: int, now: datetime
) -> dict[str, ActionAlert]:
    """All alerts by their call's short name. Those that went out have one settled row per recipient."""
    rng, written = Random(f"{seed}:alerts"), {}
    for text in ALERTS:
        alert = _write(text, calls[text.call], staff)
        if text.days_ago is not None:
            sent_at = at(now, 10, days=-text.days_ago)
            _send(alert, sent_at=sent_at, staff=staff, rng=rng)
            ActionAlert.objects.filter(pk=alert.pk).update(created_at=sent_at - timedelta(hours=20))
        written[text.call] = alert
    Segment.objects.create(
        name="Downstate partners",
        description="Everybody of a partner outside of Cook County and its neighbors.",
        rules={"all": [{"field": "area", "is": list(DOWNSTATE)}]},
        created_by=staff,
    )
    return written


def _write(text: AlertText, call: CallToAction, staff: User) -> ActionAlert:
    """The alert as staff would have written it."""
    alert = ActionAlert.objects.create(
        call_to_action=call,
        subject=text.subject,
        subject_es=text.subject_es,
        preheader=text.preheader,
        preheader_es=text.preheader_es,
        rules=text.rules,
        include_subscribers=text.include_subscribers,
        reminder_days=list(text.reminder_days),
        lobbying=text.lobbying,
        staff_minutes=text.staff_minutes,
        created_by=staff,
    )
    AlertBlock.objects.bulk_create(
        AlertBlock(alert=alert, order=order, **vars(block)) for order, block in enumerate(text.blocks, 1)
    )
    return alert


def _send(alert: ActionAlert, *, sent_at: datetime, staff: User, rng: Random) -> None:
    """Compiles the alert as a real one is, writes its recipients, and settles every row without any mail."""
    built = build_contents(alert)
    mailing = compile_mailing(
        topic=Topic.objects.get(slug=TOPIC),
        name=read_in_general(alert.subject),
        contents=built.contents,
        send_at=sent_at,
        expires_at=alert.call_to_action.closes_at,
        personal_links=built.personal_links,
    )
    fill_mailing(mailing=mailing, select=Audience.of(alert).select())
    finished_at = _settle(mailing, sent_at, rng)
    Mailing.objects.filter(pk=mailing.pk).update(
        state=Mailing.State.DONE, created_at=sent_at, started_at=sent_at, finished_at=finished_at
    )
    alert.mailing, alert.send_at, alert.state = mailing, sent_at, ActionAlert.State.SENT
    alert.approved_at, alert.approved_by = sent_at, staff
    alert.save()


def _settle(mailing: Mailing, sent_at: datetime, rng: Random) -> datetime:
    """Gives each delivery its end, some 40 a second; returns when the last one had it."""
    clock = sent_at
    # Refused and suppressed people were marked when the rows were written.
    numbers = mailing.deliveries.waiting().order_by("id").values_list("id", flat=True).iterator(PORTION)
    while portion := list(islice(numbers, PORTION)):
        columns = []
        for number in portion:
            clock += timedelta(milliseconds=rng.randint(10, 40))
            columns.append(_end(number, clock, rng))
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(column) for column in zip(*columns, strict=True)])
    batches = list(mailing.batches.values_list("pk", flat=True))
    Batch.objects.filter(pk__in=batches).update(state=Batch.State.DONE)
    recount(batches)
    return clock


def _end(number: int, clock: datetime, rng: Random) -> tuple[int, str, datetime | None, str, int]:
    """One row's number, state, time of acceptance, the server's answer and the attempts."""
    state = rng.choices([*_TROUBLE, _State.ACCEPTED], [*_TROUBLE.values(), 1000 - sum(_TROUBLE.values())])[0]
    accepted = state in {_State.ACCEPTED, _State.BOUNCED}
    return number, state.value, clock if accepted else None, _ANSWERS[state], 1


def refuse_further_alerts(*, alert: ActionAlert, people: int, keep: set[int], seed: int) -> None:
    """Some who got the alert leave the list afterwards.

    Never anybody in `keep` (numbers of people), and nobody to whom a later alert went.
    """
    later = Delivery.objects.filter(mailing__send_at__gt=alert.send_at).values_list("recipient", flat=True)
    keep = keep.union(person for person in later.iterator(PORTION) if person is not None)
    rng, topic = Random(f"{seed}:refusals"), Topic.objects.get(slug=TOPIC)
    accepted = Delivery.objects.filter(mailing=alert.mailing, state=_State.ACCEPTED).order_by("id")
    rows = accepted.values_list("recipient", "email", "address_hash", "accepted_at").iterator(PORTION)
    leaving = [(email, address, time) for person, email, address, time in rows if time and person not in keep]
    for email, address_hash, accepted_at in rng.sample(leaving, k=min(people, len(leaving))):
        left_at = accepted_at + timedelta(minutes=rng.randint(6, 3000))
        row = Subscription.objects.create(
            email=email,
            address_hash=address_hash,
            topic=topic,
            state=Subscription.State.UNSUBSCRIBED,
            source="unsubscribe link",
            unsubscribed_at=left_at,
        )
        Subscription.objects.filter(pk=row.pk).update(created_at=left_at)
