"""What people did: answers to calls to action, some brought by an alert, and the visits over its links."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from campaigns.messages import action_address
from campaigns.models import ActionAlert, ActionTaken, CallToAction
from mailing.models import Click, Delivery
from partners.models import Membership, Person
from partners.references import random_code
from portal.demo.call_texts import CALLS
from portal.demo.cities import cities_by_area
from portal.demo.people import private_address, sample_name
from portal.demo.words import COMMENTS
from portal.embedded.demo_logins import ADVOCATE, CONTACT

# Calls that the people behind the demonstration logins have answered; the others wait for them.
ANSWERED_BY_LOGINS: dict[str, tuple[str, ...]] = {
    CONTACT.email: (
        "larger-share-of-the-budget",
        "tell-your-team-about-loan-repayment",
        "sign-on-fair-contracting",
    ),
    ADVOCATE.email: ("larger-share-of-the-budget", "call-for-equal-pay"),
}
_SOURCES = ("", "", "", "newsletter", "partner-site")


@dataclass(frozen=True)
class Actor:
    """Somebody who can act: a person, their organization (None for the public), and since when."""

    person: int
    organization: int | None
    since: date


@dataclass(frozen=True)
class Reached:
    """Somebody whose mail server took an alert."""

    delivery: int
    person: int
    at: datetime


def write_actions(
    *,
    calls: dict[str, CallToAction],
    alerts: dict[str, ActionAlert],
    seed: int,
    now: datetime,
    scale: float,
) -> None:
    """Actions on every call, in step with `scale` (1 for 800 partners), and clicks on alerts."""
    rng = Random(f"{seed}:actions")
    members, logins = _members()
    public = _write_public(rng, now, round(0.35 * max(text.people for text in CALLS) * scale) + 3)
    for text in CALLS:
        call, wanted = calls[text.slug], max(1, round(text.people * scale))
        able = {actor.person: actor for actor in members if actor.since <= timezone.localdate(call.opens_at)}
        rows = [
            _action(rng, call, actor, now)
            for email, actor in logins.items()
            if text.slug in ANSWERED_BY_LOGINS[email]
        ]
        if alert := alerts.get(text.slug):
            rows += _write_clicks_and_act(rng, alert, able, now)
        taken = {row.person_id for row in rows}
        rest = [actor for person, actor in able.items() if person not in taken]
        from_members = max(0, round(wanted * text.members) - len(rows))
        chosen = rng.sample(rest, k=min(from_members, len(rest) * 3 // 5))
        if text.audience == CallToAction.Audience.EVERYONE:
            outsiders = max(0, wanted - round(wanted * text.members))
            chosen += rng.sample(public, k=min(outsiders, len(public)))
        rows += [_action(rng, call, actor, now) for actor in chosen]
        bulk_create_with_history(rows, ActionTaken, batch_size=1000)


def _members() -> tuple[list[Actor], dict[str, Actor]]:
    """People of active partners, and apart from them those with a demonstration login, by address."""
    rows = (
        Membership.objects.current()
        .filter(organization__status="active")
        .order_by("pk")
        .values_list("person__email", "person_id", "organization_id", "started_on")
    )
    members, logins = [], {}
    for email, person, organization, since in rows.iterator(5000):
        actor = Actor(person, organization, since)
        if email in ANSWERED_BY_LOGINS:
            logins[email] = actor
        else:
            members.append(actor)
    return members, logins


def _write_public(rng: Random, now: datetime, count: int) -> list[Actor]:
    """People outside of partner organizations who act."""
    rows, places = [], [city for cities in cities_by_area().values() for city in cities]
    for number in range(1, count + 1):
        first_name, last_name = sample_name(rng)
        rows.append(
            Person(
                first_name=first_name,
                last_name=last_name,
                email=private_address(rng, first_name, last_name, number),
                zip_code=rng.choice(places).zip_code,
            )
        )
    Person.objects.bulk_create(rows, batch_size=1000)
    return [Actor(row.pk, None, timezone.localdate(now)) for row in rows]


def _action(
    rng: Random,
    call: CallToAction,
    actor: Actor,
    now: datetime,
    *,
    via: Reached | None = None,
    acted_at: datetime | None = None,
    source_code: str | None = None,
) -> ActionTaken:
    if acted_at is None:
        last = min(now, call.closes_at) - timedelta(minutes=2)
        acted_at = call.opens_at + (last - call.opens_at) * rng.betavariate(1.1, 1.5)
    return ActionTaken(
        reference="A-" + random_code(8, rng),
        call_to_action=call,
        person_id=actor.person,
        organization_id=actor.organization,
        comment=rng.choice(COMMENTS) if rng.random() < 0.1 else "",
        show_name=rng.random() < 0.45,
        consent_text=call.consent_text,
        verified=ActionTaken.Verified.ALERT if via else ActionTaken.Verified.MAILBOX,
        source_code=rng.choice(_SOURCES) if source_code is None else source_code,
        via_id=via.delivery if via else None,
        acted_at=acted_at,
    )


def _write_clicks_and_act(
    rng: Random, alert: ActionAlert, able: dict[int, Actor], now: datetime
) -> list[ActionTaken]:
    """Of those an alert reached, one in six acts and some only look; a few mail scanners open links too."""
    if alert.mailing is None:
        return []
    call, link = alert.call_to_action, alert.mailing.links.get(url=action_address(alert))
    last = min(now, call.closes_at) - timedelta(minutes=2)
    rows, clicks = [], []
    for reached in _reached(alert):
        if reached.person not in able:
            continue
        if rng.random() < 0.06:
            clicks.append((reached.delivery, reached.at + timedelta(seconds=rng.randint(2, 40))))
        choice = rng.random()
        visit = reached.at + timedelta(minutes=4 + rng.expovariate(1 / 600))
        if choice > 0.32 or visit > last:
            continue
        clicks.append((reached.delivery, visit))
        if choice < 0.16:
            acted_at = min(visit + timedelta(seconds=rng.randint(30, 400)), last)
            rows.append(
                _action(
                    rng,
                    call,
                    able[reached.person],
                    now,
                    via=reached,
                    acted_at=acted_at,
                    source_code=f"alert-{alert.pk}",
                )
            )
    _write_clicks(link.pk, clicks)
    return rows


def _reached(alert: ActionAlert) -> list[Reached]:
    rows = Delivery.objects.filter(mailing=alert.mailing, state=Delivery.State.ACCEPTED).order_by("id")
    return [
        Reached(delivery, person, accepted_at)
        for delivery, person, accepted_at in rows.values_list("id", "recipient", "accepted_at")
        if person is not None and accepted_at is not None
    ]


def _write_clicks(link: int, clicks: list[tuple[int, datetime]]) -> None:
    """Visits with their own moments, which a saved click would set to now."""
    if not clicks:
        return
    table = connection.ops.quote_name(Click._meta.db_table)
    deliveries, moments = zip(*clicks, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (link_id, delivery_id, clicked_at) "  # noqa: S608 (the table's own name)
            "SELECT %s, * FROM unnest(%s::bigint[], %s::timestamptz[])",
            [link, list(deliveries), list(moments)],
        )
