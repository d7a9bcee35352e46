"""Action alerts: two that went out, with what became of every message, and a draft that is ready to send."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.db import connection

from campaigns.alert_content import build_content
from campaigns.audience import TOPIC, Audience
from campaigns.models import ActionAlert, CallToAction
from mailing.models import Delivery, Mailing, Subscription, Suppression, Topic
from mailing.services import add_recipients, compile_mailing
from partners.models import Area, Membership, User
from portal.demo.calls import at

PORTION = 5000
_DOWNSTATE = (
    "northwest", "quad-cities", "peoria-western", "east-central", "central", "metro-east", "southern",
)  # fmt: skip


@dataclass(frozen=True)
class AlertText:
    """One alert. `days_ago` is when it went out; None for the draft."""

    call: str
    subject: str
    preheader: str
    body: str
    days_ago: int | None
    areas: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    include_subscribers: bool = False


ALERTS: tuple[AlertText, ...] = (
    AlertText(
        call="larger-share-of-the-budget",
        subject="{{ first_name }}, one name from every county would be heard",
        preheader="Ask for a larger share of the state budget for human services.",
        body=(
            "<p>Dear {{ first_name }},</p><p>The General Revenue Fund is where Illinois decides what comes "
            "first. We ask for a higher share for human services than in FY23, and we want every county to "
            "be on the list.</p><p>Will you add your name for {{ organization }}? It takes a minute.</p>"
        ),
        days_ago=30,
        areas=_DOWNSTATE,
    ),
    AlertText(
        call="fund-1000-repayments",
        subject="{{ first_name }}, 1,000 loan repayments need your name",
        preheader="The loan repayment program is law. Now it needs lasting funds.",
        body=(
            "<p>Dear {{ first_name }},</p><p>The loan repayment program for human service professionals is "
            "law, and its first $5.25 million is at work. Together with ICOY we ask for $15 million, enough "
            "for 1,000 repayments.</p><p>Add your name for {{ organization }}, and forward this to a "
            "colleague who still repays a student loan.</p>"
        ),
        days_ago=9,
        roles=(Membership.Role.PRIMARY_CONTACT,),
    ),
    AlertText(
        call="pay-for-services-delivered",
        subject="{{ first_name }}, ask the state to pay for work that is done",
        preheader="Arden Shore's story, and what you can do in one minute.",
        body=(
            "<p>Dear {{ first_name }},</p><p>Arden Shore Child and Family Services in Waukegan serves more "
            "than 1,500 clients. That is 15 to 20 percent fewer than before the state cut about $400,000 "
            "from its funding.</p><p>Providers should be paid for the services they deliver, on time and in "
            "full. Add your name for {{ organization }}, and ask the state to restructure the debt it owes "
            "them.</p>"
        ),
        days_ago=None,
        include_subscribers=True,
    ),
)

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
    areas = Area.objects.in_bulk(field_name="slug")
    for text in ALERTS:
        alert = ActionAlert.objects.create(
            call_to_action=calls[text.call],
            subject=text.subject,
            preheader=text.preheader,
            body=text.body,
            roles=list(text.roles),
            include_subscribers=text.include_subscribers,
            created_by=staff,
        )
        alert.areas.set(areas[slug] for slug in text.areas)
        if text.days_ago is not None:
            sent_at = at(now, 10, days=-text.days_ago)
            _send(alert, sent_at=sent_at, staff=staff, rng=rng)
            ActionAlert.objects.filter(pk=alert.pk).update(created_at=sent_at - timedelta(hours=20))
        written[text.call] = alert
    return written


def _send(alert: ActionAlert, *, sent_at: datetime, staff: User, rng: Random) -> None:
    """Compiles the alert as a real one is, writes its recipients, and settles every row without any mail."""
    content = build_content(alert)
    mailing = compile_mailing(
        topic=Topic.objects.get(slug=TOPIC),
        name=alert.subject,
        subject=content.subject,
        text=content.text,
        html=content.html,
        send_at=sent_at,
        expires_at=alert.call_to_action.closes_at,
        personal_links=content.personal_links,
    )
    add_recipients(mailing=mailing, recipients=Audience.of(alert).recipients())
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
    rows = mailing.deliveries.order_by("id").values_list("id", "address_hash").iterator(PORTION)
    while portion := list(islice(rows, PORTION)):
        stopped = Suppression.objects.hashes_among([address for _id, address in portion])
        columns = []
        for number, address in portion:
            clock += timedelta(milliseconds=rng.randint(10, 40))
            columns.append(_end(number, address in stopped, clock, rng))
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(column) for column in zip(*columns, strict=True)])
    return clock


def _end(
    number: int, stopped: bool, clock: datetime, rng: Random
) -> tuple[int, str, datetime | None, str, int]:
    """One row's number, state, time of acceptance, the server's answer and the attempts."""
    if stopped:
        return number, _State.SUPPRESSED.value, None, "", 0
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
